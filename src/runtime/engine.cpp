#include "runtime/engine.hpp"

#include "runtime/faults.hpp"

namespace cloche::runtime {

std::shared_ptr<Engine> Engine::create(const Config& config) {
  std::shared_ptr<Engine> engine(new Engine(config));
  engine->guard_pages_ = config.guard_pages && install_guard_page_traps();
  return engine;
}

}  // namespace cloche::runtime

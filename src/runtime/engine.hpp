// What stores share: settings, canonical types and their run-time types. Thread-safe.
#pragma once

#include <memory>

#include "runtime/config.hpp"
#include "runtime/rtt_registry.hpp"
#include "validate/type_registry.hpp"

namespace cloche::runtime {

/// An engine. Modules and stores keep it alive. Everything in it may be used from several threads at once.
class Engine {
 public:
  /// Installs the fault handler when guard pages are wanted; where the host refuses it, memories check
  /// explicitly.
  static std::shared_ptr<Engine> create(const Config& config = {});

  const Config& config() const { return config_; }
  validate::TypeRegistry& types() { return types_; }
  RttRegistry& rtts() { return rtts_; }
  /// True when 32-bit memories may rely on guard pages.
  bool guard_pages() const { return guard_pages_; }

 private:
  explicit Engine(const Config& config) : config_(config), rtts_(types_) {}

  Config config_;
  bool guard_pages_ = false;
  validate::TypeRegistry types_;
  RttRegistry rtts_;
};

}  // namespace cloche::runtime

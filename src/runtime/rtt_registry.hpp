// Run-time types: the layout of objects and the displays of casts, one per canonical type of the engine.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "abi/gc_object.hpp"

namespace cloche::validate {
class TypeRegistry;
}

namespace cloche::runtime {

/// Makes Rtts on demand; they live as long as the registry. Thread-safe.
class RttRegistry {
 public:
  explicit RttRegistry(validate::TypeRegistry& types);
  ~RttRegistry();
  RttRegistry(const RttRegistry&) = delete;
  RttRegistry& operator=(const RttRegistry&) = delete;

  /// The run-time type of a canonical type.
  const abi::Rtt* get(uint32_t canonical_type);

 private:
  struct Made;
  const abi::Rtt* find_or_make(uint32_t canonical_type);

  validate::TypeRegistry& types_;
  std::mutex mutex_;
  std::vector<const abi::Rtt*> by_type_;
  std::deque<Made> made_;
};

/// The marker types of exception and host-value objects.
extern const abi::Rtt exception_rtt;
extern const abi::Rtt extern_rtt;

}  // namespace cloche::runtime

// How an engine is set up: features, limits, and where the specification leaves a choice.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cloche {

namespace detail {
struct ApiAccess;
}

/// When functions move to their quickened form. The results are the same in every mode.
enum class Quickening : uint8_t { never, warm, always };

/// Settings of an Engine. A plain value; change what you need and pass it to Engine::create.
class Config {
 public:
  /// WebAssembly 3.0 and, since shipped modules use them, threads and legacy exceptions.
  Config() = default;

  /// Switches a feature by the name the command line uses ("tail-call", "wide-arithmetic", ...; see
  /// feature_names). Returns false for a name that does not exist, and changes nothing then.
  bool set_feature(std::string_view name, bool on);
  /// The names set_feature knows, in the order of `cloche --help`.
  static std::vector<std::string_view> feature_names();
  /// Whether the feature of that name is on; false for a name that does not exist.
  bool has_feature(std::string_view name) const;
  /// Accepts exactly WebAssembly 3.0. Returns this object.
  Config& strict_3_0();

  /// When functions move to their quickened form.
  Quickening quickening = Quickening::warm;
  /// Let the memory management unit check the bounds of 32-bit memories. Off: every access compares.
  bool guard_pages = true;
  /// One fixed result where the specification allows several: NaN bits, relaxed SIMD, growth.
  bool deterministic = false;
  /// Bytes of the value stack of a store. Reaching its end is the trap "call stack exhausted".
  uint64_t value_stack_bytes = 8u << 20;
  /// Activations a store may have at once. Reaching it is the trap "call stack exhausted".
  uint32_t max_frames = 100000;
  /// Bytes a single memory may have, whatever its type says. Growing beyond gives -1, as the specification
  /// allows.
  uint64_t max_memory_bytes = ~uint64_t{0};
  /// Bytes the garbage-collected heap of a store may hold. Beyond it allocation traps with "out of memory".
  uint64_t gc_heap_limit_bytes = uint64_t{4} << 30;
  /// Collect at every allocation; finds missing roots.
  bool gc_stress = false;

 private:
  friend struct detail::ApiAccess;
  uint32_t feature_bits_ = 0;  // differences from the default set, one bit a feature
};

}  // namespace cloche

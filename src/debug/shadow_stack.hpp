// Finds the shadow stack: the part of linear memory where compiled programs keep variables that need an
// address, and the global that points to its top (tool conventions, "The linear stack"). To the engine it is
// memory like any other, so all of this is inference, and says how sure it is.
#pragma once

#include <optional>
#include <string>

#include "debug/const_value.hpp"
#include "symbols/names.hpp"
#include "wasm/module.hpp"

namespace cloche::debug {

/// How something was found out, the surest first.
enum class Certainty : uint8_t {
  stated,   // the module names it
  derived,  // follows from what the module states, given how linkers lay memory out
  guessed,  // from what the code looks like
};
std::string_view certainty_name(Certainty certainty);

/// An address and how it was found: "exported as __stack_high".
struct Bound {
  uint64_t address = 0;
  Certainty certainty = Certainty::derived;
  std::string reason;
};

/// Grows down from `high` to `low`.
struct ShadowStack {
  uint32_t pointer_global = 0;
  bool is_64 = false;
  Certainty certainty = Certainty::stated;
  std::string reason;  // why this global is the pointer
  std::optional<uint64_t> initial_pointer;
  std::optional<Bound> low, high;
};

/// The stack of the module's memory 0; nothing when nothing looks like one. Reads the code only when no name
/// tells. Linear in the size of the module.
std::optional<ShadowStack> find_shadow_stack(const wasm::Module& module, const symbols::Names& names,
                                             const ConstValues& values);

/// The value of a global that the linker leaves under a name, as export or in the name section:
/// "__heap_base".
std::optional<Bound> find_linker_symbol(const wasm::Module& module, const symbols::Names& names,
                                        const ConstValues& values, std::string_view name);

/// [begin, end) of an active data segment of memory 0.
struct DataExtent {
  uint32_t index = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};
/// Active data segments of a memory whose place is known and that are not empty, in order of address.
std::vector<DataExtent> data_extents(const wasm::Module& module, const ConstValues& values, uint32_t memory);

}  // namespace cloche::debug

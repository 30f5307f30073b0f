// The reasons for which execution can end early, and their texts; traps.def is the list. What a trap carries
// besides its reason (offset, backtrace) belongs to the runtime.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cloche::wasm {

/// Why execution ended; `none` is "it did not".
enum class TrapCode : uint8_t {
  none,
#define TRAP(name, text) name,
#include "wasm/traps.def"
#undef TRAP
  count_,
};

namespace detail {
inline constexpr std::array<std::string_view, static_cast<size_t>(TrapCode::count_)> trap_texts = {
    "none",
#define TRAP(name, text) text,
#include "wasm/traps.def"
#undef TRAP
};
}  // namespace detail

/// The words that the specification's tests use for `code`; "none" for TrapCode::none.
constexpr std::string_view trap_text(TrapCode code) { return detail::trap_texts[static_cast<size_t>(code)]; }

}  // namespace cloche::wasm

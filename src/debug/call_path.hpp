// The calls that led to a place, kept small: who was called and where each caller goes on. What that means in
// words is found out only when somebody reads it.
#pragma once

#include <array>
#include <string>

#include "abi/context.hpp"

namespace cloche::debug {

class CallPath {
 public:
  /// The innermost frames, without the `skip` innermost ones. `pc` is where the innermost one stands.
  static CallPath capture(const abi::Context& context, const uint8_t* pc, unsigned skip);

  /// The name of the innermost function, or empty.
  std::string innermost_name() const;
  /// A line for each frame, "    $f at 0x2c, file.c:3", innermost first.
  std::string text() const;
  friend bool operator==(const CallPath&, const CallPath&) = default;
  friend auto operator<=>(const CallPath&, const CallPath&) = default;

 private:
  struct Place {
    const abi::FuncObject* func = nullptr;
    const uint8_t* pc = nullptr;  // in the instruction that called; null for host functions
    friend bool operator==(const Place&, const Place&) = default;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  static constexpr size_t most = 12;
  std::array<Place, most> places_{};
};

}  // namespace cloche::debug

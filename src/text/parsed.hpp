// The result type inside the text front end: a value, or "failed" with the error kept aside in an ErrorSlot.
// It is trivially copyable, so that the hot paths of lexer and parser return in registers; Result<T> is for
// the edges.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "base/expected.hpp"
#include "wasm/error.hpp"

namespace cloche::text {

struct Failed {};

/// A T, or Failed; works with TRY.
template <class T>
class [[nodiscard]] Parsed {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  constexpr Parsed(T value) : value_(value), has_value_(true) {}
  constexpr Parsed(base::Unexpected<Failed>) : value_(), has_value_(false) {}
  constexpr bool has_value() const { return has_value_; }
  constexpr Failed error() const { return {}; }
  constexpr T value() const { return value_; }
  constexpr T operator*() const { return value_; }

 private:
  T value_;
  bool has_value_;
};

/// Success or Failed.
template <>
class [[nodiscard]] Parsed<void> {
 public:
  constexpr Parsed() = default;
  constexpr Parsed(base::Unexpected<Failed>) : has_value_(false) {}
  constexpr bool has_value() const { return has_value_; }
  constexpr Failed error() const { return {}; }
  constexpr void value() const {}

 private:
  bool has_value_ = true;
};

using Status = Parsed<void>;

/// Where the first failure of a parse is kept.
class ErrorSlot {
 public:
  /// Keeps the error if it is the first, and gives the value to return.
  base::Unexpected<Failed> set(wasm::ErrorCode code, uint64_t offset, std::string detail = {}) {
    if (!failed_) error_ = wasm::Error{code, offset, std::move(detail)};
    failed_ = true;
    return {Failed{}};
  }
  bool failed() const { return failed_; }
  const wasm::Error& error() const { return error_; }
  /// Forgets the error, and gives it to whoever keeps more than one.
  wasm::Error pop() {
    failed_ = false;
    return std::move(error_);
  }
  /// The error as the return value of a function at the edge.
  base::Unexpected<wasm::Error> take() { return {std::move(error_)}; }

 private:
  wasm::Error error_{wasm::ErrorCode::unexpected_token, wasm::no_offset, {}};
  bool failed_ = false;
};

}  // namespace cloche::text

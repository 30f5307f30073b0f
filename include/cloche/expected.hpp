// A value or an error, with the names of std::expected, which is not usable with every compiler we support.
#pragma once

#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>

namespace cloche {

/// Reading a value that is not there is a mistake in the program; it ends at once, also without exceptions.
#define CLOCHE_EXPECT_(condition) (static_cast<bool>(condition) ? void(0) : std::abort())

template <class E>
struct Unexpected {
  E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// Holds a T or an E. Reading the side that is not there is a mistake of ours and aborts.
template <class T, class E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected()
    requires std::is_default_constructible_v<T>
      : has_value_(true) {
    ::new (&value_) T();
  }
  template <class U = T>
    requires(std::is_constructible_v<T, U &&> && !std::is_same_v<std::remove_cvref_t<U>, Expected>)
  Expected(U&& value) : has_value_(true) {
    ::new (&value_) T(std::forward<U>(value));
  }
  template <class G>
    requires std::is_constructible_v<E, G&&>
  Expected(Unexpected<G> failure) : has_value_(false) {
    ::new (&error_) E(std::move(failure.error));
  }
  Expected(const Expected& other) : has_value_(other.has_value_) {
    if (has_value_)
      ::new (&value_) T(other.value_);
    else
      ::new (&error_) E(other.error_);
  }
  Expected(Expected&& other) noexcept : has_value_(other.has_value_) {
    if (has_value_)
      ::new (&value_) T(std::move(other.value_));
    else
      ::new (&error_) E(std::move(other.error_));
  }
  Expected& operator=(Expected other) noexcept {
    this->~Expected();
    ::new (this) Expected(std::move(other));
    return *this;
  }
  ~Expected() {
    if (has_value_)
      value_.~T();
    else
      error_.~E();
  }

  bool has_value() const { return has_value_; }
  explicit operator bool() const { return has_value_; }
  T& value() & {
    CLOCHE_EXPECT_(has_value_);
    return value_;
  }
  const T& value() const& {
    CLOCHE_EXPECT_(has_value_);
    return value_;
  }
  T&& value() && {
    CLOCHE_EXPECT_(has_value_);
    return std::move(value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  E& error() & {
    CLOCHE_EXPECT_(!has_value_);
    return error_;
  }
  const E& error() const& {
    CLOCHE_EXPECT_(!has_value_);
    return error_;
  }
  E&& error() && {
    CLOCHE_EXPECT_(!has_value_);
    return std::move(error_);
  }
  template <class U>
  T value_or(U&& fallback) const& {
    return has_value_ ? value_ : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  bool has_value_;
  union {
    T value_;
    E error_;
  };
};

template <class E>
class [[nodiscard]] Expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Expected() : has_value_(true) {}
  template <class G>
    requires std::is_constructible_v<E, G&&>
  Expected(Unexpected<G> failure) : has_value_(false) {
    ::new (&error_) E(std::move(failure.error));
  }
  Expected(const Expected& other) : has_value_(other.has_value_) {
    if (!has_value_) ::new (&error_) E(other.error_);
  }
  Expected(Expected&& other) noexcept : has_value_(other.has_value_) {
    if (!has_value_) ::new (&error_) E(std::move(other.error_));
  }
  Expected& operator=(Expected other) noexcept {
    this->~Expected();
    ::new (this) Expected(std::move(other));
    return *this;
  }
  ~Expected() {
    if (!has_value_) error_.~E();
  }

  bool has_value() const { return has_value_; }
  explicit operator bool() const { return has_value_; }
  void value() const { CLOCHE_EXPECT_(has_value_); }
  E& error() & {
    CLOCHE_EXPECT_(!has_value_);
    return error_;
  }
  const E& error() const& {
    CLOCHE_EXPECT_(!has_value_);
    return error_;
  }
  E&& error() && {
    CLOCHE_EXPECT_(!has_value_);
    return std::move(error_);
  }

 private:
  bool has_value_;
  union {
    E error_;
  };
};

}  // namespace cloche

#undef CLOCHE_EXPECT_

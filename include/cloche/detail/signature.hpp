// How C++ function types stand for WebAssembly function types: the templates behind Func::wrap and
// Func::typed. Nothing here is meant to be named by users of the API.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "cloche/error.hpp"
#include "cloche/value.hpp"

namespace cloche {

class Caller;

namespace detail {

template <class T>
inline constexpr bool always_false = false;

/// C++ types that stand for one WebAssembly value, and their slot form: 8-byte cells, two for a v128.
template <class T>
struct Abi {
  static_assert(always_false<T>,
                "Only integers of 32 and 64 bits, float, double and V128 stand for WebAssembly values here; "
                "pass references "
                "with Func::call and Func::wrap_values.");
};

template <ValueKind Kind, class T, size_t Slots = 1>
struct CellAbi {
  static constexpr ValueKind kind = Kind;
  static constexpr size_t slots = Slots;
  static T load(const uint64_t* slot) {
    T value;
    std::memcpy(static_cast<void*>(&value), slot, sizeof(T));
    return value;
  }
  static void store(uint64_t* slot, const T& value) {
    *slot = 0;
    std::memcpy(slot, &value, sizeof(T));
  }
};

template <class T>
concept NumberInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, wchar_t> &&
                        !std::same_as<T, char32_t> && (sizeof(T) == 4 || sizeof(T) == 8);

template <NumberInteger T>
struct Abi<T> : CellAbi<sizeof(T) == 4 ? ValueKind::i32 : ValueKind::i64, T> {};
template <>
struct Abi<float> : CellAbi<ValueKind::f32, float> {};
template <>
struct Abi<double> : CellAbi<ValueKind::f64, double> {};
template <>
struct Abi<V128> : CellAbi<ValueKind::v128, V128, 2> {};

/// Several values one after the other.
template <class... Ts>
struct Pack {
  static constexpr size_t slots = (size_t{0} + ... + Abi<Ts>::slots);
  static std::vector<ValueKind> kinds() { return {Abi<Ts>::kind...}; }
  static void store([[maybe_unused]] uint64_t* slot, const Ts&... values) {
    ((Abi<Ts>::store(slot, values), slot += Abi<Ts>::slots), ...);
  }
  static std::tuple<Ts...> load([[maybe_unused]] const uint64_t* slot) {
    // Braced initialization evaluates left to right.
    return std::tuple<Ts...>{take<Ts>(slot)...};
  }

 private:
  template <class T>
  static T take(const uint64_t*& slot) {
    T value = Abi<T>::load(slot);
    slot += Abi<T>::slots;
    return value;
  }
};

/// Result types: void, one value, or a std::tuple of several; wrapped in Result where a host function may
/// fail.
template <class R>
struct Results : Pack<R> {
  using Type = R;
  static R from(const uint64_t* slots) { return Abi<R>::load(slots); }
  static void to(uint64_t* slots, const R& value) { Abi<R>::store(slots, value); }
};
template <>
struct Results<void> : Pack<> {
  using Type = void;
  static void from(const uint64_t*) {}
};
template <class... Ts>
struct Results<std::tuple<Ts...>> : Pack<Ts...> {
  using Type = std::tuple<Ts...>;
  static Type from(const uint64_t* slots) { return Pack<Ts...>::load(slots); }
  static void to(uint64_t* slots, const Type& values) {
    std::apply([&](const Ts&... each) { Pack<Ts...>::store(slots, each...); }, values);
  }
};
template <class T>
struct Results<Expected<T, Error>> : Results<T> {};

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Expected<T, Error>> = true;

/// A host function after its C++ signature was taken off: reads parameters from the slots, writes results
/// there.
using HostBody = std::function<Result<void>(Caller&, uint64_t* slots)>;

struct HostSignature {
  std::vector<ValueKind> params;
  std::vector<ValueKind> results;
};

/// Whether `F` takes the caller before its arguments.
template <class F, class... Args>
inline constexpr bool takes_caller = std::is_invocable_v<F&, Caller&, Args&...>;

template <class F, class R, class... Args>
HostBody host_body(F f) {
  return [f = std::move(f)](Caller& caller, uint64_t* slots) mutable -> Result<void> {
    auto invoke = [&](Args&... args) -> R {
      if constexpr (takes_caller<F, Args...>)
        return f(caller, args...);
      else
        return f(args...);
    };
    auto args = Pack<Args...>::load(slots);
    if constexpr (std::is_void_v<R>) {
      std::apply(invoke, args);
    } else if constexpr (is_result<R>) {
      R result = std::apply(invoke, args);
      if (!result) return Unexpected{std::move(result).error()};
      if constexpr (!std::is_void_v<typename R::value_type>) Results<R>::to(slots, *result);
    } else {
      Results<R>::to(slots, std::apply(invoke, args));
    }
    return {};
  };
}

/// A function type taken apart.
template <class T>
struct Signature;
template <class R, class... Args>
struct Signature<R(Args...)> {
  using Return = R;
  static HostSignature describe() {
    return {Pack<std::remove_cvref_t<Args>...>::kinds(), Results<R>::kinds()};
  }
  template <class F>
  static HostBody wrap(F f) {
    return host_body<F, R, std::remove_cvref_t<Args>...>(std::move(f));
  }
};
template <class R, class... Args>
struct Signature<R(Caller&, Args...)> : Signature<R(Args...)> {};

/// The signature of a callable: a function pointer, or an object with one call operator.
template <class F>
struct SignatureOf : SignatureOf<decltype(&F::operator())> {};
template <class R, class... Args>
struct SignatureOf<R (*)(Args...)> : Signature<R(Args...)> {};
template <class R, class... Args>
struct SignatureOf<R (*)(Args...) noexcept> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct SignatureOf<R (C::*)(Args...)> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct SignatureOf<R (C::*)(Args...) const> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct SignatureOf<R (C::*)(Args...) noexcept> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct SignatureOf<R (C::*)(Args...) const noexcept> : Signature<R(Args...)> {};

}  // namespace detail
}  // namespace cloche

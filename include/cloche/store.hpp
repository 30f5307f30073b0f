// Store and everything that lives in one: functions, memories, tables, globals, instances.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "cloche/engine.hpp"
#include "cloche/error.hpp"
#include "cloche/value.hpp"

namespace cloche {

namespace detail {
struct StoreState;
struct ApiAccess;
}  // namespace detail

class Func;
class Memory;
class Instance;

/// Owns instances and all they consist of. One thread at a time may use a store and what lives in it. Handles
/// (Func, Memory, ...) are small values that stay valid as long as the store; using one with another store is
/// an error of kind usage.
class Store {
 public:
  explicit Store(const Engine& engine);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// A host value as a reference; `payload` is yours and comes back from Ref::extern_payload.
  Ref make_extern(uint64_t payload);
  /// Asks a running call to end with the trap "interrupted". The one member another thread may call.
  void interrupt();
  /// Collects garbage now.
  void collect();
  /// Bytes of the collected heap in use after the last collection, allocations since then included.
  uint64_t gc_heap_bytes() const;

 private:
  friend struct detail::ApiAccess;
  std::unique_ptr<detail::StoreState> state_;
};

/// Linear memory (spec: Memory Instances). The guest's own shadow stack and heap lie inside it; the engine's
/// value stack does not. Growing never moves it, and a view taken earlier stays valid: it only does not show
/// the new pages.
class Memory {
 public:
  /// Makes a memory of the store. Sizes are in pages of 64 KiB. Fails: limit, resource.
  static Result<Memory> create(Store& store, uint64_t min_pages, std::optional<uint64_t> max_pages = {});

  uint64_t size_bytes() const;
  uint64_t size_pages() const;
  /// All bytes as of now. Stays valid while the store lives; does not extend when the memory grows.
  std::span<uint8_t> view() const;
  /// The old size in pages, or nothing when the limit or the host refuses.
  std::optional<uint64_t> grow(uint64_t delta_pages);

  /// Copies a value of T at byte offset `at` (little-endian, as load instructions read it), or nothing when
  /// it does not lie inside the memory.
  template <class T>
  std::optional<T> read(uint64_t at) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = view();
    if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    return value;
  }
  /// Stores a value of T; false, and nothing written, when it does not fit.
  template <class T>
  [[nodiscard]] bool write(uint64_t at, const T& value) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = view();
    if (at > bytes.size() || bytes.size() - at < sizeof(T)) return false;
    std::memcpy(bytes.data() + at, &value, sizeof(T));
    return true;
  }

 private:
  friend struct detail::ApiAccess;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A table of references (spec: Table Instances).
class Table {
 public:
  uint64_t size() const;
  /// Null-filled growth of `delta` elements; the old size, or nothing when refused.
  std::optional<uint64_t> grow(uint64_t delta, const Ref& init = {});
  /// Fails: usage, when the index is beyond the size or the reference is not of the table's type.
  Result<Ref> get(uint64_t index) const;
  Result<void> set(uint64_t index, const Ref& value);

 private:
  friend struct detail::ApiAccess;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A global (spec: Global Instances).
class Global {
 public:
  /// Makes a global holding `value`; its type is the value's (references: externref, or funcref for
  /// functions).
  static Result<Global> create(Store& store, const Value& value, bool is_mutable);
  Value get() const;
  bool is_mutable() const;
  /// Fails: usage, when the global is immutable or the value of another type.
  Result<void> set(const Value& value);

 private:
  friend struct detail::ApiAccess;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// What a host function may reach while it is called.
class Caller {
 public:
  /// The memory exported as "memory" (or `name`) by the instance that called, if there is one.
  std::optional<Memory> memory(std::string_view name = "memory") const;

 private:
  friend struct detail::ApiAccess;
  void* store_ = nullptr;
  void* instance_ = nullptr;
};

namespace detail {

/// C++ types that stand for one WebAssembly value, and their slot form: 8-byte cells, two for a v128.
template <class T>
struct Abi;
template <ValueKind Kind, class T>
struct NumberAbi {
  static constexpr ValueKind kind = Kind;
  static constexpr size_t slots = 1;
  static T load(const uint64_t* slot) {
    T value;
    std::memcpy(&value, slot, sizeof(T));
    return value;
  }
  static void store(uint64_t* slot, T value) {
    *slot = 0;
    std::memcpy(slot, &value, sizeof(T));
  }
};
template <>
struct Abi<int32_t> : NumberAbi<ValueKind::i32, int32_t> {};
template <>
struct Abi<uint32_t> : NumberAbi<ValueKind::i32, uint32_t> {};
template <>
struct Abi<int64_t> : NumberAbi<ValueKind::i64, int64_t> {};
template <>
struct Abi<uint64_t> : NumberAbi<ValueKind::i64, uint64_t> {};
template <>
struct Abi<float> : NumberAbi<ValueKind::f32, float> {};
template <>
struct Abi<double> : NumberAbi<ValueKind::f64, double> {};
template <>
struct Abi<V128> : NumberAbi<ValueKind::v128, V128> {
  static constexpr size_t slots = 2;
  static void store(uint64_t* slot, const V128& value) { std::memcpy(slot, &value, 16); }
};

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

template <class F, class R, class... Args>
HostBody host_body(F f) {
  return [f = std::move(f)](Caller& caller, uint64_t* slots) mutable -> Result<void> {
    auto invoke = [&](const Args&... args) -> decltype(auto) {
      if constexpr (std::is_invocable_v<F&, Caller&, Args...>)
        return f(caller, args...);
      else
        return f(args...);
    };
    const auto args = Pack<Args...>::load(slots);
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

template <class T>
struct Signature;
template <class R, class... Args>
struct Signature<R(Args...)> {
  using Return = R;
  static HostSignature describe() { return {Pack<Args...>::kinds(), Results<R>::kinds()}; }
  template <class F>
  static HostBody wrap(F f) {
    return host_body<F, R, Args...>(std::move(f));
  }
};
template <class R, class... Args>
struct Signature<R(Caller&, Args...)> : Signature<R(Args...)> {};
template <class R, class... Args>
struct Signature<R (*)(Args...)> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...)> : Signature<R(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const> : Signature<R(Args...)> {};

template <class F>
struct SignatureOf : Signature<decltype(&F::operator())> {};
template <class R, class... Args>
struct SignatureOf<R (*)(Args...)> : Signature<R(Args...)> {};

}  // namespace detail

template <class Signature>
class TypedFunc;

/// A function of the store: of a module or of the host (spec: Function Instances).
class Func {
 public:
  /// A host function from any callable over int32_t, uint32_t, int64_t, uint64_t, float, double and V128,
  /// optionally with `Caller&` first. It returns void, a value, a std::tuple of values, or a Result of one of
  /// these; an error becomes a trap with the error's message as detail. It must not throw.
  template <class F>
  static Func wrap(Store& store, F f) {
    using Signature = detail::SignatureOf<std::decay_t<F>>;
    return create(store, Signature::describe(), Signature::wrap(std::move(f)));
  }

  FunctionType type() const;
  /// Calls with values checked against the function's type. Fails: usage for other values, trap.
  Result<std::vector<Value>> call(std::span<const Value> args) const;
  /// The function with a C++ signature, checked once here: `func.typed<int32_t(int32_t, int32_t)>()`. Fails:
  /// usage.
  template <class Signature>
  Result<TypedFunc<Signature>> typed() const;
  /// The function as a reference.
  Ref ref() const;

 private:
  friend struct detail::ApiAccess;
  template <class>
  friend class TypedFunc;
  static Func create(Store& store, const detail::HostSignature& signature, detail::HostBody body);
  Result<void> check(const detail::HostSignature& signature) const;
  Result<void> call_slots(uint64_t* slots) const;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A function called like a C++ function. Arguments go to the engine without boxing.
template <class R, class... Args>
class TypedFunc<R(Args...)> {
 public:
  Result<R> operator()(Args... args) const {
    using Out = detail::Results<R>;
    constexpr size_t slots =
        detail::Pack<Args...>::slots > Out::slots ? detail::Pack<Args...>::slots : Out::slots;
    uint64_t cells[slots == 0 ? 1 : slots] = {};
    detail::Pack<Args...>::store(cells, args...);
    if (auto called = func_.call_slots(cells); !called) return Unexpected{std::move(called).error()};
    if constexpr (std::is_void_v<R>)
      return {};
    else
      return Out::from(cells);
  }

 private:
  friend class Func;
  explicit TypedFunc(Func func) : func_(func) {}
  Func func_;
};

template <class Signature>
Result<TypedFunc<Signature>> Func::typed() const {
  if (auto checked = check(detail::Signature<Signature>::describe()); !checked)
    return Unexpected{std::move(checked).error()};
  return TypedFunc<Signature>(*this);
}

/// An instantiated module (spec: Module Instances).
class Instance {
 public:
  /// The export of that name. Fails: usage, when there is none or it is of another kind; the message lists
  /// what exists.
  Result<Func> func(std::string_view name) const;
  Result<Memory> memory(std::string_view name) const;
  Result<Table> table(std::string_view name) const;
  Result<Global> global(std::string_view name) const;
  /// The exported function with a C++ signature: `instance.func<int32_t(int32_t, int32_t)>("calc")`.
  template <class Signature>
  Result<TypedFunc<Signature>> func(std::string_view name) const {
    auto found = func(name);
    if (!found) return Unexpected{std::move(found).error()};
    return found->template typed<Signature>();
  }
  /// A function by its index in the module, exported or not; tools use it. Fails: usage.
  Result<Func> func_at(uint32_t index) const;
  /// The exports as the module declares them.
  std::vector<ExportInfo> exports() const;

 private:
  friend struct detail::ApiAccess;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

}  // namespace cloche

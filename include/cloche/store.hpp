// Store and everything that lives in one: functions, memories, tables, globals, tags, instances.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cloche/detail/signature.hpp"
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

/// How much a store finds out about each trap.
enum class TrapReport : uint8_t {
  brief,   ///< Reason and backtrace.
  full,    ///< Also what the machine shows: the instruction with its operands, and what was wrong with them.
  advice,  ///< Also a paragraph on what usually causes such a trap.
};

/// Owns instances and all they consist of. One thread at a time may use a store and what lives in it. Handles
/// (Func, Memory, ...) are small values that stay valid as long as the store, also when it is moved; using
/// one with another store is an error of kind usage. A store keeps its engine alive.
class Store {
 public:
  /// Fails: resource, when the host refuses the store's stacks.
  static Result<Store> create(const Engine& engine);
  /// The same where failure is no option: ends the process when the host refuses.
  explicit Store(const Engine& engine);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// A host value as a reference; `payload` is yours and comes back from Ref::extern_payload. The null
  /// reference when the collected heap is full.
  Ref make_extern(uint64_t payload);
  /// Asks a running call to end with the trap "interrupted", also while it waits in WASI or for another
  /// thread. The one member that another thread, or a signal handler, may call.
  void interrupt();
  /// What later traps tell, as lines in Trap::detail. `brief` at first. Costs nothing until something traps.
  void report_traps(TrapReport report);
  /// Collects garbage now.
  void collect();
  /// Bytes of the collected heap in use after the last collection, allocations since then included.
  uint64_t gc_heap_bytes() const;

 private:
  friend struct detail::ApiAccess;
  friend class Func;
  explicit Store(std::unique_ptr<detail::StoreState> state);
  void* handle() const;
  std::unique_ptr<detail::StoreState> state_;
};

/// Reference types of objects that the host makes.
enum class RefType : uint8_t { funcref, externref, anyref, exnref };

/// Linear memory (spec: Memory Instances). The guest's own shadow stack and heap lie inside it; the engine's
/// value stack does not. Growing never moves it, and a view taken earlier stays valid: it only does not show
/// the new pages.
class Memory {
 public:
  /// Makes a memory of the store. Sizes are in pages of 64 KiB. Fails: usage (minimum above maximum), limit,
  /// resource.
  static Result<Memory> create(Store& store, uint64_t min_pages, std::optional<uint64_t> max_pages = {});

  uint64_t size_bytes() const;
  /// In pages of the memory's own page size: 64 KiB but for custom page sizes.
  uint64_t size_pages() const;
  /// All bytes as of now. Stays valid while the store lives; does not extend when the memory grows.
  std::span<uint8_t> view() const;
  /// The old size in pages, or nothing when the limit or the host refuses.
  std::optional<uint64_t> grow(uint64_t delta_pages) const;

  /// Copies a value of T at byte offset `at` (little-endian, as load instructions read it), or nothing when
  /// it does not lie inside the memory.
  template <class T>
  std::optional<T> read(uint64_t at) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = view();
    if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(static_cast<void*>(&value), bytes.data() + at, sizeof(T));
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
  /// `size` bytes at `at` as text, borrowed from the memory; nothing when they do not lie inside it.
  std::optional<std::string_view> text(uint64_t at, uint64_t size) const;

 private:
  friend struct detail::ApiAccess;
  Memory() = default;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A table of references (spec: Table Instances).
class Table {
 public:
  /// Makes a table of the store whose elements are `init`. Fails: usage (an `init` of another type or store,
  /// minimum above maximum), limit, resource.
  static Result<Table> create(Store& store, RefType elem, uint64_t min, std::optional<uint64_t> max = {},
                              const Ref& init = {});

  uint64_t size() const;
  /// Growth by `delta` elements that are `init`; the old size, or nothing when the limit, the host or the
  /// reference's type refuses.
  std::optional<uint64_t> grow(uint64_t delta, const Ref& init = {}) const;
  /// Fails: usage, when the index is beyond the size.
  Result<Ref> get(uint64_t index) const;
  /// Fails: usage, when the index is beyond the size or the reference is of another type or store.
  Result<void> set(uint64_t index, const Ref& value) const;

 private:
  friend struct detail::ApiAccess;
  Table() = default;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A global (spec: Global Instances).
class Global {
 public:
  /// Makes a global holding a number or vector of `value`'s type. Fails: usage, for references; see the other
  /// create.
  static Result<Global> create(Store& store, const Value& value, bool is_mutable);
  /// Makes a global of a reference type. Fails: usage, for a reference of another type or store.
  static Result<Global> create(Store& store, RefType type, const Ref& value, bool is_mutable);

  Value get() const;
  bool is_mutable() const;
  ValueType type() const;
  /// Fails: usage, when the global is immutable or the value of another type or store.
  Result<void> set(const Value& value) const;

 private:
  friend struct detail::ApiAccess;
  Global() = default;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// An exception tag (spec: Tag Instances), to be passed on from one instance to another.
class Tag {
 public:
  /// The types of the values an exception with this tag carries.
  std::vector<ValueType> params() const;

 private:
  friend struct detail::ApiAccess;
  Tag() = default;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// What a host function may reach while it is called.
class Caller {
 public:
  /// The memory exported as "memory" (or `name`) by the instance that called, if there is one.
  std::optional<Memory> memory(std::string_view name = "memory") const;
  /// The function that the calling instance exports under that name, if there is one.
  std::optional<Func> func(std::string_view name) const;

 private:
  friend struct detail::ApiAccess;
  Caller() = default;
  void* store_ = nullptr;
  void* instance_ = nullptr;
};

template <class Signature>
class TypedFunc;

/// A function of the store: of a module or of the host (spec: Function Instances).
class Func {
 public:
  /// A host function from any callable over integers of 32 and 64 bits, float, double and V128, optionally
  /// with `Caller&` first. It returns void, a value, a std::tuple of values, or a Result of one of these; an
  /// error ends the guest with a trap: its own for an error of kind trap, otherwise "host error" with the
  /// message as detail. It must not throw.
  template <class F>
  static Func wrap(Store& store, F f) {
    return wrap_in(store.handle(), std::move(f));
  }

  using Body = std::function<Result<std::vector<Value>>(Caller&, std::span<const Value> args)>;
  /// A host function over values, for references and for types known only at run time. The types are named as
  /// in the text format: "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "anyref", "exnref".
  /// Errors of the body are as for wrap; results of other number or types are a trap "host error". Fails:
  /// usage, for an unknown type name.
  static Result<Func> wrap_values(Store& store, const std::vector<std::string_view>& params,
                                  const std::vector<std::string_view>& results, Body body);

  FunctionType type() const;
  /// Calls with values checked against the function's type. Fails: usage for other values, trap.
  Result<std::vector<Value>> call(std::span<const Value> args) const;
  Result<std::vector<Value>> call(std::initializer_list<Value> args) const {
    return call(std::span<const Value>(args.begin(), args.size()));
  }
  /// The function with a C++ signature, checked once here: `func.typed<int32_t(int32_t, int32_t)>()`. Fails:
  /// usage.
  template <class Signature>
  Result<TypedFunc<Signature>> typed() const;
  /// The function as a reference.
  Ref ref() const;
  /// The function a reference names; nothing when it is null or something else.
  static std::optional<Func> from(const Ref& ref);

 private:
  friend struct detail::ApiAccess;
  friend class Linker;
  template <class>
  friend class TypedFunc;
  Func() = default;

  template <class F>
  static Func wrap_in(void* store, F f) {
    using Signature = detail::SignatureOf<std::decay_t<F>>;
    return create(store, Signature::describe(), Signature::wrap(std::move(f)));
  }
  static Func create(void* store, const detail::HostSignature& signature, detail::HostBody body);
  Result<void> check(const detail::HostSignature& signature) const;
  Result<void> call_slots(uint64_t* slots) const;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

/// A function called like a C++ function. Arguments go to the engine without boxing.
template <class R, class... Args>
class TypedFunc<R(Args...)> {
 public:
  /// Fails: trap.
  Result<R> operator()(Args... args) const {
    using In = detail::Pack<std::remove_cvref_t<Args>...>;
    using Out = detail::Results<R>;
    constexpr size_t slots = In::slots > Out::slots ? In::slots : Out::slots;
    uint64_t cells[slots == 0 ? 1 : slots];
    In::store(cells, args...);
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

/// An instantiated module (spec: Module Instances). A handle; the store owns the instance.
class Instance {
 public:
  /// The export of that name. Fails: usage, when there is none or it is of another kind; the message lists
  /// what exists.
  Result<Func> func(std::string_view name) const;
  Result<Memory> memory(std::string_view name) const;
  Result<Table> table(std::string_view name) const;
  Result<Global> global(std::string_view name) const;
  Result<Tag> tag(std::string_view name) const;
  /// The exported function with a C++ signature: `instance.func<int32_t(int32_t, int32_t)>("calc")`. Fails:
  /// usage.
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
  Instance() = default;
  void* store_ = nullptr;
  void* object_ = nullptr;
};

}  // namespace cloche

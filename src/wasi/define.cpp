// From the table of functions to host functions of a store.
#include "wasi/define.hpp"

#include <array>
#include <utility>

#include "wasi/functions.hpp"

namespace cloche::wasi {
namespace {

using runtime::HostCall;
using wasm::TrapCode;

template <class... Params>
struct Params_;

/// Makes the arguments one after the other and calls `function` with them; stops at the first that cannot be
/// made.
template <class Function>
Done apply(Params_<>*, Call&, const abi::Slot*, Function function) {
  return function();
}
template <class First, class... Rest, class Function>
Done apply(Params_<First, Rest...>*, Call& call, const abi::Slot* slots, Function function) {
  using From = Argument<First>;
  First first = TRY(From::take(call, slots));
  return apply(static_cast<Params_<Rest...>*>(nullptr), call, slots + From::slots, [&](auto&&... rest) {
    return function(std::move(first), std::forward<decltype(rest)>(rest)...);
  });
}

/// A function of the table as one over slots, and its type.
template <auto function>
struct Glue;

template <class... Params, Done (*function)(Call&, Params...)>
struct Glue<function> {
  static wasm::FuncType type() {
    wasm::FuncType type;
    (Argument<Params>::add_types(type.params), ...);
    add_i32(type.results, 1);
    return type;
  }
  static TrapCode run(Attachment& attachment, HostCall& host, abi::Slot* slots) {
    Call call(attachment, host);
    const Done done = apply(static_cast<Params_<Params...>*>(nullptr), call, slots, [&](auto&&... arguments) {
      return function(call, std::forward<decltype(arguments)>(arguments)...);
    });
    slots[0] = done ? 0 : static_cast<uint16_t>(done.error());
    return call.trap();
  }
};

template <void (*function)(Call&, uint32_t)>
struct Glue<function> {
  static wasm::FuncType type() { return {{wasm::ValType::i32()}, {}}; }
  static TrapCode run(Attachment& attachment, HostCall& host, abi::Slot* slots) {
    Call call(attachment, host);
    function(call, low32(slots[0]));
    return call.trap();
  }
};

template <int32_t (*function)(Call&, uint32_t)>
struct Glue<function> {
  static wasm::FuncType type() { return {{wasm::ValType::i32()}, {wasm::ValType::i32()}}; }
  static TrapCode run(Attachment& attachment, HostCall& host, abi::Slot* slots) {
    Call call(attachment, host);
    slots[0] = static_cast<uint32_t>(function(call, low32(slots[0])));
    return call.trap();
  }
};

struct Row {
  std::string_view name;
  wasm::FuncType (*type)();
  TrapCode (*run)(Attachment&, HostCall&, abi::Slot*);
};
constexpr Row rows[] = {
#define FUNCTION(name, ...) {#name, Glue<functions::name>::type, Glue<functions::name>::run},
#define PROCEDURE FUNCTION
#include "wasi/functions.def"
#undef FUNCTION
#undef PROCEDURE
};
constexpr Row thread_spawn = {"thread-spawn", Glue<functions::thread_spawn>::type,
                              Glue<functions::thread_spawn>::run};

wasm::Result<void> define_row(runtime::Linker& linker, runtime::Store& store, std::string_view module,
                              const Row& row, const std::shared_ptr<Attachment>& attachment) {
  const auto body = [attachment, run = row.run](HostCall& host, abi::Slot* slots) {
    return run(*attachment, host, slots);
  };
  return linker.define(module, row.name, store.make_func(row.type(), body));
}

bool is_wasi(std::string_view module) { return module == preview1_module || module == threads_module; }

}  // namespace

wasm::Result<void> define(runtime::Linker& linker, runtime::Store& store,
                          const std::shared_ptr<Process>& process) {
  const auto attachment = std::make_shared<Attachment>(process, store);
  for (const Row& row : rows) TRY(define_row(linker, store, preview1_module, row, attachment));
  return define_row(linker, store, threads_module, thread_spawn, attachment);
}

wasm::Result<void> define_shared_memories(runtime::Linker& linker, runtime::Store& store,
                                          const runtime::Module& module) {
  for (const wasm::Import& import : module.decoded().imports) {
    if (import.kind != wasm::ExternKind::mem || !import.mem.shared) continue;
    if (linker.find(import.module, import.name)) continue;
    TRY(linker.define(import.module, import.name, TRY(store.make_memory(import.mem))));
  }
  return {};
}

bool is_needed_by(const runtime::Module& module) {
  for (const wasm::Import& import : module.decoded().imports)
    if (is_wasi(import.module)) return true;
  return false;
}

std::span<const std::string_view> function_names() {
  static constexpr auto names = [] {
    std::array<std::string_view, std::size(rows)> list;
    for (size_t i = 0; i < list.size(); ++i) list[i] = rows[i].name;
    return list;
  }();
  return names;
}

}  // namespace cloche::wasi

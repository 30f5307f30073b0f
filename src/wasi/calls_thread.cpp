// wasi-threads: a thread is the caller's module once more, in a store of its own, on the same shared
// memories.
#include "wasi/define.hpp"
#include "wasi/functions.hpp"

namespace cloche::wasi::functions {
namespace {

/// A thread before it starts.
struct NewThread {
  std::unique_ptr<runtime::Store> store;
  runtime::Func entry;
};

/// The objects for the module's imports in the new store: WASI anew, shared memories the caller's. Other
/// objects cannot be in two stores. Fails: notsup.
Or<std::vector<runtime::Extern>> imports_for(const runtime::Linker& linker, runtime::Store& store,
                                             const runtime::Instance& caller) {
  std::vector<runtime::Extern> imports;
  uint32_t mem = 0;
  for (const wasm::Import& import : caller.module().decoded().imports) {
    if (import.kind == wasm::ExternKind::mem) {
      const auto shared = store.adopt_shared(*caller.at(wasm::ExternKind::mem, mem++).memory());
      if (!shared) return fail(Errno::notsup);
      imports.emplace_back(*shared);
    } else if (const auto found = linker.find(import.module, import.name)) {
      imports.push_back(*found);
    } else {
      return fail(Errno::notsup);
    }
  }
  return imports;
}

/// wasi_thread_start, which takes the thread's number and the argument. Fails: notsup.
Or<runtime::Func> thread_entry(const runtime::Instance& instance) {
  const auto entry = instance.find("wasi_thread_start");
  const runtime::Func* const func = entry ? entry->func() : nullptr;
  const wasm::FuncType wanted = {{wasm::ValType::i32(), wasm::ValType::i32()}, {}};
  if (func == nullptr || func->type() != wanted) return fail(Errno::notsup);
  return *func;
}

Or<NewThread> make_thread(Call& call, const runtime::Instance& caller) {
  auto store = runtime::Store::create(caller.store()->engine_ptr());
  if (!store) return fail(Errno::again);
  runtime::Linker linker(**store);
  if (!define(linker, **store, call.attachment().process_ptr())) return fail(Errno::notsup);
  const auto imports = TRY(imports_for(linker, **store, caller));
  const auto instance = (*store)->instantiate(caller.module_ptr(), imports);
  if (!instance) return fail(Errno::again);
  const runtime::Func entry = TRY(thread_entry(**instance));
  return NewThread{*std::move(store), entry};
}

void run_thread(Process& process, runtime::Store& store, const runtime::Func& entry, uint32_t number,
                uint32_t argument) {
  abi::Slot slots[] = {number, argument};
  const auto returned = store.call_slots(entry, slots);
  if (!returned) process.end(ending_of(returned), &store);
}

Or<uint32_t> spawn(Call& call, uint32_t argument) {
  const runtime::Instance* const caller = call.host().caller;
  if (caller == nullptr) return fail(Errno::notsup);
  // Shared with the body, which std::function wants to be able to copy.
  const auto thread = std::make_shared<NewThread>(TRY(make_thread(call, *caller)));
  const auto process = call.attachment().process_ptr();
  return process->start_thread([thread, process, argument](uint32_t number) {
    run_thread(*process, *thread->store, thread->entry, number, argument);
    thread->store.reset();
    process->thread_ended(number);
  });
}

}  // namespace

int32_t thread_spawn(Call& call, uint32_t argument) {
  const auto number = spawn(call, argument);
  return number ? static_cast<int32_t>(*number) : -static_cast<int32_t>(number.error());
}

}  // namespace cloche::wasi::functions

#include "debug/allocators.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "binary/instr_reader.hpp"

namespace cloche::debug {
namespace {

using Kind = Allocator::Kind;

struct Known {
  std::string_view name;
  Allocator allocator;
  size_t params;
};
constexpr Known known[] = {
    {"malloc", {.kind = Kind::allocate, .size = 0}, 1},
    {"dlmalloc", {.kind = Kind::allocate, .size = 0}, 1},
    {"calloc", {.kind = Kind::allocate, .size = 1, .count = 0}, 2},
    {"dlcalloc", {.kind = Kind::allocate, .size = 1, .count = 0}, 2},
    {"aligned_alloc", {.kind = Kind::allocate, .size = 1}, 2},
    {"memalign", {.kind = Kind::allocate, .size = 1}, 2},
    {"posix_memalign", {.kind = Kind::allocate, .size = 2, .out = 0}, 3},
    {"realloc", {.kind = Kind::reallocate, .size = 1, .pointer = 0}, 2},
    {"dlrealloc", {.kind = Kind::reallocate, .size = 1, .pointer = 0}, 2},
    {"free", {.kind = Kind::release, .pointer = 0}, 1},
    {"dlfree", {.kind = Kind::release, .pointer = 0}, 1},
    {"malloc_usable_size", {.kind = Kind::measure, .pointer = 0}, 1},
    {"__rust_alloc", {.kind = Kind::allocate, .size = 0}, 2},
    {"__rust_alloc_zeroed", {.kind = Kind::allocate, .size = 0}, 2},
    {"__rust_realloc", {.kind = Kind::reallocate, .size = 3, .pointer = 0}, 4},
    {"__rust_dealloc", {.kind = Kind::release, .pointer = 0}, 3},
};

/// C++'s operators new and delete, mangled: "_Znwm", "_ZnaSt11align_val_t…", "_ZdlPv…".
const Known* as_operator(std::string_view name) {
  static constexpr Known make{"operator new", {.kind = Kind::allocate, .size = 0}, 0};
  static constexpr Known drop{"operator delete", {.kind = Kind::release, .pointer = 0}, 0};
  if (name.starts_with("_Znw") || name.starts_with("_Zna")) return &make;
  if (name.starts_with("_Zdl") || name.starts_with("_Zda")) return &drop;
  return nullptr;
}

const Known* find(std::string_view name, size_t params) {
  const auto* found = std::find_if(std::begin(known), std::end(known), [&](const Known& each) {
    return each.name == name && each.params == params;
  });
  if (found != std::end(known)) return found;
  return params > 0 ? as_operator(name) : nullptr;
}

/// The function that a body hands all its parameters on to, if it does nothing else: C libraries have malloc
/// call dlmalloc, and call that one themselves.
std::optional<uint32_t> passes_on_to(const wasm::Module& module, uint32_t func) {
  const wasm::Code& code = module.codes[func - module.imported_funcs];
  const uint32_t end = code.body.offset + code.body.size;
  binary::InstrReader reader(module, {code.expr_offset, end - code.expr_offset});
  const size_t params = module.func_type(wasm::FuncIdx(func)).params.size();
  for (size_t i = 0; i < params; ++i) {
    const auto get = reader.next();
    if (!get || get->op != wasm::Op::local_get || get->index != i) return std::nullopt;
  }
  const auto call = reader.next();
  if (!call || (call->op != wasm::Op::call && call->op != wasm::Op::return_call)) return std::nullopt;
  if (call->index < module.imported_funcs) return std::nullopt;
  const auto last = reader.next();
  if (!last || last->op != wasm::Op::end || !reader.at_end()) return std::nullopt;
  if (module.func_type(wasm::FuncIdx(call->index)).params.size() != params) return std::nullopt;
  return call->index;
}

}  // namespace

std::vector<FoundAllocator> find_allocators(const wasm::Module& module, const symbols::Names& names) {
  std::vector<FoundAllocator> found;
  const auto consider = [&](uint32_t func, std::string_view name) {
    if (func < module.imported_funcs) return;
    const Known* allocator = find(name, module.func_type(wasm::FuncIdx(func)).params.size());
    const auto is_there = [&](const FoundAllocator& each) { return each.func == func; };
    if (allocator && std::none_of(found.begin(), found.end(), is_there))
      found.push_back({func, allocator->allocator});
  };
  for (uint32_t func = module.imported_funcs; func < module.funcs.size(); ++func)
    consider(func, names.find(symbols::Space::func, func).text);
  for (const wasm::Export& item : module.exports)
    if (item.kind == wasm::ExternKind::func) consider(item.index, item.name);
  for (size_t i = 0; i < found.size(); ++i) {
    const auto next = passes_on_to(module, found[i].func);
    if (!next) continue;
    const auto is_next = [&](const FoundAllocator& each) { return each.func == *next; };
    found[i].passes_on = *next != found[i].func;
    if (std::none_of(found.begin(), found.end(), is_next)) found.push_back({*next, found[i].allocator});
  }
  return found;
}

}  // namespace cloche::debug

// Preparing function bodies.
#include "interp/prepare.hpp"

#include <cstring>
#include <new>

#include "interp/quicken/quicken.hpp"
#include "interp/side_table.hpp"
#include "interp/table.hpp"

namespace cloche::interp {
namespace {

/// Slots beyond what the validator counted that handlers may write without anyone reading them: the slot that
/// a branch carries even if it carries none, and the one that a result takes even if there is none.
constexpr uint32_t spare_slots = 2;

/// Dispatch reads two bytes at a time, also at the final `end`. Where that would be beyond the module's
/// bytes, the body moves to a copy of its own.
bool make_room_after(abi::PreparedCode& code, const wasm::Module& module) {
  if (code.end < module.bytes.data() + module.bytes.size()) return true;
  const auto size = static_cast<size_t>(code.end - code.begin);
  code.body_copy.reset(new (std::nothrow) uint8_t[size + 1]);
  if (!code.body_copy) return false;
  std::memcpy(code.body_copy.get(), code.begin, size);
  code.body_copy[size] = 0;
  code.begin = code.body_copy.get();
  code.end = code.begin + size;
  return true;
}

std::unique_ptr<abi::PreparedCode> make(const abi::FuncCode& function) {
  std::unique_ptr<abi::PreparedCode> code(new (std::nothrow) abi::PreparedCode);
  if (!code) return nullptr;
  build_side_table(*function.module, function.defined_index, *code);
  if (!make_room_after(*code, function.module->module())) return nullptr;
  need_rows(code->begin, code->end);
  code->max_slots += spare_slots;
  code->entry.store(code->begin, std::memory_order_relaxed);
  return code;
}

}  // namespace

const abi::PreparedCode* prepare(const abi::Context* context, abi::FuncCode& function) {
  if (const abi::PreparedCode* ready = function.prepared.load(std::memory_order_acquire)) return ready;
  std::unique_ptr<abi::PreparedCode> made = make(function);
  if (!made) return nullptr;
  if (context->quicken == abi::Quicken::always && !context->deterministic) quicken(*made);
  abi::PreparedCode* there = nullptr;
  if (function.prepared.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel))
    return made.release();
  return there;
}

}  // namespace cloche::interp

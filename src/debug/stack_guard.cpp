#include "debug/stack_guard.hpp"

#include "binary/instr_reader.hpp"
#include "debug/regions.hpp"
#include "debug/value_text.hpp"
#include "interp/decode.hpp"
#include "interp/prepare.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

using wasm::Op;

interp::OpSet one(Op op) {
  interp::OpSet set;
  set.set(static_cast<size_t>(op));
  return set;
}

std::string hex(uint64_t value) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

/// Offsets, from the first instruction, of subtractions of a constant from the pointer; empty when the
/// function writes the pointer.
std::vector<uint32_t> frame_subtractions(const wasm::Module& module, const wasm::Code& code,
                                         uint32_t pointer) {
  std::vector<uint32_t> found;
  const uint32_t end = code.body.offset + code.body.size;
  binary::InstrReader reader(module, {code.expr_offset, end - code.expr_offset});
  unsigned matched = 0;  // how much of "global.get pointer, const, sub" stands before
  while (!reader.at_end()) {
    const auto instr = reader.next();
    if (!instr) return {};
    const Op op = instr->op;
    if (op == Op::global_set && instr->index == pointer) return {};
    if (op == Op::global_get && instr->index == pointer)
      matched = 1;
    else if (matched == 1 && (op == Op::i32_const || op == Op::i64_const))
      matched = 2;
    else {
      if (matched == 2 && (op == Op::i32_sub || op == Op::i64_sub))
        found.push_back(instr->offset - code.expr_offset);
      matched = 0;
    }
  }
  return found;
}

}  // namespace

StackGuard::StackGuard(runtime::Store& store) : store_(store) {
  store.probes().attach(*this, one(Op::global_set));
  for (const abi::Instance* instance = store.context().instances; instance; instance = instance->next)
    watch(instance);
}

void StackGuard::instance_ready(abi::Instance* instance) { watch(instance); }

void StackGuard::watch(const abi::Instance* instance) {
  if (const WatchedStack* stack = stacks_.add(instance)) find_leaf_frames(*instance, *stack);
}

void StackGuard::find_leaf_frames(const abi::Instance& instance, const WatchedStack& stack) {
  const auto& module = static_cast<const runtime::Instance*>(instance.owner)->module();
  const wasm::Module& decoded = module.decoded();
  for (uint32_t i = 0; i < decoded.codes.size(); ++i) {
    const auto offsets = frame_subtractions(decoded, decoded.codes[i], stack.found.pointer_global);
    if (offsets.empty()) continue;
    const abi::PreparedCode* code = interp::prepare(&store_.context(), *module.code(i));
    if (!code) continue;
    for (const uint32_t offset : offsets) leaf_frames_.insert(code->begin + offset);
  }
  if (leaf_frames_.empty() || subtractions_watched_) return;
  subtractions_watched_ = true;
  store_.probes().attach(*this, one(stack.is_64 ? Op::i64_sub : Op::i32_sub));
}

wasm::TrapCode StackGuard::before(const abi::Site& site) {
  const WatchedStack* stack = nullptr;
  uint64_t next = 0;
  if (interp::op_at(site.pc) == Op::global_set) {
    stack = stacks_.written_at(site);
    if (!stack) return wasm::TrapCode::none;
    next = stack->read(site.sp - 1);
    // Moving up is giving a frame back, also from where it should not have been.
    if (next >= stack->now() && next <= stack->high) return wasm::TrapCode::none;
  } else {
    if (!leaf_frames_.contains(site.pc)) return wasm::TrapCode::none;
    stack = stacks_.add(site.instance);
    next = stack->is_64 ? site.sp[-2] - site.sp[-1] : static_cast<uint32_t>(site.sp[-2] - site.sp[-1]);
  }
  if (next >= stack->low && next <= stack->high) return wasm::TrapCode::none;
  site.context->trap.detail = describe(site, *stack, next);
  return wasm::TrapCode::shadow_stack_overflow;
}

/// Which function wants how much, how deep, and what it would have written over.
std::string StackGuard::describe(const abi::Site& site, const WatchedStack& stack, uint64_t next) {
  const uint64_t now = stack.now();
  const uint64_t size = stack.is_64 ? now - next : static_cast<uint32_t>(now - next);
  const auto depth = static_cast<uint64_t>(site.frame - site.context->frames_base + 1);
  std::string text = func_text(*site.frame->func) + ", " + std::to_string(depth) +
                     " calls deep, wants a frame of " + std::to_string(size) + " bytes, and " +
                     (now >= stack.low ? std::to_string(now - stack.low) : "0") +
                     " are left\nthe pointer would move from " + hex(now) + " to " +
                     (now < size ? std::to_string(size - now) + " bytes below zero" : hex(next)) +
                     "; the stack reaches from " + hex(stack.high) + " down to " + hex(stack.low) + " (" +
                     std::to_string(stack.high - stack.low) + " bytes)";
  if (stack.found.low && stack.found.low->certainty != Certainty::stated)
    text += "\nits lower limit is " + std::string(certainty_name(stack.found.low->certainty)) + ": " +
            stack.found.low->reason;
  if (now >= size) {
    const auto& module = static_cast<const runtime::Instance*>(site.instance->owner)->module();
    const MemoryLayout layout =
        find_regions(module.decoded(), module.symbols().names(), 0, site.instance->mems[0]->size());
    text += "\n" + hex(next) + " is " + layout.describe(next);
  }
  return text;
}

}  // namespace cloche::debug

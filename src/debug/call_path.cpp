#include "debug/call_path.hpp"

#include <algorithm>

#include "debug/value_text.hpp"
#include "interp/trap.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {

CallPath CallPath::capture(const abi::Context& context, const uint8_t* pc, unsigned skip) {
  CallPath path;
  size_t count = 0;
  for (const abi::Frame* frame = context.frame; frame >= context.frames_base && count < most; --frame) {
    if (skip > 0)
      --skip;
    else
      path.places_[count++] = {frame->func, frame->code ? pc : nullptr};
    pc = frame->return_pc ? frame->return_pc - 1 : nullptr;
  }
  return path;
}

size_t CallPath::hash() const {
  uint64_t hash = 0;
  for (const Place& place : places_) {
    if (!place.func) break;
    hash = (hash ^ reinterpret_cast<uintptr_t>(place.func)) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ hash >> 29 ^ reinterpret_cast<uintptr_t>(place.pc)) * 0xBF58476D1CE4E5B9u;
  }
  return hash ^ hash >> 32;
}

CallPath CallPath::innermost() const {
  CallPath path;
  std::copy_n(places_.begin(), 2, path.places_.begin());
  return path;
}

std::string CallPath::innermost_name() const {
  const abi::FuncObject* func = places_[0].func;
  if (!func || func->kind != abi::FuncKind::wasm) return {};
  const auto& module = static_cast<const runtime::Instance*>(func->instance->owner)->module();
  return module.func_name(wasm::FuncIdx(func->func_index));
}

std::string CallPath::text() const {
  std::string text;
  for (const Place& place : places_) {
    if (!place.func) break;
    text += "    " + func_text(*place.func);
    if (place.pc) {
      const abi::PreparedCode& code = *place.func->code->prepared.load(std::memory_order_acquire);
      const uint32_t offset = code.module_offset + interp::instruction_offset(code, place.pc);
      char at[24];
      std::snprintf(at, sizeof at, " at 0x%x", offset);
      text += at;
      const auto& module = static_cast<const runtime::Instance*>(place.func->instance->owner)->module();
      const auto location = module.symbols().locate(offset);
      if (location && location->place.known()) text += ", " + location->place.to_string();
    }
    text += "\n";
  }
  return text;
}

}  // namespace cloche::debug

#include "cli/wabt/trap_witness.hpp"

#include "cli/wabt/interp_words.hpp"
#include "interp/access.hpp"
#include "interp/effects.hpp"
#include "interp/instruction.hpp"

namespace cloche::cli {
namespace {

using wasm::Family;
using wasm::Op;

std::string memory_words(const abi::Site& site) {
  const interp::Effects effects = interp::effects_of(site);
  const std::string text(wasm::op_info(effects.op).text);
  // wabt's own spelling.
  if (effects.op == Op::memory_copy) return "out of bounds memory access: memory.copy out of bound";
  if (wasm::op_info(effects.op).family == Family::memory)
    return "out of bounds memory access: " + text + " out of bounds";
  if (!effects.reads && !effects.writes) return {};
  const interp::Access& access = effects.reads ? effects.read : effects.write;
  return "out of bounds memory access: access at " + std::to_string(access.base + access.offset) + "+" +
         std::to_string(access.bytes) + " >= max value " +
         std::to_string(site.instance->mems[access.mem]->size());
}

std::string atomic_words(const abi::Site& site) {
  const interp::Effects effects = interp::effects_of(site);
  const interp::Access& access = effects.reads ? effects.read : effects.write;
  return "invalid atomic access at " + std::to_string(access.base) + "+" + std::to_string(access.offset);
}

std::string table_words(const abi::Site& site) {
  const interp::Instruction instruction = interp::decode_instruction(site.pc);
  const std::string text(wasm::op_info(instruction.op).text);
  if (instruction.op != Op::table_get && instruction.op != Op::table_set)
    return "out of bounds table access: " + text + " out of bounds";
  const uint8_t* immediates = instruction.immediates;
  const abi::Table& table = *site.instance->tables[interp::read_index(immediates)];
  const uint64_t index =
      interp::read_address(site.sp - (instruction.op == Op::table_get ? 1 : 2), table.is_64);
  return "out of bounds table access: " + text + " at " + std::to_string(index) + " >= max value " +
         std::to_string(table.size);
}

}  // namespace

void TrapWitness::trapped(abi::Context* context, const abi::Site* site) {
  words_.clear();
  if (site == nullptr) return;
  switch (context->trap.code) {
    case wasm::TrapCode::out_of_bounds_memory_access:
      words_ = memory_words(*site);
      break;
    case wasm::TrapCode::unaligned_atomic:
      words_ = atomic_words(*site);
      break;
    case wasm::TrapCode::out_of_bounds_table_access:
      words_ = table_words(*site);
      break;
    default:
      break;
  }
}

std::string TrapWitness::words_for(const runtime::Failure& failure) {
  std::string words;
  words.swap(words_);
  return words.empty() || !failure.is_trap() ? failure_text(failure) : words;
}

}  // namespace cloche::cli

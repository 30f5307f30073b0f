// Any bytes decode to an error or to a module that can be read to its last instruction and encoded. What was
// encoded once stays the same.
#include <cstdlib>

#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "binary/instr_reader.hpp"
#include "binary/names.hpp"

namespace {

using namespace cloche;
using binary::Bytes;

void require(bool condition) {
  if (!condition) std::abort();
}

void read_instructions(const wasm::Module& module, const wasm::Code& code) {
  const bool checked = binary::check_body(module, code).has_value();
  const uint32_t end = code.body.offset + code.body.size;
  binary::InstrReader instrs(module, {code.expr_offset, end - code.expr_offset});
  while (!instrs.at_end()) {
    const auto instr = instrs.next();
    require(instr.has_value() || !checked);
    if (!instr) return;
    const wasm::Imm immediate = wasm::op_info(instr->op).immediate;
    uint32_t items = 0;
    if (immediate == wasm::Imm::label_table)
      for ([[maybe_unused]] const uint32_t label : instrs.labels(*instr)) ++items;
    if (immediate == wasm::Imm::select_types)
      for ([[maybe_unused]] const wasm::ValType type : instrs.types(*instr)) ++items;
    if (immediate == wasm::Imm::try_table)
      for ([[maybe_unused]] const binary::Catch& clause : instrs.catches(*instr)) ++items;
    require(items == instr->vector.count);
  }
}

void read_customs(const wasm::Module& module) {
  const binary::NameSection names = binary::decode_names(module);
  if (names.problems.empty()) require(names.empty() == binary::encode_names(names).empty());
  for (const wasm::CustomSection& custom : module.customs) {
    const auto hints = binary::decode_branch_hints(module, custom);
    if (hints) require(binary::encode_branch_hints(*hints).size() <= custom.contents.size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Inputs without a header are the sections of a module, so that the fuzzer need not find the header first.
  Bytes bytes(data, data + size);
  if (!binary::has_magic(bytes)) {
    const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    bytes.insert(bytes.begin(), std::begin(header), std::end(header));
  }
  const auto features = wasm::FeatureSet::all();
  const auto module = binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), features);
  if (!module) {
    require(module.error().offset <= bytes.size());
    return 0;
  }
  for (const wasm::Code& code : module->codes) read_instructions(*module, code);
  read_customs(*module);
  const Bytes encoded = binary::encode(*module);
  require(encoded.size() <= bytes.size());
  const auto again = binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(encoded), nullptr), features);
  require(again.has_value());
  require(binary::encode(*again) == encoded);
  return 0;
}

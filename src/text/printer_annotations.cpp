// Whether annotations can stand for the name section and the branch hints: only if the assembler would make
// the same sections of them.
#include <algorithm>
#include <array>

#include "text/printer_core.hpp"

namespace cloche::text {

using binary::InstrReader;
using wasm::Op;

namespace {

// Names are sorted by index, so the last one decides.
bool all_below(const binary::NameMap& names, size_t size) {
  return names.empty() || names.back().index < size;
}

// Calls visit(instr) for every instruction of a body; false when the body is malformed.
template <class Visit>
bool for_each_instr(const wasm::Module& module, const wasm::Code& code, const Visit& visit) {
  const uint32_t end = code.body.offset + code.body.size;
  InstrReader reader(module, {code.expr_offset, end - code.expr_offset});
  while (!reader.at_end()) {
    const auto instr = reader.next();
    if (!instr) return false;
    visit(*instr);
  }
  return true;
}

}  // namespace

// The assembler writes a name section canonically and behind all other sections.
bool Printer::can_annotate_names() const {
  if (names_.empty() || !names_.problems.empty()) return false;
  if (name_section_->after_section_id != last_section()) return false;
  const auto contents = module_.slice(name_section_->contents);
  const binary::Bytes canonical = binary::encode_names(names_);
  return std::equal(canonical.begin(), canonical.end(), contents.begin(), contents.end()) &&
         all_names_have_places();
}

// Whether the text has a definition for every name.
bool Printer::all_names_have_places() const {
  const bool spaces =
      all_below(names_.funcs, module_.funcs.size()) && all_below(names_.types, module_.types.size()) &&
      all_below(names_.tables, module_.tables.size()) && all_below(names_.mems, module_.mems.size()) &&
      all_below(names_.globals, module_.globals.size()) && all_below(names_.elems, module_.elems.size()) &&
      all_below(names_.datas, module_.datas.size()) && all_below(names_.tags, module_.tags.size());
  const bool fields =
      std::all_of(names_.fields.begin(), names_.fields.end(), [&](const binary::IndirectNames& entry) {
        if (entry.index >= module_.types.size()) return false;
        const wasm::CompType& comp = module_.types[entry.index].comp;
        return comp.kind == wasm::CompKind::struct_ && all_below(entry.names, comp.fields.size());
      });
  return spaces && fields && local_names_have_places() && label_names_have_places();
}

bool Printer::local_names_have_places() const {
  return std::all_of(names_.locals.begin(), names_.locals.end(), [&](const binary::IndirectNames& entry) {
    if (entry.index >= module_.funcs.size()) return false;
    const wasm::FuncType* func = func_type(module_.funcs[entry.index].type);
    if (func == nullptr) return false;
    size_t count = func->params.size();
    if (entry.index >= module_.imported_funcs) {
      const auto locals = read_locals(module_.codes[entry.index - module_.imported_funcs]);
      if (!locals) return false;
      count += locals->size();
    }
    return all_below(entry.names, count);
  });
}

bool Printer::label_names_have_places() const {
  return std::all_of(names_.labels.begin(), names_.labels.end(), [&](const binary::IndirectNames& entry) {
    if (entry.index < module_.imported_funcs || entry.index >= module_.funcs.size()) return false;
    for (const binary::NameAssoc& label : entry.names)
      if (label.name.empty()) return false;  // there is no annotation for the name of a label
    size_t blocks = 0;
    const bool readable =
        for_each_instr(module_, module_.codes[entry.index - module_.imported_funcs],
                       [&](const binary::Instr& instr) { blocks += opens_block(instr.op) ? 1 : 0; });
    return readable && all_below(entry.names, blocks);
  });
}

// Branch hints can be annotations if their section stands right before the code and is canonical.
void Printer::prepare_hints() {
  for (const wasm::CustomSection& custom : module_.customs)
    if (custom.name == "metadata.code.branch_hint") hint_section_ = &custom;
  if (hint_section_ == nullptr || wabt()) return;
  const auto& customs = module_.customs;
  const auto after = static_cast<size_t>(hint_section_ - customs.data()) + 1;
  if (after < customs.size() && customs[after].after_section_id == hint_section_->after_section_id) return;
  uint8_t before_code = 0;
  for (const uint8_t id : std::to_array<uint8_t>({1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12}))
    if (has_section(id)) before_code = id;
  if (hint_section_->after_section_id != before_code) return;
  auto hints = binary::decode_branch_hints(module_, *hint_section_);
  if (!hints) return;
  hints_ = std::move(*hints);
  const auto contents = module_.slice(hint_section_->contents);
  const binary::Bytes canonical = binary::encode_branch_hints(hints_);
  annotate_hints_ =
      std::equal(canonical.begin(), canonical.end(), contents.begin(), contents.end()) && hints_have_places();
}

// Whether every hint is at a branch, in order.
bool Printer::hints_have_places() const {
  uint32_t least = module_.imported_funcs;
  for (const binary::FuncBranchHints& func : hints_) {
    if (func.func < least || func.func >= module_.funcs.size()) return false;
    least = func.func + 1;
    const wasm::Code& code = module_.codes[func.func - module_.imported_funcs];
    size_t found = 0;
    const bool readable = for_each_instr(module_, code, [&](const binary::Instr& instr) {
      if (instr.op != Op::if_ && instr.op != Op::br_if) return;
      if (found < func.hints.size() && func.hints[found].offset == instr.offset - code.body.offset) ++found;
    });
    if (!readable || found != func.hints.size()) return false;
  }
  return true;
}

}  // namespace cloche::text

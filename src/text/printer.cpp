// The items of a module.
#include "text/printer.hpp"

#include <algorithm>

#include "binary/type_reader.hpp"
#include "text/printer_core.hpp"
#include "text/words.hpp"

namespace cloche::text {

using wasm::ErrorCode;
using wasm::ExternKind;
using wasm::SegmentMode;

namespace {

struct SectionName {
  uint8_t id;
  std::string_view name;
};
// In the order of the sections in a module.
constexpr std::array<SectionName, 13> section_names = {{{1, "type"},
                                                        {2, "import"},
                                                        {3, "func"},
                                                        {4, "table"},
                                                        {5, "memory"},
                                                        {13, "tag"},
                                                        {6, "global"},
                                                        {7, "export"},
                                                        {8, "start"},
                                                        {9, "elem"},
                                                        {12, "datacount"},
                                                        {10, "code"},
                                                        {11, "data"}}};

}  // namespace

wasm::Result<std::string> print(const wasm::Module& module, const PrintOptions& options) {
  return Printer(module, options).run();
}

Printer::Printer(const wasm::Module& module, const PrintOptions& options)
    : module_(module), options_(options) {}

// Prints with annotations, and if these turn out not to hold everything that the sections say, again with the
// sections as bytes.
wasm::Result<std::string> Printer::run() {
  prepare_names();
  prepare_hints();
  const Outcome outcome = TRY(print_module());
  if ((annotate_names_ && !outcome.all_names_printed) || (annotate_hints_ && !outcome.all_hints_printed)) {
    annotate_names_ &= outcome.all_names_printed;
    annotate_hints_ &= outcome.all_hints_printed;
    TRY(print_module());
  }
  return std::move(out_);
}

wasm::Result<Printer::Outcome> Printer::print_module() {
  out_.clear();
  names_printed_ = hints_printed_ = 0;
  next_hint_func_ = next_hint_ = 0;
  out_ += "(module";
  if (names_.module.has_value()) {
    ++names_printed_;
    if (!names_.module->empty()) {
      out_ += ' ';
      put_identifier(out_, *names_.module);
    } else if (annotate_names_) {
      out_ += " (@name \"\")";
    }
  }
  TRY(print_items());
  out_ += ")\n";
  TRY(check_size());
  uint64_t hints = 0;
  for (const auto& func : hints_) hints += func.hints.size();
  return Outcome{names_printed_ == count_names(), hints_printed_ == hints};
}

wasm::Result<void> Printer::check_size() const {
  if (out_.size() <= options_.max_bytes) return {};
  return wasm::fail_limit("bytes of text", out_.size(), options_.max_bytes, wasm::no_offset);
}

wasm::Result<void> Printer::print_items() {
  print_customs(0, false);
  print_types();
  print_imports();
  for (size_t i = module_.imported_funcs; i < module_.funcs.size(); ++i) {
    TRY(print_func(static_cast<uint32_t>(i)));
    TRY(check_size());
  }
  TRY(print_tables());
  print_mems();
  print_tags();
  TRY(print_globals());
  print_exports();
  if (module_.start.has_value()) {
    line(1);
    out_ += "(start ";
    put_ref(out_, funcs_, module_.start->value);
    out_ += ')';
  }
  TRY(print_elems());
  TRY(print_datas());
  if (module_.data_count.has_value() && !uses_data_index_) {
    line(1);
    out_ += "(@cloche.data_count)";
  }
  for (const SectionName& section : section_names) print_customs(section.id, false);
  print_customs(last_section(), true);
  return {};
}

void Printer::line(size_t depth) {
  constexpr size_t deepest = 60;  // or text would grow with the square of the nesting
  out_ += '\n';
  out_.append(std::min(depth, deepest) * options_.indent, ' ');
}

bool Printer::has_section(uint8_t id) const {
  switch (id) {
    case 1:
      return !module_.rec_groups.empty();
    case 2:
      return !module_.imports.empty();
    case 3:
      return module_.funcs.size() > module_.imported_funcs;
    case 4:
      return module_.tables.size() > module_.imported_tables;
    case 5:
      return module_.mems.size() > module_.imported_mems;
    case 13:
      return module_.tags.size() > module_.imported_tags;
    case 6:
      return module_.globals.size() > module_.imported_globals;
    case 7:
      return !module_.exports.empty();
    case 8:
      return module_.start.has_value();
    case 9:
      return !module_.elems.empty();
    case 12:
      return module_.data_count.has_value();
    case 10:
      return !module_.codes.empty();
    default:
      return !module_.datas.empty();
  }
}

uint8_t Printer::last_section() const {
  uint8_t last = 0;
  for (const SectionName& section : section_names)
    if (has_section(section.id)) last = section.id;
  return last;
}

bool Printer::is_annotated(const wasm::CustomSection& custom) const {
  return (&custom == name_section_ && annotate_names_) || (&custom == hint_section_ && annotate_hints_);
}

// The custom sections behind section `after` (0: before all others). Those of the last section that stand
// behind the name section come apart from the rest, as the assembler puts the names between them.
void Printer::print_customs(uint8_t after, bool behind_names) {
  const bool at_last = after == last_section();
  bool behind = false;
  for (const wasm::CustomSection& custom : module_.customs) {
    if (custom.after_section_id != after) continue;
    const bool is_behind = at_last && behind;
    behind |= &custom == name_section_ && annotate_names_;
    if (is_annotated(custom) || is_behind != behind_names) continue;
    if (is_behind) {
      print_custom(custom, {});
      continue;
    }
    std::string place = "(before first)";
    for (const SectionName& section : section_names)
      if (section.id == after) place = "(after " + std::string(section.name) + ")";
    print_custom(custom, place);
  }
}

void Printer::print_custom(const wasm::CustomSection& custom, std::string_view place) {
  line(1);
  out_ += "(@custom ";
  put_string(out_, custom.name, true);
  if (!place.empty()) {
    out_ += ' ';
    out_ += place;
  }
  out_ += ' ';
  const auto contents = module_.slice(custom.contents);
  put_string(out_, {reinterpret_cast<const char*>(contents.data()), contents.size()}, false);
  out_ += ')';
}

void Printer::print_types() {
  for (const wasm::RecGroup& group : module_.rec_groups) {
    const bool wrapped = group.size != 1 || group.explicit_rec;
    if (wrapped) {
      line(1);
      out_ += "(rec";
    }
    for (uint32_t i = 0; i < group.size; ++i) {
      line(wrapped ? 2 : 1);
      print_type(group.first.value + i);
    }
    if (wrapped) out_ += ')';
  }
}

void Printer::print_type(uint32_t index) {
  const wasm::SubType& type = module_.types[index];
  out_ += "(type";
  put_binding(types_, index);
  const bool sub = !type.final_ || !type.supers.empty();
  if (sub) {
    out_ += type.final_ ? " (sub final" : " (sub";
    for (const wasm::TypeIdx super : type.supers) {
      out_ += ' ';
      put_ref(out_, types_, super.value);
    }
  }
  switch (type.comp.kind) {
    case wasm::CompKind::func:
      out_ += " (func";
      put_types(out_, "param", type.comp.func.params);
      put_types(out_, "result", type.comp.func.results);
      break;
    case wasm::CompKind::struct_:
      out_ += " (struct";
      print_fields(index, type.comp);
      break;
    case wasm::CompKind::array:
      out_ += " (array ";
      put_storage(type.comp.fields[0]);
      break;
  }
  out_ += sub ? ")))" : "))";
}

void Printer::print_fields(uint32_t type_index, const wasm::CompType& comp) {
  const uint32_t entry = type_index < field_ids_.size() ? field_ids_[type_index] : 0;
  for (uint32_t i = 0; i < comp.fields.size(); ++i) {
    out_ += " (field";
    if (entry != 0 && fields_[entry - 1].name(i).data() != nullptr) put_binding(fields_[entry - 1], i);
    out_ += ' ';
    put_storage(comp.fields[i]);
    out_ += ')';
  }
}

void Printer::put_heap_type(std::string& out, wasm::HeapType type) {
  if (type.is_concrete())
    put_ref(out, types_, type.index().value);
  else
    out += wasm::to_string(type);
}

void Printer::put_val_type(std::string& out, wasm::ValType type) {
  if (!type.is_ref() || !type.heap().is_concrete()) {
    out += wasm::to_string(type);
    return;
  }
  put_ref_type(out, type.heap(), type.is_nullable());
}

void Printer::put_storage(wasm::FieldType type) {
  if (type.mutable_) out_ += "(mut ";
  if (type.storage.is_packed())
    out_ += type.storage.size_bytes() == 1 ? "i8" : "i16";
  else
    put_val_type(out_, type.storage.unpacked());
  if (type.mutable_) out_ += ')';
}

// " (param i32 i64)", or nothing for no types.
void Printer::put_types(std::string& out, std::string_view keyword, std::span<const wasm::ValType> types) {
  if (types.empty()) return;
  out += " (";
  out += keyword;
  for (const wasm::ValType type : types) {
    out += ' ';
    put_val_type(out, type);
  }
  out += ')';
}

void Printer::put_type_ref(std::string& out, wasm::TypeIdx type) {
  out += " (type ";
  put_ref(out, types_, type.value);
  out += ')';
}

// The function type of an index, or null when it is none.
const wasm::FuncType* Printer::func_type(wasm::TypeIdx type) const {
  if (type.value >= module_.types.size()) return nullptr;
  const wasm::CompType& comp = module_.types[type.value].comp;
  return comp.kind == wasm::CompKind::func ? &comp.func : nullptr;
}

void Printer::put_limits(const wasm::Limits& limits) {
  if (limits.is_64) out_ += " i64";
  out_ += ' ';
  put_number(out_, limits.min);
  if (!limits.max.has_value()) return;
  out_ += ' ';
  put_number(out_, *limits.max);
}

void Printer::put_table_type(const wasm::TableType& type) {
  put_limits(type.limits);
  out_ += ' ';
  put_val_type(out_, type.elem);
}

void Printer::put_mem_type(const wasm::MemType& type) {
  put_limits(type.limits);
  if (type.shared) out_ += " shared";
  if (type.page_size_log2 == wasm::default_page_size_log2) return;
  out_ += " (pagesize ";
  put_number(out_, uint64_t{1} << (type.page_size_log2 & 63));
  out_ += ')';
}

void Printer::put_global_type(const wasm::GlobalType& type) {
  out_ += ' ';
  if (type.mutable_) out_ += "(mut ";
  put_val_type(out_, type.type);
  if (type.mutable_) out_ += ')';
}

void Printer::print_imports() {
  std::array<uint32_t, 5> indices{};
  for (const wasm::Import& import : module_.imports) print_import(import, indices);
}

void Printer::print_import(const wasm::Import& import, std::array<uint32_t, 5>& indices) {
  line(1);
  out_ += "(import ";
  put_string(out_, import.module, true);
  out_ += ' ';
  put_string(out_, import.name, true);
  out_ += " (";
  out_ += wasm::extern_kind_name(import.kind);
  const uint32_t index = indices[static_cast<size_t>(import.kind)]++;
  switch (import.kind) {
    case ExternKind::func:
      put_binding(funcs_, index);
      put_signature(index, import.func_type, 0);
      break;
    case ExternKind::table:
      put_binding(tables_, index);
      put_table_type(import.table);
      break;
    case ExternKind::mem:
      put_binding(mems_, index);
      put_mem_type(import.mem);
      break;
    case ExternKind::global:
      put_binding(globals_, index);
      put_global_type(import.global);
      break;
    case ExternKind::tag:
      put_binding(tags_, index);
      put_type_ref(out_, import.tag.type);
      break;
  }
  out_ += "))";
}

wasm::Result<void> Printer::print_tables() {
  for (size_t i = module_.imported_tables; i < module_.tables.size(); ++i) {
    line(1);
    out_ += "(table";
    put_binding(tables_, static_cast<uint32_t>(i));
    put_table_type(module_.tables[i].type);
    if (module_.tables[i].init.has_value()) TRY(put_expr(*module_.tables[i].init, {}));
    out_ += ')';
  }
  return {};
}

void Printer::print_mems() {
  for (size_t i = module_.imported_mems; i < module_.mems.size(); ++i) {
    line(1);
    out_ += "(memory";
    put_binding(mems_, static_cast<uint32_t>(i));
    put_mem_type(module_.mems[i].type);
    out_ += ')';
  }
}

void Printer::print_tags() {
  for (size_t i = module_.imported_tags; i < module_.tags.size(); ++i) {
    line(1);
    out_ += "(tag";
    put_binding(tags_, static_cast<uint32_t>(i));
    put_type_ref(out_, module_.tags[i].type.type);
    out_ += ')';
  }
}

wasm::Result<void> Printer::print_globals() {
  for (size_t i = module_.imported_globals; i < module_.globals.size(); ++i) {
    line(1);
    out_ += "(global";
    put_binding(globals_, static_cast<uint32_t>(i));
    put_global_type(module_.globals[i].type);
    TRY(put_expr(module_.globals[i].init, {}));
    out_ += ')';
  }
  return {};
}

void Printer::print_exports() {
  for (const wasm::Export& exported : module_.exports) {
    line(1);
    out_ += "(export ";
    put_string(out_, exported.name, true);
    out_ += " (";
    out_ += wasm::extern_kind_name(exported.kind);
    out_ += ' ';
    const std::array<const Ids*, 5> spaces = {&funcs_, &tables_, &mems_, &globals_, &tags_};
    put_ref(out_, *spaces[static_cast<size_t>(exported.kind)], exported.index);
    out_ += "))";
  }
}

wasm::Result<void> Printer::print_elems() {
  for (uint32_t i = 0; i < module_.elems.size(); ++i) {
    line(1);
    TRY(print_elem(module_.elems[i], i));
    TRY(check_size());
  }
  return {};
}

wasm::Result<void> Printer::print_elem(const wasm::Elem& elem, uint32_t index) {
  out_ += "(elem";
  put_binding(elems_, index);
  if (elem.mode == SegmentMode::declarative) out_ += " declare";
  if (elem.mode == SegmentMode::active) {
    if (elem.table.value != 0) {
      out_ += " (table ";
      put_ref(out_, tables_, elem.table.value);
      out_ += ')';
    }
    TRY(put_segment_offset(elem.table_offset));
  }
  binary::Reader reader(module_.bytes.span(), elem.items.offset, elem.items.offset + elem.items.size);
  out_ += ' ';
  if (!elem.has_exprs) {
    out_ += "func";
    for (uint32_t i = 0; i < elem.count; ++i) {
      out_ += ' ';
      put_ref(out_, funcs_, TRY(reader.u32()));
    }
  } else {
    put_val_type(out_, elem.type);
    for (uint32_t i = 0; i < elem.count; ++i) {
      TRY(put_expr(TRY(binary::skip_expr(reader, module_.features)), "item"));
      TRY(check_size());
    }
  }
  out_ += ')';
  return {};
}

wasm::Result<void> Printer::print_datas() {
  for (uint32_t i = 0; i < module_.datas.size(); ++i) {
    const wasm::Data& data = module_.datas[i];
    line(1);
    out_ += "(data";
    put_binding(datas_, i);
    if (data.mode == SegmentMode::active) {
      if (data.mem.value != 0) {
        out_ += " (memory ";
        put_ref(out_, mems_, data.mem.value);
        out_ += ')';
      }
      TRY(put_segment_offset(data.mem_offset));
    }
    out_ += ' ';
    const auto bytes = module_.slice(data.bytes);
    put_string(out_, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, false);
    out_ += ')';
    TRY(check_size());
  }
  return {};
}

wasm::Result<void> Printer::put_segment_offset(wasm::Expr expr) { return put_expr(expr, "offset"); }

}  // namespace cloche::text

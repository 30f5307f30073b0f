// Imports, exports, definitions other than functions, and segments.
#include <algorithm>
#include <array>
#include <tuple>

#include "binary/type_reader.hpp"
#include "text/printer_core.hpp"

namespace cloche::text {

using wasm::ExternKind;
using wasm::SegmentMode;

void Printer::print_imports() {
  for (uint32_t i = 0; i < module_.imports.size(); ++i) print_import(module_.imports[i], import_index(i));
}

// The index of an import in the index space of its kind. Imports are asked for in order.
uint32_t Printer::import_index(uint32_t number) {
  return import_indices_[static_cast<size_t>(module_.imports[number].kind)]++;
}

// `(import "m" "n" (func …))`, or `(func … (import "m" "n") …)`.
void Printer::print_import(const wasm::Import& import, uint32_t index) {
  line(1);
  if (options_.inline_imports) return print_import_descriptor(import, index);
  put_import_names(import);
  out_ += ' ';
  print_import_descriptor(import, index);
  out_ += ')';
}

void Printer::put_import_names(const wasm::Import& import) {
  out_ += "(import ";
  put_text_string(import.module);
  out_ += ' ';
  put_text_string(import.name);
}

void Printer::print_import_descriptor(const wasm::Import& import, uint32_t index) {
  const std::array<const Ids*, 5> spaces = {&funcs_, &tables_, &mems_, &globals_, &tags_};
  out_ += '(';
  out_ += wasm::extern_kind_name(import.kind);
  put_binding(*spaces[static_cast<size_t>(import.kind)], index);
  put_inline(import.kind, index, &import);
  switch (import.kind) {
    case ExternKind::func:
      put_signature(index, import.func_type, 0);
      break;
    case ExternKind::table:
      put_table_type(import.table);
      break;
    case ExternKind::mem:
      put_mem_type(import.mem);
      break;
    case ExternKind::global:
      put_global_type(import.global);
      break;
    case ExternKind::tag:
      put_tag_type(index, import.tag.type);
      break;
  }
  out_ += ')';
}

// Exports and the import that are written within the definition. Those of an import can only be if the import
// is, too.
void Printer::put_inline(ExternKind kind, uint32_t index, const wasm::Import* import) {
  const auto before = [](const InlineExport& a, const InlineExport& b) {
    return std::pair(a.kind, a.index) < std::pair(b.kind, b.index);
  };
  const auto [first, last] =
      std::equal_range(inline_exports_.begin(), inline_exports_.end(), InlineExport{kind, index, 0}, before);
  for (auto exported = first; exported != last; ++exported) {
    out_ += " (export ";
    put_text_string(module_.exports[exported->number].name);
    out_ += ')';
  }
  if (import == nullptr || !options_.inline_imports) return;
  out_ += ' ';
  put_import_names(*import);
  out_ += ')';
}

bool Printer::is_inline(const wasm::Export& exported) const {
  const std::array<size_t, 5> sizes = {module_.funcs.size(), module_.tables.size(), module_.mems.size(),
                                       module_.globals.size(), module_.tags.size()};
  const std::array<uint32_t, 5> imported = {module_.imported_funcs, module_.imported_tables,
                                            module_.imported_mems, module_.imported_globals,
                                            module_.imported_tags};
  const auto kind = static_cast<size_t>(exported.kind);
  return options_.inline_exports && exported.index < sizes[kind] &&
         (options_.inline_imports || exported.index >= imported[kind]);
}

void Printer::prepare_inline_exports() {
  for (uint32_t i = 0; i < module_.exports.size(); ++i)
    if (is_inline(module_.exports[i]))
      inline_exports_.push_back({module_.exports[i].kind, module_.exports[i].index, i});
  std::sort(inline_exports_.begin(), inline_exports_.end(), [](const InlineExport& a, const InlineExport& b) {
    return std::tuple(a.kind, a.index, a.number) < std::tuple(b.kind, b.index, b.number);
  });
}

wasm::Result<void> Printer::print_table(uint32_t index) {
  line(1);
  out_ += "(table";
  put_binding(tables_, index);
  put_inline(ExternKind::table, index, nullptr);
  put_table_type(module_.tables[index].type);
  if (module_.tables[index].init.has_value()) TRY(put_expr(*module_.tables[index].init, {}));
  out_ += ')';
  return check_size();
}

void Printer::print_mem(uint32_t index) {
  line(1);
  out_ += "(memory";
  put_binding(mems_, index);
  put_inline(ExternKind::mem, index, nullptr);
  put_mem_type(module_.mems[index].type);
  out_ += ')';
}

void Printer::print_tag(uint32_t index) {
  line(1);
  out_ += "(tag";
  put_binding(tags_, index);
  put_inline(ExternKind::tag, index, nullptr);
  put_tag_type(index, module_.tags[index].type.type);
  out_ += ')';
}

void Printer::put_tag_type(uint32_t index, wasm::TypeIdx type) {
  const wasm::FuncType* func = func_type(type);
  const bool implicit = is_implicit(&SourceLayout::implicit_tags, index);
  if (!implicit) put_type_ref(out_, type);
  if (func == nullptr || !(wabt() || implicit)) return;
  put_types(out_, "param", func->params);
  put_types(out_, "result", func->results);
}

wasm::Result<void> Printer::print_global(uint32_t index) {
  line(1);
  out_ += "(global";
  put_binding(globals_, index);
  put_inline(ExternKind::global, index, nullptr);
  put_global_type(module_.globals[index].type);
  TRY(put_expr(module_.globals[index].init, {}));
  out_ += ')';
  return check_size();
}

void Printer::print_export(const wasm::Export& exported) {
  if (is_inline(exported)) return;
  line(1);
  out_ += "(export ";
  put_text_string(exported.name);
  out_ += " (";
  out_ += wasm::extern_kind_name(exported.kind);
  out_ += ' ';
  const std::array<const Ids*, 5> spaces = {&funcs_, &tables_, &mems_, &globals_, &tags_};
  put_ref(out_, *spaces[static_cast<size_t>(exported.kind)], exported.index);
  out_ += "))";
}

wasm::Result<void> Printer::print_elem(const wasm::Elem& elem, uint32_t index) {
  line(1);
  out_ += "(elem";
  put_binding(elems_, index);
  if (elem.mode == SegmentMode::declarative) out_ += " declare";
  if (elem.mode == SegmentMode::active) {
    if (elem.table.value != 0) {
      out_ += " (table ";
      put_ref(out_, tables_, elem.table.value);
      out_ += ')';
    }
    TRY(put_expr(elem.table_offset, "offset"));
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
  return check_size();
}

wasm::Result<void> Printer::print_data(const wasm::Data& data, uint32_t index) {
  line(1);
  out_ += "(data";
  put_binding(datas_, index);
  if (data.mode == SegmentMode::active) {
    if (data.mem.value != 0) {
      out_ += " (memory ";
      put_ref(out_, mems_, data.mem.value);
      out_ += ')';
    }
    TRY(put_expr(data.mem_offset, "offset"));
  }
  out_ += ' ';
  put_bytes(data.bytes);
  out_ += ')';
  return check_size();
}

}  // namespace cloche::text

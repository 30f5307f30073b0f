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
  std::array<uint32_t, 5> indices{};
  for (const wasm::Import& import : module_.imports)
    print_import(import, indices[static_cast<size_t>(import.kind)]++);
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
      put_tag_type(import.tag.type);
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

wasm::Result<void> Printer::print_tables() {
  for (size_t i = module_.imported_tables; i < module_.tables.size(); ++i) {
    line(1);
    out_ += "(table";
    put_binding(tables_, static_cast<uint32_t>(i));
    put_inline(ExternKind::table, static_cast<uint32_t>(i), nullptr);
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
    put_inline(ExternKind::mem, static_cast<uint32_t>(i), nullptr);
    put_mem_type(module_.mems[i].type);
    out_ += ')';
  }
}

void Printer::print_tags() {
  for (size_t i = module_.imported_tags; i < module_.tags.size(); ++i) {
    line(1);
    out_ += "(tag";
    put_binding(tags_, static_cast<uint32_t>(i));
    put_inline(ExternKind::tag, static_cast<uint32_t>(i), nullptr);
    put_tag_type(module_.tags[i].type.type);
    out_ += ')';
  }
}

void Printer::put_tag_type(wasm::TypeIdx type) {
  put_type_ref(out_, type);
  const wasm::FuncType* func = func_type(type);
  if (wabt() && func != nullptr) put_types(out_, "param", func->params);
}

wasm::Result<void> Printer::print_globals() {
  for (size_t i = module_.imported_globals; i < module_.globals.size(); ++i) {
    line(1);
    out_ += "(global";
    put_binding(globals_, static_cast<uint32_t>(i));
    put_inline(ExternKind::global, static_cast<uint32_t>(i), nullptr);
    put_global_type(module_.globals[i].type);
    TRY(put_expr(module_.globals[i].init, {}));
    out_ += ')';
  }
  return {};
}

void Printer::print_exports() {
  for (const wasm::Export& exported : module_.exports) {
    if (is_inline(exported)) continue;
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
      TRY(put_expr(data.mem_offset, "offset"));
    }
    out_ += ' ';
    put_bytes(data.bytes);
    out_ += ')';
    TRY(check_size());
  }
  return {};
}

}  // namespace cloche::text

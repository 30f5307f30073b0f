#include "dump/details.hpp"

#include "dump/custom_details.hpp"
#include "dump/hexdump.hpp"

namespace cloche::dump {
namespace {

using binary::Instr;
using binary::InstrReader;
using wasm::ExternKind;
using wasm::Op;

/// An output for what is only counted.
bool discard(void*, std::string_view) { return true; }

/// Whether there are constant expressions with such an instruction at all.
bool may_be_constant(Op op) {
  const wasm::Family family = wasm::op_info(op).family;
  return family == wasm::Family::reference || family == wasm::Family::aggregate ||
         family == wasm::Family::numeric;
}

std::string_view kind_name(ExternKind kind) {
  constexpr std::string_view names[] = {"func", "table", "memory", "global", "tag"};
  return names[static_cast<size_t>(kind)];
}

}  // namespace

void DetailPrinter::section(size_t position, bool show) {
  const Section& section = index_.sections[position];
  if (section.id == binary::custom_section) {
    if (show) put_custom_details(out_, index_, position);
    return;
  }
  binary::Reader reader = index_.reader(section.payload);
  if (!show) {
    Output nowhere(&discard, nullptr);
    DetailPrinter counter(nowhere, index_, false);
    // Imports are what later sections' indices depend on; no other section is written twice.
    if (section.id == binary::import_section)
      (void)for_each_item(section.id, reader, index_.features, [&](const auto& each) { counter.item(each); });
    funcs_ += counter.funcs_, tables_ += counter.tables_, mems_ += counter.mems_;
    globals_ += counter.globals_, tags_ += counter.tags_;
    return;
  }
  out_.put(section_kind(section.id));
  if (section.id == binary::start_section || section.id == binary::data_count_section) out_.put(":\n");
  // What is malformed stands in the index's problems.
  (void)for_each_item(section.id, reader, index_.features, [&](const auto& each) { item(each); });
}

void DetailPrinter::begin(std::string_view kind, uint32_t index) { out_.put(" - ", kind, '[', index, ']'); }

void DetailPrinter::item(const ItemCount& count) { out_.put('[', count.count, "]:\n"); }

void DetailPrinter::put_func_type(const wasm::FuncType& type) {
  const auto put_types = [&](const wasm::ResultType& types) {
    for (size_t i = 0; i < types.size(); ++i) {
      if (i != 0) out_.put(", ");
      put_type(out_, types[i]);
    }
  };
  out_.put(" (");
  put_types(type.params);
  out_.put(") -> ");
  if (type.results.empty()) out_.put("nil");
  if (type.results.size() > 1) out_.put('(');
  put_types(type.results);
  if (type.results.size() > 1) out_.put(')');
}

void DetailPrinter::put_fields(std::string_view word, const std::vector<wasm::FieldType>& fields) {
  out_.put(" (", word);
  for (const wasm::FieldType& field : fields) {
    const std::string type = to_string(field.storage);
    if (field.mutable_)
      out_.put(" (mut ", type, ')');
    else
      out_.put(' ', type);
  }
  out_.put(')');
}

void DetailPrinter::item(const TypeItem& item) {
  begin("type", types_++);
  const wasm::SubType& type = item.type;
  switch (type.comp.kind) {
    case wasm::CompKind::func:
      put_func_type(type.comp.func);
      break;
    case wasm::CompKind::struct_:
      put_fields("struct", type.comp.fields);
      break;
    case wasm::CompKind::array:
      put_fields("array", type.comp.fields);
      break;
  }
  for (const wasm::TypeIdx super : type.supers) out_.put(" sub type[", super.value, ']');
  if (!type.final_ || !type.supers.empty()) out_.put(type.final_ ? " final" : " open");
  out_.put('\n');
}

void DetailPrinter::put_limits(const wasm::Limits& limits) {
  out_.put("initial=", limits.min);
  if (limits.max) out_.put(" max=", *limits.max);
}

void DetailPrinter::put_table_type(const wasm::TableType& type, uint32_t index, std::string_view name) {
  begin("table", index);
  out_.put(" type=", to_string(type.elem), ' ');
  put_limits(type.limits);
  put_tag(out_, name);
  if (type.limits.is_64) out_.put(" i64");
}

void DetailPrinter::put_mem_type(const wasm::MemType& type, uint32_t index) {
  begin("memory", index);
  out_.put(" pages: ");
  put_limits(type.limits);
  if (type.shared) out_.put(" shared");
  if (type.limits.is_64) out_.put(" i64");
  if (type.page_size_log2 != 16 && type.page_size_log2 < 64)
    out_.put(" (pagesize ", uint64_t{1} << type.page_size_log2, ')');
}

void DetailPrinter::put_global_type(const wasm::GlobalType& type, uint32_t index) {
  begin("global", index);
  out_.put(' ', to_string(type.type), " mutable=", type.mutable_ ? '1' : '0');
}

void DetailPrinter::put_origin(const wasm::Import& import) {
  out_.put(" <- ");
  put_name(out_, import.module);
  out_.put('.');
  put_name(out_, import.name);
  out_.put('\n');
}

void DetailPrinter::item(const wasm::Import& import) {
  switch (import.kind) {
    case ExternKind::func:
      begin("func", funcs_);
      out_.put(" sig=", import.func_type.value);
      put_tag(out_, index_.names.funcs.get(funcs_++));
      break;
    case ExternKind::table:
      put_table_type(import.table, tables_++, {});
      break;
    case ExternKind::mem:
      put_mem_type(import.mem, mems_++);
      break;
    case ExternKind::global:
      put_global_type(import.global, globals_++);
      break;
    case ExternKind::tag:
      begin("tag", tags_);
      out_.put(" sig=", import.tag.type.value);
      put_tag(out_, index_.names.tags.get(tags_++));
      break;
  }
  put_origin(import);
}

void DetailPrinter::item(const FuncItem& item) {
  begin("func", funcs_);
  out_.put(" sig=", item.type);
  put_tag(out_, index_.names.funcs.get(funcs_++));
  out_.put('\n');
}

void DetailPrinter::item(const wasm::Table& table) {
  put_table_type(table.type, tables_, index_.names.tables.get(tables_));
  ++tables_;
  if (!table.init) return out_.put('\n');
  out_.put(" - init ");
  put_init(*table.init, Sign::as_signed);
}

void DetailPrinter::item(const wasm::Mem& mem) {
  put_mem_type(mem.type, mems_++);
  out_.put('\n');
}

void DetailPrinter::item(const wasm::Global& global) {
  put_global_type(global.type, globals_);
  put_tag(out_, index_.names.globals.get(globals_++));
  out_.put(" - init ");
  put_init(global.init, Sign::as_signed);
}

void DetailPrinter::item(const wasm::Export& item) {
  begin(kind_name(item.kind), item.index);
  if (item.kind == ExternKind::func) put_tag(out_, index_.names.funcs.get(item.index));
  out_.put(" -> \"");
  put_name(out_, item.name);
  out_.put("\"\n");
}

void DetailPrinter::item(const StartItem& start) {
  out_.put(" - start function: ", start.func);
  put_tag(out_, index_.names.funcs.get(start.func));
  out_.put('\n');
}

void DetailPrinter::item(const DataCountItem& item) { out_.put(" - data count: ", item.count, '\n'); }

void DetailPrinter::item(const BodyItem& item) {
  if (!bodies_begun_) bodies_ = index_.imported_funcs;
  bodies_begun_ = true;
  begin("func", bodies_);
  out_.put(" size=", item.body.size);
  put_tag(out_, index_.names.funcs.get(bodies_++));
  out_.put('\n');
}

void DetailPrinter::item(const wasm::Tag& tag) {
  begin("tag", tags_++);
  out_.put(" sig=", tag.type.type.value, '\n');
}

void DetailPrinter::item(const wasm::Elem& elem) {
  begin("segment", elems_++);
  binary::Reader flags = index_.reader({static_cast<uint32_t>(elem.offset), 5});
  out_.put(" flags=", uint32_t{flags.u8().value_or(0)}, " table=", elem.table.value, " count=", elem.count);
  if (elem.mode == wasm::SegmentMode::active) {
    out_.put(" - init ");
    put_init(elem.table_offset, Sign::as_unsigned);
    put_elem_items(elem, constant(elem.table_offset));
  } else {
    out_.put('\n');
    put_elem_items(elem, 0);
  }
}

void DetailPrinter::put_elem_items(const wasm::Elem& elem, uint64_t first) {
  binary::Reader reader = index_.reader(elem.items);
  for (uint32_t i = 0; i < elem.count; ++i) {
    out_.put("  - elem[", first + i, "] = ");
    if (elem.has_exprs) {
      const auto expr = binary::skip_expr(reader, index_.features);
      if (!expr) return;
      put_init(*expr, Sign::as_signed);
      continue;
    }
    const auto func = reader.u32();
    if (!func) return;
    out_.put("ref.func:", *func);
    put_tag(out_, index_.names.funcs.get(*func));
    out_.put('\n');
  }
}

void DetailPrinter::item(const wasm::Data& data) {
  begin("segment", datas_);
  put_tag(out_, index_.names.datas.get(datas_++));
  const bool active = data.mode == wasm::SegmentMode::active;
  if (active)
    out_.put(" memory=", data.mem.value);
  else
    out_.put(" passive");
  out_.put(" size=", data.bytes.size);
  if (active) {
    out_.put(" - init ");
    put_init(data.mem_offset, Sign::as_unsigned);
  } else {
    out_.put('\n');
  }
  const uint64_t address = active ? constant(data.mem_offset) : 0;
  put_hexdump(out_, index_.module.subspan(data.bytes.offset, data.bytes.size), address, "  - ");
  if (relocs_) put_data_relocs(data, address);
}

void DetailPrinter::put_data_relocs(const wasm::Data& data, uint64_t address) {
  const Section* const section = index_.find(binary::data_section);
  const std::vector<Reloc>& relocs = index_.data_relocs;
  const uint64_t end = uint64_t{data.bytes.offset} + data.bytes.size;
  for (; section && next_reloc_ < relocs.size(); ++next_reloc_) {
    const Reloc& reloc = relocs[next_reloc_];
    const uint64_t offset = uint64_t{section->payload.offset} + reloc.offset;
    if (offset > end) return;
    put_reloc(out_, index_, reloc, offset - data.bytes.offset + address);
  }
}

uint64_t DetailPrinter::constant(wasm::Expr expr) const {
  InstrReader reader(index_.reader(expr), index_.features);
  const auto instr = reader.next();
  if (!instr) return 0;
  const auto end = reader.next();
  if (!end || end->op != Op::end) return 0;
  return instr->op == Op::i32_const || instr->op == Op::i64_const ? instr->bits : 0;
}

void DetailPrinter::put_init(wasm::Expr expr, Sign sign) {
  InstrReader reader(index_.reader(expr), index_.features);
  const InstrReader begin = reader;
  const auto first = reader.next();
  if (!first || first->op == Op::end) return out_.put("<EMPTY>\n");
  const InstrReader behind_first = reader;
  const auto second = reader.next();
  if (second && second->op == Op::end)
    put_single(*first, behind_first, sign);
  else
    put_several(begin);
  out_.put('\n');
}

void DetailPrinter::put_single(const Instr& instr, const InstrReader& reader, Sign sign) {
  switch (instr.op) {
    case Op::i32_const:
      out_.put("i32=");
      return sign == Sign::as_unsigned
                 ? out_.decimal(instr.bits)
                 : out_.signed_decimal(static_cast<int32_t>(static_cast<uint32_t>(instr.bits)));
    case Op::i64_const:
      out_.put("i64=");
      return sign == Sign::as_unsigned ? out_.decimal(instr.bits)
                                       : out_.signed_decimal(static_cast<int64_t>(instr.bits));
    case Op::f32_const:
      out_.put("f32=");
      return put_immediate_value(out_, instr);
    case Op::f64_const:
      out_.put("f64=");
      return put_immediate_value(out_, instr);
    case Op::v128_const:
      out_.put("v128=");
      put_immediate_value(out_, instr);
      return out_.put(' ');  // as wabt's listing ends
    case Op::global_get:
      out_.put("global=", instr.index);
      return put_tag(out_, index_.names.globals.get(instr.index));
    case Op::ref_func:
      out_.put("ref.func:", instr.index);
      return put_tag(out_, index_.names.funcs.get(instr.index));
    case Op::ref_null:
      out_.put("ref.null ");
      return put_type(out_, wasm::ValType::ref(instr.heap, true));
    default:
      if (!may_be_constant(instr.op)) return out_.put("<INVALID>");
      out_.put(wasm::op_info(instr.op).text);
      immediates_.put(instr, reader);
  }
}

void DetailPrinter::put_several(InstrReader reader) {
  out_.put('(');
  for (bool first = true;; first = false) {
    const auto instr = reader.next();
    if (!instr || (instr->op == Op::end && reader.at_end())) break;
    if (!first) out_.put(", ");
    out_.put(wasm::op_info(instr->op).text);
    if (instr->op == Op::i32_const)
      out_.put(' '), out_.signed_decimal(static_cast<int32_t>(static_cast<uint32_t>(instr->bits)));
    else if (instr->op == Op::i64_const)
      out_.put(' '), out_.signed_decimal(static_cast<int64_t>(instr->bits));
    else
      immediates_.put(*instr, reader);
  }
  out_.put(')');
}

}  // namespace cloche::dump

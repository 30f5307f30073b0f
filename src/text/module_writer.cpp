// A draft as the bytes of a module, section by section, noting where everything went.
#include <algorithm>

#include "base/leb128.hpp"
#include "text/draft.hpp"
#include "wasm/limits.hpp"

namespace cloche::text {
namespace {

using wasm::ByteRange;
using wasm::ExternKind;
using wasm::HeapType;
using wasm::SegmentMode;
using wasm::ValType;

// Section ids in the order of their ranks.
constexpr std::array<uint8_t, section_ranks> section_ids = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11};
constexpr uint8_t code_rank = 11;

class ModuleWriter {
 public:
  explicit ModuleWriter(const Draft& draft) : draft_(draft), module_(draft.module) {}

  wasm::Result<Assembled> run();

 private:
  void write_section(uint8_t rank);
  void write_payload(uint8_t rank);
  void write_customs(uint8_t position);
  void write_custom(std::string_view name, std::span<const uint8_t> contents);
  void write_hints();
  void write_types();
  void write_sub_type(const wasm::SubType& type);
  void write_comp_type(const wasm::CompType& comp);
  void write_imports();
  void write_elem(const wasm::Elem& elem);
  void write_data(const wasm::Data& data);
  void write_codes();
  void flush(uint8_t id);

  void byte(uint8_t value) { payload_.push_back(value); }
  void leb(uint64_t value) { base::append_leb(payload_, value); }
  void name(std::string_view text) {
    leb(text.size());
    payload_.insert(payload_.end(), text.begin(), text.end());
  }
  void heap_type(HeapType type) {
    if (type.is_concrete())
      base::append_leb(payload_, static_cast<int64_t>(type.index().value));
    else
      byte(static_cast<uint8_t>(type.abstract()));
  }
  void val_type(ValType type);
  void storage_type(wasm::StorageType type);
  void limits(const wasm::Limits& limits, uint8_t flags);
  void table_type(const wasm::TableType& type);
  void mem_type(const wasm::MemType& type);
  void global_type(const wasm::GlobalType& type);
  void tag_type(const wasm::TagType& type) {
    byte(0);
    leb(type.type.value);
  }
  // Notes that what follows stands at `source_offset` in the source.
  void note(uint64_t source_offset) {
    entries_.push_back({static_cast<uint32_t>(payload_.size()), static_cast<uint32_t>(source_offset)});
  }
  void copy(ByteRange range);

  const Draft& draft_;
  const wasm::Module& module_;
  std::vector<uint8_t> out_;
  std::vector<uint8_t> payload_;
  std::vector<OffsetMap::Entry> entries_;  // of the current section, relative to its payload
  std::vector<OffsetMap::Entry> all_entries_;
};

void ModuleWriter::val_type(ValType type) {
  if (!type.is_ref()) return byte(static_cast<uint8_t>(type.bits()));
  const bool shorthand = type.is_nullable() && !type.heap().is_concrete();
  if (!shorthand) byte(type.is_nullable() ? 0x63 : 0x64);
  heap_type(type.heap());
}

void ModuleWriter::storage_type(wasm::StorageType type) {
  if (type.is_packed())
    byte(type.size_bytes() == 1 ? 0x78 : 0x77);
  else
    val_type(type.unpacked());
}

void ModuleWriter::limits(const wasm::Limits& limits, uint8_t flags) {
  byte(static_cast<uint8_t>(flags | (limits.max.has_value() ? 1 : 0) | (limits.is_64 ? 4 : 0)));
  leb(limits.min);
  if (limits.max.has_value()) leb(*limits.max);
}

void ModuleWriter::table_type(const wasm::TableType& type) {
  val_type(type.elem);
  limits(type.limits, 0);
}

void ModuleWriter::mem_type(const wasm::MemType& type) {
  const bool custom_page = type.page_size_log2 != wasm::default_page_size_log2;
  limits(type.limits, static_cast<uint8_t>((type.shared ? 2 : 0) | (custom_page ? 8 : 0)));
  if (custom_page) leb(type.page_size_log2);
}

void ModuleWriter::global_type(const wasm::GlobalType& type) {
  val_type(type.type);
  byte(type.mutable_ ? 1 : 0);
}

// Copies a range of the draft's buffer, with the places of its instructions.
void ModuleWriter::copy(ByteRange range) {
  const auto& marks = draft_.marks;
  const auto before = [](const Mark& mark, uint32_t offset) { return mark.buffer_offset < offset; };
  const auto base = static_cast<uint32_t>(payload_.size());
  for (auto mark = std::lower_bound(marks.begin(), marks.end(), range.offset, before);
       mark != marks.end() && mark->buffer_offset < range.offset + range.size; ++mark)
    entries_.push_back({base + (mark->buffer_offset - range.offset), mark->source_offset});
  const auto first = draft_.buffer.begin() + range.offset;
  payload_.insert(payload_.end(), first, first + range.size);
}

void ModuleWriter::flush(uint8_t id) {
  if (payload_.empty()) return;
  out_.push_back(id);
  base::append_leb(out_, static_cast<uint64_t>(payload_.size()));
  const auto base = static_cast<uint32_t>(out_.size());
  for (const OffsetMap::Entry& entry : entries_)
    all_entries_.push_back({base + entry.module_offset, entry.source_offset});
  out_.insert(out_.end(), payload_.begin(), payload_.end());
  payload_.clear();
  entries_.clear();
}

wasm::Result<Assembled> ModuleWriter::run() {
  out_ = {0, 'a', 's', 'm', 1, 0, 0, 0};
  write_customs(place_before_first.position);
  for (uint8_t rank = 0; rank < section_ranks; ++rank) {
    write_customs(static_cast<uint8_t>(rank * 2 + 1));
    if (rank == code_rank) write_hints();
    write_section(rank);
    write_customs(static_cast<uint8_t>(rank * 2 + 2));
  }
  if (!draft_.has_own_name_section) {
    const std::vector<uint8_t> names = write_names(draft_.names);
    if (!names.empty()) write_custom("name", names);
  }
  write_customs(place_after_last.position);
  if (out_.size() > wasm::limits::module_bytes)
    return wasm::fail_limit("bytes of a module", out_.size(), wasm::limits::module_bytes, wasm::no_offset);
  return Assembled{std::move(out_), OffsetMap(std::move(all_entries_))};
}

void ModuleWriter::write_customs(uint8_t position) {
  for (const DraftCustom& custom : draft_.customs) {
    if (custom.place.position != position) continue;
    note(custom.source_offset);
    name(custom.name);
    copy(custom.contents);
    flush(0);
  }
}

void ModuleWriter::write_custom(std::string_view section_name, std::span<const uint8_t> contents) {
  name(section_name);
  payload_.insert(payload_.end(), contents.begin(), contents.end());
  flush(0);
}

// The branch hints of each function: offsets count from the start of its body, after the size.
void ModuleWriter::write_hints() {
  const auto& hints = draft_.hints;
  if (hints.empty()) return;
  std::vector<uint8_t> contents;
  const auto put = [&](uint64_t value) { base::append_leb(contents, value); };
  uint64_t funcs = 0;
  for (size_t i = 0; i < hints.size(); ++i) funcs += i == 0 || hints[i].func != hints[i - 1].func;
  put(funcs);
  for (size_t i = 0; i < hints.size();) {
    size_t end = i;
    while (end < hints.size() && hints[end].func == hints[i].func) ++end;
    put(hints[i].func);
    put(end - i);
    const uint32_t body = module_.codes[hints[i].func - module_.imported_funcs].body.offset;
    for (; i < end; ++i) {
      put(hints[i].buffer_offset - body);
      put(1);
      contents.push_back(hints[i].value);
    }
  }
  write_custom("metadata.code.branch_hint", contents);
}

void ModuleWriter::write_section(uint8_t rank) {
  write_payload(rank);
  flush(section_ids[rank]);
}

void ModuleWriter::write_payload(uint8_t rank) {
  const auto count = [&](size_t all, size_t imported) {
    if (all == imported) return false;
    leb(all - imported);
    return true;
  };
  const auto defined = [](const auto& space, uint32_t imported) {
    return std::span(space).subspan(imported);
  };
  switch (section_ids[rank]) {
    case 1:
      return write_types();
    case 2:
      return write_imports();
    case 3:
      if (!count(module_.funcs.size(), module_.imported_funcs)) return;
      for (const wasm::Func& func : defined(module_.funcs, module_.imported_funcs)) {
        note(func.offset);
        leb(func.type.value);
      }
      return;
    case 4:
      if (!count(module_.tables.size(), module_.imported_tables)) return;
      for (const wasm::Table& table : defined(module_.tables, module_.imported_tables)) {
        note(table.offset);
        if (table.init.has_value()) {
          byte(0x40);
          byte(0);
        }
        table_type(table.type);
        if (table.init.has_value()) copy(*table.init);
      }
      return;
    case 5:
      if (!count(module_.mems.size(), module_.imported_mems)) return;
      for (const wasm::Mem& mem : defined(module_.mems, module_.imported_mems)) {
        note(mem.offset);
        mem_type(mem.type);
      }
      return;
    case 13:
      if (!count(module_.tags.size(), module_.imported_tags)) return;
      for (const wasm::Tag& tag : defined(module_.tags, module_.imported_tags)) {
        note(tag.offset);
        tag_type(tag.type);
      }
      return;
    case 6:
      if (!count(module_.globals.size(), module_.imported_globals)) return;
      for (const wasm::Global& global : defined(module_.globals, module_.imported_globals)) {
        note(global.offset);
        global_type(global.type);
        copy(global.init);
      }
      return;
    case 7:
      if (!count(module_.exports.size(), 0)) return;
      for (const wasm::Export& exported : module_.exports) {
        note(exported.offset);
        name(exported.name);
        byte(static_cast<uint8_t>(exported.kind));
        leb(exported.index);
      }
      return;
    case 8:
      if (!module_.start.has_value()) return;
      note(module_.start_offset);
      leb(module_.start->value);
      return;
    case 9:
      if (!count(module_.elems.size(), 0)) return;
      for (const wasm::Elem& elem : module_.elems) write_elem(elem);
      return;
    case 12:
      if (draft_.uses_data_index) leb(module_.datas.size());
      return;
    case 10:
      return write_codes();
    default:
      if (!count(module_.datas.size(), 0)) return;
      for (const wasm::Data& data : module_.datas) write_data(data);
  }
}

void ModuleWriter::write_types() {
  if (module_.rec_groups.empty()) return;
  leb(module_.rec_groups.size());
  for (const wasm::RecGroup& group : module_.rec_groups) {
    if (group.size != 1 || group.explicit_rec) {
      byte(0x4E);
      leb(group.size);
    }
    for (uint32_t i = 0; i < group.size; ++i) write_sub_type(module_.types[group.first.value + i]);
  }
}

void ModuleWriter::write_sub_type(const wasm::SubType& type) {
  note(type.offset);
  if (!type.final_ || !type.supers.empty()) {
    byte(type.final_ ? 0x4F : 0x50);
    leb(type.supers.size());
    for (const wasm::TypeIdx super : type.supers) leb(super.value);
  }
  write_comp_type(type.comp);
}

void ModuleWriter::write_comp_type(const wasm::CompType& comp) {
  const auto field = [&](const wasm::FieldType& type) {
    storage_type(type.storage);
    byte(type.mutable_ ? 1 : 0);
  };
  switch (comp.kind) {
    case wasm::CompKind::func:
      byte(0x60);
      leb(comp.func.params.size());
      for (const ValType type : comp.func.params) val_type(type);
      leb(comp.func.results.size());
      for (const ValType type : comp.func.results) val_type(type);
      return;
    case wasm::CompKind::struct_:
      byte(0x5F);
      leb(comp.fields.size());
      for (const wasm::FieldType& type : comp.fields) field(type);
      return;
    case wasm::CompKind::array:
      byte(0x5E);
      return field(comp.fields[0]);
  }
}

void ModuleWriter::write_imports() {
  if (module_.imports.empty()) return;
  leb(module_.imports.size());
  for (const wasm::Import& import : module_.imports) {
    note(import.offset);
    name(import.module);
    name(import.name);
    byte(static_cast<uint8_t>(import.kind));
    switch (import.kind) {
      case ExternKind::func:
        leb(import.func_type.value);
        break;
      case ExternKind::table:
        table_type(import.table);
        break;
      case ExternKind::mem:
        mem_type(import.mem);
        break;
      case ExternKind::global:
        global_type(import.global);
        break;
      case ExternKind::tag:
        tag_type(import.tag);
        break;
    }
  }
}

void ModuleWriter::write_elem(const wasm::Elem& elem) {
  note(elem.offset);
  const bool active = elem.mode == SegmentMode::active;
  // The short forms are for table 0 and the element type that their kind of list has by default.
  const bool default_type = elem.has_exprs ? elem.type == ValType::funcref() : true;
  const bool is_short = active && elem.table.value == 0 && default_type;
  uint8_t flags = elem.has_exprs ? 4 : 0;
  if (!active)
    flags |= elem.mode == SegmentMode::declarative ? 3 : 1;
  else if (!is_short)
    flags |= 2;
  byte(flags);
  if (active && !is_short) leb(elem.table.value);
  if (active) copy(elem.table_offset);
  if (!is_short) {
    if (elem.has_exprs)
      val_type(elem.type);
    else
      byte(0);
  }
  leb(elem.count);
  copy(elem.items);
}

void ModuleWriter::write_data(const wasm::Data& data) {
  note(data.offset);
  const bool active = data.mode == SegmentMode::active;
  byte(!active ? 1 : data.mem.value != 0 ? 2 : 0);
  if (active && data.mem.value != 0) leb(data.mem.value);
  if (active) copy(data.mem_offset);
  leb(data.bytes.size);
  copy(data.bytes);
}

void ModuleWriter::write_codes() {
  if (module_.codes.empty()) return;
  leb(module_.codes.size());
  for (size_t i = 0; i < module_.codes.size(); ++i) {
    note(module_.funcs[module_.imported_funcs + i].offset);
    leb(module_.codes[i].body.size);
    copy(module_.codes[i].body);
  }
}

}  // namespace

wasm::Result<Assembled> write_module(Draft& draft) { return ModuleWriter(draft).run(); }

}  // namespace cloche::text

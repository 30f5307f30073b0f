#include "cli/wabt/relocatable.hpp"

#include <algorithm>
#include <string>

#include "binary/encoder.hpp"
#include "binary/instr_reader.hpp"

namespace cloche::cli {
namespace {

using binary::Bytes;
using binary::Instr;
using wasm::ExternKind;
using wasm::Imm;
using wasm::Op;

/// R_WASM_… of the tool conventions.
enum class RelocType : uint8_t { function_index = 0, type_index = 6, global_index = 7, table_number = 20 };

/// An index in `buffer` that a linker may change.
struct Reloc {
  RelocType type;
  uint32_t at;
  uint32_t index;
};

/// Widens the indices of a module's expressions.
class Widener {
 public:
  explicit Widener(const wasm::Module& module)
      : module_(module), buffer_(module.bytes.span().begin(), module.bytes.span().end()) {}

  wasm::Result<void> run() {
    for (wasm::Code& code : module_.codes) TRY(widen_body(code));
    for (wasm::Global& global : module_.globals)
      if (global.init.size != 0) global.init = TRY(widen(global.init));
    for (wasm::Table& table : module_.tables)
      if (table.init) table.init = TRY(widen(*table.init));
    for (wasm::Elem& elem : module_.elems) TRY(widen_elem(elem));
    for (wasm::Data& data : module_.datas)
      if (data.mode == wasm::SegmentMode::active) data.mem_offset = TRY(widen(data.mem_offset));
    module_.bytes = wasm::ModuleBytes(std::span<const uint8_t>(buffer_), nullptr);
    return {};
  }

  const wasm::Module& module() const { return module_; }
  const std::vector<Reloc>& relocs() const { return relocs_; }

 private:
  uint32_t size() const { return static_cast<uint32_t>(buffer_.size()); }

  void append(size_t from, size_t to) {
    // Grows the vector that the bytes come from.
    for (size_t i = from; i < to; ++i) buffer_.push_back(buffer_[i]);
  }

  void append_wide(uint32_t value) {
    for (unsigned i = 0; i < 5; ++i)
      buffer_.push_back(static_cast<uint8_t>(((value >> (7 * i)) & 0x7F) | (i < 4 ? 0x80 : 0)));
  }

  void append_index(RelocType type, uint32_t index) {
    relocs_.push_back({type, size(), index});
    append_wide(index);
  }

  wasm::Result<void> widen_body(wasm::Code& code) {
    const uint32_t begin = size();
    append(code.body.offset, code.expr_offset);
    const wasm::Expr expr{code.expr_offset, code.body.offset + code.body.size - code.expr_offset};
    code.expr_offset = TRY(widen(expr)).offset;
    code.body = {begin, size() - begin};
    return {};
  }

  wasm::Result<void> widen_elem(wasm::Elem& elem) {
    if (elem.mode == wasm::SegmentMode::active) elem.table_offset = TRY(widen(elem.table_offset));
    if (elem.has_exprs) elem.items = TRY(widen(elem.items));
    return {};
  }

  /// Any number of instructions. The copy is at the end of the buffer.
  wasm::Result<wasm::ByteRange> widen(wasm::ByteRange range) {
    const uint32_t begin = size();
    uint32_t at = range.offset;
    const uint32_t end = range.offset + range.size;
    while (at < end) {
      // Over the buffer as it is now: it moves when it grows.
      binary::InstrReader reader(binary::Reader(std::span<const uint8_t>(buffer_), at, end),
                                 module_.features);
      const Instr instr = TRY(reader.next());
      append_instr(instr);
      at += instr.size;
    }
    return wasm::ByteRange{begin, size() - begin};
  }

  void append_opcode(const Instr& instr) {
    Bytes opcode;
    binary::put_op(opcode, instr.op);
    buffer_.insert(buffer_.end(), opcode.begin(), opcode.end());
  }

  void append_instr(const Instr& instr) {
    switch (wasm::op_info(instr.op).immediate) {
      case Imm::func:
        append_opcode(instr);
        return append_index(RelocType::function_index, instr.index);
      case Imm::global:
        append_opcode(instr);
        return append_index(RelocType::global_index, instr.index);
      case Imm::table:
        append_opcode(instr);
        return append_index(RelocType::table_number, instr.index);
      case Imm::type_table:
        append_opcode(instr);
        append_index(RelocType::type_index, instr.index);
        return append_index(RelocType::table_number, instr.index2);
      case Imm::table_table:
        append_opcode(instr);
        append_index(RelocType::table_number, instr.index);
        return append_index(RelocType::table_number, instr.index2);
      case Imm::elem_table: {
        append_opcode(instr);
        Bytes segment;
        binary::put_u32(segment, instr.index);
        buffer_.insert(buffer_.end(), segment.begin(), segment.end());
        return append_index(RelocType::table_number, instr.index2);
      }
      case Imm::block:
        if (instr.block.kind != wasm::BlockType::Kind::type) break;
        append_opcode(instr);
        return append_index(RelocType::type_index, instr.block.type.value);
      case Imm::type:
        if (instr.op != Op::call_ref && instr.op != Op::return_call_ref) break;
        append_opcode(instr);
        return append_index(RelocType::type_index, instr.index);
      default:
        break;
    }
    append(instr.offset, instr.offset + instr.size);
  }

  wasm::Module module_;
  Bytes buffer_;
  std::vector<Reloc> relocs_;
};

/// The symbols of a module, by kind and index.
class Symbols {
 public:
  Symbols(const wasm::Module& module, const binary::NameSection& names) : module_(module) {
    constexpr uint8_t function = 0;
    constexpr uint8_t global = 2;
    constexpr uint8_t table = 5;
    add(function, ExternKind::func, names.funcs, module.funcs.size(), module.imported_funcs);
    tables_ = count_;
    add(table, ExternKind::table, names.tables, module.tables.size(), module.imported_tables);
    globals_ = count_;
    add(global, ExternKind::global, names.globals, module.globals.size(), module.imported_globals);
  }

  /// What a relocation refers to: a symbol, or the type itself.
  uint32_t of(const Reloc& reloc) const {
    switch (reloc.type) {
      case RelocType::table_number:
        return tables_ + reloc.index;
      case RelocType::global_index:
        return globals_ + reloc.index;
      default:
        return reloc.index;
    }
  }

  /// The contents of the section "linking".
  Bytes linking() const {
    constexpr uint32_t version = 2;
    constexpr uint8_t symbol_table = 8;
    Bytes section;
    binary::put_u32(section, version);
    if (count_ == 0) return section;
    Bytes table;
    binary::put_u32(table, count_);
    binary::put_bytes(table, entries_);
    binary::put_u8(section, symbol_table);
    binary::put_u32(section, static_cast<uint32_t>(table.size()));
    binary::put_bytes(section, table);
    return section;
  }

 private:
  /// WASM_SYM_… of the tool conventions.
  enum Flag : uint32_t { local = 0x02, hidden = 0x04, undefined = 0x10, exported = 0x20, no_strip = 0x80 };

  void add(uint8_t type, ExternKind kind, const binary::NameMap& names, size_t size, uint32_t imported) {
    for (uint32_t i = 0; i < size; ++i) {
      const std::string_view name = binary::find_name(names, i).value_or("");
      uint32_t flags = i < imported ? undefined : name.empty() ? local | hidden : 0u;
      if (is_exported(kind, i)) flags |= exported | (i < imported ? 0u : hidden | no_strip);
      binary::put_u8(entries_, type);
      binary::put_u32(entries_, flags);
      binary::put_u32(entries_, i);
      // Imports are called by the import.
      if (i >= imported) binary::put_name(entries_, name);
      ++count_;
    }
  }

  bool is_exported(ExternKind kind, uint32_t index) const {
    return std::any_of(module_.exports.begin(), module_.exports.end(),
                       [&](const wasm::Export& each) { return each.kind == kind && each.index == index; });
  }

  const wasm::Module& module_;
  Bytes entries_;
  uint32_t count_ = 0;
  uint32_t tables_ = 0;   // the first table's symbol
  uint32_t globals_ = 0;  // the first global's
};

/// A section of a module.
struct Section {
  uint8_t id;
  uint32_t begin;  // of the contents
  uint32_t end;
};

wasm::Result<std::vector<Section>> sections_of(std::span<const uint8_t> bytes) {
  std::vector<Section> sections;
  binary::Reader reader(bytes, 8, bytes.size());
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.u8());
    const uint32_t size = TRY(reader.byte_length());
    const auto begin = static_cast<uint32_t>(reader.offset());
    sections.push_back({id, begin, begin + size});
    reader.advance(size);
  }
  return sections;
}

/// Relocations with their places in the encoded module, in order.
std::vector<Reloc> place(const std::vector<Reloc>& relocs, const std::vector<binary::EncodeEvent>& events) {
  std::vector<Reloc> placed;
  for (const binary::EncodeEvent& event : events) {
    if (event.size == 0) continue;
    const auto first = std::lower_bound(relocs.begin(), relocs.end(), event.source,
                                        [](const Reloc& reloc, uint64_t at) { return reloc.at < at; });
    for (auto reloc = first; reloc != relocs.end() && reloc->at < event.source + event.size; ++reloc)
      placed.push_back(
          {reloc->type, event.at + static_cast<uint32_t>(reloc->at - event.source), reloc->index});
  }
  return placed;
}

void append_custom(Bytes& out, std::string_view name, const Bytes& contents) {
  Bytes section;
  binary::put_name(section, name);
  binary::put_bytes(section, contents);
  binary::put_u8(out, 0);
  binary::put_u32(out, static_cast<uint32_t>(section.size()));
  binary::put_bytes(out, section);
}

/// The section reloc.NAME for each section that has relocations.
void append_relocs(Bytes& out, const std::vector<Section>& sections, const std::vector<Reloc>& relocs,
                   const Symbols& symbols) {
  constexpr std::string_view names[] = {"custom", "Type",   "Import",    "Function", "Table",
                                        "Memory", "Global", "Export",    "Start",    "Elem",
                                        "Code",   "Data",   "DataCount", "Tag"};
  auto reloc = relocs.begin();
  for (uint32_t i = 0; i < sections.size(); ++i) {
    Bytes entries;
    uint32_t count = 0;
    for (; reloc != relocs.end() && reloc->at < sections[i].end; ++reloc, ++count) {
      binary::put_u8(entries, static_cast<uint8_t>(reloc->type));
      binary::put_u32(entries, reloc->at - sections[i].begin);
      binary::put_u32(entries, symbols.of(*reloc));
    }
    if (count == 0) continue;
    Bytes contents;
    binary::put_u32(contents, i);
    binary::put_u32(contents, count);
    binary::put_bytes(contents, entries);
    append_custom(out, "reloc." + std::string(names[sections[i].id]), contents);
  }
}

}  // namespace

wasm::Result<std::vector<uint8_t>> make_relocatable(const wasm::Module& module,
                                                    const binary::NameSection& names) {
  Widener widener(module);
  TRY(widener.run());
  std::vector<binary::EncodeEvent> events;
  Bytes out = binary::encode(widener.module(), &events);
  const std::vector<Section> sections = TRY(sections_of(out));
  const Symbols symbols(module, names);
  append_custom(out, "linking", symbols.linking());
  append_relocs(out, sections, place(widener.relocs(), events), symbols);
  return out;
}

}  // namespace cloche::cli

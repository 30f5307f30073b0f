#include "dump/custom_details.hpp"

#include "dump/hexdump.hpp"
#include "dump/immediates.hpp"

namespace cloche::dump {
namespace {

/// The word for a part of a bit field that is taken off `flags`.
struct Flag {
  uint32_t bit;
  std::string_view word;
};

class CustomPrinter : public CustomVisitor {
 public:
  CustomPrinter(Output& out, const Index& index) : out_(out), index_(index) {}

  void name(NameKind kind, uint32_t at, std::string_view name) override {
    if (kind == NameKind::module)
      out_.put(" - module");
    else
      out_.put(" - ", name_word(kind), '[', at, ']');
    end_with_name(name);
  }

  void inner_name(NameKind kind, uint32_t at, uint32_t inner, std::string_view name) override {
    if (name.empty()) return;
    out_.put(kind == NameKind::field ? " - type[" : " - func[", at, "] ");
    out_.put(name_word(kind), '[', inner, ']');
    end_with_name(name);
  }

  void symbol_count(uint32_t count) override { out_.put("  - symbol table [count=", count, "]\n"); }

  void symbol(uint32_t number, const Symbol& symbol) override {
    constexpr char letters[] = {'F', 'D', 'G', 'S', 'E', 'T'};
    constexpr std::string_view words[] = {"func", "segment", "global", "section", "tag", "table"};
    out_.put("   - ", number, ": ", letters[static_cast<size_t>(symbol.kind)]);
    out_.put(" <");
    put_name(out_, symbol.name.empty() ? name_of(symbol) : symbol.name);
    out_.put('>');
    const bool is_data = symbol.kind == SymbolKind::data;
    if (!is_data) {
      out_.put(' ', words[static_cast<size_t>(symbol.kind)], '=', symbol.index);
    } else if (symbol.has(symbol_flags::absolute)) {
      out_.put(" address=", symbol.offset, " size=", symbol.size);
    } else if (!symbol.has(symbol_flags::undefined)) {
      out_.put(" segment=", symbol.index, " offset=", symbol.offset);
      out_.put(" size=", symbol.size);
    }
    put_symbol_flags(symbol.flags);
  }

  void segment_info_count(uint32_t count) override { out_.put("  - segment info [count=", count, "]\n"); }

  void segment_info(uint32_t number, const SegmentInfo& info) override {
    constexpr Flag words[] = {{1, "STRINGS"}, {2, "TLS"}, {4, "RETAIN"}};
    out_.put("   - ", number, ": ");
    put_name(out_, info.name);
    out_.put(" p2align=", info.align_log2, " [");
    put_unknown(put_flags(info.flags, words));
    out_.put(" ]\n");
  }

  void init_function_count(uint32_t count) override { out_.put("  - init functions [count=", count, "]\n"); }

  void init_function(uint32_t priority, uint32_t symbol) override {
    out_.put("   - ", symbol, ": priority=", priority);
    put_tag(out_, index_.symbol_name(symbol));
    out_.put('\n');
  }

  void comdat_count(uint32_t count) override { out_.put("  - comdat groups [count=", count, "]\n"); }

  void comdat(std::string_view name, uint32_t entries) override {
    out_.put("   - ");
    put_name(out_, name);
    out_.put(": [count=", entries, "]\n");
  }

  void comdat_entry(uint32_t kind, uint32_t at) override {
    constexpr std::string_view words[] = {"segment", "func", "global", "tag", "table", "section"};
    out_.put("    - ", kind < std::size(words) ? words[kind] : std::string_view("unknown"), '[', at, ']');
    if (kind == 0) put_tag(out_, index_.names.datas.get(at));
    if (kind == 1) put_tag(out_, index_.names.funcs.get(at));
    out_.put('\n');
  }

  void reloc_count(uint32_t section, uint32_t count) override {
    section_start_ = index_.sections[section].contents().offset;
    out_.put("  - relocations for section: ", section, " (");
    put_name(out_, section_title(index_.sections[section]));
    out_.put(") [", count, "]\n");
  }

  void reloc(const Reloc& reloc) override {
    const std::string_view name = reloc_name(reloc.type);
    out_.put("   - ", name);
    out_.spaces(name.size() < 18 ? 18 - name.size() : 0);
    out_.put(" offset=");
    put_prefixed_hex(reloc.offset);
    out_.put("(file=");
    put_prefixed_hex(uint64_t{section_start_} + reloc.offset);
    if (reloc_names_type(reloc.type)) {
      out_.put(") type=", reloc.index);
    } else {
      out_.put(") symbol=", reloc.index, " <");
      put_name(out_, index_.symbol_name(reloc.index));
      out_.put('>');
    }
    if (reloc.addend != 0) {
      out_.put(reloc.addend < 0 ? "-0x" : "+0x");
      out_.hex(reloc.addend < 0 ? uint64_t{0} - static_cast<uint64_t>(reloc.addend)
                                : static_cast<uint64_t>(reloc.addend));
    }
    out_.put('\n');
  }

  void dylink_info(uint32_t mem_size, uint32_t mem_align, uint32_t table_size,
                   uint32_t table_align) override {
    out_.put(" - mem_size     : ", mem_size, '\n');
    out_.put(" - mem_p2align  : ", mem_align, '\n');
    out_.put(" - table_size   : ", table_size, '\n');
    out_.put(" - table_p2align: ", table_align, '\n');
  }
  void needed_count(uint32_t count) override {
    if (count != 0) out_.put(" - needed_dynlibs[", count, "]:\n");
  }
  void needed(std::string_view name) override { put_item(name); }
  void dylink_import_count(uint32_t count) override { out_.put(" - imports[", count, "]:\n"); }
  void dylink_import(std::string_view module, std::string_view name, uint32_t flags) override {
    out_.put("  - ");
    put_name(out_, module);
    out_.put('.');
    put_name(out_, name);
    put_symbol_flags(flags);
  }
  void dylink_export_count(uint32_t count) override { out_.put(" - exports[", count, "]:\n"); }
  void dylink_export(std::string_view name, uint32_t flags) override {
    out_.put("  - ");
    put_name(out_, name);
    put_symbol_flags(flags);
  }
  void runtime_path_count(uint32_t count) override { out_.put(" - runtime_path[", count, "]:\n"); }
  void runtime_path(std::string_view path) override { put_item(path); }

  void target_feature(char prefix, std::string_view name) override {
    out_.put("  - [", prefix, "] ");
    put_name(out_, name);
    out_.put('\n');
  }

  void code_metadata_func(uint32_t func) override {
    out_.put("   - func[", func, ']');
    put_tag(out_, index_.names.funcs.get(func));
    out_.put(":\n");
  }
  void code_metadata(uint32_t offset, std::span<const uint8_t> data) override {
    out_.put("    - meta[");
    out_.hex(offset);
    out_.put("]:\n");
    put_hexdump(out_, data, 0, "     - ");
  }

 private:
  static std::string_view name_word(NameKind kind) {
    constexpr std::string_view words[] = {"module", "func",   "local",   "label",   "type",  "table",
                                          "memory", "global", "elemseg", "dataseg", "field", "tag"};
    return words[static_cast<size_t>(kind)];
  }

  std::string_view name_of(const Symbol& symbol) const {
    switch (symbol.kind) {
      case SymbolKind::func:
        return index_.names.funcs.get(symbol.index);
      case SymbolKind::global:
        return index_.names.globals.get(symbol.index);
      case SymbolKind::section:
        return symbol.index < index_.sections.size() ? section_title(index_.sections[symbol.index])
                                                     : std::string_view();
      case SymbolKind::tag:
        return index_.names.tags.get(symbol.index);
      case SymbolKind::table:
        return index_.names.tables.get(symbol.index);
      case SymbolKind::data:
        return {};
    }
    return {};
  }

  void end_with_name(std::string_view name) {
    out_.put(" <");
    put_name(out_, name);
    out_.put(">\n");
  }

  void put_item(std::string_view name) {
    out_.put("  - ");
    put_name(out_, name);
    out_.put('\n');
  }

  /// At least eight characters, 0x included; nothing but zeros for 0.
  void put_prefixed_hex(uint64_t value) {
    if (value == 0) return out_.put("00000000");
    out_.put("0x");
    out_.hex(value, 6);
  }

  /// Writes the words of the bits that are set; returns the bits that have none.
  template <size_t N>
  uint32_t put_flags(uint32_t flags, const Flag (&words)[N]) {
    for (const Flag& flag : words) {
      if ((flags & flag.bit) == 0) continue;
      out_.put(' ', flag.word);
      flags &= ~flag.bit;
    }
    return flags;
  }

  void put_unknown(uint32_t flags) {
    if (flags == 0) return;
    out_.put(" unknown_flags=0x");
    out_.hex(flags);
  }

  void put_symbol_flags(uint32_t flags) {
    using namespace symbol_flags;
    constexpr Flag words[] = {
        {undefined, "undefined"}, {exported, "exported"}, {explicit_name, "explicit_name"},
        {no_strip, "no_strip"},   {tls, "tls"},           {absolute, "abs"}};
    constexpr std::string_view bindings[] = {"global", "weak", "local", "unknown"};
    out_.put(" [");
    put_unknown(put_flags(flags & ~(weak | local | hidden), words));
    out_.put(" binding=", bindings[flags & (weak | local)], " vis=", flags & hidden ? "hidden" : "default");
    out_.put(" ]\n");
  }

  Output& out_;
  const Index& index_;
  uint32_t section_start_ = 0;
};

}  // namespace

void put_custom_details(Output& out, const Index& index, size_t position) {
  const Section& section = index.sections[position];
  out.put("Custom:\n - name: \"");
  put_name(out, section.name);
  out.put("\"\n");
  CustomPrinter printer(out, index);
  (void)read_custom(section.name, index.reader(section.contents()), index.custom_context(position), printer);
}

void put_reloc(Output& out, const Index& index, const Reloc& reloc, uint64_t offset) {
  out.put("           ");
  out.hex(offset, 6);
  const std::string_view name = reloc_name(reloc.type);
  out.put(": ", name);
  out.spaces(name.size() < 18 ? 18 - name.size() : 0);
  out.put(' ', reloc.index);
  if (reloc.addend != 0) {
    out.put(" + ");
    out.signed_decimal(reloc.addend);
  }
  if (!reloc_names_type(reloc.type)) {
    out.put(" <");
    put_name(out, index.symbol_name(reloc.index));
    out.put('>');
  }
  out.put('\n');
}

}  // namespace cloche::dump

#include "cli/wabt/module_listing.hpp"

#include <array>
#include <string>

#include "binary/reader.hpp"
#include "cli/wabt/byte_lines.hpp"
#include "cli/wabt/instr_listing.hpp"

namespace cloche::cli {
namespace {

constexpr uint8_t custom_section = 0;

/// By section number.
constexpr std::array<std::string_view, 14> section_names = {
    "custom", "Type",  "Import", "Function", "Table", "Memory",    "Global",
    "Export", "Start", "Elem",   "Code",     "Data",  "DataCount", "Tag"};

class Lister {
 public:
  Lister(std::span<const uint8_t> bytes, wasm::FeatureSet features, bool padded, std::FILE* stream)
      : bytes_(bytes), features_(features), lines_(bytes, padded, stream) {}

  void run() {
    lines_.data(4, "WASM_BINARY_MAGIC");
    lines_.data(4, "WASM_BINARY_VERSION");
    while (!lines_.at(bytes_.size())) section();
  }

 private:
  // ---- small parts

  uint64_t number(std::string_view meaning) { return lines_.leb(meaning); }
  void heading(std::string_view what, uint64_t index) {
    lines_.heading(std::string(what) + " " + std::to_string(index));
  }
  void val_type(std::string_view meaning = {}) { list_val_type(lines_, bytes_, features_, meaning); }
  void expr(size_t end) { list_expr(lines_, bytes_, features_, end); }
  /// A count, and for each item a call with its number, as far as the section goes.
  template <class Item>
  void list_of(std::string_view meaning, size_t end, const Item& item) {
    const uint64_t count = number(meaning);
    for (uint64_t i = 0; i < count && !lines_.at(end); ++i) item(i);
  }

  // ---- sections

  void section() {
    const uint8_t id = lines_.peek();
    const bool known = id != custom_section && id < section_names.size();
    if (known)
      lines_.heading("section \"" + std::string(section_names[id]) + "\" (" + std::to_string(id) + ")");
    else
      lines_.heading("section \"" + custom_name() + "\"");
    lines_.byte("section code");
    const size_t end = lines_.begin_size("section size (guess)");
    contents(id, end);
    if (!lines_.at(end)) lines_.data(end - lines_.position(), "section data");
    lines_.end_size("FIXUP section size");
  }

  /// The name of the custom section that begins here.
  std::string custom_name() const {
    binary::Reader reader(bytes_, lines_.position() + 1, bytes_.size());
    static_cast<void>(reader.u32());
    return std::string(reader.name().value_or(""));
  }

  void contents(uint8_t id, size_t end) {
    switch (id) {
      case custom_section:
        return custom(end);
      case 1:
        return list_of("num types", end, [&](uint64_t i) { type(i, end); });
      case 2:
        return list_of("num imports", end, [&](uint64_t i) { import(i); });
      case 3:
        return list_of("num functions", end,
                       [&](uint64_t i) { number("function " + std::to_string(i) + " signature index"); });
      case 4:
        return list_of("num tables", end, [&](uint64_t i) { table(i, end); });
      case 5:
        return list_of("num memories", end, [&](uint64_t i) {
          heading("memory", i);
          memory();
        });
      case 6:
        return list_of("num globals", end, [&](uint64_t) {
          global();
          expr(end);
        });
      case 7:
        return list_of("num exports", end, [&](uint64_t) { export_(); });
      case 8:
        return static_cast<void>(number("start func index"));
      case 9:
        return list_of("num elem segments", end, [&](uint64_t i) { elem(i, end); });
      case 10:
        return list_of("num functions", end, [&](uint64_t i) { body(i); });
      case 11:
        return list_of("num data segments", end, [&](uint64_t i) { data(i, end); });
      case 12:
        return static_cast<void>(number("data count"));
      case 13:
        return list_of("tag count", end, [&](uint64_t i) {
          heading("tag", i);
          tag();
        });
      default:
        return;
    }
  }

  // ---- types

  void type(uint64_t index, size_t end) {
    constexpr uint8_t rec = 0x4E;
    if (lines_.peek() != rec) return sub_type(index, end);
    heading("recursive types", index);
    lines_.byte("rec");
    list_of("num types", end, [&](uint64_t i) { sub_type(i, end); });
  }

  void sub_type(uint64_t index, size_t end) {
    constexpr uint8_t sub_final = 0x4F;
    constexpr uint8_t sub = 0x50;
    if (lines_.peek() == sub || lines_.peek() == sub_final) {
      lines_.byte(lines_.peek() == sub ? "sub" : "sub final");
      list_of("num supertypes", end, [&](uint64_t) { number("supertype index"); });
    }
    constexpr uint8_t array = 0x5E;
    constexpr uint8_t structure = 0x5F;
    switch (lines_.peek()) {
      case array:
        heading("array type", index);
        lines_.byte("array");
        return field();
      case structure:
        heading("struct type", index);
        lines_.byte("struct");
        return list_of("num fields", end, [&](uint64_t) { field(); });
      default:
        heading("func type", index);
        lines_.byte("func");
        list_of("num params", end, [&](uint64_t) { val_type(); });
        return list_of("num results", end, [&](uint64_t) { val_type(); });
    }
  }

  void field() {
    constexpr uint8_t i8 = 0x78;
    constexpr uint8_t i16 = 0x77;
    if (lines_.peek() == i8 || lines_.peek() == i16)
      lines_.byte(lines_.peek() == i8 ? "i8" : "i16");
    else
      val_type();
    lines_.byte("field mutability");
  }

  // ---- definitions

  void limits() {
    constexpr uint64_t has_max = 1;
    constexpr uint64_t has_page_size = 8;
    const uint64_t flags = number("limits: flags");
    number("limits: initial");
    if (flags & has_max) number("limits: max");
    if (flags & has_page_size) number("memory page size");
  }
  void memory() { limits(); }
  void table_type() {
    val_type();
    limits();
  }
  void table(uint64_t index, size_t end) {
    constexpr uint8_t initialized = 0x40;
    heading("table", index);
    const bool has_init = lines_.peek() == initialized;
    if (has_init) {
      lines_.byte("initialized table prefix");
      lines_.byte("initialized table prefix");
    }
    table_type();
    if (has_init) expr(end);
  }
  void global() {
    val_type();
    lines_.byte("global mutability");
  }
  void tag() {
    lines_.byte("tag attribute");
    number("tag signature index");
  }

  void import(uint64_t index) {
    heading("import header", index);
    lines_.string("import module name");
    lines_.string("import field name");
    switch (lines_.byte("import kind")) {
      case 0:
        return static_cast<void>(number("import signature index"));
      case 1:
        return table_type();
      case 2:
        return memory();
      case 3:
        return global();
      default:
        return tag();
    }
  }

  void export_() {
    constexpr std::array<std::string_view, 5> meanings = {"export func index", "export table index",
                                                          "export memory index", "export global index",
                                                          "export tag index"};
    lines_.string("export name");
    const uint8_t kind = lines_.byte("export kind");
    number(kind < meanings.size() ? meanings[kind] : "export index");
  }

  void elem(uint64_t index, size_t end) {
    heading("elem segment header", index);
    const uint64_t flags = number("segment flags");
    const bool active = (flags & 1) == 0;
    const bool has_exprs = (flags & 4) != 0;
    if (active && (flags & 2) != 0) number("table index");
    if (active) expr(end);
    if ((flags & 3) != 0) {
      if (has_exprs)
        val_type("elem expr list type");
      else
        lines_.byte("elem list type");
    }
    list_of("num elems", end, [&](uint64_t) {
      if (has_exprs)
        expr(end);
      else
        number("elem function index");
    });
  }

  void data(uint64_t index, size_t end) {
    heading("data segment header", index);
    const uint64_t flags = number("segment flags");
    if (flags == 2) number("memidx");
    if (flags != 1) expr(end);
    const uint64_t size = number("data segment size");
    heading("data segment data", index);
    lines_.data(size, "data segment data");
  }

  void body(uint64_t index) {
    heading("function body", index);
    const size_t end = lines_.begin_size("func body size (guess)");
    list_of("local decl count", end, [&](uint64_t) {
      number("local type count");
      val_type();
    });
    expr(end);
    lines_.end_size("FIXUP func body size");
  }

  // ---- custom sections

  void custom(size_t end) {
    const bool names =
        std::string_view(binary::Reader(bytes_, lines_.position(), end).name().value_or("")) == "name";
    lines_.string("custom section name");
    if (!names) return lines_.data(end - lines_.position(), "custom data");
    while (!lines_.at(end)) name_subsection();
  }
  void name_subsection() {
    constexpr uint8_t module = 0;
    constexpr uint8_t locals = 2;
    constexpr uint8_t labels = 3;
    constexpr uint8_t fields = 10;
    const uint8_t id = lines_.peek();
    number(id == module ? "module name type" : id == locals ? "local name type" : "name subsection type");
    const size_t end = lines_.begin_size("subsection size (guess)");
    if (id == module)
      lines_.string("module name");
    else if (id == locals || id == labels || id == fields)
      indirect_names(id == locals ? "local" : id == labels ? "label" : "field", end);
    else
      name_map("num names", "elem", end);
    if (!lines_.at(end)) lines_.data(end - lines_.position(), "subsection data");
    lines_.end_size("FIXUP subsection size");
  }

  void name_map(std::string_view count, const std::string& what, size_t end) {
    list_of(count, end, [&](uint64_t) {
      const uint64_t index = number(what + " index");
      lines_.string(what + " name " + std::to_string(index));
    });
  }

  void indirect_names(const std::string& what, size_t end) {
    list_of(what == "field" ? "num types" : "num functions", end, [&](uint64_t) {
      number(what == "field" ? "type index" : "function index");
      name_map("num " + what + "s", what, end);
    });
  }

  std::span<const uint8_t> bytes_;
  wasm::FeatureSet features_;
  ByteLines lines_;
};

}  // namespace

void list_module(std::span<const uint8_t> bytes, wasm::FeatureSet features, bool padded, std::FILE* stream) {
  Lister(bytes, features, padded, stream).run();
}

}  // namespace cloche::cli

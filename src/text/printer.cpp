// The module as a whole: the order of its items, custom sections, and handing the text on.
#include "text/printer.hpp"

#include <algorithm>

#include "text/printer_core.hpp"

namespace cloche::text {

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

// Text that waits until it is worth handing on.
constexpr size_t settle_bytes = 1 << 15;

}  // namespace

wasm::Result<void> print(const wasm::Module& module, const PrintOptions& options, const TextSink& sink) {
  return Printer(module, options, sink).run();
}

wasm::Result<std::string> print(const wasm::Module& module, const PrintOptions& options) {
  std::string text;
  TRY(print(module, options, [&text](std::string_view piece) { text += piece; }));
  return text;
}

Printer::Printer(const wasm::Module& module, const PrintOptions& options, const TextSink& sink)
    : module_(module),
      options_(options),
      sink_(sink),
      written_(
          [](void* self, std::string_view piece) {
            Printer& printer = *static_cast<Printer*>(self);
            if (piece.size() > printer.options_.max_bytes - printer.handed_on_) return false;
            printer.handed_on_ += piece.size();
            printer.sink_(piece);
            return true;
          },
          this) {}

wasm::Result<void> Printer::run() {
  prepare_names();
  prepare_hints();
  prepare_usual();
  if (options_.inline_exports) prepare_inline_exports();
  out_ += "(module";
  put_module_name();
  TRY(print_items());
  out_ += ")\n";
  TRY(check_size());
  flush();
  return {};
}

void Printer::put_module_name() {
  if (!names_.module.has_value()) return;
  if (!names_.module->empty()) {
    out_ += ' ';
    put_identifier(out_, spell(*names_.module));
  } else if (annotate_names_) {
    out_ += " (@name \"\")";
  }
}

void Printer::settle() {
  written_.put(out_);
  out_.clear();
}

void Printer::flush() {
  settle();
  written_.flush();
}

// Hands on what has gathered. Called between lines.
wasm::Result<void> Printer::check_size() {
  const uint64_t size = written_.size() + out_.size();
  if (size > options_.max_bytes) [[unlikely]]
    return wasm::fail_limit("bytes of text", size, options_.max_bytes, wasm::no_offset);
  if (out_.size() >= settle_bytes) settle();
  return {};
}

// In the order of the sections of a binary module, or of the source.
wasm::Result<void> Printer::print_items() {
  if (options_.layout != nullptr) return print_laid_out();
  if (!wabt()) print_customs(0, false);
  for (const wasm::RecGroup& group : module_.rec_groups) print_rec_group(group);
  print_imports();
  const auto count = [](const auto& list) { return static_cast<uint32_t>(list.size()); };
  for (uint32_t i = module_.imported_funcs; i < count(module_.funcs); ++i) {
    TRY(print_func(i));
    TRY(check_size());
  }
  for (uint32_t i = module_.imported_tables; i < count(module_.tables); ++i) TRY(print_table(i));
  for (uint32_t i = module_.imported_mems; i < count(module_.mems); ++i) print_mem(i);
  for (uint32_t i = module_.imported_tags; i < count(module_.tags); ++i) print_tag(i);
  for (uint32_t i = module_.imported_globals; i < count(module_.globals); ++i) TRY(print_global(i));
  for (const wasm::Export& exported : module_.exports) print_export(exported);
  print_start();
  for (uint32_t i = 0; i < count(module_.elems); ++i) TRY(print_elem(module_.elems[i], i));
  for (uint32_t i = 0; i < count(module_.datas); ++i) TRY(print_data(module_.datas[i], i));
  print_all_customs();
  return {};
}

wasm::Result<void> Printer::print_laid_out() {
  for (const SourceLayout::Item& item : options_.layout->items) {
    TRY(print_item(item));
    TRY(check_size());
  }
  print_all_customs();
  return {};
}

wasm::Result<void> Printer::print_item(SourceLayout::Item item) {
  using Kind = SourceLayout::Kind;
  switch (item.kind) {
    case Kind::rec_group:
      print_rec_group(module_.rec_groups[item.index]);
      return {};
    case Kind::import_:
      print_import(module_.imports[item.index], import_index(item.index));
      return {};
    case Kind::func:
      return print_func(item.index);
    case Kind::table:
      return print_table(item.index);
    case Kind::mem:
      print_mem(item.index);
      return {};
    case Kind::tag:
      print_tag(item.index);
      return {};
    case Kind::global:
      return print_global(item.index);
    case Kind::export_:
      print_export(module_.exports[item.index]);
      return {};
    case Kind::start:
      print_start();
      return {};
    case Kind::elem:
      return print_elem(module_.elems[item.index], item.index);
    case Kind::data:
      return print_data(module_.datas[item.index], item.index);
  }
  return {};
}

// Whether the source did not name the type of an item.
bool Printer::is_implicit(const std::vector<uint32_t> SourceLayout::* list, uint32_t index) const {
  if (options_.layout == nullptr) return false;
  const std::vector<uint32_t>& indices = options_.layout->*list;
  return std::binary_search(indices.begin(), indices.end(), index);
}

void Printer::print_start() {
  if (!module_.start.has_value()) return;
  line(1);
  out_ += "(start ";
  put_ref(out_, funcs_, module_.start->value);
  out_ += ')';
}

// Nobody sees more levels than this apart; and text would grow with the square of the nesting.
size_t Printer::indent_of(size_t depth) const {
  constexpr size_t deepest = 60;
  return std::min(depth, deepest) * options_.indent;
}

void Printer::line(size_t depth) {
  out_ += '\n';
  out_.append(indent_of(depth), ' ');
}

// A name or other string. The readable style shows UTF-8 as it is.
void Printer::put_text_string(std::string_view name) {
  if (wabt())
    put_escaped(out_, name);
  else
    put_string(out_, name, true);
}

// Bytes of the module as a string.
void Printer::put_bytes(wasm::ByteRange range) {
  const auto bytes = module_.slice(range);
  const std::string_view chars(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // In pieces, or a large segment would be held as a whole.
  constexpr size_t piece = 1 << 16;
  out_ += '"';
  for (size_t at = 0; at < chars.size(); at += piece) {
    put_string_bytes(out_, chars.substr(at, piece), wabt() ? StringStyle::hex : StringStyle::ascii);
    settle();
  }
  out_ += '"';
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

// All custom sections that nothing stood for so far, and in the readable style what says that there was a
// data count section where nothing in the code asks for one.
void Printer::print_all_customs() {
  if (wabt()) {
    if (!options_.custom_sections) return;
    for (const wasm::CustomSection& custom : module_.customs)
      if (&custom != name_section_) print_custom(custom, {});
    return;
  }
  if (module_.data_count.has_value() && !uses_data_index_) {
    line(1);
    out_ += "(@cloche.data_count)";
  }
  for (const SectionName& section : section_names) print_customs(section.id, false);
  print_customs(last_section(), true);
}

// The custom sections behind section `after` (0: before all others). Those of the last section that stand
// behind the name section come apart from the rest, as the assembler puts the names between them.
void Printer::print_customs(uint8_t after, bool behind_names) {
  if (!options_.custom_sections) return;
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
  put_text_string(custom.name);
  if (!place.empty()) {
    out_ += ' ';
    out_ += place;
  }
  out_ += ' ';
  put_bytes(custom.contents);
  out_ += ')';
}

}  // namespace cloche::text

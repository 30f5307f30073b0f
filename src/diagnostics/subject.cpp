#include "diagnostics/subject.hpp"

#include <algorithm>
#include <cstdio>

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "diagnostics/printable.hpp"
#include "diagnostics/scan.hpp"
#include "text/instr_printer.hpp"
#include "text/source_text.hpp"

namespace cloche::diagnostics {
namespace {

/// Lines shown before and after each place in a listing, and lines in all.
constexpr size_t lines_around = 2;
constexpr size_t most_lines = 60;

binary::InstrReader reader_at(const wasm::Module& module, uint32_t offset) {
  const auto size = static_cast<uint32_t>(module.bytes.size());
  return {module, {offset, size - std::min(offset, size)}};
}

}  // namespace

Subject::Subject(std::string_view source, const text::OffsetMap& offsets, const wasm::Module& module)
    : source_(source),
      lines_(source),
      offsets_(&offsets),
      module_(module),
      names_(binary::decode_names(module)) {}

Subject::Subject(const wasm::Module& module)
    : lines_({}), module_(module), names_(binary::decode_names(module)) {}

Span Subject::instr(uint32_t offset) const {
  if (is_text()) {
    const uint64_t at = source_offset(offset);
    return at == wasm::no_offset ? Span{} : atoms_at(source_, at);
  }
  const auto instr = reader_at(module_, offset).next();
  return {offset, offset + (instr ? instr->size : 1)};
}

Span Subject::item(uint64_t offset) const {
  if (offset == wasm::no_offset) return {};
  if (!is_text()) return {offset, offset + 1};
  const uint64_t at = source_offset(offset);
  if (at >= source_.size()) return {};
  if (source_[at] != '(') return token_at(source_, at);
  // "(func $name": the parenthesis and the words behind it.
  return {at, atoms_at(source_, source_.find_first_not_of(" \t\r\n(", at)).end};
}

Span Subject::expression(const Origin& origin) const {
  if (!is_text()) return {origin.pushed_by, origin.pushed_by + 1};
  const uint64_t last = source_offset(origin.kept_by != 0 ? origin.kept_by : origin.pushed_by);
  if (last == wasm::no_offset) return {};
  if (is_folded(source_, last)) return expression_at(source_, last);
  const uint64_t first = source_offset(origin.begin);
  const uint64_t begin = paren_before(source_, first).value_or(first);
  // A plain block ends with its `end`, everything else with its own words.
  const wasm::Imm immediate = wasm::op_info(op(origin.pushed_by)).immediate;
  const bool is_block = immediate == wasm::Imm::block || immediate == wasm::Imm::try_table;
  const uint64_t end_word = is_block && origin.kept_by == 0 ? source_offset(origin.end - 1) : last;
  return {std::min(begin, end_word), atoms_at(source_, end_word).end};
}

std::string Subject::place(uint32_t offset) const {
  if (is_text()) {
    const text::LineColumn at = lines_.line_column(source_offset(offset));
    return std::to_string(at.line) + ":" + std::to_string(at.column);
  }
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", offset);
  return text;
}

wasm::Op Subject::op(uint32_t offset) const {
  const auto instr = reader_at(module_, offset).next();
  return instr ? instr->op : wasm::Op::nop;
}

std::string Subject::named(const binary::NameMap& names, std::string_view kind, uint32_t index) const {
  if (const auto name = binary::find_name(names, index); name && !name->empty() && name->size() <= 80)
    return "$" + std::string(*name);
  return std::string(kind) + " " + std::to_string(index);
}

std::string Subject::local_name(uint32_t func, uint32_t index) const {
  const binary::NameMap* locals = binary::find_names(names_.locals, func);
  return locals ? named(*locals, "local", index) : "local " + std::to_string(index);
}

uint64_t Subject::declared_locals(uint32_t func) const {
  if (func < module_.imported_funcs || func >= module_.funcs.size()) return 0;
  const wasm::Code& code = module_.codes[func - module_.imported_funcs];
  binary::Reader reader(module_.bytes.span(), code.body.offset, code.expr_offset);
  uint64_t count = 0;
  const auto groups = reader.u32();
  for (uint32_t i = 0; groups && i < *groups; ++i) {
    const auto size = reader.u32();
    if (!size || !binary::read_val_type(reader, module_.features)) break;
    count += *size;
  }
  return count;
}

Span Subject::func_place(uint32_t index) const {
  if (index >= module_.funcs.size()) return {};
  if (index >= module_.imported_funcs) return item(module_.funcs[index].offset);
  uint32_t at = 0;
  for (const wasm::Import& import : module_.imports)
    if (import.kind == wasm::ExternKind::func && at++ == index) return item(import.offset);
  return {};
}

Span Subject::global_place(uint32_t index) const {
  if (index >= module_.globals.size()) return {};
  if (index >= module_.imported_globals) return item(module_.globals[index].offset);
  uint32_t at = 0;
  for (const wasm::Import& import : module_.imports)
    if (import.kind == wasm::ExternKind::global && at++ == index) return item(import.offset);
  return {};
}

std::shared_ptr<const Listing> Subject::listing(wasm::Expr body, const Diagnostic& diagnostic) const {
  std::vector<uint64_t> places = {diagnostic.span.begin};
  for (const Label& label : diagnostic.labels) places.push_back(label.span.begin);
  std::ranges::sort(places);
  // First where the lines begin, then the lines themselves: a body can have millions.
  std::vector<uint32_t> offsets;
  std::vector<size_t> marked;
  binary::InstrReader reader(module_, body);
  size_t next = 0;
  for (size_t line = 0; !reader.at_end(); ++line) {
    const auto instr = reader.next();
    if (!instr) break;
    while (next < places.size() && places[next] < instr->offset + instr->size) {
      if (places[next] >= instr->offset) marked.push_back(line);
      ++next;
    }
    if (next == places.size() && line > (marked.empty() ? 0 : marked.back()) + lines_around) break;
  }
  const auto is_shown = [&](size_t line) {
    return std::ranges::any_of(
        marked, [&](size_t at) { return line + lines_around >= at && line <= at + lines_around; });
  };
  auto listing = std::make_shared<Listing>();
  text::InstrPrinter printer(module_);
  uint32_t func = ~uint32_t{0};
  for (uint32_t i = 0; i < module_.codes.size(); ++i)
    if (module_.codes[i].expr_offset == body.offset) func = module_.imported_funcs + i;
  printer.begin(func);
  binary::InstrReader again(module_, body);
  for (size_t line = 0; !again.at_end() && listing->lines.size() < most_lines; ++line) {
    const auto instr = again.next();
    if (!instr || marked.empty() || line > marked.back() + lines_around) break;
    if (is_shown(line))
      listing->lines.push_back({{instr->offset, instr->offset + instr->size}, printer.print(again, *instr)});
    else
      printer.skip(*instr);
  }
  return listing;
}

std::shared_ptr<const Listing> Subject::byte_listing(std::span<const uint8_t> bytes, uint64_t offset) {
  constexpr uint64_t width = 8;
  auto listing = std::make_shared<Listing>();
  listing->is_bytes = true;
  if (offset > bytes.size()) return listing;
  const uint64_t first = offset < 2 * width ? 0 : offset - 2 * width;
  const uint64_t line_at = offset - offset % width;
  for (uint64_t at = first - first % width; at < bytes.size() && at <= line_at + width; at += width) {
    Listing::Line line{{at, std::min<uint64_t>(at + width, bytes.size())}, {}};
    std::string characters;
    for (uint64_t i = at; i < line.span.end; ++i) {
      char text[8];
      std::snprintf(text, sizeof text, "%02x ", bytes[i]);
      line.text += text;
      characters += bytes[i] >= 0x20 && bytes[i] < 0x7F ? static_cast<char>(bytes[i]) : '.';
    }
    line.text.resize(3 * width, ' ');
    line.text += " " + characters;
    listing->lines.push_back(std::move(line));
  }
  return listing;
}

}  // namespace cloche::diagnostics

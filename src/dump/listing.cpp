#include "dump/listing.hpp"

#include <algorithm>

#include "dump/details.hpp"
#include "dump/hexdump.hpp"
#include "dump/items.hpp"

namespace cloche::dump {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void put_hex_field(base::Output& out, std::string_view label, uint64_t value) {
  out.put(label, "0x");
  out.hex(value, 8);
}

}  // namespace

bool Listing::is_selected(const Section& section) const {
  return options_.section.empty() || same_word(options_.section, section_title(section));
}

bool Listing::section_found() const {
  return options_.section.empty() ||
         std::any_of(index_.sections.begin(), index_.sections.end(),
                     [&](const Section& section) { return is_selected(section); });
}

void Listing::write(std::string_view file) {
  out_.put('\n');
  if (!index_.is_module) return;
  put_name(out_, file);
  out_.put(":\tfile format wasm 0x1\n");
  if (!index_.names.module.empty()) {
    out_.put("module name:");
    put_tag(out_, index_.names.module);
    out_.put('\n');
  }
  if (options_.headers) write_headers();
  if (options_.details) write_details();
  if (options_.disassemble) write_disassembly();
  if (options_.full_contents) write_contents();
}

void Listing::write_headers() {
  out_.put("\nSections:\n\n");
  for (const Section& section : index_.sections) write_header(section);
}

void Listing::write_header(const Section& section) {
  const std::string_view kind = section_kind(section.id);
  out_.spaces(9 - std::min<size_t>(9, kind.size()));
  out_.put(kind);
  put_hex_field(out_, " start=", section.payload.offset);
  put_hex_field(out_, " end=", uint64_t{section.payload.offset} + section.payload.size);
  put_hex_field(out_, " (size=", section.payload.size);
  out_.put(") ");
  if (section.id == binary::custom_section) {
    out_.put('"');
    put_name(out_, section.name);
    return out_.put("\"\n");
  }
  // The first number: a count, but for the start section.
  const auto number = index_.reader(section.payload).u32();
  if (number) out_.put(section.id == binary::start_section ? "start: " : "count: ", *number);
  out_.put('\n');
}

void Listing::write_details() {
  out_.put("\nSection Details:\n\n");
  DetailPrinter printer(out_, index_, options_.relocs);
  for (size_t i = 0; i < index_.sections.size(); ++i) {
    position_ = index_.sections[i].start;
    printer.section(i, is_selected(index_.sections[i]));
  }
}

void Listing::write_disassembly() {
  out_.put("\nCode Disassembly:\n\n");
  const Section* const code = index_.find(binary::code_section);
  if (!code) return;
  DisassemblyOptions options;
  options.relocs = options_.relocs;
  options.every_name = options_.every_name;
  options.relocs_lag = !options_.every_name;
  options.margin = options_.margin;
  if (options_.section_offsets) options.offset_base = code->payload.offset;
  Disassembler disassembler(out_, index_, options);
  uint32_t func = index_.imported_funcs;
  binary::Reader reader = index_.reader(code->payload);
  auto read = for_each_item(code->id, reader, index_.features, [&](const auto& item) {
    if constexpr (std::is_same_v<std::decay_t<decltype(item)>, BodyItem>) {
      const uint32_t this_func = func++;
      position_ = item.body.offset;
      if (options_.wanted && !options_.wanted(this_func)) return;
      if (auto body = disassembler.function(this_func, item.body); !body)
        problems_.push_back({std::move(body).error()});
    }
  });
  if (!read) problems_.push_back({std::move(read).error()});
}

void Listing::write_contents() {
  for (const Section& section : index_.sections) {
    if (!is_selected(section)) continue;
    position_ = section.start;
    out_.put("\nContents of section ", section_kind(section.id), ":\n");
    put_hexdump(out_, index_.module.subspan(section.payload.offset, section.payload.size),
                section.payload.offset, "");
  }
}

}  // namespace cloche::dump

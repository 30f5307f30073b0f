// The sections of a module, found without looking into them (spec: Binary Format / Modules / Sections).
#pragma once

#include <string_view>
#include <vector>

#include "binary/items.hpp"
#include "wasm/module.hpp"

namespace cloche::dump {

struct Section {
  uint8_t id = 0;
  uint32_t start = 0;       // of the id byte, from the start of the module
  wasm::ByteRange payload;  // what the size counts; for a custom section from its name's length on
  std::string_view name;    // of a custom section
  uint32_t name_end = 0;    // of a custom section: where its contents begin

  /// What the section holds; for a custom section what is behind the name.
  wasm::ByteRange contents() const {
    if (id != binary::custom_section) return payload;
    return {name_end, payload.offset + payload.size - name_end};
  }
};

/// "Type", "Custom": as listings call a section.
std::string_view section_kind(uint8_t id);
/// What a section is selected by: the name of a custom one, the kind of any other.
std::string_view section_title(const Section& section);

/// Something that is wrong with a module. Warnings are about custom sections, which cannot make one invalid.
struct Problem {
  wasm::Error error;
  bool is_warning = false;
  std::string_view section = {};  // the custom section that a warning is about
};

/// The sections of a module, in their order. A section that reaches beyond the end is cut off there; one of
/// an unknown kind is left out. Empty when the header is none. What is wrong is added to `problems`.
std::vector<Section> find_sections(std::span<const uint8_t> module, std::vector<Problem>& problems);

}  // namespace cloche::dump

// The name section with all its subsections, and branch hints (spec: Custom Sections / Name Section;
// metadata).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "binary/instr_encoder.hpp"
#include "binary/reader.hpp"
#include "wasm/module.hpp"

namespace cloche::binary {

/// A name for an index. Maps are sorted by index.
struct NameAssoc {
  uint32_t index = 0;
  std::string_view name;
};
using NameMap = std::vector<NameAssoc>;

/// Names within the item of an index: locals or labels of a function, fields of a type.
struct IndirectNames {
  uint32_t index = 0;
  NameMap names;
};
using IndirectNameMap = std::vector<IndirectNames>;

/// Names are views of the module's bytes, or of whatever the writer filled in.
struct NameSection {
  std::optional<std::string_view> module;
  NameMap funcs, types, tables, mems, globals, elems, datas, tags;
  IndirectNameMap locals, labels, fields;
  std::vector<Error> problems;  // why parts of the section were dropped

  bool empty() const;
};

/// Adds names of what has none, of several the first: of whole index spaces, not of locals, labels and
/// fields. Maps of `more` may be in any order.
void add_names(NameSection& names, const NameSection& more);

/// The name at an index, or nothing. Binary search.
std::optional<std::string_view> find_name(const NameMap& names, uint32_t index);
const NameMap* find_names(const IndirectNameMap& names, uint32_t index);

/// The module's first "name" section. A malformed subsection is dropped and noted in `problems`; names never
/// make a module invalid.
NameSection decode_names(const wasm::Module& module);

/// The contents of a "name" section, subsections in order, empty ones left out.
Bytes encode_names(const NameSection& names);

/// One hint: whether the branch at `offset`, counted from the function body's start, is likely taken.
struct BranchHint {
  uint32_t offset = 0;
  bool likely = false;
};
struct FuncBranchHints {
  uint32_t func = 0;
  std::vector<BranchHint> hints;
};

/// Contents of a "metadata.code.branch_hint" section. Fails with what is malformed; callers treat that as no
/// hints.
Result<std::vector<FuncBranchHints>> decode_branch_hints(const wasm::Module& module,
                                                         const wasm::CustomSection& section);
Bytes encode_branch_hints(const std::vector<FuncBranchHints>& hints);

}  // namespace cloche::binary

#include "binary/names.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cloche::binary {
namespace {

/// Subsections by id (spec: Custom Sections / Name Section / Subsections).
template <class Names, class Direct, class Indirect>
bool visit_subsection(Names& names, uint8_t id, Direct direct, Indirect indirect) {
  switch (id) {
    case 1:
      direct(names.funcs);
      return true;
    case 2:
      indirect(names.locals);
      return true;
    case 3:
      indirect(names.labels);
      return true;
    case 4:
      direct(names.types);
      return true;
    case 5:
      direct(names.tables);
      return true;
    case 6:
      direct(names.mems);
      return true;
    case 7:
      direct(names.globals);
      return true;
    case 8:
      direct(names.elems);
      return true;
    case 9:
      direct(names.datas);
      return true;
    case 10:
      indirect(names.fields);
      return true;
    case 11:
      direct(names.tags);
      return true;
    default:
      return false;
  }
}
constexpr uint8_t last_subsection = 11;

/// Names that do not come in order are sorted; of several for one index one stays.
template <class Assoc>
void sort_by_index(std::vector<Assoc>& items) {
  const auto less = [](const Assoc& a, const Assoc& b) { return a.index < b.index; };
  if (!std::is_sorted(items.begin(), items.end(), less)) std::sort(items.begin(), items.end(), less);
  items.erase(std::unique(items.begin(), items.end(),
                          [](const Assoc& a, const Assoc& b) { return a.index == b.index; }),
              items.end());
}

Result<NameMap> read_name_map(Reader& reader) {
  const uint32_t count = TRY(reader.length());
  NameMap names;
  names.reserve(std::min<size_t>(count, reader.remaining() / 2));
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = TRY(reader.u32());
    names.push_back({index, TRY(reader.name())});
  }
  sort_by_index(names);
  return names;
}

Result<IndirectNameMap> read_indirect_map(Reader& reader) {
  const uint32_t count = TRY(reader.length());
  IndirectNameMap maps;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = TRY(reader.u32());
    maps.push_back({index, TRY(read_name_map(reader))});
  }
  sort_by_index(maps);
  return maps;
}

Result<void> read_subsection(NameSection& names, uint8_t id, Reader& reader) {
  if (id == 0) {
    names.module = TRY(reader.name());
    return {};
  }
  Result<void> status;
  const auto store = [&](auto& target, auto read) {
    auto value = read(reader);
    if (value)
      target = std::move(*value);
    else
      status = base::Unexpected{std::move(value).error()};
  };
  visit_subsection(
      names, id, [&](NameMap& map) { store(map, read_name_map); },
      [&](IndirectNameMap& map) { store(map, read_indirect_map); });
  return status;
}

Result<void> read_sections(NameSection& names, Reader& reader) {
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.u8());
    const uint32_t size = TRY(reader.byte_length());
    Reader subsection = reader.sub(size);
    reader.advance(size);
    if (auto read = read_subsection(names, id, subsection); !read) names.problems.push_back(read.error());
  }
  return {};
}

void put_name_map(Bytes& out, const NameMap& names) {
  put_u32(out, static_cast<uint32_t>(names.size()));
  for (const NameAssoc& assoc : names) {
    put_u32(out, assoc.index);
    put_name(out, assoc.name);
  }
}

void put_subsection(Bytes& out, uint8_t id, const Bytes& contents) {
  put_u8(out, id);
  put_u32(out, static_cast<uint32_t>(contents.size()));
  put_bytes(out, contents);
}

}  // namespace

bool NameSection::empty() const {
  return !module && funcs.empty() && types.empty() && tables.empty() && mems.empty() && globals.empty() &&
         elems.empty() && datas.empty() && tags.empty() && locals.empty() && labels.empty() && fields.empty();
}

void add_names(NameSection& names, const NameSection& more) {
  for (NameMap NameSection::* const space :
       {&NameSection::funcs, &NameSection::types, &NameSection::tables, &NameSection::mems,
        &NameSection::globals, &NameSection::elems, &NameSection::datas, &NameSection::tags}) {
    if ((more.*space).empty()) continue;
    std::map<uint32_t, std::string_view> all;
    for (const NameMap* each : {&std::as_const(names.*space), &(more.*space)})
      for (const NameAssoc& entry : *each) all.try_emplace(entry.index, entry.name);
    (names.*space).clear();
    for (const auto& [index, name] : all) (names.*space).push_back({index, name});
  }
}

std::optional<std::string_view> find_name(const NameMap& names, uint32_t index) {
  const auto at = std::lower_bound(names.begin(), names.end(), index,
                                   [](const NameAssoc& a, uint32_t i) { return a.index < i; });
  if (at == names.end() || at->index != index) return std::nullopt;
  return at->name;
}

const NameMap* find_names(const IndirectNameMap& names, uint32_t index) {
  const auto at = std::lower_bound(names.begin(), names.end(), index,
                                   [](const IndirectNames& a, uint32_t i) { return a.index < i; });
  return at == names.end() || at->index != index ? nullptr : &at->names;
}

NameSection decode_names(const wasm::Module& module) {
  NameSection names;
  for (const wasm::CustomSection& custom : module.customs) {
    if (custom.name != "name") continue;
    Reader reader(module.bytes.span(), custom.contents.offset, custom.contents.offset + custom.contents.size);
    if (auto read = read_sections(names, reader); !read) names.problems.push_back(read.error());
    break;
  }
  return names;
}

Bytes encode_names(const NameSection& names) {
  Bytes out;
  Bytes contents;
  if (names.module) {
    put_name(contents, *names.module);
    put_subsection(out, 0, contents);
  }
  for (uint8_t id = 1; id <= last_subsection; ++id) {
    contents.clear();
    visit_subsection(
        names, id,
        [&](const NameMap& map) {
          if (!map.empty()) put_name_map(contents, map);
        },
        [&](const IndirectNameMap& maps) {
          if (maps.empty()) return;
          put_u32(contents, static_cast<uint32_t>(maps.size()));
          for (const IndirectNames& each : maps) {
            put_u32(contents, each.index);
            put_name_map(contents, each.names);
          }
        });
    if (!contents.empty()) put_subsection(out, id, contents);
  }
  return out;
}

Result<std::vector<FuncBranchHints>> decode_branch_hints(const wasm::Module& module,
                                                         const wasm::CustomSection& section) {
  Reader reader(module.bytes.span(), section.contents.offset,
                section.contents.offset + section.contents.size);
  const uint32_t func_count = TRY(reader.length());
  std::vector<FuncBranchHints> funcs;
  for (uint32_t i = 0; i < func_count; ++i) {
    FuncBranchHints func;
    func.func = TRY(reader.u32());
    const uint32_t count = TRY(reader.length());
    for (uint32_t k = 0; k < count; ++k) {
      BranchHint hint;
      hint.offset = TRY(reader.u32());
      const size_t start = reader.offset();
      const uint32_t size = TRY(reader.u32());
      const uint8_t value = TRY(reader.u8());
      if (size != 1 || value > 1) return fail(ErrorCode::branch_hint_annotation, start, "malformed hint");
      hint.likely = value == 1;
      func.hints.push_back(hint);
    }
    funcs.push_back(std::move(func));
  }
  if (!reader.at_end()) return fail(ErrorCode::section_size_mismatch, reader.offset());
  return funcs;
}

Bytes encode_branch_hints(const std::vector<FuncBranchHints>& hints) {
  Bytes out;
  put_u32(out, static_cast<uint32_t>(hints.size()));
  for (const FuncBranchHints& func : hints) {
    put_u32(out, func.func);
    put_u32(out, static_cast<uint32_t>(func.hints.size()));
    for (const BranchHint& hint : func.hints) {
      put_u32(out, hint.offset);
      put_u32(out, 1);
      put_u8(out, hint.likely ? 1 : 0);
    }
  }
  return out;
}

}  // namespace cloche::binary

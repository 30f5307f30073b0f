// A draft as the bytes of a module: custom sections put in their places, then encoding, then the map of
// offsets.
#include <algorithm>
#include <span>
#include <tuple>

#include "binary/encoder.hpp"
#include "text/draft.hpp"
#include "wasm/limits.hpp"

namespace cloche::text {
namespace {

// Section ids in the order of their ranks.
constexpr std::array<uint8_t, section_ranks> section_ids = {1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11};
constexpr CustomPlace place_before_code{11 * 2 + 1};
constexpr CustomPlace place_after_data{12 * 2 + 2};

// The section behind which a custom section at this position comes; 0 for none.
uint8_t section_before(CustomPlace place) {
  const size_t ranks_before = place.position / 2;  // "before" is 2r + 1: behind r others; "after" is 2r + 2
  return ranks_before == 0 ? 0 : section_ids[std::min<size_t>(ranks_before, section_ranks) - 1];
}

// A custom section of our own making: its contents go to the buffer.
void add_custom(Draft& draft, std::string_view name, const std::vector<uint8_t>& contents,
                CustomPlace place) {
  DraftCustom custom;
  custom.name = name;
  custom.contents = {static_cast<uint32_t>(draft.buffer.size()), static_cast<uint32_t>(contents.size())};
  custom.place = place;
  draft.buffer.insert(draft.buffer.end(), contents.begin(), contents.end());
  draft.customs.push_back(custom);
}

// Hints count from the start of their function's body.
void add_hints(Draft& draft) {
  if (draft.hints.empty()) return;
  const wasm::Module& module = draft.module;
  for (binary::FuncBranchHints& func : draft.hints)
    for (binary::BranchHint& hint : func.hints)
      hint.offset -= module.codes[func.func - module.imported_funcs].body.offset;
  add_custom(draft, "metadata.code.branch_hint", binary::encode_branch_hints(draft.hints), place_before_code);
}

void place_customs(Draft& draft) {
  add_hints(draft);
  if (draft.writes_names && !draft.has_own_name_section && !draft.names.empty())
    add_custom(draft, "name", binary::encode_names(draft.names), place_after_data);
  for (uint8_t position = 0; position <= place_after_last.position; ++position)
    for (const DraftCustom& custom : draft.customs)
      if (custom.place.position == position)
        draft.module.customs.push_back(
            {custom.name, custom.contents, {custom.source_offset, 0}, section_before(custom.place)});
}

// Items know their place in the source themselves; instructions within copied ranges have marks.
OffsetMap make_map(const Draft& draft, std::span<const binary::EncodeEvent> events) {
  std::vector<OffsetMap::Entry> entries;
  entries.reserve(events.size() + draft.marks.size());
  const auto before = [](const Mark& mark, uint64_t offset) { return mark.buffer_offset < offset; };
  for (const binary::EncodeEvent& event : events) {
    if (event.size == 0) {
      entries.push_back({event.at, static_cast<uint32_t>(event.source)});
      continue;
    }
    auto mark = std::lower_bound(draft.marks.begin(), draft.marks.end(), event.source, before);
    for (; mark != draft.marks.end() && mark->buffer_offset < event.source + event.size; ++mark)
      entries.push_back(
          {event.at + static_cast<uint32_t>(mark->buffer_offset - event.source), mark->source_offset});
  }
  return OffsetMap(std::move(entries));
}

struct Placed {
  SourceLayout::Item item;
  uint64_t offset;
};

// The items of a list, with their places.
template <class List>
void add_items(std::vector<Placed>& all, const List& list, size_t from, SourceLayout::Kind kind) {
  for (size_t i = from; i < list.size(); ++i)
    all.push_back({{kind, static_cast<uint32_t>(i)}, list[i].offset});
}

SourceLayout make_layout(const Draft& draft) {
  using Kind = SourceLayout::Kind;
  const wasm::Module& module = draft.module;
  std::vector<Placed> all;
  for (uint32_t i = 0; i < draft.explicit_rec_groups; ++i)
    all.push_back({{Kind::rec_group, i}, module.types[module.rec_groups[i].first.value].offset});
  add_items(all, module.imports, 0, Kind::import_);
  add_items(all, module.funcs, module.imported_funcs, Kind::func);
  add_items(all, module.tables, module.imported_tables, Kind::table);
  add_items(all, module.mems, module.imported_mems, Kind::mem);
  add_items(all, module.tags, module.imported_tags, Kind::tag);
  add_items(all, module.globals, module.imported_globals, Kind::global);
  add_items(all, module.exports, 0, Kind::export_);
  add_items(all, module.elems, 0, Kind::elem);
  add_items(all, module.datas, 0, Kind::data);
  if (module.start.has_value()) all.push_back({{Kind::start, 0}, module.start_offset});
  std::sort(all.begin(), all.end(), [](const Placed& a, const Placed& b) {
    return std::tuple(a.offset, a.item.kind, a.item.index) < std::tuple(b.offset, b.item.kind, b.item.index);
  });
  SourceLayout layout{{}, draft.implicit_funcs, draft.implicit_tags};
  for (const Placed& placed : all) layout.items.push_back(placed.item);
  for (uint32_t i = draft.explicit_rec_groups; i < module.rec_groups.size(); ++i)
    layout.items.push_back({Kind::rec_group, i});
  return layout;
}

}  // namespace

wasm::Result<Assembled> write_module(Draft& draft) {
  place_customs(draft);
  if (draft.uses_data_index) draft.module.data_count = static_cast<uint32_t>(draft.module.datas.size());
  draft.module.bytes = wasm::ModuleBytes(std::span<const uint8_t>(draft.buffer), nullptr);
  std::vector<binary::EncodeEvent> events;
  Assembled result;
  result.bytes = binary::encode(draft.module, draft.keeps_offsets ? &events : nullptr);
  if (result.bytes.size() > wasm::limits::module_bytes)
    return wasm::fail_limit("bytes of a module", result.bytes.size(), wasm::limits::module_bytes,
                            wasm::no_offset);
  if (draft.keeps_offsets) result.offsets = make_map(draft, events);
  if (draft.keeps_layout) result.layout = make_layout(draft);
  return result;
}

}  // namespace cloche::text

// The items of a section, one after the other, each shown as soon as it is read: so that everything in front
// of a damaged place can be listed.
#pragma once

#include "binary/items.hpp"
#include "binary/reader.hpp"
#include "binary/type_reader.hpp"
#include "wasm/error.hpp"
#include "wasm/limits.hpp"

namespace cloche::dump {

/// How many items follow.
struct ItemCount {
  uint32_t count = 0;
};
/// A recursion group begins (only those written as one).
struct RecItem {
  uint32_t size = 0;
};
struct TypeItem {
  wasm::SubType type;
};
struct FuncItem {
  uint32_t type = 0;
};
struct StartItem {
  uint32_t func = 0;
};
struct DataCountItem {
  uint32_t count = 0;
};
/// A function body: from its local declarations through its final `end`.
struct BodyItem {
  wasm::ByteRange body;
};

namespace detail {

template <class Show>
wasm::Result<void> each_type(binary::Reader& reader, wasm::FeatureSet features, uint32_t count, Show& show) {
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t size = 1;
    if (reader.peek() == 0x4E) {
      reader.advance(1);
      size = TRY(reader.length());
      show(RecItem{size});
    }
    for (uint32_t k = 0; k < size; ++k) show(TypeItem{TRY(binary::read_sub_type(reader, features))});
  }
  return {};
}

template <class Show>
wasm::Result<void> each_body(binary::Reader& reader, uint32_t count, Show& show) {
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t size = TRY(reader.byte_length());
    show(BodyItem{binary::byte_range(reader.offset(), reader.offset() + size)});
    reader.advance(size);
  }
  return {};
}

template <class Show, class Read>
wasm::Result<void> each(uint32_t count, Show& show, Read read) {
  for (uint32_t i = 0; i < count; ++i) show(TRY(read()));
  return {};
}

}  // namespace detail

/// Calls `show` with an ItemCount (not for the start and data count sections) and then with every item:
/// TypeItem and RecItem, wasm::Import, FuncItem, wasm::Table, Mem, Global, Export, StartItem, wasm::Elem,
/// BodyItem, wasm::Data, DataCountItem, wasm::Tag. Leaves the reader behind the last one. Fails: what is
/// malformed.
template <class Show>
wasm::Result<void> for_each_item(uint8_t section, binary::Reader& reader, wasm::FeatureSet features,
                                 Show show) {
  using namespace binary;
  if (section == start_section) {
    show(StartItem{TRY(reader.u32())});
    return {};
  }
  if (section == data_count_section) {
    show(DataCountItem{TRY(reader.u32())});
    return {};
  }
  const uint32_t count = TRY(reader.length());
  show(ItemCount{count});
  switch (section) {
    case type_section:
      return detail::each_type(reader, features, count, show);
    case import_section:
      return detail::each(count, show, [&] { return read_import(reader, features); });
    case func_section:
      return detail::each(count, show,
                          [&]() -> wasm::Result<FuncItem> { return FuncItem{TRY(reader.u32())}; });
    case table_section:
      return detail::each(count, show, [&] { return read_table(reader, features); });
    case mem_section:
      return detail::each(count, show, [&] { return read_mem(reader, features); });
    case global_section:
      return detail::each(count, show, [&] { return read_global(reader, features); });
    case export_section:
      return detail::each(count, show, [&] { return read_export(reader, features); });
    case elem_section:
      return detail::each(count, show, [&] { return read_elem(reader, features); });
    case code_section:
      return detail::each_body(reader, count, show);
    case data_section:
      return detail::each(count, show, [&] { return read_data(reader, features); });
    case tag_section:
      return detail::each(count, show, [&] { return read_tag(reader); });
    default:
      return {};
  }
}

}  // namespace cloche::dump

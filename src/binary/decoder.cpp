#include "binary/decoder.hpp"

#include <algorithm>
#include <array>

#include "binary/instr_reader.hpp"
#include "binary/type_reader.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using wasm::Feature;
using wasm::FeatureSet;
using wasm::Module;
namespace limits = wasm::limits;

enum SectionId : uint8_t {
  custom_section,
  type_section,
  import_section,
  func_section,
  table_section,
  mem_section,
  global_section,
  export_section,
  start_section,
  elem_section,
  code_section,
  data_section,
  data_count_section,
  tag_section,
};

/// Place of each section in the order they must stand in, by id (spec: Binary Format / Modules).
constexpr std::array<uint8_t, 14> section_order = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

class Decoder {
 public:
  Decoder(wasm::ModuleBytes bytes, FeatureSet features) : reader_(bytes.span()) {
    module_.bytes = std::move(bytes);
    module_.features = features;
  }

  Result<Module> decode() {
    if (module_.bytes.size() > limits::module_bytes)
      return wasm::fail_limit("module size in bytes", module_.bytes.size(), limits::module_bytes, 0);
    TRY(read_header());
    while (!reader_.at_end()) TRY(read_section());
    if (module_.funcs.size() - module_.imported_funcs != module_.codes.size())
      return fail(ErrorCode::func_code_mismatch, reader_.offset());
    if (module_.data_count && *module_.data_count != module_.datas.size())
      return fail(ErrorCode::data_count_mismatch, reader_.offset());
    return std::move(module_);
  }

 private:
  FeatureSet features() const { return module_.features; }

  Result<void> read_header() {
    if (!has_magic(module_.bytes.span())) {
      const bool cut = module_.bytes.size() < 4 &&
                       std::equal(module_.bytes.data(), module_.bytes.data() + module_.bytes.size(), "\0asm");
      return cut ? fail(ErrorCode::unexpected_end, module_.bytes.size()) : fail(ErrorCode::magic_header, 0);
    }
    reader_.advance(4);
    if (reader_.remaining() < 4)
      return fail(ErrorCode::unexpected_end, reader_.offset() + reader_.remaining());
    const uint32_t version = TRY(reader_.fixed<uint32_t>());
    if (version != 1) return fail(ErrorCode::unknown_binary_version, 4, std::to_string(version));
    return {};
  }

  Result<void> read_section() {
    const size_t start = reader_.offset();
    const uint8_t id = TRY(reader_.u8());
    const bool known =
        id < section_order.size() && (id != tag_section || features().has(Feature::exceptions));
    if (!known) return fail(ErrorCode::malformed_section_id, start, std::to_string(id));
    const size_t size_offset = reader_.offset();
    auto size = reader_.length();
    if (!size) {
      // The module ends inside the section's size or inside the section.
      if (size.error().code == ErrorCode::unexpected_end_of_section)
        return fail(ErrorCode::unexpected_end, size.error().offset);
      return base::Unexpected{std::move(size).error()};
    }
    Reader section(module_.bytes.span(), reader_.offset(), reader_.offset() + *size);
    reader_.advance(*size);
    if (id == custom_section) return read_custom(section, start);
    if (section_order[id] <= last_order_)
      return fail(ErrorCode::unexpected_section, start, "section " + std::to_string(id));
    last_order_ = section_order[id];
    last_id_ = id;
    TRY(read_contents(id, section));
    if (!section.at_end())
      return fail(ErrorCode::section_size_mismatch, section.offset(),
                  std::to_string(section.remaining()) + " bytes too many; the size stands at " +
                      std::to_string(size_offset));
    return {};
  }

  Result<void> read_custom(Reader section, size_t start) {
    wasm::CustomSection custom;
    custom.name = TRY(section.name());
    custom.contents = range(section.offset(), section.end_offset());
    custom.whole = range(start, section.end_offset());
    custom.after_section_id = last_id_;
    module_.customs.push_back(custom);
    return {};
  }

  Result<void> read_contents(uint8_t id, Reader& section) {
    switch (id) {
      case type_section:
        return read_types(section);
      case import_section:
        return read_vector(section, "imports", limits::imports, 4, module_.imports,
                           [&](auto& s) { return read_import(s); });
      case func_section:
        return read_funcs(section);
      case table_section:
        return read_vector(section, "tables", limits::tables, 3, module_.tables,
                           [&](auto& s) { return read_table(s); });
      case mem_section:
        return read_vector(section, "memories", limits::memories, 2, module_.mems,
                           [&](auto& s) { return read_mem(s); });
      case tag_section:
        return read_vector(section, "tags", limits::tags, 2, module_.tags,
                           [&](auto& s) { return read_tag(s); });
      case global_section:
        return read_vector(section, "globals", limits::globals, 4, module_.globals,
                           [&](auto& s) { return read_global(s); });
      case export_section:
        return read_vector(section, "exports", limits::exports, 3, module_.exports,
                           [&](auto& s) { return read_export(s); });
      case start_section:
        return read_start(section);
      case elem_section:
        return read_vector(section, "element segments", limits::elems, 3, module_.elems,
                           [&](auto& s) { return read_elem(s); });
      case data_count_section:
        return read_data_count(section);
      case code_section:
        return read_vector(section, "function bodies", limits::funcs, 3, module_.codes,
                           [&](auto& s) { return read_code(s); });
      case data_section:
        return read_vector(section, "data segments", limits::datas, 2, module_.datas,
                           [&](auto& s) { return read_data(s); });
      default:
        UNREACHABLE("section id");
    }
  }

  /// A vector of items of at least `min_bytes` each, appended to `items`.
  template <class Item, class Read>
  Result<void> read_vector(Reader& section, std::string_view what, uint64_t limit, size_t min_bytes,
                           std::vector<Item>& items, Read read) {
    const size_t start = section.offset();
    const uint32_t count = TRY(section.length());
    if (count > limit) return wasm::fail_limit(what, count, limit, start);
    items.reserve(items.size() + std::min<size_t>(count, section.remaining() / min_bytes));
    for (uint32_t i = 0; i < count; ++i) items.push_back(TRY(read(section)));
    return {};
  }

  Result<void> read_types(Reader& section) {
    const size_t start = section.offset();
    const uint32_t count = TRY(section.length());
    if (count > limits::rec_groups)
      return wasm::fail_limit("recursion groups", count, limits::rec_groups, start);
    module_.rec_groups.reserve(count);
    module_.types.reserve(count);
    for (uint32_t i = 0; i < count; ++i) TRY(read_rec_group(section));
    return {};
  }

  Result<void> read_rec_group(Reader& section) {
    const size_t start = section.offset();
    uint32_t size = 1;
    const bool explicit_rec = section.peek() == 0x4E && features().has(Feature::gc);
    if (explicit_rec) {
      section.advance(1);
      size = TRY(section.length());
      if (size > limits::rec_group_types)
        return wasm::fail_limit("types in a recursion group", size, limits::rec_group_types, start);
    }
    module_.rec_groups.push_back({wasm::TypeIdx(module_.types.size()), size, explicit_rec});
    for (uint32_t i = 0; i < size; ++i) module_.types.push_back(TRY(read_sub_type(section, features())));
    if (module_.types.size() > limits::types)
      return wasm::fail_limit("types", module_.types.size(), limits::types, start);
    return {};
  }

  Result<wasm::Import> read_import(Reader& section) {
    wasm::Import import;
    import.offset = section.offset();
    import.module = TRY(section.name());
    import.name = TRY(section.name());
    const size_t kind_offset = section.offset();
    const uint8_t kind = TRY(section.u8());
    if (kind > 4 || (kind == 4 && !features().has(Feature::exceptions)))
      return fail(ErrorCode::malformed_import_kind, kind_offset, std::to_string(kind));
    import.kind = static_cast<wasm::ExternKind>(kind);
    switch (import.kind) {
      case wasm::ExternKind::func:
        import.func_type = wasm::TypeIdx(TRY(section.u32()));
        module_.funcs.push_back({import.func_type, import.offset});
        ++module_.imported_funcs;
        break;
      case wasm::ExternKind::table:
        import.table = TRY(read_table_type(section, features()));
        module_.tables.push_back({import.table, {}, import.offset});
        ++module_.imported_tables;
        break;
      case wasm::ExternKind::mem:
        import.mem = TRY(read_mem_type(section, features()));
        module_.mems.push_back({import.mem, import.offset});
        ++module_.imported_mems;
        break;
      case wasm::ExternKind::global:
        import.global = TRY(read_global_type(section, features()));
        module_.globals.push_back({import.global, {}, import.offset});
        ++module_.imported_globals;
        break;
      case wasm::ExternKind::tag:
        import.tag = TRY(read_tag_type(section));
        module_.tags.push_back({import.tag, import.offset});
        ++module_.imported_tags;
        break;
    }
    return import;
  }

  Result<void> read_funcs(Reader& section) {
    return read_vector(section, "functions", limits::funcs, 1, module_.funcs,
                       [](Reader& s) -> Result<wasm::Func> {
                         const size_t start = s.offset();
                         return wasm::Func{wasm::TypeIdx(TRY(s.u32())), start};
                       });
  }

  Result<wasm::Table> read_table(Reader& section) {
    wasm::Table table;
    table.offset = section.offset();
    const bool has_init = section.peek() == 0x40 && features().has(Feature::typed_references);
    if (has_init) {
      section.advance(1);
      const size_t zero_offset = section.offset();
      if (TRY(section.u8()) != 0) return fail(ErrorCode::zero_byte_expected, zero_offset);
    }
    table.type = TRY(read_table_type(section, features()));
    if (has_init) table.init = TRY(skip_expr(section, features()));
    return table;
  }

  Result<wasm::Mem> read_mem(Reader& section) {
    const size_t start = section.offset();
    return wasm::Mem{TRY(read_mem_type(section, features())), start};
  }

  Result<wasm::Tag> read_tag(Reader& section) {
    const size_t start = section.offset();
    return wasm::Tag{TRY(read_tag_type(section)), start};
  }

  Result<wasm::Global> read_global(Reader& section) {
    wasm::Global global;
    global.offset = section.offset();
    global.type = TRY(read_global_type(section, features()));
    global.init = TRY(skip_expr(section, features()));
    return global;
  }

  Result<wasm::Export> read_export(Reader& section) {
    wasm::Export item;
    item.offset = section.offset();
    item.name = TRY(section.name());
    const size_t kind_offset = section.offset();
    const uint8_t kind = TRY(section.u8());
    if (kind > 4 || (kind == 4 && !features().has(Feature::exceptions)))
      return fail(ErrorCode::malformed_export_kind, kind_offset, std::to_string(kind));
    item.kind = static_cast<wasm::ExternKind>(kind);
    item.index = TRY(section.u32());
    return item;
  }

  Result<void> read_start(Reader& section) {
    module_.start_offset = section.offset();
    module_.start = wasm::FuncIdx(TRY(section.u32()));
    return {};
  }

  Result<void> read_data_count(Reader& section) {
    const size_t start = section.offset();
    const uint32_t count = TRY(section.u32());
    if (count > limits::datas) return wasm::fail_limit("data segments", count, limits::datas, start);
    module_.data_count = count;
    return {};
  }

  /// Spec: Binary Format / Modules / Element Section. Bit 0: passive or declarative; bit 1: explicit table,
  /// or declarative; bit 2: expressions instead of function indices.
  Result<wasm::Elem> read_elem(Reader& section) {
    wasm::Elem elem;
    elem.offset = section.offset();
    const uint32_t flags = TRY(section.u32());
    if (flags > 7) return fail(ErrorCode::malformed_segment_flags, elem.offset, std::to_string(flags));
    const bool active = (flags & 1) == 0;
    elem.mode = active        ? wasm::SegmentMode::active
                : (flags & 2) ? wasm::SegmentMode::declarative
                              : wasm::SegmentMode::passive;
    elem.has_exprs = (flags & 4) != 0;
    if (active) {
      if (flags & 2) elem.table = wasm::TableIdx(TRY(section.u32()));
      elem.table_offset = TRY(skip_expr(section, features()));
    }
    const bool has_type = (flags & 3) != 0;
    elem.type = elem.has_exprs ? wasm::ValType::funcref() : wasm::ValType::ref(wasm::AbsHeap::func, false);
    if (has_type && elem.has_exprs) elem.type = TRY(read_ref_type(section, features()));
    if (has_type && !elem.has_exprs) {
      const size_t kind_offset = section.offset();
      if (TRY(section.u8()) != 0) return fail(ErrorCode::malformed_elem_kind, kind_offset);
    }
    const size_t count_offset = section.offset();
    elem.count = TRY(section.length());
    if (elem.count > limits::elem_entries)
      return wasm::fail_limit("entries of an element segment", elem.count, limits::elem_entries,
                              count_offset);
    const size_t first = section.offset();
    for (uint32_t i = 0; i < elem.count; ++i) {
      if (elem.has_exprs)
        TRY(skip_expr(section, features()));
      else
        TRY(section.u32());
    }
    elem.items = range(first, section.offset());
    return elem;
  }

  Result<wasm::Data> read_data(Reader& section) {
    wasm::Data data;
    data.offset = section.offset();
    const uint32_t flags = TRY(section.u32());
    if (flags > 2) return fail(ErrorCode::malformed_segment_flags, data.offset, std::to_string(flags));
    data.mode = flags == 1 ? wasm::SegmentMode::passive : wasm::SegmentMode::active;
    if (flags == 2) data.mem = wasm::MemIdx(TRY(section.u32()));
    if (flags != 1) data.mem_offset = TRY(skip_expr(section, features()));
    const uint32_t size = TRY(section.length());
    data.bytes = range(section.offset(), section.offset() + size);
    section.advance(size);
    return data;
  }

  Result<wasm::Code> read_code(Reader& section) {
    const size_t size_offset = section.offset();
    const uint32_t size = TRY(section.length());
    if (size > limits::body_bytes)
      return wasm::fail_limit("function body size in bytes", size, limits::body_bytes, size_offset);
    Reader body(module_.bytes.span(), section.offset(), section.offset() + size);
    section.advance(size);
    wasm::Code code;
    code.body = range(body.offset(), body.end_offset());
    TRY(skip_locals(body));
    code.expr_offset = static_cast<uint32_t>(body.offset());
    return code;
  }

  Result<void> skip_locals(Reader& body) {
    const uint32_t groups = TRY(body.length());
    uint64_t locals = 0;
    for (uint32_t i = 0; i < groups; ++i) {
      const size_t start = body.offset();
      locals += TRY(body.u32());
      if (locals > limits::locals)
        return fail(ErrorCode::too_many_locals, start,
                    std::to_string(locals) + ", at most " + std::to_string(limits::locals));
      TRY(read_val_type(body, features()));
    }
    return {};
  }

  static wasm::ByteRange range(size_t begin, size_t end) {
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin)};
  }

  Reader reader_;
  Module module_;
  uint8_t last_order_ = 0;
  uint8_t last_id_ = custom_section;
};

}  // namespace

bool has_magic(std::span<const uint8_t> bytes) {
  return bytes.size() >= 4 && std::memcmp(bytes.data(), "\0asm", 4) == 0;
}

Result<Module> decode(wasm::ModuleBytes bytes, FeatureSet features) {
  return Decoder(std::move(bytes), features).decode();
}

}  // namespace cloche::binary

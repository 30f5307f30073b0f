#include "binary/decoder.hpp"

#include <algorithm>

#include "binary/instr_reader.hpp"
#include "binary/items.hpp"
#include "binary/type_reader.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using wasm::Feature;
using wasm::FeatureSet;
using wasm::Module;
namespace limits = wasm::limits;

class Decoder {
 public:
  Decoder(wasm::ModuleBytes bytes, FeatureSet features) : reader_(bytes.span()) {
    module_.bytes = std::move(bytes);
    module_.features = features;
  }

  Result<Module> decode() {
    auto sections = read_sections();
    if (!sections) {
      // Bodies come before what failed, so what is malformed in them is the first error.
      for (const wasm::Code& code : module_.codes) TRY(check_body(module_, code));
      return base::Unexpected{std::move(sections).error()};
    }
    return std::move(module_);
  }

 private:
  FeatureSet features() const { return module_.features; }

  Result<void> read_sections() {
    if (module_.bytes.size() > limits::module_bytes)
      return wasm::fail_limit("module size in bytes", module_.bytes.size(), limits::module_bytes, 0);
    TRY(read_header());
    while (!reader_.at_end()) TRY(read_section());
    if (module_.funcs.size() - module_.imported_funcs != module_.codes.size())
      return fail(ErrorCode::func_code_mismatch, reader_.offset(),
                  std::to_string(module_.funcs.size() - module_.imported_funcs) + " and " +
                      std::to_string(module_.codes.size()));
    if (module_.data_count && *module_.data_count != module_.datas.size())
      return fail(ErrorCode::data_count_mismatch, reader_.offset(),
                  std::to_string(*module_.data_count) + " and " + std::to_string(module_.datas.size()));
    TRY(check_total("tables", module_.tables, limits::tables, Feature::reference_types));
    return check_total("memories", module_.mems, limits::memories, Feature::multi_memory);
  }

  /// Imported and defined items together: the limit, and one at most without the feature that allows several.
  template <class Item>
  Result<void> check_total(std::string_view what, const std::vector<Item>& items, uint64_t limit,
                           Feature several) const {
    if (items.size() > limit) return wasm::fail_limit(what, items.size(), limit, items[limit].offset);
    if (items.size() > 1 && !features().has(several))
      return fail(ErrorCode::feature_disabled, items[1].offset, std::string(wasm::feature_name(several)));
    return {};
  }

  Result<void> read_header() {
    const size_t size = module_.bytes.size();
    if (size < 4) return fail(ErrorCode::unexpected_end, size);
    if (!has_magic(module_.bytes.span())) return fail(ErrorCode::magic_header, 0);
    if (size < 8) return fail(ErrorCode::unexpected_end, size);
    reader_.advance(4);
    const uint32_t version = TRY(reader_.fixed<uint32_t>());
    if (version != 1) return fail(ErrorCode::unknown_binary_version, 4, std::to_string(version));
    return {};
  }

  bool is_known_section(uint8_t id) const {
    if (id == tag_section) return features().has(Feature::exceptions);
    if (id == data_count_section) return features().has(Feature::bulk_memory);
    return id <= last_section_id;
  }

  /// Contents are read up to the end of the module and then held against the section's size, in the order of
  /// the reference interpreter: the tests' choice between the possible errors depends on it.
  Result<void> read_section() {
    const size_t start = reader_.offset();
    const uint8_t id = TRY(reader_.u8());
    if (!is_known_section(id)) return fail(ErrorCode::malformed_section_id, start, std::to_string(id));
    const uint32_t size = TRY(reader_.length());
    const size_t contents = reader_.offset();
    if (id == custom_section) return read_custom(start, size);
    if (section_order(id) <= last_order_)
      return fail(ErrorCode::unexpected_section, start, "section " + std::to_string(id));
    last_order_ = section_order(id);
    last_id_ = id;
    TRY(read_contents(id, reader_));
    return check_size(contents, size);
  }

  /// The reader stands `size` bytes behind `start`.
  Result<void> check_size(size_t start, uint32_t size) const {
    const size_t actual = reader_.offset() - start;
    if (actual == size) return {};
    return fail(ErrorCode::section_size_mismatch, start,
                std::to_string(size) + " bytes declared, " + std::to_string(actual) + " read");
  }

  Result<void> read_custom(size_t start, uint32_t size) {
    if (size > reader_.remaining()) return fail(ErrorCode::unexpected_end_of_section, reader_.end_offset());
    Reader section = reader_.sub(size);
    reader_.advance(size);
    wasm::CustomSection custom;
    custom.name = TRY(section.name());
    custom.contents = byte_range(section.offset(), section.end_offset());
    custom.whole = byte_range(start, section.end_offset());
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
                           [&](auto& s) { return read_table(s, features()); });
      case mem_section:
        return read_vector(section, "memories", limits::memories, 2, module_.mems,
                           [&](auto& s) { return read_mem(s, features()); });
      case tag_section:
        return read_vector(section, "tags", limits::tags, 2, module_.tags,
                           [&](auto& s) { return read_tag(s); });
      case global_section:
        return read_vector(section, "globals", limits::globals, 4, module_.globals,
                           [&](auto& s) { return read_global(s, features()); });
      case export_section:
        return read_vector(section, "exports", limits::exports, 3, module_.exports,
                           [&](auto& s) { return read_export(s, features()); });
      case start_section:
        return read_start(section);
      case elem_section:
        return read_vector(section, "element segments", limits::elems, 3, module_.elems,
                           [&](auto& s) { return read_elem(s, features()); });
      case data_count_section:
        return read_data_count(section);
      case code_section:
        return read_codes(section);
      case data_section:
        return read_vector(section, "data segments", limits::datas, 2, module_.datas,
                           [&](auto& s) { return read_data(s, features()); });
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
    module_.rec_groups.reserve(std::min<size_t>(count, section.remaining() / 2));
    module_.types.reserve(std::min<size_t>(count, section.remaining() / 2));
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
    if (module_.types.size() + size > limits::types)
      return wasm::fail_limit("types", module_.types.size() + size, limits::types, start);
    module_.rec_groups.push_back({wasm::TypeIdx(module_.types.size()), size, explicit_rec});
    for (uint32_t i = 0; i < size; ++i) module_.types.push_back(TRY(read_sub_type(section, features())));
    return {};
  }

  Result<wasm::Import> read_import(Reader& section) {
    wasm::Import import = TRY(binary::read_import(section, features()));
    switch (import.kind) {
      case wasm::ExternKind::func:
        module_.funcs.push_back({import.func_type, import.offset});
        ++module_.imported_funcs;
        break;
      case wasm::ExternKind::table:
        module_.tables.push_back({import.table, {}, import.offset});
        ++module_.imported_tables;
        break;
      case wasm::ExternKind::mem:
        module_.mems.push_back({import.mem, import.offset});
        ++module_.imported_mems;
        break;
      case wasm::ExternKind::global:
        module_.globals.push_back({import.global, {}, import.offset});
        ++module_.imported_globals;
        break;
      case wasm::ExternKind::tag:
        module_.tags.push_back({import.tag, import.offset});
        ++module_.imported_tags;
        break;
    }
    return import;
  }

  Result<void> read_funcs(Reader& section) {
    const size_t start = section.offset();
    const uint32_t count = TRY(section.length());
    if (count > limits::funcs) return wasm::fail_limit("functions", count, limits::funcs, start);
    module_.funcs.reserve(module_.funcs.size() + count);
    for (uint32_t i = 0; i < count; ++i) {
      const size_t offset = section.offset();
      module_.funcs.push_back({wasm::TypeIdx(TRY(section.u32())), offset});
    }
    return {};
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

  Result<void> read_codes(Reader& section) {
    const size_t start = section.offset();
    const uint32_t count = TRY(section.length());
    if (count > limits::funcs) return wasm::fail_limit("function bodies", count, limits::funcs, start);
    module_.codes.reserve(std::min<size_t>(count, section.remaining() / 3));
    for (uint32_t i = 0; i < count; ++i) TRY(read_code(section));
    return {};
  }

  Result<void> read_code(Reader& section) {
    const size_t size_offset = section.offset();
    const uint32_t size = TRY(section.length());
    if (size > limits::body_bytes)
      return wasm::fail_limit("function body size in bytes", size, limits::body_bytes, size_offset);
    const size_t start = section.offset();
    const bool all_there = size <= section.remaining();
    TRY(skip_locals(section));
    module_.codes.push_back({byte_range(start, start + size), static_cast<uint32_t>(section.offset())});
    // Whichever it is, `decode` looks into this body for a better reason.
    if (!all_there) return fail(ErrorCode::unexpected_end_of_section, section.end_offset());
    if (section.offset() - start > size) return check_size(start, size);
    section.advance(start + size - section.offset());
    return {};
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
      // Number types are all that most functions declare.
      if (body.peek() >= 0x7C && body.peek() <= 0x7F)
        body.advance(1);
      else
        TRY(read_val_type(body, features()));
    }
    return {};
  }

  Reader reader_;
  Module module_;
  uint8_t last_order_ = 0;
  uint8_t last_id_ = custom_section;
};

}  // namespace

Result<void> check_body(const Module& module, const wasm::Code& code) {
  Reader reader(module.bytes.span(), code.expr_offset, module.bytes.size());
  TRY(skip_expr(reader, module.features));
  const size_t size = reader.offset() - code.body.offset;
  if (size == code.body.size) return {};
  return fail(ErrorCode::section_size_mismatch, code.body.offset,
              std::to_string(code.body.size) + " bytes declared, " + std::to_string(size) + " read");
}

bool has_magic(std::span<const uint8_t> bytes) {
  return bytes.size() >= 4 && std::memcmp(bytes.data(), "\0asm", 4) == 0;
}

Result<Module> decode(wasm::ModuleBytes bytes, FeatureSet features) {
  return Decoder(std::move(bytes), features).decode();
}

}  // namespace cloche::binary

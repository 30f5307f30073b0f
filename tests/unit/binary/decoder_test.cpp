// What the decoder makes of each section, and of each way in which a section can be malformed.
#include "binary/decoder.hpp"

#include <gtest/gtest.h>

#include "module_builder.hpp"
#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using namespace testing;
using wasm::Feature;
using wasm::FeatureSet;
using wasm::ValType;

Result<wasm::Module> decode_bytes(const Bytes& data, FeatureSet features = FeatureSet::wasm3()) {
  return decode(wasm::ModuleBytes(data), features);
}

std::string slice(const wasm::Module& module, wasm::ByteRange range) {
  const auto part = module.slice(range);
  return std::string(part.begin(), part.end());
}

TEST(Decoder, ReadsEverySection) {
  const auto decoded = decode_bytes(module_of_everything());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message() << " at " << decoded.error().offset;
  const wasm::Module& m = *decoded;

  ASSERT_EQ(m.types.size(), 6u);
  EXPECT_EQ(to_string(m.types[1].comp.func), "[i32 i64] -> [f32]");
  EXPECT_EQ(m.types[2].comp.kind, wasm::CompKind::struct_);
  EXPECT_FALSE(m.types[2].final_);
  ASSERT_EQ(m.types[3].supers.size(), 1u);
  EXPECT_EQ(m.types[3].supers[0], wasm::TypeIdx(2));
  EXPECT_TRUE(m.types[3].final_);
  EXPECT_EQ(m.types[3].comp.fields.size(), 3u);
  EXPECT_EQ(m.types[4].comp.kind, wasm::CompKind::array);
  EXPECT_EQ(m.types[4].comp.fields[0].storage, wasm::StorageType::i16());
  ASSERT_EQ(m.rec_groups.size(), 5u);
  EXPECT_EQ(m.rec_groups[2].first, wasm::TypeIdx(2));
  EXPECT_EQ(m.rec_groups[2].size, 2u);
  EXPECT_TRUE(m.rec_groups[3].explicit_rec);
  EXPECT_FALSE(m.rec_groups[4].explicit_rec);

  ASSERT_EQ(m.imports.size(), 5u);
  EXPECT_EQ(m.imports[3].module, "m");
  EXPECT_EQ(m.imports[3].name, "g");
  EXPECT_EQ(m.imported_funcs, 1u);
  EXPECT_EQ(m.imported_tables, 1u);
  EXPECT_EQ(m.imported_mems, 1u);
  EXPECT_EQ(m.imported_globals, 1u);
  EXPECT_EQ(m.imported_tags, 1u);

  ASSERT_EQ(m.funcs.size(), 3u);
  EXPECT_EQ(m.funcs[2].type, wasm::TypeIdx(1));
  ASSERT_EQ(m.tables.size(), 3u);
  EXPECT_EQ(m.tables[0].type.limits.max, 2u);
  EXPECT_EQ(m.tables[1].type.elem, ValType::externref());
  EXPECT_FALSE(m.tables[1].init.has_value());
  EXPECT_TRUE(m.tables[2].type.limits.is_64);
  EXPECT_EQ(m.tables[2].type.elem, ValType::ref(wasm::AbsHeap::func, false));
  EXPECT_EQ(slice(m, *m.tables[2].init), std::string("\xD2\0\x0B", 3));
  ASSERT_EQ(m.mems.size(), 2u);
  EXPECT_TRUE(m.mems[1].type.limits.is_64);
  ASSERT_EQ(m.tags.size(), 2u);
  EXPECT_EQ(m.tags[0].type.type, wasm::TypeIdx(5));
  ASSERT_EQ(m.globals.size(), 3u);
  EXPECT_TRUE(m.globals[1].type.mutable_);
  EXPECT_EQ(slice(m, m.globals[1].init), std::string("\x41\0\x0B", 3));
  ASSERT_EQ(m.exports.size(), 5u);
  EXPECT_EQ(m.exports[4].kind, wasm::ExternKind::tag);
  EXPECT_EQ(m.start, wasm::FuncIdx(1));

  ASSERT_EQ(m.elems.size(), 8u);
  using wasm::SegmentMode;
  const SegmentMode modes[] = {SegmentMode::active, SegmentMode::passive, SegmentMode::active,
                               SegmentMode::declarative};
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(m.elems[i].mode, modes[i % 4]) << i;
    EXPECT_EQ(m.elems[i].has_exprs, i >= 4) << i;
  }
  EXPECT_EQ(m.elems[0].type, ValType::ref(wasm::AbsHeap::func, false));
  EXPECT_EQ(m.elems[1].count, 2u);
  EXPECT_EQ(slice(m, m.elems[1].items), std::string("\0\1", 2));
  EXPECT_EQ(m.elems[2].table, wasm::TableIdx(2));
  EXPECT_EQ(m.elems[4].type, ValType::funcref());
  EXPECT_EQ(m.elems[5].type, ValType::externref());
  EXPECT_EQ(m.elems[6].count, 0u);

  EXPECT_EQ(m.data_count, 3u);
  ASSERT_EQ(m.codes.size(), 2u);
  EXPECT_EQ(m.codes[0].expr_offset, m.codes[0].body.offset + 5);
  ASSERT_EQ(m.datas.size(), 3u);
  EXPECT_EQ(slice(m, m.datas[0].bytes), "ab");
  EXPECT_EQ(m.datas[1].mode, SegmentMode::passive);
  EXPECT_EQ(m.datas[2].mem, wasm::MemIdx(1));

  ASSERT_EQ(m.customs.size(), 3u);
  EXPECT_EQ(m.customs[0].name, "first");
  EXPECT_EQ(slice(m, m.customs[0].contents), "\1\2\3");
  EXPECT_EQ(m.customs[0].after_section_id, 0);
  EXPECT_EQ(m.customs[1].after_section_id, func_id);
  EXPECT_EQ(m.customs[2].after_section_id, data_id);
  for (const wasm::Code& code : m.codes) EXPECT_TRUE(check_body(m, code).has_value());
}

struct MalformedCase {
  const char* what;
  Bytes bytes;
  ErrorCode code;
  uint64_t offset;
  FeatureSet features = FeatureSet::wasm3();
};

void expect_malformed(std::initializer_list<MalformedCase> cases) {
  for (const MalformedCase& c : cases) {
    SCOPED_TRACE(c.what);
    const auto decoded = decode_bytes(c.bytes, c.features);
    if (decoded.has_value()) {
      ADD_FAILURE() << "decodes";
      continue;
    }
    EXPECT_EQ(wasm::error_text(decoded.error().code), wasm::error_text(c.code)) << decoded.error().message();
    EXPECT_EQ(decoded.error().offset, c.offset) << decoded.error().message();
  }
}

const FeatureSet mvp = FeatureSet().with(Feature::mvp);
const Bytes i32_0 = bytes(0x41, 0, 0x0B);

TEST(DecoderMalformed, Header) {
  expect_malformed({
      {"nothing", {}, ErrorCode::unexpected_end, 0},
      {"cut magic", bytes(0, 'a', 's'), ErrorCode::unexpected_end, 3},
      {"wrong magic", bytes(0, 'a', 's', 'n', 1, 0, 0, 0), ErrorCode::magic_header, 0},
      {"cut version", bytes(0, 'a', 's', 'm', 1, 0), ErrorCode::unexpected_end, 6},
      {"wrong version", bytes(0, 'a', 's', 'm', 2, 0, 0, 0), ErrorCode::unknown_binary_version, 4},
  });
}

TEST(DecoderMalformed, Sections) {
  expect_malformed({
      {"unknown id", module(bytes(14, 0)), ErrorCode::malformed_section_id, 8},
      {"no size", module(bytes(1)), ErrorCode::unexpected_end_of_section, 9},
      {"size beyond the module", module(bytes(1, 9, 0)), ErrorCode::length_out_of_bounds, 9},
      {"section twice", module(section(mem_id, 0), section(mem_id, 0)), ErrorCode::unexpected_section, 11},
      {"wrong order", module(section(mem_id, 0), section(type_id, 0)), ErrorCode::unexpected_section, 11},
      {"tag after global", module(section(global_id, 0), section(tag_id, 0)), ErrorCode::unexpected_section,
       11},
      {"data count after code", module(section(code_id, 0), section(data_count_id, 0)),
       ErrorCode::unexpected_section, 11},
      {"contents shorter than the section", module(section(mem_id, 0, 0)), ErrorCode::section_size_mismatch,
       10},
      {"contents longer than the section", module(bytes(5, 1, vec(bytes(0, 1)))),
       ErrorCode::section_size_mismatch, 10},
      {"custom name beyond its section", module(bytes(0, 1, 1), section(type_id, 0)),
       ErrorCode::unexpected_end_of_section, 11},
      {"custom name not UTF-8", module(section(custom_id, sized(0xFF))), ErrorCode::malformed_utf8, 11},
      {"functions without code", module(section(type_id, vec(bytes(0x60, 0, 0))), section(func_id, vec(0))),
       ErrorCode::func_code_mismatch, 18},
      {"code without functions", module(section(code_id, vec(sized(0, 0x0B)))), ErrorCode::func_code_mismatch,
       14},
      {"data count without data", module(section(data_count_id, 1)), ErrorCode::data_count_mismatch, 11},
      {"data count too small", module(section(data_count_id, 0), section(data_id, vec(bytes(1, 0)))),
       ErrorCode::data_count_mismatch, 16},
  });
}

TEST(DecoderMalformed, Types) {
  expect_malformed({
      {"unknown form", module(section(type_id, vec(bytes(0x61, 0)))), ErrorCode::malformed_type_form, 11},
      {"overlong form", module(section(type_id, vec(bytes(0xE0, 0x7F, 0, 0)))), ErrorCode::integer_too_long,
       11},
      {"unknown parameter type", module(section(type_id, vec(bytes(0x60, vec(0x7A), 0)))),
       ErrorCode::malformed_value_type, 13},
      {"unknown heap type", module(section(type_id, vec(bytes(0x60, vec(bytes(0x64, 0x40)), 0)))),
       ErrorCode::malformed_heap_type, 14},
      {"negative heap type", module(section(type_id, vec(bytes(0x60, vec(bytes(0x64, 0xFF, 0x7F)), 0)))),
       ErrorCode::malformed_heap_type, 14},
      {"mutability", module(section(type_id, vec(bytes(0x5E, 0x78, 2)))), ErrorCode::malformed_mutability,
       13},
      {"group in a group", module(section(type_id, vec(bytes(0x4E, vec(bytes(0x4E, 0)))))),
       ErrorCode::malformed_type_form, 13},
      {"missing type", module(section(type_id, 1)), ErrorCode::unexpected_end_of_section, 11},
      {"struct without gc", module(section(type_id, vec(bytes(0x5F, 0)))), ErrorCode::malformed_type_form, 11,
       mvp},
      {"vector without simd", module(section(type_id, vec(bytes(0x60, vec(0x7B), 0)))),
       ErrorCode::malformed_value_type, 13, mvp},
      {"funcref without references", module(section(type_id, vec(bytes(0x60, vec(0x70), 0)))),
       ErrorCode::malformed_value_type, 13, mvp},
      {"exnref without exceptions", module(section(type_id, vec(bytes(0x60, vec(0x69), 0)))),
       ErrorCode::malformed_value_type, 13, FeatureSet::wasm3().with(Feature::exceptions, false)},
      {"two results without multi-value", module(section(type_id, vec(bytes(0x60, 0, vec(0x7F, 0x7F))))),
       ErrorCode::feature_disabled, 13, mvp},
  });
}

TEST(DecoderMalformed, ImportsAndExports) {
  expect_malformed({
      {"import kind", module(section(import_id, vec(bytes(0, 0, 5, 0)))), ErrorCode::malformed_import_kind,
       13},
      {"tag without exceptions", module(section(import_id, vec(bytes(0, 0, 4, 0, 0)))),
       ErrorCode::malformed_import_kind, 13, mvp},
      {"tag attribute", module(section(import_id, vec(bytes(0, 0, 4, 1, 0)))),
       ErrorCode::malformed_tag_attribute, 14},
      {"global mutability", module(section(import_id, vec(bytes(0, 0, 3, 0x7F, 2)))),
       ErrorCode::malformed_mutability, 15},
      {"name not UTF-8", module(section(import_id, vec(bytes(0, 1, 0xFF, 0, 0)))), ErrorCode::malformed_utf8,
       13},
      {"cut import", module(section(import_id, vec(bytes(0, 0, 0)))), ErrorCode::unexpected_end_of_section,
       14},
      {"export kind", module(section(export_id, vec(bytes(0, 5, 0)))), ErrorCode::malformed_export_kind, 12},
      {"exported tag without exceptions", module(section(export_id, vec(bytes(0, 4, 0)))),
       ErrorCode::malformed_export_kind, 12, mvp},
      {"export name beyond the module", module(section(export_id, vec(bytes(9, 'a', 0, 0)))),
       ErrorCode::length_out_of_bounds, 11},
  });
}

TEST(DecoderMalformed, TablesMemoriesGlobals) {
  expect_malformed({
      {"table of numbers", module(section(table_id, vec(bytes(0x7F, 0, 0)))),
       ErrorCode::malformed_reference_type, 11},
      {"table flags", module(section(table_id, vec(bytes(0x70, 8, 0)))), ErrorCode::malformed_limits_flags,
       12},
      {"shared table", module(section(table_id, vec(bytes(0x70, 3, 0, 1)))),
       ErrorCode::malformed_limits_flags, 12, FeatureSet::all()},
      {"reserved byte of an initialized table",
       module(section(table_id, vec(bytes(0x40, 1, 0x70, 0, 0, i32_0)))), ErrorCode::zero_byte_expected, 12},
      {"initialized table without the feature",
       module(section(table_id, vec(bytes(0x40, 0, 0x70, 0, 0, i32_0)))), ErrorCode::malformed_reference_type,
       11, mvp},
      {"two tables without reference types",
       module(section(table_id, vec(bytes(0x70, 0, 0), bytes(0x70, 0, 0)))), ErrorCode::feature_disabled, 14,
       mvp},
      {"memory flags", module(section(mem_id, vec(bytes(0x10, 0)))), ErrorCode::malformed_limits_flags, 11},
      {"overlong memory flags", module(section(mem_id, vec(bytes(0x81, 0, 0)))),
       ErrorCode::malformed_limits_flags, 11},
      {"shared memory without threads", module(section(mem_id, vec(bytes(3, 0, 1)))),
       ErrorCode::malformed_limits_flags, 11},
      {"64-bit memory without memory64", module(section(mem_id, vec(bytes(4, 0)))),
       ErrorCode::malformed_limits_flags, 11, mvp},
      {"page size without the feature", module(section(mem_id, vec(bytes(8, 0, 0)))),
       ErrorCode::malformed_limits_flags, 11},
      {"page size beyond 64 bits", module(section(mem_id, vec(bytes(8, 0, 65)))),
       ErrorCode::malformed_page_size, 13, FeatureSet::all()},
      {"two memories without multi-memory", module(section(mem_id, vec(bytes(0, 0), bytes(0, 0)))),
       ErrorCode::feature_disabled, 13, mvp},
      {"global mutability", module(section(global_id, vec(bytes(0x7F, 4, i32_0)))),
       ErrorCode::malformed_mutability, 12},
      {"global without end", module(section(global_id, vec(bytes(0x7F, 0, 0x41, 0)))),
       ErrorCode::unexpected_end_of_section, 15},
      {"else in an initializer", module(section(global_id, vec(bytes(0x7F, 0, 0x41, 0, 0x05, 0x0B)))),
       ErrorCode::end_expected, 15},
      {"unknown opcode in an initializer", module(section(global_id, vec(bytes(0x7F, 0, 0xFF, 0x0B)))),
       ErrorCode::illegal_opcode, 13},
      {"opcode of a disabled feature", module(section(global_id, vec(bytes(0x7F, 0, 0xFE, 3, 0, 0x0B)))),
       ErrorCode::feature_disabled, 13},
  });
}

TEST(DecoderMalformed, Segments) {
  expect_malformed({
      {"element flags", module(section(elem_id, vec(8))), ErrorCode::malformed_segment_flags, 11},
      {"passive elements without bulk memory", module(section(elem_id, vec(bytes(1, 0, 0)))),
       ErrorCode::malformed_segment_flags, 11, mvp},
      {"expressions without reference types", module(section(elem_id, vec(bytes(4, i32_0, 0)))),
       ErrorCode::malformed_segment_flags, 11, mvp.with(Feature::bulk_memory)},
      {"element kind", module(section(elem_id, vec(bytes(1, 1, 0)))), ErrorCode::malformed_elem_kind, 12},
      {"element type", module(section(elem_id, vec(bytes(5, 0x7F, 0)))), ErrorCode::malformed_reference_type,
       12},
      {"missing element", module(section(elem_id, vec(bytes(1, 0, 1)))), ErrorCode::unexpected_end_of_section,
       14},
      {"data flags", module(section(data_id, vec(3))), ErrorCode::malformed_segment_flags, 11},
      {"passive data without bulk memory", module(section(data_id, vec(bytes(1, 0)))),
       ErrorCode::malformed_segment_flags, 11, mvp},
      {"data shorter than declared", module(section(data_id, vec(bytes(1, 2, 'a')))),
       ErrorCode::unexpected_end_of_section, 14},
      {"data count without bulk memory", module(section(data_count_id, 0)), ErrorCode::malformed_section_id,
       8, mvp},
  });
}

/// A module of one function whose body has the declared size and these bytes.
template <class... Parts>
Bytes with_body(int size, const Parts&... body) {
  return module(section(type_id, vec(bytes(0x60, 0, 0))), section(func_id, vec(0)),  // 14 bytes
                section(code_id, 1, size, body...));  // the body's size stands at 21
}

TEST(DecoderMalformed, Code) {
  ASSERT_TRUE(decode_bytes(with_body(2, 0, 0x0B)).has_value());
  expect_malformed({
      {"no body", module(section(code_id, 1)), ErrorCode::unexpected_end_of_section, 11},
      {"body beyond the module", with_body(9, 0, 0x0B), ErrorCode::length_out_of_bounds, 21},
      {"body longer than its end", with_body(3, 0, 0x0B), ErrorCode::section_size_mismatch, 22},
      {"empty body", with_body(0, 0, 0x0B), ErrorCode::section_size_mismatch, 22},
      {"local type", with_body(4, 1, 1, 0x40, 0x0B), ErrorCode::malformed_value_type, 24},
      {"too many locals", with_body(6, 1, leb(50001), 0x7F, 0x0B), ErrorCode::too_many_locals, 23},
      {"too many locals in all", with_body(9, 2, leb(50000), 0x7F, 1, 0x7F, 0x0B), ErrorCode::too_many_locals,
       27},
      {"locals that overflow 32 bits", with_body(11, 2, leb(0xFFFFFFFF), 0x7F, leb(1), 0x7F, 0x0B),
       ErrorCode::too_many_locals, 23},
  });
  // A body without end whose section has a later fault: the body's comes first.
  expect_malformed({{"both", with_body(3, 0, 0xFF, 0x0B, 0), ErrorCode::illegal_opcode, 23}});
}

TEST(Decoder, BodiesAreReadOnlyByTheirCheck) {
  const auto decoded = decode_bytes(with_body(3, 0, 0xFF, 0x0B));
  ASSERT_TRUE(decoded.has_value());
  const auto checked = check_body(*decoded, decoded->codes[0]);
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().code, ErrorCode::illegal_opcode);
  EXPECT_EQ(checked.error().offset, 23u);
}

TEST(Decoder, KeepsSeveralSupertypesForValidationToRefuse) {
  const auto decoded = decode_bytes(module(section(
      type_id, vec(bytes(0x50, 0, 0x5F, 0), bytes(0x50, 0, 0x5F, 0), bytes(0x50, vec(0, 1), 0x5F, 0)))));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->types[2].supers.size(), 2u);
}

TEST(Decoder, ReadsProposalsWhenTheyAreOn) {
  const auto decoded =
      decode_bytes(module(section(mem_id, vec(bytes(3, 1, 2), bytes(8, 5, 0)))), FeatureSet::all());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  EXPECT_TRUE(decoded->mems[0].type.shared);
  EXPECT_EQ(decoded->mems[1].type.page_size_log2, 0u);
}

TEST(DecoderLimits, AreRefusedWithTheirPlace) {
  namespace limits = wasm::limits;
  // The counts must be possible, so bytes that nobody gets to read follow them.
  const Bytes filler(1'000'100, 0);
  const auto counted = [&](Id id, uint64_t count) { return module(section(id, leb(count), filler)); };
  const auto params = [&](uint64_t count) { return module(section(type_id, 1, 0x60, leb(count), filler)); };
  const auto results = [&](uint64_t count) {
    return module(section(type_id, 1, 0x60, 0, leb(count), filler));
  };
  const auto fields = [&](uint64_t count) { return module(section(type_id, 1, 0x5F, leb(count), filler)); };
  Bytes memories = leb(limits::memories + 1);
  for (size_t i = 0; i <= limits::memories; ++i) put_bytes(memories, bytes(0, 0));
  expect_malformed({
      {"recursion groups", counted(type_id, limits::rec_groups + 1), ErrorCode::limit_exceeded, 12},
      {"types of a group", module(section(type_id, 1, 0x4E, leb(limits::rec_group_types + 1), filler)),
       ErrorCode::limit_exceeded, 13},
      {"parameters", params(limits::params + 1), ErrorCode::limit_exceeded, 14},
      {"results", results(limits::results + 1), ErrorCode::limit_exceeded, 15},
      {"fields", fields(limits::struct_fields + 1), ErrorCode::limit_exceeded, 14},
      {"imports", counted(import_id, limits::imports + 1), ErrorCode::limit_exceeded, 12},
      {"functions", counted(func_id, limits::funcs + 1), ErrorCode::limit_exceeded, 12},
      {"tables", counted(table_id, limits::tables + 1), ErrorCode::limit_exceeded, 12},
      {"memories", module(section(mem_id, memories)), ErrorCode::limit_exceeded, 11},
      {"globals", counted(global_id, limits::globals + 1), ErrorCode::limit_exceeded, 12},
      {"tags", counted(tag_id, limits::tags + 1), ErrorCode::limit_exceeded, 12},
      {"exports", counted(export_id, limits::exports + 1), ErrorCode::limit_exceeded, 12},
      {"bodies", counted(code_id, limits::funcs + 1), ErrorCode::limit_exceeded, 12},
      {"data segments", counted(data_id, limits::datas + 1), ErrorCode::limit_exceeded, 12},
      {"data count", module(section(data_count_id, leb(limits::datas + 1))), ErrorCode::limit_exceeded, 10},
  });
}

TEST(DecoderLimits, HoldForImportsAndDefinitionsTogether) {
  Bytes imports = leb(60);
  for (int i = 0; i < 60; ++i) put_bytes(imports, bytes(0, 0, 2, 0, 0));
  Bytes memories = leb(41);
  for (int i = 0; i < 41; ++i) put_bytes(memories, bytes(0, 0));
  const Bytes data = module(section(import_id, imports), section(mem_id, memories));
  expect_malformed({{"memories", data, ErrorCode::limit_exceeded, data.size() - 2}});
}

}  // namespace
}  // namespace cloche::binary

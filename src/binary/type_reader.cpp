#include "binary/type_reader.hpp"

#include "wasm/limits.hpp"

namespace cloche::binary {
namespace {

using wasm::AbsHeap;
using wasm::Feature;
using wasm::FeatureSet;
using wasm::HeapType;
using wasm::ValType;

std::string hex(uint32_t byte) {
  constexpr char digits[] = "0123456789abcdef";
  return std::string("0x") + digits[(byte >> 4) & 15] + digits[byte & 15];
}

/// The feature that brings an abstract heap type, or nothing when the byte is none.
std::optional<Feature> abstract_feature(uint8_t byte) {
  switch (static_cast<AbsHeap>(byte)) {
    case AbsHeap::func:
    case AbsHeap::extern_:
      return Feature::reference_types;
    case AbsHeap::exn:
    case AbsHeap::noexn:
      return Feature::exceptions;
    case AbsHeap::nofunc:
    case AbsHeap::noextern:
    case AbsHeap::none:
    case AbsHeap::any:
    case AbsHeap::eq:
    case AbsHeap::i31:
    case AbsHeap::struct_:
    case AbsHeap::array:
      return Feature::gc;
    default:
      return std::nullopt;
  }
}

bool is_abstract(uint8_t byte, FeatureSet features) {
  const auto feature = abstract_feature(byte);
  return feature && features.has(*feature);
}

/// A value type of one byte that stands for a number, a vector, or the nullable reference to an abstract heap
/// type.
std::optional<ValType> short_val_type(uint8_t byte, FeatureSet features) {
  switch (byte) {
    case 0x7F:
      return ValType::i32();
    case 0x7E:
      return ValType::i64();
    case 0x7D:
      return ValType::f32();
    case 0x7C:
      return ValType::f64();
    case 0x7B:
      if (features.has(Feature::simd)) return ValType::v128();
      return std::nullopt;
    default:
      // The shorthand for nullable references uses the heap type's own byte.
      if (is_abstract(byte, features)) return ValType::ref(static_cast<AbsHeap>(byte), true);
      return std::nullopt;
  }
}

constexpr uint8_t ref_null_byte = 0x63;
constexpr uint8_t ref_byte = 0x64;

struct LimitsFlags {
  bool has_max, shared, is_64, page_size;
};

/// `allowed` are the flag bits that this kind of limits may carry.
Result<LimitsFlags> read_limits_flags(Reader& reader, uint8_t allowed) {
  const size_t start = reader.offset();
  const uint8_t flags = TRY(reader.u8());
  if (flags & ~allowed) return fail(ErrorCode::malformed_limits_flags, start, hex(flags));
  return LimitsFlags{(flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0};
}

Result<wasm::Limits> read_bounds(Reader& reader, LimitsFlags flags) {
  wasm::Limits limits;
  limits.is_64 = flags.is_64;
  limits.min = TRY(reader.u64());
  if (flags.has_max) limits.max = TRY(reader.u64());
  return limits;
}

Result<wasm::FieldType> read_field_type(Reader& reader, FeatureSet features) {
  wasm::FieldType field;
  const uint8_t byte = reader.peek();
  if (byte == 0x78 || byte == 0x77) {
    reader.advance(1);
    field.storage = byte == 0x78 ? wasm::StorageType::i8() : wasm::StorageType::i16();
  } else {
    field.storage = TRY(read_val_type(reader, features));
  }
  const size_t start = reader.offset();
  const uint8_t mutability = TRY(reader.u8());
  if (mutability > 1) return fail(ErrorCode::malformed_mutability, start, hex(mutability));
  field.mutable_ = mutability == 1;
  return field;
}

Result<wasm::ResultType> read_result_type(Reader& reader, FeatureSet features, std::string_view what,
                                          uint64_t limit) {
  const size_t start = reader.offset();
  const uint32_t count = TRY(reader.length());
  if (count > limit) return wasm::fail_limit(what, count, limit, start);
  wasm::ResultType types(count);
  for (ValType& type : types) type = TRY(read_val_type(reader, features));
  return types;
}

Result<wasm::CompType> read_comp_type(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  const uint8_t form = TRY(reader.u8());
  wasm::CompType comp;
  if (form == 0x60) {
    comp.kind = wasm::CompKind::func;
    comp.func.params = TRY(read_result_type(reader, features, "parameters", wasm::limits::params));
    const size_t results_offset = reader.offset();
    comp.func.results = TRY(read_result_type(reader, features, "results", wasm::limits::results));
    if (comp.func.results.size() > 1 && !features.has(Feature::multi_value))
      return fail(ErrorCode::feature_disabled, results_offset, "multi-value");
    return comp;
  }
  if (form == 0x5F && features.has(Feature::gc)) {
    comp.kind = wasm::CompKind::struct_;
    const size_t count_offset = reader.offset();
    const uint32_t count = TRY(reader.length());
    if (count > wasm::limits::struct_fields)
      return wasm::fail_limit("struct fields", count, wasm::limits::struct_fields, count_offset);
    comp.fields.resize(count);
    for (wasm::FieldType& field : comp.fields) field = TRY(read_field_type(reader, features));
    return comp;
  }
  if (form == 0x5E && features.has(Feature::gc)) {
    comp.kind = wasm::CompKind::array;
    comp.fields.push_back(TRY(read_field_type(reader, features)));
    return comp;
  }
  if (form & 0x80) return fail(ErrorCode::integer_too_long, start);
  return fail(ErrorCode::malformed_type_form, start, hex(form));
}

}  // namespace

Result<HeapType> read_heap_type(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  const uint8_t byte = reader.peek();
  if (!reader.at_end() && (byte & 0xC0) == 0x40) {
    if (!is_abstract(byte, features)) return fail(ErrorCode::malformed_heap_type, start, hex(byte));
    reader.advance(1);
    return HeapType(static_cast<AbsHeap>(byte));
  }
  const int64_t index = TRY(reader.s33());
  if (index < 0 || !features.has(Feature::typed_references))
    return fail(ErrorCode::malformed_heap_type, start);
  // No module has this many types; the validator refuses the index as unknown.
  constexpr int64_t largest = (1 << 24) - 1;
  return HeapType(wasm::TypeIdx(static_cast<uint32_t>(std::min(index, largest))));
}

Result<ValType> read_val_type(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  const uint8_t byte = TRY(reader.u8());
  if (const auto type = short_val_type(byte, features)) return *type;
  if ((byte == ref_null_byte || byte == ref_byte) && features.has(Feature::typed_references))
    return ValType::ref(TRY(read_heap_type(reader, features)), byte == ref_null_byte);
  return fail(ErrorCode::malformed_value_type, start, hex(byte));
}

Result<ValType> read_ref_type(Reader& reader, FeatureSet features) {
  const size_t start = reader.offset();
  const uint8_t byte = TRY(reader.u8());
  if ((byte == ref_null_byte || byte == ref_byte) && features.has(Feature::typed_references))
    return ValType::ref(TRY(read_heap_type(reader, features)), byte == ref_null_byte);
  // A table of functions is in every version of the language.
  if (is_abstract(byte, features) || static_cast<AbsHeap>(byte) == AbsHeap::func)
    return ValType::ref(static_cast<AbsHeap>(byte), true);
  return fail(ErrorCode::malformed_reference_type, start, hex(byte));
}

Result<wasm::BlockType> read_block_type(Reader& reader, FeatureSet features) {
  using Kind = wasm::BlockType::Kind;
  const size_t start = reader.offset();
  const uint8_t byte = reader.peek();
  if (reader.at_end()) return reader.unexpected_end();
  if (byte == 0x40) {
    reader.advance(1);
    return wasm::BlockType{Kind::empty, {}, {}};
  }
  if ((byte & 0xC0) == 0x40) return wasm::BlockType{Kind::value, TRY(read_val_type(reader, features)), {}};
  const int64_t index = TRY(reader.s33());
  if (index < 0 || !features.has(Feature::multi_value)) return fail(ErrorCode::malformed_block_type, start);
  return wasm::BlockType{Kind::type, {}, wasm::TypeIdx(static_cast<uint32_t>(index))};
}

Result<wasm::TableType> read_table_type(Reader& reader, FeatureSet features) {
  wasm::TableType type;
  type.elem = TRY(read_ref_type(reader, features));
  const uint8_t allowed = static_cast<uint8_t>(1 | (features.has(Feature::memory64) ? 4 : 0));
  type.limits = TRY(read_bounds(reader, TRY(read_limits_flags(reader, allowed))));
  return type;
}

Result<wasm::MemType> read_mem_type(Reader& reader, FeatureSet features) {
  const uint8_t allowed = static_cast<uint8_t>(1 | (features.has(Feature::threads) ? 2 : 0) |
                                               (features.has(Feature::memory64) ? 4 : 0) |
                                               (features.has(Feature::custom_page_sizes) ? 8 : 0));
  const LimitsFlags flags = TRY(read_limits_flags(reader, allowed));
  wasm::MemType type;
  type.limits = TRY(read_bounds(reader, flags));
  type.shared = flags.shared;
  if (flags.page_size) {
    const size_t start = reader.offset();
    type.page_size_log2 = TRY(reader.u32());
    if (type.page_size_log2 > 64)
      return fail(ErrorCode::malformed_page_size, start, "2^" + std::to_string(type.page_size_log2));
  }
  return type;
}

Result<wasm::GlobalType> read_global_type(Reader& reader, FeatureSet features) {
  wasm::GlobalType type;
  type.type = TRY(read_val_type(reader, features));
  const size_t start = reader.offset();
  const uint8_t mutability = TRY(reader.u8());
  if (mutability > 1) return fail(ErrorCode::malformed_mutability, start, hex(mutability));
  type.mutable_ = mutability == 1;
  return type;
}

Result<wasm::TagType> read_tag_type(Reader& reader) {
  const size_t start = reader.offset();
  const uint8_t attribute = TRY(reader.u8());
  if (attribute != 0) return fail(ErrorCode::malformed_tag_attribute, start, hex(attribute));
  return wasm::TagType{wasm::TypeIdx(TRY(reader.u32()))};
}

Result<wasm::SubType> read_sub_type(Reader& reader, FeatureSet features) {
  wasm::SubType type;
  type.offset = reader.offset();
  const uint8_t form = reader.peek();
  if ((form == 0x50 || form == 0x4F) && features.has(Feature::gc)) {
    reader.advance(1);
    type.final_ = form == 0x4F;
    const uint32_t count = TRY(reader.length());
    for (uint32_t i = 0; i < count; ++i) type.supers.push_back(wasm::TypeIdx(TRY(reader.u32())));
  }
  type.comp = TRY(read_comp_type(reader, features));
  return type;
}

}  // namespace cloche::binary

// Reads types (spec: Binary Format / Types). Types of features that are off are refused like unknown ones.
#pragma once

#include "binary/reader.hpp"
#include "wasm/features.hpp"
#include "wasm/types.hpp"

namespace cloche::binary {

/// Fails: malformed_heap_type.
Result<wasm::HeapType> read_heap_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_value_type, malformed_heap_type.
Result<wasm::ValType> read_val_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_reference_type.
Result<wasm::ValType> read_ref_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_block_type and those of value types.
Result<wasm::BlockType> read_block_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_limits_flags.
Result<wasm::TableType> read_table_type(Reader& reader, wasm::FeatureSet features);
Result<wasm::MemType> read_mem_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_mutability.
Result<wasm::GlobalType> read_global_type(Reader& reader, wasm::FeatureSet features);
/// Fails: malformed_tag_attribute.
Result<wasm::TagType> read_tag_type(Reader& reader);
/// A sub type, with or without the `sub` prefix bytes. Any number of supertypes is read;
/// validation refuses more than one. Fails: malformed_type_form, feature_disabled, limit_exceeded.
Result<wasm::SubType> read_sub_type(Reader& reader, wasm::FeatureSet features);

}  // namespace cloche::binary

// A module as decoded: immutable after decoding, function bodies still spans of the module's bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wasm/features.hpp"
#include "wasm/types.hpp"

namespace cloche::wasm {

/// The bytes of a module and whoever keeps them alive (a vector, a file mapping, or a borrowing caller).
class ModuleBytes {
 public:
  ModuleBytes() = default;
  /// Takes the vector over.
  explicit ModuleBytes(std::vector<uint8_t> bytes) {
    auto owned = std::make_shared<const std::vector<uint8_t>>(std::move(bytes));
    bytes_ = *owned;
    owner_ = std::move(owned);
  }
  /// Views `bytes`, which `owner` keeps alive; a null owner means the caller does.
  ModuleBytes(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  std::span<const uint8_t> span() const { return bytes_; }
  const uint8_t* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }

 private:
  std::span<const uint8_t> bytes_;
  std::shared_ptr<const void> owner_;
};

/// A range of the module's bytes. Module size is limited to 1 GiB, so 32 bits do.
struct ByteRange {
  uint32_t offset = 0;
  uint32_t size = 0;
};

/// An expression that ends with `end`, which the range includes.
using Expr = ByteRange;

struct Import {
  std::string_view module;
  std::string_view name;
  ExternKind kind = ExternKind::func;
  TypeIdx func_type;  // func
  TableType table;
  MemType mem;
  GlobalType global;
  TagType tag;
  uint64_t offset = 0;
};

struct Export {
  std::string_view name;
  ExternKind kind = ExternKind::func;
  uint32_t index = 0;  // in the index space of its kind
  uint64_t offset = 0;
};

/// A table defined here. Without an initializer expression its elements start as null.
struct Table {
  TableType type;
  std::optional<Expr> init;
  uint64_t offset = 0;
};

struct Mem {
  MemType type;
  uint64_t offset = 0;
};

struct Global {
  GlobalType type;
  Expr init;
  uint64_t offset = 0;
};

struct Tag {
  TagType type;
  uint64_t offset = 0;
};

enum class SegmentMode : uint8_t { active, passive, declarative };

struct Elem {
  SegmentMode mode = SegmentMode::passive;
  TableIdx table;          // active
  Expr table_offset;       // active: constant expression of the table's address type
  ValType type;            // element reference type
  bool has_exprs = false;  // items are expressions; otherwise function indices
  uint32_t count = 0;
  ByteRange items;  // `count` expressions, or `count` LEB128 function indices, in the module's bytes
  uint64_t offset = 0;
};

struct Data {
  SegmentMode mode = SegmentMode::passive;
  MemIdx mem;
  Expr mem_offset;
  ByteRange bytes;
  uint64_t offset = 0;
};

/// A function body: local declarations and expression, as they stand in the code section.
struct Code {
  ByteRange body;        // from the first byte of the local declarations through the final `end`
  uint32_t expr_offset;  // where the instructions begin, relative to the module's start
};

struct CustomSection {
  std::string_view name;
  ByteRange contents;        // after the name
  ByteRange whole;           // from the section id byte on
  uint8_t after_section_id;  // id of the last non-custom section before it, 0 for none
};

struct Func {
  TypeIdx type;
  uint64_t offset = 0;  // of the type index in the function section
};

/// Everything the binary format says, in its index spaces. Imports come first in each space, so
/// `funcs[i]` with i >= imported_funcs is defined by `codes[i - imported_funcs]`; the same for the other
/// spaces.
struct Module {
  ModuleBytes bytes;
  FeatureSet features;  // that it was decoded with

  std::vector<SubType> types;
  std::vector<RecGroup> rec_groups;
  std::vector<Import> imports;
  std::vector<Func> funcs;    // imported and defined
  std::vector<Table> tables;  // imported (without init) and defined
  std::vector<Mem> mems;
  std::vector<Global> globals;  // imported ones have an empty init
  std::vector<Tag> tags;
  std::vector<Export> exports;
  std::optional<FuncIdx> start;
  uint64_t start_offset = 0;
  std::vector<Elem> elems;
  std::vector<Data> datas;
  std::optional<uint32_t> data_count;
  std::vector<Code> codes;
  std::vector<CustomSection> customs;

  uint32_t imported_funcs = 0;
  uint32_t imported_tables = 0;
  uint32_t imported_mems = 0;
  uint32_t imported_globals = 0;
  uint32_t imported_tags = 0;

  std::span<const uint8_t> slice(ByteRange range) const {
    return bytes.span().subspan(range.offset, range.size);
  }
  /// The function type of a defined type; the caller knows it is one.
  const FuncType& func_type(TypeIdx type) const { return types[type.value].comp.func; }
  const FuncType& func_type(FuncIdx func) const { return func_type(funcs[func.value].type); }
};

}  // namespace cloche::wasm

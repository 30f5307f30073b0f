// The contents of sections, item by item.
#pragma once

#include "base/output.hpp"
#include "dump/immediates.hpp"
#include "dump/index.hpp"
#include "dump/items.hpp"

namespace cloche::dump {

/// Writes sections in their order; index spaces are counted on from one to the next.
class DetailPrinter {
 public:
  /// With `relocs`, the relocations of data follow the segments they change.
  DetailPrinter(Output& out, const Index& index, bool relocs)
      : out_(out), index_(index), relocs_(relocs), immediates_(out, index, false) {}

  /// Writes the section at a place of the index, or with `show` off only counts what is in it. Stops where
  /// something is malformed, which the index has noted already.
  void section(size_t position, bool show);

  void item(const ItemCount& count);
  void item(const RecItem&) {}
  void item(const TypeItem& item);
  void item(const wasm::Import& import);
  void item(const FuncItem& item);
  void item(const wasm::Table& table);
  void item(const wasm::Mem& mem);
  void item(const wasm::Global& global);
  void item(const wasm::Export& item);
  void item(const StartItem& start);
  void item(const wasm::Elem& elem);
  void item(const BodyItem& item);
  void item(const wasm::Data& data);
  void item(const DataCountItem& item);
  void item(const wasm::Tag& tag);

 private:
  enum class Sign : bool { as_signed, as_unsigned };

  /// " - KIND[INDEX]"
  void begin(std::string_view kind, uint32_t index);
  void put_func_type(const wasm::FuncType& type);
  void put_fields(std::string_view word, const std::vector<wasm::FieldType>& fields);
  void put_table_type(const wasm::TableType& type, uint32_t index, std::string_view name);
  void put_mem_type(const wasm::MemType& type, uint32_t index);
  void put_global_type(const wasm::GlobalType& type, uint32_t index);
  void put_limits(const wasm::Limits& limits);
  void put_origin(const wasm::Import& import);
  /// A constant expression, and the end of the line.
  void put_init(wasm::Expr expr, Sign sign);
  void put_single(const binary::Instr& instr, const binary::InstrReader& reader, Sign sign);
  void put_several(binary::InstrReader reader);
  void put_elem_items(const wasm::Elem& elem, uint64_t first);
  void put_data_relocs(const wasm::Data& data, uint64_t address);
  /// The value of an expression that is one integer constant; 0 for any other.
  uint64_t constant(wasm::Expr expr) const;

  Output& out_;
  const Index& index_;
  bool relocs_;
  ImmediatePrinter immediates_;
  size_t next_reloc_ = 0;
  // The next index of each space.
  uint32_t types_ = 0, funcs_ = 0, bodies_ = 0, tables_ = 0, mems_ = 0, globals_ = 0, tags_ = 0, elems_ = 0,
           datas_ = 0;
  bool bodies_begun_ = false;
};

}  // namespace cloche::dump

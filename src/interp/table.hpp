// The dispatch tables: one handler for every 16-bit word that code can begin with.
#pragma once

#include <vector>

#include "interp/state.hpp"
#include "wasm/opcode.hpp"

namespace cloche::interp {

/// What distinguishes one table from another. A table is built when it is first asked for and never freed.
struct Variant {
  bool guarded = false;        // memory 0 relies on guard pages
  bool typed_slots = false;    // locals, drop and select take their widths from the side table
  bool deterministic = false;  // NaNs come out canonical
  constexpr unsigned index() const { return guarded | typed_slots << 1 | deterministic << 2; }
  static constexpr Variant at(unsigned index) {
    return {(index & 1) != 0, (index & 2) != 0, (index & 4) != 0};
  }
};
inline constexpr unsigned variant_count = 8;

/// Opcodes of more than one byte by prefix (0xFB..0xFE) and number, for those that do not fit in the word.
/// They stand behind the entries of the word.
inline constexpr size_t long_entries_per_prefix = 512;
constexpr size_t long_entry(uint8_t prefix, uint32_t code) {
  return dispatch_entries + static_cast<size_t>(prefix - 0xFB) * long_entries_per_prefix + code;
}
inline constexpr size_t table_entries = dispatch_entries + 4 * long_entries_per_prefix;

/// Collects handlers, then spreads them over a table. Later entries of one kind win over earlier ones, and
/// exact ones over all others.
class TableBuilder {
 public:
  explicit TableBuilder(Variant variant);

  Variant variant() const { return variant_; }

  /// The handler of an instruction, whatever byte follows its opcode.
  void any(wasm::Op op, Handler handler);
  /// ... when the first immediate byte is below 0x80: a LEB128 of one byte.
  void below_80(wasm::Op op, Handler handler);
  /// ... when it is below 0x40: also a memory argument without a memory index.
  void below_40(wasm::Op op, Handler handler);
  /// ... when it is exactly `next`. For opcodes without immediates, `next` is the following instruction's
  /// opcode.
  void exact(wasm::Op op, uint8_t next, Handler handler);

  /// Writes table_entries handlers.
  void build(Handler* table) const;

 private:
  struct Exact {
    uint16_t word;
    Handler handler;
  };
  Variant variant_;
  Handler by_class_[3][256];  // by class of the following byte: below 0x40, below 0x80, others
  Handler long_[4][long_entries_per_prefix];
  std::vector<Exact> exact_;
};

/// The table of a variant; thread-safe. Aborts when memory for it is refused.
Handler* dispatch_table(Variant variant);

/// Puts the superinstructions into all tables, now and later; thread-safe.
void enable_quickening();

/// Sets instance->dispatch unless it is set.
void ensure_dispatch(Context* context, Instance* instance);

// The families of instructions; each stands in the file of its name.
void add_control(TableBuilder& builder);
void add_branches(TableBuilder& builder);
void add_calls(TableBuilder& builder);
void add_exceptions(TableBuilder& builder);
void add_variables(TableBuilder& builder);
void add_constants(TableBuilder& builder);
void add_loads(TableBuilder& builder);
void add_stores(TableBuilder& builder);
void add_vector_memory(TableBuilder& builder);
void add_bulk(TableBuilder& builder);
void add_tables(TableBuilder& builder);
void add_references(TableBuilder& builder);
void add_structs(TableBuilder& builder);
void add_arrays(TableBuilder& builder);
void add_atomics(TableBuilder& builder);
void add_numeric_i32(TableBuilder& builder);
void add_numeric_i64(TableBuilder& builder);
void add_numeric_float(TableBuilder& builder);
void add_numeric_convert(TableBuilder& builder);
void add_vector_integer(TableBuilder& builder);
void add_vector_wide(TableBuilder& builder);
void add_vector_float(TableBuilder& builder);
void add_vector_lanes(TableBuilder& builder);

}  // namespace cloche::interp

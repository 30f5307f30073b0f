// The dispatch tables: one handler for every 16-bit word that code can begin with.
//
// A table is half a megabyte, of which a small module uses a few pages. So its 256 rows, one for each second
// byte of a word, are filled when a body with that byte is prepared.
#pragma once

#include <array>
#include <bit>
#include <vector>

#include "interp/state.hpp"
#include "wasm/opcode.hpp"

namespace cloche::interp {

/// What distinguishes one table from another. A table is made when it is first asked for and never freed.
struct Variant {
  bool guarded = false;        // memory 0 relies on guard pages
  bool typed_slots = false;    // locals, drop and select take their widths from the side table
  bool deterministic = false;  // NaNs come out canonical
  bool single = false;         // one instruction for each dispatch: no pairs, no superinstructions
  constexpr unsigned index() const { return guarded | typed_slots << 1 | deterministic << 2 | single << 3; }
  static constexpr Variant at(unsigned index) {
    return {(index & 1) != 0, (index & 2) != 0, (index & 4) != 0, (index & 8) != 0};
  }
};
inline constexpr unsigned variant_count = 16;

/// Opcodes of more than one byte by prefix (0xFB..0xFE) and number, for those that do not fit in the word.
/// They stand behind the entries of the word.
inline constexpr size_t long_entries_per_prefix = 512;
constexpr size_t long_entry(uint8_t prefix, uint32_t code) {
  return dispatch_entries + static_cast<size_t>(prefix - 0xFB) * long_entries_per_prefix + code;
}
inline constexpr size_t table_entries = dispatch_entries + 4 * long_entries_per_prefix;

/// A set of byte values.
class ByteSet {
 public:
  static constexpr ByteSet all() {
    ByteSet set;
    set.words_.fill(~uint64_t{0});
    return set;
  }
  constexpr void add(uint8_t byte) { words_[byte / 64] |= uint64_t{1} << byte % 64; }
  constexpr bool has(unsigned byte) const { return (words_[byte / 64] >> byte % 64 & 1) != 0; }
  constexpr uint64_t& word(unsigned index) { return words_[index]; }
  friend constexpr bool operator==(const ByteSet&, const ByteSet&) = default;

 private:
  std::array<uint64_t, 4> words_{};
};

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

  /// Writes the rows of these second bytes; with a prefix's row also its opcodes that do not fit in a word.
  void build(Handler* table, const ByteSet& rows) const;

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

/// Fills what tables, now and later, lack for code made of the bytes [begin, end] (the last one is the second
/// byte of the last word). Thread-safe; bodies call it before they are first run.
void need_rows(const uint8_t* begin, const uint8_t* end);

/// Puts the superinstructions into all tables, now and later; thread-safe.
void enable_quickening();

/// Sets instance->dispatch unless it is set.
void ensure_dispatch(Context* context, Instance* instance);

/// What the tables of an instance are made for.
Variant variant_of(const Context* context, const Instance* instance, bool typed_slots);

/// Fills every row of every table, now and later; thread-safe.
void need_all_rows();

/// Goes on in the original bytes where a table has no handler for a superinstruction.
CLOCHE_DECLARE_HANDLER(leave_quickened);

// The families of instructions; each stands in the file of its name.
[[gnu::cold]] void add_control(TableBuilder& builder);
[[gnu::cold]] void add_branches(TableBuilder& builder);
[[gnu::cold]] void add_calls(TableBuilder& builder);
[[gnu::cold]] void add_exceptions(TableBuilder& builder);
[[gnu::cold]] void add_variables(TableBuilder& builder);
[[gnu::cold]] void add_constants(TableBuilder& builder);
[[gnu::cold]] void add_loads(TableBuilder& builder);
[[gnu::cold]] void add_stores(TableBuilder& builder);
[[gnu::cold]] void add_vector_memory(TableBuilder& builder);
[[gnu::cold]] void add_bulk(TableBuilder& builder);
[[gnu::cold]] void add_tables(TableBuilder& builder);
[[gnu::cold]] void add_references(TableBuilder& builder);
[[gnu::cold]] void add_structs(TableBuilder& builder);
[[gnu::cold]] void add_arrays(TableBuilder& builder);
[[gnu::cold]] void add_atomics(TableBuilder& builder);
[[gnu::cold]] void add_numeric_i32(TableBuilder& builder);
[[gnu::cold]] void add_numeric_i64(TableBuilder& builder);
[[gnu::cold]] void add_numeric_float(TableBuilder& builder);
[[gnu::cold]] void add_numeric_convert(TableBuilder& builder);
[[gnu::cold]] void add_vector_integer(TableBuilder& builder);
[[gnu::cold]] void add_vector_wide(TableBuilder& builder);
[[gnu::cold]] void add_vector_float(TableBuilder& builder);
[[gnu::cold]] void add_vector_lanes(TableBuilder& builder);
void add_integer_pairs(TableBuilder& builder);
void add_long_pairs(TableBuilder& builder);
void add_float_pairs(TableBuilder& builder);
void add_compare_pairs(TableBuilder& builder);

}  // namespace cloche::interp

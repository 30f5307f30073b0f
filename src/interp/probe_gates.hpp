// Gates: what stands between a probed opcode and the probes, and lets most instructions pass at once.
#pragma once

#include <array>
#include <bitset>

#include "interp/probe_filter.hpp"
#include "interp/table.hpp"
#include "wasm/opcode.hpp"

namespace cloche::interp {

using OpSet = std::bitset<wasm::op_count>;

/// For each first byte of an instruction, what lets it pass. A gate only ever errs towards asking.
class Gates {
 public:
  /// One probe on an opcode. It asks at every instruction of the opcode; at exits that a filter does not let
  /// pass; at scalar accesses that it does not let pass, other accesses always; or at the instruction that
  /// begins at `place`.
  void add(wasm::Op op);
  void add_exits(wasm::Op op, const ProbeFilter& filter);
  void add_accesses(wasm::Op op, const ProbeFilter& filter);
  void add_place(wasm::Op op, const uint8_t* place);

  /// The handler for instructions that begin with a byte, or null when no probe is on them.
  Handler handler(uint8_t byte) const;

  /// Whether handler() answers the same.
  bool has_same_kinds(const Gates& other) const { return kinds_ == other.kinds_; }

  // For the handlers.
  const ProbeFilter& access_filter() const { return *access_filter_; }
  const ProbeFilter* exit_filter() const { return exit_filter_; }
  bool is_probed(wasm::Op op) const { return ops_[static_cast<size_t>(op)]; }
  bool may_be_place(const uint8_t* pc) const { return places_[hash(pc)]; }

 private:
  /// What is asked at a gate; `places` asks for exits as well.
  enum class Kind : uint8_t { none, prefix, accesses, exits, places, all };
  static constexpr size_t place_bits = 4096;
  static size_t hash(const uint8_t* pc) {
    const auto bits = reinterpret_cast<uintptr_t>(pc);
    return (bits ^ bits >> 12) % place_bits;
  }
  static uint8_t first_byte(wasm::Op op);
  void need(wasm::Op op, Kind kind);

  std::array<Kind, 256> kinds_{};
  OpSet ops_;
  std::bitset<place_bits> places_;
  const ProbeFilter* access_filter_ = nullptr;
  const ProbeFilter* exit_filter_ = nullptr;
};

/// What leads to the probes; probes.cpp has it.
CLOCHE_DECLARE_HANDLER(ask_probes);

/// Behind a probed table's entries stands the table whose handlers run the probed instructions.
inline constexpr size_t single_table_entry = table_entries;

}  // namespace cloche::interp

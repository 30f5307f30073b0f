// Making the quickened copy: find the straight-line runs of instructions, cover each with as few
// superinstructions as there can be, and write those down.
#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <vector>

#include "interp/decode.hpp"
#include "interp/instruction.hpp"
#include "interp/quicken/quicken.hpp"
#include "interp/quicken/registry.hpp"
#include "interp/table.hpp"

namespace cloche::interp {
namespace {

using wasm::Op;

/// One instruction of the body.
struct Place {
  const uint8_t* at;
  Instruction instruction;
  bool is_target;  // control may come here from elsewhere
  bool is_final;   // the body's last `end`
};

/// A structured instruction that is open.
struct Open {
  Op op;
  uint32_t place;
  bool is_targeted = false;  // by a branch, or by a handler of exceptions
};

/// Walks over the body and finds out where control may come from elsewhere.
class Scan {
 public:
  explicit Scan(const PreparedCode& code) {
    for (const uint8_t* at = code.begin; at < code.end; at = places.back().instruction.next)
      places.push_back({at, decode_instruction(at), false, false});
    places.back().is_final = true;
    open_.push_back({Op::block, 0});
    for (uint32_t i = 0; i < places.size(); ++i) visit(i);
  }

  std::vector<Place> places;

 private:
  void visit(uint32_t i) {
    const Instruction& instruction = places[i].instruction;
    switch (instruction.op) {
      case Op::block:
      case Op::loop:
      case Op::if_:
        open_.push_back({instruction.op, i});
        return;
      // Handlers and delegates jump to labels and clauses: everything about these is a target.
      case Op::try_:
      case Op::try_table:
        open_.push_back({instruction.op, i, true});
        mark_catches(instruction);
        return;
      case Op::else_:
      case Op::catch_:
      case Op::catch_all:
        open_.back().is_targeted = true;
        mark(i + 1);
        return;
      case Op::end:
      case Op::delegate:
        close(i);
        return;
      case Op::br_table:
        mark_table(instruction.immediates);
        return;
      default:
        break;
    }
    const wasm::Imm immediate = wasm::op_info(instruction.op).immediate;
    const uint8_t* at = instruction.immediates;
    if (immediate == wasm::Imm::cast) ++at;
    if (immediate == wasm::Imm::cast || immediate == wasm::Imm::label) target(read_index(at));
  }

  void mark(uint32_t i) {
    if (i < places.size()) places[i].is_target = true;
  }
  void target(uint32_t label) { open_[open_.size() - 1 - label].is_targeted = true; }
  void mark_table(const uint8_t* at) {
    for (uint64_t count = uint64_t{read_index(at)} + 1; count > 0; --count) target(read_index(at));
  }
  /// The labels of a try_table's clauses count from outside of it.
  void mark_catches(const Instruction& instruction) {
    if (instruction.op != Op::try_table) return;
    const uint8_t* at = instruction.immediates;
    if (*at == 0x63 || *at == 0x64) ++at;
    static_cast<void>(read_sleb(at));
    for (uint32_t count = read_index(at); count > 0; --count) {
      const bool has_tag = *at++ < 2;
      if (has_tag) read_index(at);
      target(read_index(at) + 1);
    }
  }
  void close(uint32_t i) {
    const Open closed = open_.back();
    open_.pop_back();
    if (open_.empty()) {
      if (closed.is_targeted) mark(i);
      return;
    }
    if (closed.op == Op::loop) {
      if (closed.is_targeted) mark(closed.place + 1);
    } else if (closed.is_targeted || closed.op == Op::if_) {
      mark(i + 1);
    }
  }

  std::vector<Open> open_;
};

/// Bytes of the LEB128 from `at` up to `end`, if it is alone there.
uint8_t leb_bytes(const uint8_t* at, const uint8_t* end) { return static_cast<uint8_t>(end - at); }

constexpr Symbol no_symbol{Op::count_, 0};

/// What the instruction is to the registry. `end` counts as nop, the last one as return.
Symbol symbol_of(const Place& place) {
  const auto& [op, immediates, next] = place.instruction;
  const wasm::OpInfo& info = wasm::op_info(op);
  if (op == Op::end) return {place.is_final ? Op::return_ : Op::nop, 0};
  if (op == Op::br_table) return {op, 0};
  if (info.prefix != 0 || immediates != place.at + 1) return no_symbol;
  switch (info.immediate) {
    case wasm::Imm::none:
    case wasm::Imm::f32:
    case wasm::Imm::f64:
      return {op, 0};
    case wasm::Imm::local:
    case wasm::Imm::global:
    case wasm::Imm::func:
    case wasm::Imm::label:
    case wasm::Imm::block:
    case wasm::Imm::i32:
    case wasm::Imm::i64:
      return {op, leb_bytes(immediates, next)};
    case wasm::Imm::type_table: {
      const uint8_t* at = immediates;
      const uint32_t type = read_index(at);
      const bool short_type = type < 0x100 || next - immediates >= 6;
      if (op != Op::call_indirect || read_index(at) != 0 || !short_type) return no_symbol;
      return {op, leb_bytes(immediates, next)};
    }
    case wasm::Imm::mem_arg:
      if (*immediates >= 0x40) return no_symbol;
      return {op, leb_bytes(immediates + 1, next)};
    default:
      return no_symbol;
  }
}

/// Writes a superinstruction and its operands over the sequence.
void write_sequence(uint8_t* to, uint16_t code, const Place* places, const Symbol* symbols, size_t count) {
  std::memcpy(to, &code, sizeof code);
  to += code_bytes;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bytes = operand_bytes(symbols[i]);
    if (bytes == 0) continue;
    const uint8_t* at = places[i].instruction.immediates;
    uint64_t value;
    switch (wasm::op_info(symbols[i].op).immediate) {
      case wasm::Imm::i32:
      case wasm::Imm::i64:
        value = static_cast<uint64_t>(read_sleb(at));
        break;
      case wasm::Imm::mem_arg:
        value = read_mem_arg(at).offset;
        break;
      case wasm::Imm::f32:
        value = read_raw<uint32_t>(at);
        break;
      case wasm::Imm::f64:
        value = read_raw<uint64_t>(at);
        break;
      default:
        value = read_index(at);
        break;
    }
    std::memcpy(to, &value, bytes);
    to += bytes;
  }
}

void write_skip(uint8_t* to, uint16_t code, ptrdiff_t bytes) {
  std::memcpy(to, &code, sizeof code);
  to[code_bytes] = static_cast<uint8_t>(bytes);
}

/// The cheapest cover of a run of instructions: for each, how many begin there as one.
class Cover {
 public:
  Cover(const Registry& registry, const std::vector<Place>& places) : registry_(registry) {
    symbols_.reserve(places.size());
    for (const Place& place : places) symbols_.push_back(symbol_of(place));
    steps_.assign(places.size() + 1, {0, 1, 0});
    for (size_t i = places.size(); i-- > 0;) choose(places, i);
  }

  struct Step {
    uint32_t cost;    // dispatches from here to the end of the body
    uint16_t length;  // instructions
    uint16_t code;    // 0: the instruction as it is
  };
  const Step& at(size_t i) const { return steps_[i]; }
  const Symbol* symbols(size_t i) const { return &symbols_[i]; }

 private:
  void choose(const std::vector<Place>& places, size_t i) {
    Step best{steps_[i + 1].cost + 1, 1, 0};
    Registry::Node node = 0;
    for (size_t end = i; end < places.size() && end < i + max_sequence; ++end) {
      if (end > i && places[end].is_target) break;
      if (symbols_[end] == no_symbol) break;
      node = registry_.next(node, symbols_[end]);
      if (node == Registry::nowhere) break;
      const uint16_t code = registry_.code(node);
      // Of one instruction alone, any superinstruction is better than reading a long LEB128.
      if (code != 0 && (steps_[end + 1].cost + 1 < best.cost || end == i))
        best = {steps_[end + 1].cost + 1, static_cast<uint16_t>(end - i + 1), code};
    }
    consider_skip(places, i, best);
    steps_[i] = best;
  }

  /// Instructions in a row that do nothing are one step over them all.
  void consider_skip(const std::vector<Place>& places, size_t i, Step& best) const {
    size_t end = i;
    while (end < places.size() && (end == i || !places[end].is_target) && does_nothing(symbols_[end])) ++end;
    if (end - i < 2) return;
    const auto bytes = places[end - 1].instruction.next - places[i].at;
    if (bytes < min_skip || bytes > max_skip || steps_[end].cost + 1 >= best.cost) return;
    best = {steps_[end].cost + 1, static_cast<uint16_t>(end - i), registry_.skip_code()};
  }
  static bool does_nothing(Symbol symbol) {
    return symbol.op == Op::nop || symbol.op == Op::block || symbol.op == Op::loop;
  }
  static constexpr ptrdiff_t min_skip = code_bytes + 1;
  static constexpr ptrdiff_t max_skip = 255;

  const Registry& registry_;
  std::vector<Symbol> symbols_;
  std::vector<Step> steps_;
};

std::unique_ptr<uint8_t[]> rewrite(const PreparedCode& code) {
  const auto size = static_cast<size_t>(code.end - code.begin);
  std::unique_ptr<uint8_t[]> copy(new (std::nothrow) uint8_t[size + operand_overread]);
  if (!copy) return copy;
  std::memcpy(copy.get(), code.begin, size);
  std::memset(copy.get() + size, 0, operand_overread);
  const Scan scan(code);
  const Cover cover(Registry::get(), scan.places);
  for (size_t i = 0; i < scan.places.size(); i += cover.at(i).length) {
    const Place& place = scan.places[i];
    uint8_t* to = copy.get() + (place.at - code.begin);
    const auto& [cost, length, superinstruction] = cover.at(i);
    if (superinstruction == Registry::get().skip_code())
      write_skip(to, superinstruction, scan.places[i + length - 1].instruction.next - place.at);
    else if (superinstruction != 0)
      write_sequence(to, superinstruction, &place, cover.symbols(i), length);
    else if (place.instruction.op == Op::end)
      *to = static_cast<uint8_t>(wasm::op_info(place.is_final ? Op::return_ : Op::nop).code);
  }
  return copy;
}

}  // namespace

void quicken(PreparedCode& code) {
  // Where a v128 may be, local indices are not slots; vectors have enough to do as it is.
  if (code.typed_slots || code.quickened.load(std::memory_order_relaxed)) return;
  enable_quickening();
  std::unique_ptr<uint8_t[]> copy = rewrite(code);
  if (!copy) return;
  const uint8_t* expected = nullptr;
  if (!code.quickened.compare_exchange_strong(expected, copy.get(), std::memory_order_acq_rel)) return;
  code.quickened_storage = std::move(copy);
  code.entry.store(code.quickened.load(std::memory_order_relaxed), std::memory_order_release);
}

}  // namespace cloche::interp

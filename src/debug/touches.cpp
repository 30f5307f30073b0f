#include "debug/touches.hpp"

#include "wasm/opcode.hpp"

namespace cloche::debug {
namespace {

using binary::Instr;
using wasm::Family;
using wasm::Op;
using Words = std::vector<std::string>;

std::string bytes_text(uint32_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

class Describer {
 public:
  Describer(const Labels& labels, const TouchedBy& what) : labels_(labels), instr_(what.instr), what_(what) {}

  Words run() {
    switch (info().family) {
      case Family::variable:
        return variable();
      case Family::load:
      case Family::load_lane:
      case Family::atomic_load:
        return {access("reads")};
      case Family::store:
      case Family::store_lane:
      case Family::atomic_store:
        return {access("writes")};
      case Family::atomic_rmw:
      case Family::atomic_cmpxchg:
        return {access("reads and writes")};
      case Family::atomic_wait:
        return {access("reads") + ", then waits there"};
      case Family::atomic_notify:
        return {"wakes those who wait" + at_address()};
      case Family::memory:
        return {memory_instruction()};
      case Family::table:
        return {table_instruction()};
      case Family::aggregate:
        return aggregate();
      case Family::control:
        return control();
      default:
        return {};
    }
  }

 private:
  const wasm::OpInfo& info() const { return wasm::op_info(instr_.op); }
  std::string_view last_part() const { return info().text.substr(info().text.rfind('.') + 1); }

  /// The expression of an operand, counted from the deepest that the instruction takes.
  std::string operand(uint32_t index) const {
    const uint32_t count = operands_to_show(instr_.op);
    const size_t missing = count - std::min<size_t>(count, what_.operands.size());
    return index < missing ? std::string() : what_.operands[index - missing];
  }

  Words variable() {
    const bool is_local = info().immediate == wasm::Imm::local;
    const std::string name = is_local ? "local " + labels_.local_symbol(what_.func, instr_.index)
                                      : "global " + labels_.global_symbol(instr_.index);
    return {(last_part() == "get" ? "reads " : "writes ") + name};
  }

  std::string memory(uint32_t index) const {
    if (labels_.module().mems.size() <= 1) return "memory";
    return "memory " + labels_.memory(index);
  }
  std::string at_address() const {
    const std::string address = operand(0);
    if (address.empty()) return {};
    return " at " + address + (instr_.mem.offset == 0 ? "" : "+" + std::to_string(instr_.mem.offset));
  }
  std::string access(std::string verb) const {
    return verb + " " + bytes_text(info().access_bytes) + " of " + memory(instr_.mem.memory) + at_address();
  }
  std::string range(uint32_t address, uint32_t size) const {
    if (operand(address).empty()) return {};
    return ", " + operand(size) + " bytes at " + operand(address);
  }
  std::string memory_instruction() const {
    switch (instr_.op) {
      case Op::memory_size:
        return "reads the size of " + memory(instr_.index);
      case Op::memory_grow:
        return "grows " + memory(instr_.index);
      case Op::memory_fill:
        return "writes " + memory(instr_.index) + range(0, 2);
      case Op::memory_copy:
        return "reads " + memory(instr_.index2) + range(1, 2) + "; writes " + memory(instr_.index) +
               range(0, 2);
      case Op::memory_init:
        return "writes " + memory(instr_.index2) + range(0, 2) + ", from data segment " +
               labels_.data(instr_.index);
      default:
        return "drops data segment " + labels_.data(instr_.index);
    }
  }

  std::string table(uint32_t index) const { return "table " + labels_.table(index); }
  std::string element(uint32_t index) const {
    return operand(0).empty() ? table(index) : table(index) + "[" + operand(0) + "]";
  }
  std::string table_instruction() const {
    switch (instr_.op) {
      case Op::table_get:
        return "reads " + element(instr_.index);
      case Op::table_set:
        return "writes " + element(instr_.index);
      case Op::table_size:
        return "reads the size of " + table(instr_.index);
      case Op::table_grow:
        return "grows " + table(instr_.index);
      case Op::table_fill:
        return "writes " + table(instr_.index);
      case Op::table_copy:
        return "reads " + table(instr_.index2) + "; writes " + table(instr_.index);
      case Op::table_init:
        return "writes " + table(instr_.index2) + ", from element segment " + labels_.elem(instr_.index);
      default:
        return "drops element segment " + labels_.elem(instr_.index);
    }
  }

  /// By the names of the instructions: struct.new…, array.get…, and so on.
  Words aggregate() {
    const std::string_view word = last_part();
    if (!info().text.starts_with("struct.") && !info().text.starts_with("array.")) return {};
    if (word.starts_with("new")) return {"allocates on the collected heap"};
    if (word.starts_with("get") || word == "len") return {"reads the collected heap"};
    if (word == "copy") return {"reads and writes the collected heap"};
    return {"writes the collected heap"};
  }

  Words control() {
    switch (instr_.op) {
      case Op::call:
      case Op::return_call:
        return {"calls " + labels_.func_symbol(instr_.index)};
      case Op::call_indirect:
      case Op::return_call_indirect: {
        const std::string index = what_.operands.empty() ? "" : "[" + what_.operands.back() + "]";
        return {"reads " + table(instr_.index2) + index, "calls it"};
      }
      case Op::call_ref:
      case Op::return_call_ref:
        return {"calls " + (what_.operands.empty() ? "a reference" : what_.operands.back())};
      case Op::throw_:
        return {"throws " + labels_.tag(instr_.index)};
      case Op::throw_ref:
      case Op::rethrow:
        return {"throws again"};
      default:
        return {};
    }
  }

  const Labels& labels_;
  const Instr& instr_;
  const TouchedBy& what_;
};

}  // namespace

uint32_t operands_to_show(wasm::Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  if (info.signature != "?") return static_cast<uint32_t>(info.signature.find(':'));
  switch (op) {
    case Op::memory_copy:
      return 3;
    case Op::table_set:
      return 2;
    default:
      return 1;
  }
}

std::vector<std::string> touches(const Labels& labels, const TouchedBy& what) {
  return Describer(labels, what).run();
}

}  // namespace cloche::debug

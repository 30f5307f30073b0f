#include "diagnostics/recorder.hpp"

#include <algorithm>

#include "validate/function_pass.hpp"

namespace cloche::diagnostics {
namespace {

using validate::Instr;

// What is kept of a state: more would not be looked at, and code made to be slow can have a million of each.
constexpr size_t most_operands = 256;
constexpr size_t most_blocks = 32;
constexpr size_t most_types = 64;
constexpr size_t most_branches = 100'000;

struct BlockNote {
  uint32_t opener = 0;
};

class Recorder : public validate::SinkBase<Recorder, Origin, BlockNote> {
 public:
  static constexpr bool recovers = true;
  Recorder(std::vector<FunctionFailure>& failures, size_t most) : failures_(failures), most_(most) {}

  void plain(const Instr& i, Operands in, Operands out) {
    const Origin origin = make(i, in);
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = origin;
  }
  void block(const Instr& i, Block& block, Operands) { block.label.opener = i.offset; }
  void loop(const Instr& i, Block& block, Operands) { block.label.opener = i.offset; }
  void if_(const Instr& i, Block& block, Operands, Operands) { block.label.opener = i.offset; }
  void try_table(const Instr& i, Block& block, Operands, std::span<const Catch>) {
    block.label.opener = i.offset;
  }
  void try_(const Instr& i, Block& block, Operands) { block.label.opener = i.offset; }
  void catch_(const Instr& i, Block&, bool, Operands, Operands params) {
    for (uint32_t k = 0; k < params.size(); ++k) params[k] = {i.offset, i.offset, i.end, 0};
  }
  void end(const Instr& i, Block& block, bool, Operands, bool, Operands out) { leave(i, block, out); }
  void delegate(const Instr& i, Block& block, bool, Operands, Branch, Operands out) { leave(i, block, out); }
  void br_if(const Instr& i, Branch, Operands condition, Operands carried) {
    if (carried.size() == 0) return;
    if (carried.size() == 1 && branches_.size() < most_branches)
      branches_.push_back({i.offset, carried[0], carried.type(0), condition[0]});
    for (uint32_t k = 0; k < carried.size(); ++k) carried[k].kept_by = i.offset;
    Origin& last = carried[carried.size() - 1];
    if (last.end == condition[0].begin) last.end = i.end;
  }
  void br_on(const Instr& i, Branch, Operands in, Operands out) {
    for (uint32_t k = 0; k + 1 < in.size(); ++k) in[k].kept_by = i.offset;
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = in[in.size() - 1];
  }
  void call(const Instr& i, Operands in, Operands out) { plain(i, in, out); }
  void call_indirect(const Instr& i, Operands in, Operands out) { plain(i, in, out); }
  void call_ref(const Instr& i, Operands in, Operands out) { plain(i, in, out); }

  void function(const validate::FunctionState& state) { state_ = &state; }
  bool failed(const Failure& failure) {
    if (follows(failure)) return true;
    if (!failure.frames.empty()) tainted_.push_back(beginning(failure.frames.back()));
    failures_.push_back(describe(failure));
    // Behind bytes that are no instruction nothing can be said about the next ones.
    const bool is_lost = wasm::error_class(failure.error.code) == wasm::ErrorClass::malformed;
    return failures_.size() < most_ && !is_lost;
  }

 private:
  static uint32_t beginning(const Block& frame) {
    return frame.label.opener ? frame.label.opener : frame.offset;
  }

  /// Whether the error is about what a block with an error in it has at its end: that follows from the first.
  bool follows(const Failure& failure) const {
    if (failure.frames.empty() || failure.offset < state_->code_offset) return false;
    const uint8_t opcode =
        failure.offset < state_->code_end ? state_->code[failure.offset - state_->code_offset] : 0;
    constexpr uint8_t else_code = 0x05, end_code = 0x0B;
    if (opcode != else_code && opcode != end_code) return false;
    const uint32_t block = beginning(failure.frames.back());
    return std::ranges::any_of(tainted_, [&](uint32_t tainted) { return tainted >= block; });
  }

  /// The origin of an instruction's results.
  static Origin make(const Instr& i, Operands in) {
    Origin origin{i.offset, i.offset, i.end, 0};
    uint32_t at = i.offset;
    for (uint32_t k = in.size(); k-- > 0;) {
      if (in[k].end != at) return origin;
      at = in[k].begin;
    }
    origin.begin = at;
    return origin;
  }
  static void leave(const Instr& i, Block& block, Operands out) {
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = {block.label.opener, block.label.opener, i.end, 0};
  }

  static std::vector<wasm::ValType> some(std::span<const wasm::ValType> types) {
    return {types.begin(), types.begin() + static_cast<ptrdiff_t>(std::min(types.size(), most_types))};
  }
  static OpenBlock describe(const Block& frame) {
    OpenBlock block{frame.kind,        frame.label.opener,   frame.offset,         frame.height,
                    frame.unreachable, some(frame.params()), some(frame.results())};
    // In code that cannot be reached sinks see no blocks; then the part is all there is.
    if (block.opener == 0) block.opener = frame.offset;
    return block;
  }
  FunctionFailure describe(const Failure& failure) const {
    FunctionFailure result;
    result.error = failure.error;
    result.offset = failure.offset;
    const uint32_t height = failure.stack.size();
    result.first_height = height - static_cast<uint32_t>(std::min<size_t>(height, most_operands));
    for (uint32_t k = result.first_height; k < height; ++k) {
      Operand operand{failure.stack.type(k), std::nullopt};
      if (k < failure.known) operand.origin = failure.stack[k];
      result.stack.push_back(operand);
    }
    for (const Operand& operand : result.stack) {
      if (!operand.origin || operand.origin->kept_by == 0) continue;
      const auto note = std::ranges::lower_bound(branches_, operand.origin->kept_by, {}, &BranchNote::offset);
      if (note != branches_.end() && note->offset == operand.origin->kept_by)
        result.branches.push_back(*note);
    }
    const size_t first = failure.frames.size() - std::min(failure.frames.size(), most_blocks);
    for (const Block& frame : failure.frames.subspan(first)) result.blocks.push_back(describe(frame));
    result.required = some(failure.required);
    result.required_end = failure.required_end;
    return result;
  }

  std::vector<FunctionFailure>& failures_;
  const validate::FunctionState* state_ = nullptr;
  std::vector<uint32_t> tainted_;     // where the blocks begin that have errors
  std::vector<BranchNote> branches_;  // by offset
  size_t most_;
};

}  // namespace

std::vector<Operand> FunctionFailure::block_operands() const {
  const uint32_t bottom = blocks.empty() ? 0 : blocks.back().height;
  if (bottom <= first_height) return stack;
  if (bottom >= height()) return {};
  return {stack.begin() + (bottom - first_height), stack.end()};
}

std::vector<FunctionFailure> record_function(const validate::ModuleTypes& types, uint32_t defined_index,
                                             size_t most) {
  std::vector<FunctionFailure> failures;
  Recorder recorder(failures, most);
  validate::FunctionPass<Recorder> pass(types, recorder);
  static_cast<void>(pass.run(defined_index));
  return failures;
}

std::vector<FunctionFailure> record_expr(const validate::ModuleTypes& types, wasm::Expr expr,
                                         wasm::ValType type, size_t most) {
  std::vector<FunctionFailure> failures;
  Recorder recorder(failures, most);
  validate::FunctionPass<Recorder> pass(types, recorder);
  static_cast<void>(pass.run_expr(expr, type));
  return failures;
}

}  // namespace cloche::diagnostics

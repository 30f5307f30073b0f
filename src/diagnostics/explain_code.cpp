// Errors within function bodies and constant expressions.
#include <algorithm>

#include "binary/instr_reader.hpp"
#include "diagnostics/explain.hpp"
#include "diagnostics/remarks.hpp"

namespace cloche::diagnostics {

using validate::FrameKind;
using wasm::ErrorCode;
using wasm::Op;
using wasm::ValType;

namespace {

/// Operands listed in a note; of more, the topmost.
constexpr size_t most_listed = 8;
constexpr size_t most_in_sentence = 16;

binary::Instr decode(const Subject& subject, uint32_t offset) {
  const wasm::Module& module = subject.module();
  const auto size = static_cast<uint32_t>(module.bytes.size());
  binary::InstrReader reader(module, {offset, size - std::min(offset, size)});
  return reader.next().value_or(binary::Instr{});
}

std::string ordinal(size_t number) {
  constexpr std::string_view endings[] = {"th", "st", "nd", "rd"};
  const bool teen = number % 100 >= 11 && number % 100 <= 13;
  return std::to_string(number) + std::string(endings[teen || number % 10 > 3 ? 0 : number % 10]);
}

std::string values(size_t count) { return count == 1 ? "1 value" : std::to_string(count) + " values"; }

std::string_view block_word(FrameKind kind) {
  switch (kind) {
    case FrameKind::func:
      return "function";
    case FrameKind::block:
      return "block";
    case FrameKind::loop:
      return "loop";
    case FrameKind::if_:
    case FrameKind::else_:
      return "if";
    case FrameKind::try_table:
      return "try_table";
    default:
      return "try";
  }
}

std::string an(const std::string& type) {
  const bool vowel = type.starts_with('i') || type.starts_with('a') || type.starts_with('e');
  return (vowel || type == "f32" || type == "f64" ? "an " : "a ") + type;
}

/// Builds one diagnostic.
class Explanation {
 public:
  Explanation(const CodeContext& context, const FunctionFailure& failure)
      : context_(context), subject_(context.subject), failure_(failure), op_(subject_.op(failure.offset)) {
    diagnostic_.code = failure.error.code;
    diagnostic_.message = sentence();
    diagnostic_.span = subject_.is_text() ? subject_.instr(failure.offset) : exact_place();
  }

  Diagnostic run() {
    if (failure_.error.code == ErrorCode::type_mismatch)
      explain_mismatch();
    else
      put_remarks(context_, failure_, diagnostic_);
    if (!subject_.is_text()) {
      diagnostic_.listing = subject_.listing(context_.body, diagnostic_);
      if (diagnostic_.listing->lines.empty())
        diagnostic_.listing = Subject::byte_listing(subject_.module().bytes.span(), diagnostic_.span.begin);
    }
    return std::move(diagnostic_);
  }

 private:
  /// The error's message, with "instruction" and "block" as what they are here.
  std::string sentence() const {
    std::string text = failure_.error.message();
    const auto replace = [&](std::string_view from, const std::string& to) {
      if (const size_t at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
    };
    if (failure_.blocks.empty() || failure_.error.code != ErrorCode::type_mismatch) return text;
    if (is_about_results(context_, failure_)) {
      replace("instruction requires", block_name() + " must leave");
      replace("block requires", block_name() + " must leave");
      // Of the stack it says no more than was looked at.
      const size_t at = text.find(" but stack has ");
      if (at != std::string::npos)
        text = text.substr(0, at) + " but stack has " + types_of(failure_.block_operands());
    } else {
      replace("instruction requires", name() + " requires");
      if (!failure_.required.empty()) text = requirement_sentence();
    }
    return text;
  }
  /// Of operands that the pass checks in steps, all.
  std::string requirement_sentence() const {
    const Requirement required = required_operands(context_, failure_);
    std::vector<Operand> there = failure_.block_operands();
    const size_t above = failure_.height() - std::min(failure_.height(), required.end);
    there.resize(there.size() - std::min<size_t>(there.size(), above));
    if (there.size() > required.types.size())
      there.erase(there.begin(), there.end() - static_cast<ptrdiff_t>(required.types.size()));
    return std::string(wasm::error_text(ErrorCode::type_mismatch)) + ": " + name() + " requires " +
           context_.list(required.types) + " but stack has " + types_of(there);
  }
  std::string block_name() const {
    const FrameKind kind = failure_.blocks.back().kind;
    return context_.func || kind != FrameKind::func ? std::string(block_word(kind)) : "constant expression";
  }

  Span exact_place() const {
    const Span instr = subject_.instr(failure_.offset);
    const uint64_t at = failure_.error.offset;
    return at >= instr.begin && at < instr.end ? instr : Span{at, at + 1};
  }
  void label(Span span, std::string text) {
    if (!span.exists() || span == diagnostic_.span) return;
    for (const Label& each : diagnostic_.labels)
      if (each.span == span) return;
    diagnostic_.labels.push_back({span, std::move(text)});
  }
  /// The instruction, of calls with the function that is called.
  std::string name() const {
    const std::string text(wasm::op_info(op_).text);
    if (op_ != Op::call && op_ != Op::return_call) return text;
    const uint32_t callee = decode(subject_, failure_.offset).index;
    return callee < context_.types.funcs().size() ? text + " " + subject_.func_name(callee) : text;
  }

  void explain_mismatch() {
    if (failure_.blocks.empty() || (failure_.required.empty() && !is_about_results(context_, failure_))) {
      put_remarks(context_, failure_, diagnostic_);
      put_stack();
    } else if (is_about_results(context_, failure_)) {
      explain_results();
    } else {
      explain_operands();
    }
  }

  // ---- The end of a block

  void explain_results() {
    const OpenBlock& block = failure_.blocks.back();
    const std::vector<Operand> there = failure_.block_operands();
    const size_t wanted = block.results.size();
    const std::string what = block_name();
    const size_t count =
        failure_.height() - std::min(failure_.height(), block.height);  // `there` may be fewer
    if (there.size() > wanted)
      diagnostic_.label = "here the stack has " + values(count) + ", where " +
                          (wanted == 0 ? "none is expected" : std::to_string(wanted) + " is expected");
    else if (there.size() < wanted)
      diagnostic_.label =
          there.empty() ? "here the stack is empty, where " + context_.list(block.results) + " is expected"
                        : "here the stack has only " + values(there.size());
    else
      diagnostic_.label = "the " + what + " ends here";
    for (size_t k = 0; k < there.size(); ++k) label_result(there, k, wanted);
    const Span opener = block.kind == FrameKind::func ? whole_place() : subject_.instr(block.opener);
    label(opener, "this " + what + " must leave " + context_.list(block.results));
    put_stack();
    put_kept_note(there);
    if (!context_.func && there.empty() && wanted == 1) put_first_value(block.results[0]);
  }

  void put_first_value(ValType type) {
    Help help{"give it a first value", {}};
    if (subject_.is_text() && type.is_num())
      help.edits.push_back(
          {{diagnostic_.span.begin, diagnostic_.span.begin}, " (" + context_.type(type) + ".const 0)"});
    diagnostic_.helps.push_back(std::move(help));
  }

  Span whole_place() const { return context_.func ? subject_.func_place(*context_.func) : Span{}; }

  void label_result(const std::vector<Operand>& there, size_t k, size_t wanted) {
    const Operand& operand = there[k];
    if (!operand.origin) return;
    const std::string type = context_.type(operand.type);
    if (operand.origin->kept_by != 0)
      label(subject_.instr(operand.origin->kept_by),
            "when this does not branch, the value that it carries, " + an(type) + ", stays on the stack");
    std::string text = "leaves " + an(type);
    if (there.size() > wanted && k < there.size() - wanted) text += ", which is left over";
    const auto& results = failure_.blocks.back().results;
    if (there.size() == wanted && !context_.types.matches(operand.type, results[k]))
      text += ", where " + an(context_.type(results[k])) + " is expected";
    label(subject_.instr(operand.origin->pushed_by), std::move(text));
  }

  void put_kept_note(const std::vector<Operand>& there) {
    for (const Operand& operand : there)
      if (operand.origin && operand.origin->kept_by != 0) {
        diagnostic_.notes.push_back(std::string(subject_.op_name(operand.origin->kept_by)) +
                                    " takes its value along only when it branches; when it does not, the "
                                    "value is still on the stack");
        return;
      }
  }

  // ---- Operands

  void explain_operands() {
    const Requirement required = required_operands(context_, failure_);
    const OpenBlock& block = failure_.blocks.back();
    const size_t count = required.types.size();
    size_t missing = 0;
    for (size_t k = 0; k < count; ++k) {
      const int64_t height = int64_t{required.end} - static_cast<int64_t>(count - k);
      if (height < int64_t{block.height})
        ++missing;
      else
        label_operand(operand_at(failure_, static_cast<uint32_t>(height)), required.types[k], k, count);
    }
    std::string label = name() + " wants " + context_.list(required.types);
    if (missing > 0 && !block.unreachable)
      label += missing == count ? ", but nothing is there" : ", but there is less";
    diagnostic_.label = std::move(label);
    put_remarks(context_, failure_, diagnostic_);
    put_stack();
    if (missing > 0 && !block.unreachable) put_beneath_note(block);
  }

  void label_operand(const Operand* operand, ValType wanted, size_t k, size_t count) {
    if (!operand || !operand->origin) return;
    const std::string type = context_.type(operand->type);
    const bool good = context_.types.matches(operand->type, wanted);
    std::string text = "this is " + an(type);
    if (!good) {
      const bool chooses = op_ == Op::select;
      const std::string which = chooses      ? "what it chooses by"
                                : count == 1 ? "its operand"
                                             : "its " + ordinal(k + 1) + " operand";
      text += ", where " + name() + " wants " + an(context_.type(wanted)) + " as " + which;
    }
    const Operand& found = *operand;
    label(subject_.instr(found.origin->pushed_by), std::move(text));
    if (!good && found.origin->kept_by != 0)
      label(subject_.instr(found.origin->kept_by), "this leaves it on the stack when it does not branch");
  }

  void put_beneath_note(const OpenBlock& block) {
    if (block.kind == FrameKind::func || block.height == 0 || block.height <= failure_.first_height) return;
    label(subject_.instr(block.opener), "the block begins here");
    diagnostic_.notes.push_back(
        std::string(block.height == 1 ? "there is " : "there are ") + values(block.height) +
        " on the stack from before the block, but a block can only use what it takes as a "
        "parameter: (param …) behind its name");
  }

  // ---- The stack

  void put_stack() {
    if (failure_.blocks.empty()) return;
    const OpenBlock& block = failure_.blocks.back();
    const std::vector<Operand> there = failure_.block_operands();
    std::string text;
    if (is_about_results(context_, failure_))
      text = "wanted at the end: " + context_.list(block.results) + "\n";
    else if (!failure_.required.empty())
      text = "wanted on top: " + context_.list(required_operands(context_, failure_).types) + "\n";
    text += block.kind == FrameKind::func ? "the stack there"
                                          : "the stack there, since the beginning of the block";
    if (block.unreachable) {
      diagnostic_.notes.push_back(text + ": whatever is wanted, and above it " + types_of(there) +
                                  ", because code behind an unconditional branch is never reached");
      return;
    }
    if (there.empty()) {
      diagnostic_.notes.push_back(text + ": empty");
      return;
    }
    text += ", from bottom to top:";
    const size_t first = there.size() - std::min(there.size(), most_listed);
    const size_t beneath =
        failure_.height() - std::min(failure_.height(), block.height) - (there.size() - first);
    if (first > 0) text += "\n  … " + values(beneath);
    for (size_t k = first; k < there.size(); ++k) text += "\n  " + describe(there[k]);
    diagnostic_.notes.push_back(std::move(text));
  }

  std::string types_of(const std::vector<Operand>& operands) const {
    std::vector<ValType> types;
    const size_t first = operands.size() - std::min(operands.size(), most_in_sentence);
    for (const Operand& operand : std::span(operands).subspan(first)) types.push_back(operand.type);
    const std::string list = context_.list(types);
    return first == 0 ? list : "[… " + list.substr(1);
  }

  std::string describe(const Operand& operand) const {
    std::string text = context_.type(operand.type);
    if (!operand.origin) return text;
    text += "  from " + std::string(subject_.op_name(operand.origin->pushed_by)) + " at " +
            subject_.place(operand.origin->pushed_by);
    if (operand.origin->kept_by != 0)
      text += ", left there by " + std::string(subject_.op_name(operand.origin->kept_by)) + " at " +
              subject_.place(operand.origin->kept_by);
    return text;
  }

  const CodeContext& context_;
  const Subject& subject_;
  const FunctionFailure& failure_;
  const Op op_;
  Diagnostic diagnostic_;
};

}  // namespace

const Operand* operand_at(const FunctionFailure& failure, uint32_t height) {
  if (height < failure.first_height || height >= failure.height()) return nullptr;
  if (!failure.blocks.empty() && height < failure.blocks.back().height) return nullptr;
  return &failure.stack[height - failure.first_height];
}

const OpenBlock* label_block(const FunctionFailure& failure, uint32_t depth) {
  return depth < failure.blocks.size() ? &failure.blocks[failure.blocks.size() - 1 - depth] : nullptr;
}

bool is_about_results(const CodeContext& context, const FunctionFailure& failure) {
  const Op op = context.subject.op(failure.offset);
  const bool ends =
      op == Op::end || op == Op::else_ || op == Op::catch_ || op == Op::catch_all || op == Op::delegate;
  return ends && !failure.blocks.empty() && !failure.error.detail.starts_with("if without");
}

Requirement required_operands(const CodeContext& context, const FunctionFailure& failure) {
  Requirement required{failure.required, failure.required_end};
  const binary::Instr instr = decode(context.subject, failure.offset);
  // br_if and br_table pop their i32 first, calls through tables and references theirs.
  const auto append = [&](ValType type) {
    if (required.end < failure.height()) {
      required.types.push_back(type);
      ++required.end;
    }
  };
  const auto prepend = [&](const std::vector<ValType>& types) {
    required.types.insert(required.types.begin(), types.begin(), types.end());
  };
  const bool first_step = required.end == failure.height();
  switch (instr.op) {
    case Op::br_if: {
      const OpenBlock* block = label_block(failure, instr.index);
      if (!first_step)
        append(ValType::i32());
      else if (block && required.types.size() == 1 && required.types[0] == ValType::i32())
        prepend(block->label_types());
      break;
    }
    case Op::br_table:
      if (!first_step) append(ValType::i32());
      break;
    case Op::call_indirect:
    case Op::return_call_indirect:
    case Op::call_ref:
    case Op::return_call_ref: {
      const validate::CanonicalType* callee = context.types.find_type(instr.index);
      if (!callee || !callee->is_func()) break;
      if (first_step && required.types.size() == 1) {
        const auto params = callee->params();
        prepend({params.begin(), params.end()});
      } else if (!first_step) {
        const Operand* top = operand_at(failure, failure.height() - 1);
        if (top) append(top->type);
      }
      break;
    }
    default:
      break;
  }
  return required;
}

Diagnostic explain_code(const CodeContext& context, const FunctionFailure& failure) {
  return Explanation(context, failure).run();
}

}  // namespace cloche::diagnostics

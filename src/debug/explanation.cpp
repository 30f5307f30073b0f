#include "debug/explanation.hpp"

#include <algorithm>

#include "debug/instruction_text.hpp"
#include "debug/touches.hpp"

namespace cloche::debug {
namespace {

using binary::Instr;
using wasm::Imm;
using wasm::Op;

/// Operands of a stack that a row shows.
constexpr uint32_t most_shown = 24;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) {
    if (&word != &words.front()) text += between;
    text += word;
  }
  return text;
}

std::string counted(size_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

bool opens_block(Op op) {
  const Imm immediate = wasm::op_info(op).immediate;
  return immediate == Imm::block || immediate == Imm::try_table;
}

/// Whether control never goes on to the next instruction.
bool ends_path(Op op) {
  switch (op) {
    case Op::unreachable:
    case Op::br:
    case Op::br_table:
    case Op::return_:
    case Op::return_call:
    case Op::return_call_indirect:
    case Op::return_call_ref:
    case Op::throw_:
    case Op::throw_ref:
    case Op::rethrow:
      return true;
    default:
      return false;
  }
}

/// Whether a word stands in an expression: not as a part of another word.
bool mentions(std::string_view text, std::string_view word) {
  const auto in_word = [](char c) {
    return c == '_' || c == '.' || c == '$' || static_cast<uint8_t>(c) >= 0x80 ||
           std::isalnum(static_cast<uint8_t>(c)) != 0;
  };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

}  // namespace

/// Goes through a body once.
class RowMaker {
 public:
  explicit RowMaker(const Explanation& of)
      : of_(of),
        map_(of.map_),
        labels_(of.labels_),
        code_(of.module_.codes[of.defined_index_]),
        reader_(of.module_, {code_.expr_offset, code_.body.offset + code_.body.size - code_.expr_offset}) {
    open_.push_back({"the function's end", result_types(), false, 0});
    heights_.reserve(64);
  }

  bool at_end() const { return index_ + 1 >= map_.steps().size(); }

  ExplainedRow next() {
    const Step& step = map_.steps()[index_];
    const auto instr = reader_.next();
    ExplainedRow row;
    if (!instr) return row;  // never: the module is valid
    row.step = ++index_;
    row.offset = code_.expr_offset + step.offset;
    row.depth = step.depth;
    row.text = step.text;
    row.reached = step.live;
    row.goes_on = step.live && !ends_path(step.op) && (step.op != Op::end || map_.steps()[index_].live);
    if (step.live) {
      const std::vector<std::string> operands = of_.symbols_of(step.top, operands_to_show(step.op));
      row.touches = touches(labels_, {*instr, of_.func_index(), operands});
    }
    if (row.goes_on) put_stack(row, step);
    put_notes(row, step, *instr);
    put_source(row);
    return row;
  }

 private:
  struct OpenBlock {
    std::string name;   // "the end of $done", "the start of $loop"
    std::string keeps;  // types that a branch carries: "[i32]"
    bool is_loop = false;
    uint32_t height = 0;  // that a branch cuts the stack down to, before it adds what it carries
  };

  std::string types_text(std::span<const wasm::ValType> types) const {
    std::vector<std::string> words;
    for (const wasm::ValType type : types) words.push_back(type_text(labels_, type));
    return "[" + joined(words, " ") + "]";
  }
  std::string result_types() const {
    return types_text(of_.module_.func_type(wasm::FuncIdx(of_.func_index())).results);
  }

  void put_stack(ExplainedRow& row, const Step& step) {
    const uint32_t height = height_of(step.after);
    row.stack = of_.symbols_of(step.after, most_shown);
    row.hidden = height - static_cast<uint32_t>(row.stack.size());
  }

  /// Operands up to and with one; each is counted once.
  uint32_t height_of(uint32_t operand) {
    if (heights_.size() <= operand) heights_.resize(std::max<size_t>(operand + 1, heights_.size() * 2));
    std::vector<uint32_t> unknown;
    uint32_t at = operand;
    for (; at != 0 && heights_[at] == 0; at = map_.operand(at).below) unknown.push_back(at);
    uint32_t height = at == 0 ? 0 : heights_[at];
    for (auto it = unknown.rbegin(); it != unknown.rend(); ++it) heights_[*it] = ++height;
    return height;
  }

  void put_source(ExplainedRow& row) const {
    if (of_.spans_ != nullptr) {
      if (const auto span = of_.spans_->find(row.offset)) {
        row.source = span->to_string();
        row.source_text = span->text;
      }
    } else if (const auto found = of_.symbols_.locate(row.offset)) {
      row.source = found->place.to_string();
    }
  }

  void put_notes(ExplainedRow& row, const Step& step, const Instr& instr) {
    if (opens_block(step.op)) open_block(row, step, instr);
    if (step.op == Op::end || step.op == Op::delegate) close_block(row, step);
    if (step.op == Op::else_) row.notes.push_back("the stack is as it was at the if");
    if (!step.live) return;
    if (const Imm immediate = wasm::op_info(step.op).immediate;
        step.op != Op::delegate && step.op != Op::rethrow &&
        (immediate == Imm::label || immediate == Imm::cast))
      branch_note(row, step, instr.index);
    if (step.op == Op::br_table) table_note(row, step, instr);
    if (step.op == Op::return_) row.notes.push_back("returns " + kept_text(step, open_.front()));
    if (row.goes_on) {
      stale_notes(row, step, instr);
      definition_note(row, step);
    }
  }

  void open_block(ExplainedRow& row, const Step& step, const Instr& instr) {
    std::span<const wasm::ValType> params, results;
    if (instr.block.kind == wasm::BlockType::Kind::value) results = {&instr.block.value, 1};
    if (instr.block.kind == wasm::BlockType::Kind::type) {
      params = of_.module_.func_type(instr.block.type).params;
      results = of_.module_.func_type(instr.block.type).results;
    }
    const bool is_loop = step.op == Op::loop;
    const std::string label = block_name(step);
    OpenBlock block;
    block.is_loop = is_loop;
    block.name = (is_loop ? "the start of " : "the end of ") + label;
    block.keeps = types_text(is_loop ? params : results);
    const uint32_t condition = step.op == Op::if_ ? 1 : 0;
    const auto taken = static_cast<uint32_t>(params.size()) + condition;
    block.height = step.height >= taken ? step.height - taken : 0;
    if (step.live) {
      row.notes.push_back(
          "height " + std::to_string(block.height + params.size()) + " at entry" +
          (params.empty() ? "" : ", " + std::to_string(params.size()) + " of it the block's parameters"));
      row.notes.push_back("a branch to it keeps " + block.keeps + " above height " +
                          std::to_string(block.height) + (is_loop ? " and starts it over" : ""));
    }
    if (step.op == Op::try_table) catch_notes(row, instr);
    open_.push_back(std::move(block));
  }

  std::string block_name(const Step& step) const {
    // "block $done (result i32)": the second word, if it is a name.
    const size_t space = step.text.find(' ');
    if (space != std::string::npos && step.text[space + 1] == '$') {
      const size_t end = step.text.find(' ', space + 1);
      return step.text.substr(space + 1, end == std::string::npos ? end : end - space - 1);
    }
    return "the " + std::string(wasm::op_info(step.op).text) + " at " + hex(code_.expr_offset + step.offset);
  }
  static std::string hex(uint32_t offset) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%x", offset);
    return text;
  }

  void catch_notes(ExplainedRow& row, const Instr& instr) const {
    constexpr size_t most = 4;
    size_t count = 0;
    for (const binary::Catch& clause : reader_.catches(instr)) {
      if (count++ == most) break;
      using Kind = binary::Catch::Kind;
      const bool has_tag = clause.kind == Kind::catch_ || clause.kind == Kind::catch_ref;
      row.notes.push_back(
          (has_tag ? "an exception " + labels_.tag(clause.tag) : std::string("any exception")) + " goes to " +
          target_of(clause.label).name);
    }
  }

  const OpenBlock& target_of(uint32_t depth) const {
    return depth < open_.size() ? open_[open_.size() - 1 - depth] : open_.front();
  }

  /// What a branch takes along, as expressions.
  std::string kept_text(const Step& step, const OpenBlock& target) const {
    const bool has_condition = step.op == Op::br_if || step.op == Op::br_table;
    uint32_t top = step.top;
    if (has_condition) top = map_.operand(top).below;
    const uint32_t keeps =
        step.op == Op::return_ ? static_cast<uint32_t>(map_.results().size()) : step.branch_keeps;
    if (wasm::op_info(step.op).immediate != Imm::label && step.op != Op::return_ && step.op != Op::br_table)
      return target.keeps;
    return stack_text(of_.symbols_of(top, std::min(keeps, most_shown)),
                      keeps > most_shown ? keeps - most_shown : 0);
  }

  void branch_note(ExplainedRow& row, const Step& step, uint32_t depth) const {
    const OpenBlock& target = target_of(depth);
    const bool is_br = step.op == Op::br;
    std::string condition;
    if (step.op == Op::br_if) condition = "if " + of_.symbols_of(step.top, 1).back() + " is not 0: ";
    if (!is_br && condition.empty()) condition = "if so: ";
    row.notes.push_back(condition + "to " + target.name + ", keeping " + kept_text(step, target) +
                        " above height " + std::to_string(target.height));
  }

  void table_note(ExplainedRow& row, const Step& step, const Instr& instr) const {
    constexpr size_t most = 8;
    size_t count = 0;
    for (const uint32_t label : reader_.labels(instr)) {
      if (count == most) {
        row.notes.push_back("… " + counted(reader_.labels(instr).size() - most, "more label"));
        break;
      }
      row.notes.push_back(std::to_string(count++) + ": to " + target_of(label).name);
    }
    row.notes.push_back("otherwise: to " + target_of(instr.index2).name + ", keeping " +
                        kept_text(step, target_of(instr.index2)));
  }

  void close_block(ExplainedRow& row, const Step& step) {
    const OpenBlock closed = open_.size() > 1 ? open_.back() : open_.front();
    if (open_.size() > 1) open_.pop_back();
    if (!row.goes_on) return;
    // Values that several ways lead to have got names of their own.
    const std::vector<std::string>& after = row.stack;
    const uint32_t height_after = height_of(step.after);
    if (after.empty() || height_after <= closed.height) return;
    const std::string& top = after.back();
    const bool renamed = top.starts_with("block") || top.starts_with("if");
    if (renamed) row.notes.push_back(top + ": what arrives here, from above or by a branch");
  }

  /// Writing a variable does not change what was read from it before.
  void stale_notes(ExplainedRow& row, const Step& step, const Instr& instr) const {
    const bool sets_local = step.op == Op::local_set || step.op == Op::local_tee;
    if (!sets_local && step.op != Op::global_set) return;
    const std::string name =
        sets_local ? labels_.local_symbol(of_.func_index(), instr.index) : labels_.global_symbol(instr.index);
    const size_t count = row.stack.size() - (step.op == Op::local_tee && !row.stack.empty() ? 1 : 0);
    for (size_t i = 0; i < count; ++i)
      if (mentions(row.stack[i], name)) {
        row.notes.push_back(name + " on the stack is the value it had before");
        return;
      }
  }

  void definition_note(ExplainedRow& row, const Step& step) const {
    if (step.after == 0 || step.after == step.top) return;
    const Operand& top = map_.operand(step.after);
    if (!top.definition.empty() && map_.steps()[top.origin].offset == step.offset)
      row.notes.push_back(top.symbol + " = " + top.definition);
  }

  const Explanation& of_;
  const FunctionMap& map_;
  const Labels& labels_;
  const wasm::Code& code_;
  binary::InstrReader reader_;
  uint32_t index_ = 0;
  std::vector<OpenBlock> open_;
  std::vector<uint32_t> heights_;
};

Explanation::Explanation(const validate::ValidatedModule& module, const symbols::Symbols& symbols,
                         const Labels& labels, const SourceSpans* spans, uint32_t defined_index)
    : module_(module.module()),
      symbols_(symbols),
      labels_(labels),
      spans_(spans),
      defined_index_(defined_index),
      map_(module, labels, defined_index) {}

std::vector<std::string> Explanation::symbols_of(uint32_t top, uint32_t most) const {
  std::vector<std::string> symbols;
  for (; top != 0 && symbols.size() < most; top = map_.operand(top).below)
    symbols.push_back(map_.operand(top).symbol);
  std::reverse(symbols.begin(), symbols.end());
  return symbols;
}

std::string Explanation::signature() const {
  constexpr size_t most = 32;
  const wasm::FuncType& type = module_.func_type(wasm::FuncIdx(func_index()));
  std::string text;
  const auto put = [&](std::string_view word, size_t index, wasm::ValType value_type) {
    text += (text.empty() ? "(" : " (") + std::string(word);
    const std::string_view name = labels_.local_name(func_index(), static_cast<uint32_t>(index));
    if (!name.empty()) text += " " + labels_.local(func_index(), static_cast<uint32_t>(index));
    text += " " + type_text(labels_, value_type) + ")";
  };
  for (size_t i = 0; i < std::min(most, type.params.size()); ++i) put("param", i, type.params[i]);
  if (type.params.size() > most) text += " …";
  for (const wasm::ValType result : type.results)
    text += (text.empty() ? "(result " : " (result ") + type_text(labels_, result) + ")";
  const std::vector<wasm::ValType>& locals = map_.locals();
  for (size_t i = type.params.size(); i < std::min(locals.size(), type.params.size() + most); ++i)
    put("local", i, locals[i]);
  if (locals.size() > type.params.size() + most) text += " …";
  return text;
}

std::string Explanation::place() const {
  const auto found = symbols_.locate(module_.codes[defined_index_].expr_offset);
  return found ? found->place.to_string() : std::string();
}

std::optional<std::vector<std::string>> Explanation::results() const {
  const Step& end = map_.steps().back();
  if (!end.live || (end.after == 0 && !map_.results().empty())) return std::nullopt;
  return symbols_of(end.after, std::min<uint32_t>(static_cast<uint32_t>(map_.results().size()), most_shown));
}

void Explanation::each(const std::function<void(const ExplainedRow&)>& take) const {
  for (RowMaker rows(*this); !rows.at_end();) take(rows.next());
}

std::string stack_text(const std::vector<std::string>& stack, uint32_t hidden) {
  std::string text = "[";
  if (hidden != 0) text += "… " + std::to_string(hidden) + " more" + (stack.empty() ? "" : ", ");
  return text + joined(stack, ", ") + "]";
}

}  // namespace cloche::debug

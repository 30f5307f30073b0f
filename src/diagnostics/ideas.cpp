#include "diagnostics/ideas.hpp"

#include <algorithm>
#include <optional>

#include "binary/instr_reader.hpp"
#include "diagnostics/edits.hpp"
#include "diagnostics/scan.hpp"
#include "text/words.hpp"

namespace cloche::diagnostics {

using validate::FrameKind;
using wasm::Op;
using wasm::ValType;

namespace {

bool is_number(ValType type) { return type.is_num(); }

/// "i32" of "i32.add"; empty for names without one.
std::string_view prefix_of(std::string_view name) {
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

struct Conversion {
  std::string_view from, to, name, remark;
};
constexpr Conversion conversions[] = {
    {"i32", "i64", "i64.extend_i32_s",
     "i64.extend_i32_s widens it with its sign, i64.extend_i32_u with zeros"},
    {"i64", "i32", "i32.wrap_i64", "i32.wrap_i64 keeps its low 32 bits"},
    {"f32", "f64", "f64.promote_f32", "f64.promote_f32 widens it"},
    {"f64", "f32", "f32.demote_f64", "f32.demote_f64 rounds it"},
    {"i32", "f32", "f32.convert_i32_s",
     "f32.convert_i32_s makes a floating-point number of it (_u: as unsigned)"},
    {"i32", "f64", "f64.convert_i32_s",
     "f64.convert_i32_s makes a floating-point number of it (_u: as unsigned)"},
    {"i64", "f32", "f32.convert_i64_s",
     "f32.convert_i64_s makes a floating-point number of it (_u: as unsigned)"},
    {"i64", "f64", "f64.convert_i64_s",
     "f64.convert_i64_s makes a floating-point number of it (_u: as unsigned)"},
    {"f32", "i32", "i32.trunc_f32_s", "i32.trunc_f32_s cuts off its fraction (_u: as unsigned)"},
    {"f64", "i32", "i32.trunc_f64_s", "i32.trunc_f64_s cuts off its fraction (_u: as unsigned)"},
    {"f32", "i64", "i64.trunc_f32_s", "i64.trunc_f32_s cuts off its fraction (_u: as unsigned)"},
    {"f64", "i64", "i64.trunc_f64_s", "i64.trunc_f64_s cuts off its fraction (_u: as unsigned)"},
    {"externref", "anyref", "any.convert_extern", "any.convert_extern brings a host's reference in"},
    {"anyref", "externref", "extern.convert_any", "extern.convert_any takes a reference out to the host"},
};

/// Which operand comes first, for instructions where people get it wrong.
std::string order_remark(Op op) {
  const wasm::OpInfo& info = wasm::op_info(op);
  const std::string name(info.text);
  if (info.family == wasm::Family::store) return name + " takes the address first and the value last";
  if (op == Op::br_if) return "br_if takes the value first and the condition last";
  if (op == Op::select) return "select takes its two values first and the i32 that chooses last";
  if (op == Op::call_indirect) return "call_indirect takes the arguments first and the table index last";
  if (op == Op::call_ref) return "call_ref takes the arguments first and the function reference last";
  return "the operands seem to be in the wrong order";
}

/// Makes the edits that might mend one failure, the likeliest first.
class Ideas {
 public:
  Ideas(const CodeContext& context, const FunctionFailure& failure)
      : context_(context),
        subject_(context.subject),
        source_(context.subject.source()),
        failure_(failure),
        op_(subject_.op(failure.offset)) {}

  std::vector<Idea> run() {
    if (failure_.error.code != wasm::ErrorCode::type_mismatch || failure_.blocks.empty()) return {};
    if (is_about_results(context_, failure_))
      mend_results();
    else if (!failure_.required.empty() || op_ == Op::drop || op_ == Op::select)
      mend_operands();
    return std::move(ideas_);
  }

 private:
  void idea(std::string text, std::vector<Edit> edits, bool decisive = false) {
    if (!edits.empty()) ideas_.push_back({{std::move(text), std::move(edits)}, decisive});
  }
  std::string name(uint32_t offset) const { return std::string(subject_.op_name(offset)); }
  uint64_t keyword(uint32_t offset) const { return subject_.source_offset(offset); }

  /// An instruction behind an expression, in the style in which that is written.
  std::vector<Edit> append(Span expression, std::string_view instruction) const {
    if (!expression.exists()) return {};
    if (source_[expression.begin] == '(' && group_at(source_, expression.begin) == std::optional(expression))
      return wrap(expression, "(" + std::string(instruction) + " ", ")");
    const uint64_t line = line_begin(source_, expression.end - 1);
    const uint64_t indent = indent_of(source_, line);
    const bool own_line = expression.begin <= line + indent;
    const std::string gap = own_line ? "\n" + std::string(source_.substr(line, indent)) : " ";
    return {{{expression.end, expression.end}, gap + std::string(instruction)}};
  }
  static void join(std::vector<Edit>& edits, std::vector<Edit> more) {
    edits.insert(edits.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  // ---- What a block leaves

  void mend_results() {
    const std::vector<Operand> there = failure_.block_operands();
    const OpenBlock& block = failure_.blocks.back();
    if (there.size() > block.results.size()) {
      swap_branch();
      drop_kept(there);
      declare_results(there);
      drop_surplus(there);
    } else if (there.size() < block.results.size()) {
      keep_last();
      take_result_away();
    } else {
      for (size_t k = 0; k < there.size(); ++k) convert(there[k], block.results[k]);
      declare_results(there);
    }
  }

  /// br_if with its condition first: the condition is then the value that stays.
  void swap_branch() {
    for (const BranchNote& note : failure_.branches) {
      if (!is_test(subject_.op(note.value.pushed_by)) || is_test(subject_.op(note.condition.pushed_by)))
        continue;
      Origin condition = note.condition;
      const Span value = subject_.expression(note.value);
      const Span tested = subject_.expression(condition);
      const Span branch = expression_at(source_, keyword(note.offset));
      if (!value.exists() || !tested.exists() || value.end > tested.begin) continue;
      std::vector<Edit> edits = swap(source_, value, tested);
      join(edits, append(branch, "drop"));
      const std::string branch_name = name(note.offset);
      idea("the operands of " + branch_name +
               " seem to be in the wrong order: the value comes first, the condition last. " + "Here " +
               name(note.value.pushed_by) + ", which looks like the condition, is the value,\nand " +
               name(note.condition.pushed_by) +
               " is tested. Swap them, and drop the value that is left when " + branch_name +
               " does not branch:",
           std::move(edits), true);
    }
  }

  void drop_kept(const std::vector<Operand>& there) {
    for (const Operand& operand : there) {
      if (!operand.origin || operand.origin->kept_by == 0) continue;
      idea("drop what " + name(operand.origin->kept_by) + " leaves when it does not branch:",
           append(expression_at(source_, keyword(operand.origin->kept_by)), "drop"));
    }
  }

  void drop_surplus(const std::vector<Operand>& there) {
    const size_t surplus = there.size() - failure_.blocks.back().results.size();
    std::vector<Edit> edits;
    for (size_t k = 0; k < surplus; ++k) {
      if (!there[k].origin) return;
      join(edits, append(subject_.expression(*there[k].origin), "drop"));
    }
    idea(surplus == 1 ? "if the value is not needed, drop it:" : "if the values are not needed, drop them:",
         std::move(edits));
    if (surplus == there.size() || surplus > 4) return;
    // Perhaps it is the later ones that are too many.
    edits.clear();
    for (size_t k = there.size() - surplus; k < there.size(); ++k) {
      if (!there[k].origin) return;
      join(edits, append(subject_.expression(*there[k].origin), "drop"));
    }
    idea("or, if it is the last that is not needed:", std::move(edits));
  }

  /// Says in the head of the block or function what it leaves.
  void declare_results(const std::vector<Operand>& there) {
    const OpenBlock& block = failure_.blocks.back();
    if (!block.results.empty() && block.kind == FrameKind::func) return retype_result(there);
    if (!block.results.empty() || there.size() > 4) return;
    std::string results = " (result";
    for (const Operand& operand : there) {
      if (operand.type.is_bot()) return;
      results += " " + context_.type(operand.type);
    }
    results += ")";
    const std::optional<uint64_t> at =
        block.kind == FrameKind::func ? function_head_end() : block_head_end(block);
    if (!at) return;
    idea("if the " + std::string(block.kind == FrameKind::func ? "function" : "block") + " is to leave " +
             (there.size() == 1 ? "it" : "them") + ", say so:",
         {{{*at, *at}, results}});
  }

  void retype_result(const std::vector<Operand>& there) {
    const OpenBlock& block = failure_.blocks.front();
    if (block.results.size() != 1 || there.size() != 1) return;
    const auto results = result_groups();
    if (results.size() != 1) return;
    idea("if the function is to return " + context_.type(there[0].type) + ", declare that:",
         {{results[0], "(result " + context_.type(there[0].type) + ")"}});
  }

  std::optional<Span> function_group() const {
    if (!context_.func || *context_.func < subject_.module().imported_funcs) return std::nullopt;
    const Span place = subject_.func_place(*context_.func);
    return place.exists() ? group_at(source_, place.begin) : std::nullopt;
  }
  std::vector<Span> result_groups() const {
    std::vector<Span> results;
    if (const auto group = function_group())
      for (const Span part : groups_in(source_, *group))
        if (group_word(source_, part) == "result") results.push_back(part);
    return results;
  }
  std::optional<uint64_t> function_head_end() const {
    const auto group = function_group();
    if (!group) return std::nullopt;
    uint64_t end = subject_.func_place(*context_.func).end;
    for (const Span part : groups_in(source_, *group)) {
      const std::string_view word = group_word(source_, part);
      if (word == "type") return std::nullopt;
      if (word != "export" && word != "param") break;
      end = part.end;
    }
    return end;
  }
  std::optional<uint64_t> block_head_end(const OpenBlock& block) const {
    const Span words = subject_.instr(block.opener);
    if (!words.exists() || !block.params.empty()) return std::nullopt;
    return words.end;
  }

  /// The instruction before the failing one may have taken away what is missing.
  void keep_last() {
    const auto before = instruction_before();
    if (!before) return;
    const uint64_t at = keyword(before->offset);
    const Span words = subject_.instr(before->offset);
    if (before->op == Op::local_set)
      idea("local.set takes its value off the stack; local.tee leaves it there too:",
           {{{at, at + std::string_view("local.set").size()}, "local.tee"}});
    if (before->op == Op::drop) keep_dropped(words);
  }

  void keep_dropped(Span words) {
    std::vector<Edit> edits = {{words, ""}};
    if (const auto paren = paren_before(source_, words.begin)) {
      const auto group = group_at(source_, *paren);
      if (!group) return;
      const uint64_t behind = source_.find_first_not_of(" \t\r\n", words.end);
      edits = {{{*paren, behind}, ""}, {{group->end - 1, group->end}, ""}};
    }
    idea("drop takes the value away; leave it out:", std::move(edits));
  }

  std::optional<binary::Instr> instruction_before() const {
    binary::InstrReader reader(subject_.module(), context_.body);
    std::optional<binary::Instr> before;
    while (!reader.at_end()) {
      const auto instr = reader.next();
      if (!instr || instr->offset >= failure_.offset) break;
      before = *instr;
    }
    return before;
  }

  void take_result_away() {
    const OpenBlock& block = failure_.blocks.back();
    if (block.kind != FrameKind::func || !failure_.block_operands().empty()) return;
    std::vector<Edit> edits;
    for (Span part : result_groups()) {
      if (part.begin > 0 && source_[part.begin - 1] == ' ') --part.begin;
      edits.push_back({part, ""});
    }
    idea("if the function is not to return anything, do not declare a result:", std::move(edits));
  }

  // ---- What an instruction takes

  void mend_operands() {
    required_ = required_operands(context_, failure_);
    const size_t count = required_.types.size();
    const uint32_t bottom = failure_.blocks.back().height;
    missing_ = 0;
    for (size_t k = 0; k < count; ++k) missing_ += required_.end < bottom + (count - k) ? 1 : 0;
    if (missing_ == 0) {
      reorder();
      rename();
      for (size_t k = 0; k < count; ++k)
        if (const Operand* operand = found(k); operand && !matches(*operand, k))
          convert(*operand, required_.types[k]);
      if (op_ == Op::select) reorder_select();
    } else {
      take_following();
      move_behind_next();
      if (const auto before = instruction_before(); before && before->op == Op::drop)
        keep_dropped(subject_.instr(before->offset));
      take_parameters();
    }
  }

  const Operand* found(size_t k) const {
    return operand_at(failure_, required_.end - static_cast<uint32_t>(required_.types.size() - k));
  }
  bool matches(const Operand& operand, size_t k) const {
    return context_.types.matches(operand.type, required_.types[k]);
  }

  void reorder() {
    const size_t count = required_.types.size();
    for (size_t j = count; j-- > 1;)
      for (size_t i = j; i-- > 0;) {
        const Operand* a = found(i);
        const Operand* b = found(j);
        if (!a || !b || (matches(*a, i) && matches(*b, j)) || !matches(*a, j) || !matches(*b, i)) continue;
        swap_operands(*a, *b);
      }
  }
  void reorder_select() {
    if (failure_.height() < 3) return;
    const Operand* a = operand_at(failure_, failure_.height() - 3);
    const Operand* c = operand_at(failure_, failure_.height() - 1);
    const Operand* b = operand_at(failure_, failure_.height() - 2);
    if (a && b && c && a->type == ValType::i32() && b->type == c->type) swap_operands(*a, *c);
  }
  void swap_operands(const Operand& a, const Operand& b) {
    if (!a.origin || !b.origin) return;
    const Span first = subject_.expression(*a.origin);
    const Span second = subject_.expression(*b.origin);
    if (!first.exists() || !second.exists() || first.end > second.begin) return;
    idea(order_remark(op_) + "; swap the two:", swap(source_, first, second), true);
  }

  /// i32.add of two i64 is i64.add.
  void rename() {
    const std::string_view own = subject_.op_name(failure_.offset);
    const std::string_view prefix = prefix_of(own);
    if (prefix.empty() || required_.types.empty()) return;
    ValType common;
    for (size_t k = 0; k < required_.types.size(); ++k) {
      const Operand* operand = found(k);
      if (!operand || (context_.type(required_.types[k]) != prefix)) return;
      if (k > 0 && operand->type != common) return;
      common = operand->type;
    }
    if (!is_number(common)) return;
    std::string renamed = context_.type(common) + std::string(own.substr(prefix.size()));
    if (!text::is_op(text::find_word(renamed))) rename_sign(renamed, common);
    if (!text::is_op(text::find_word(renamed))) return;
    const uint64_t at = keyword(failure_.offset);
    if (source_.substr(at, own.size()) != own) return;
    idea("for " + context_.type(common) + " there is " + renamed + ":", {{{at, at + own.size()}, renamed}});
  }
  /// Integers divide and compare with a sign in the name, floating-point numbers without.
  static void rename_sign(std::string& renamed, ValType type) {
    const bool is_float = type == ValType::f32() || type == ValType::f64();
    if (is_float && (renamed.ends_with("_s") || renamed.ends_with("_u")))
      renamed.resize(renamed.size() - 2);
    else if (!is_float)
      renamed += "_s";
  }

  void convert(const Operand& operand, ValType wanted) {
    if (!operand.origin || context_.types.matches(operand.type, wanted)) return;
    const std::string from = context_.type(operand.type);
    const std::string to = context_.type(wanted);
    const Op origin = subject_.op(operand.origin->pushed_by);
    const uint64_t at = keyword(operand.origin->pushed_by);
    const std::string constant = from + ".const";
    if (wasm::op_info(origin).text == constant && source_.substr(at, constant.size()) == constant &&
        is_number(wanted))
      idea("write the constant as " + to + ":", {{{at, at + from.size()}, to}});
    for (const Conversion& each : conversions)
      if (each.from == from && each.to == to)
        idea(std::string(each.remark) + ":", append(subject_.expression(*operand.origin), each.name));
  }

  /// `i32.add (a) (b)`, as if the parentheses were those of a call.
  void take_following() {
    const uint64_t at = keyword(failure_.offset);
    if (at == wasm::no_offset || is_folded(source_, at)) return;
    const Span words = atoms_at(source_, at);
    uint64_t end = words.end;
    for (size_t k = 0; k < missing_; ++k) {
      const uint64_t next = source_.find_first_not_of(" \t\r\n", end);
      if (next >= source_.size() || source_[next] != '(') return;
      const auto group = group_at(source_, next);
      if (!group) return;
      end = group->end;
    }
    idea(
        "an instruction comes behind its operands, unless parentheses around all of it make them part of it:",
        {{{words.begin, words.begin}, "("}, {{end, end}, ")"}});
  }

  /// `local.set $x` and then the value.
  void move_behind_next() {
    const uint64_t at = keyword(failure_.offset);
    if (missing_ != 1 || at == wasm::no_offset || is_folded(source_, at)) return;
    const Span words = atoms_at(source_, at);
    const uint64_t next = source_.find_first_not_of(" \t\r\n", words.end);
    if (next >= source_.size() || source_[next] == ')') return;
    const std::string_view word = slice(source_, token_at(source_, next));
    if (word == "end" || word == "else") return;
    const Span following =
        source_[next] == '(' ? group_at(source_, next).value_or(Span{}) : atoms_at(source_, next);
    if (!following.exists()) return;
    idea(std::string(subject_.op_name(failure_.offset)) +
             " takes its operand from the stack, so the value comes first:",
         swap(source_, words, following));
  }

  /// Operands from before the block can enter it as parameters.
  void take_parameters() {
    const OpenBlock& block = failure_.blocks.back();
    if (block.kind == FrameKind::func || !block.params.empty() || missing_ > 4) return;
    if (block.height < failure_.first_height + missing_) return;
    std::string params = " (param";
    for (size_t k = 0; k < missing_; ++k)
      params += " " + context_.type(failure_.stack[block.height - failure_.first_height - missing_ + k].type);
    const auto at = block_head_end(block);
    if (at) idea("let the block take the operands as parameters:", {{{*at, *at}, params + ")"}});
  }

  const CodeContext& context_;
  const Subject& subject_;
  const std::string_view source_;
  const FunctionFailure& failure_;
  const Op op_;
  Requirement required_;
  size_t missing_ = 0;
  std::vector<Idea> ideas_;
};

}  // namespace

bool is_test(Op op) {
  const std::string_view name = wasm::op_info(op).text;
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view what = name.substr(dot + 1);
  constexpr std::string_view tests[] = {"eqz",  "eq",   "ne",   "lt",   "gt",   "le",      "ge",   "lt_s",
                                        "lt_u", "gt_s", "gt_u", "le_s", "le_u", "is_null", "ge_s", "ge_u"};
  return std::ranges::find(tests, what) != std::end(tests) || name == "ref.test";
}

std::vector<Idea> ideas_for(const CodeContext& context, const FunctionFailure& failure) {
  return Ideas(context, failure).run();
}

}  // namespace cloche::diagnostics

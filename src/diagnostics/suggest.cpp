#include "diagnostics/suggest.hpp"

#include <algorithm>

#include "binary/decoder.hpp"
#include "diagnostics/edits.hpp"
#include "diagnostics/ideas.hpp"
#include "text/parser.hpp"
#include "text/source_text.hpp"
#include "validate/validate.hpp"

namespace cloche::diagnostics {

using wasm::Op;

namespace {

/// Pieces of advice that are offered for one error, and tried.
constexpr size_t most_offered = 2;
constexpr size_t most_tried = 10;

/// Where an offset of the source is after edits.
uint64_t shifted(uint64_t offset, const std::vector<Edit>& edits) {
  int64_t shift = 0;
  for (const Edit& edit : edits)
    if (edit.span.end <= offset)
      shift += static_cast<int64_t>(edit.text.size()) - static_cast<int64_t>(edit.span.end - edit.span.begin);
  return static_cast<uint64_t>(static_cast<int64_t>(offset) + shift);
}

bool is_same(const std::vector<Edit>& a, const std::vector<Edit>& b) {
  return std::ranges::equal(
      a, b, [](const Edit& x, const Edit& y) { return x.span == y.span && x.text == y.text; });
}

/// For binaries, where nothing can be tried: a br_if that looks as if its operands were in the wrong order.
void add_suspicion(const CodeContext& context, const FunctionFailure& failure, Diagnostic& diagnostic) {
  const Subject& subject = context.subject;
  for (const BranchNote& note : failure.branches) {
    if (!is_test(subject.op(note.value.pushed_by)) || is_test(subject.op(note.condition.pushed_by))) continue;
    const std::string branch =
        std::string(subject.op_name(note.offset)) + " at " + subject.place(note.offset);
    diagnostic.helps.push_back({"the operands of " + branch +
                                    " seem to be in the wrong order: the value comes first, the condition "
                                    "last. Here the value is what\n" +
                                    std::string(subject.op_name(note.value.pushed_by)) + " at " +
                                    subject.place(note.value.pushed_by) +
                                    " leaves, which looks like a condition",
                                {}});
    return;
  }
}

/// Advice in words, for when no edit helps.
void add_words(const CodeContext& context, const FunctionFailure& failure, Diagnostic& diagnostic) {
  if (failure.error.code != wasm::ErrorCode::type_mismatch || failure.blocks.empty()) return;
  const OpenBlock& block = failure.blocks.back();
  const size_t there = failure.block_operands().size();
  if (is_about_results(context, failure)) {
    if (there > block.results.size())
      diagnostic.helps.push_back(
          {"drop takes a value off the stack; local.set and the stores use one up", {}});
    else if (there < block.results.size())
      diagnostic.helps.push_back(
          {"let the last instruction leave " + context.list(block.results) + " on every way here", {}});
    return;
  }
  const Requirement required = required_operands(context, failure);
  const bool less = required.end < block.height + required.types.size();
  if (!less || block.unreachable) return;
  const Op op = context.subject.op(failure.offset);
  const std::string name(wasm::op_info(op).text);
  const size_t given = required.end - std::min(required.end, block.height);
  if (op == Op::call || op == Op::return_call)
    diagnostic.helps.push_back(
        {"the function takes " + std::to_string(required.types.size()) +
             (required.types.size() == 1 ? " argument" : " arguments") + ", and " +
             (given == 0   ? "there is none"
              : given == 1 ? "there is only 1"
                           : "there are only " + std::to_string(given)) +
             ": put all of them on the stack before the call, or behind it within its parentheses",
         {}});
  else if (op == Op::br || op == Op::br_if || op == Op::return_)
    diagnostic.helps.push_back(
        {name + " takes " + context.list(required.types) +
             " along: put that on the stack before it, or behind it within its parentheses",
         {}});
  else
    diagnostic.helps.push_back(
        {"operands come first: what an instruction takes must be on the stack before it, or stand "
         "behind it within its parentheses",
         {}});
}

}  // namespace

Trial::Effect Trial::effect(const CodeContext& context, const FunctionFailure& failure, size_t number,
                            const std::vector<Edit>& edits) {
  if (source_.size() > bytes_left_) return Effect::none;
  bytes_left_ -= std::min(bytes_left_, std::max<uint64_t>(source_.size(), 1000));
  const std::string edited = apply_edits(source_, edits);
  if (!text::check_source(edited)) return Effect::none;
  const text::SourceRange range{range_.begin, static_cast<uint32_t>(shifted(range_.end, edits))};
  const auto recovered = text::assemble_all(edited, range, features_, text_errors_ + 1);
  const auto& assembled = recovered.module;
  if (!assembled || recovered.errors.size() > text_errors_) return Effect::none;
  auto module =
      binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(assembled->bytes), nullptr), features_);
  if (!module) return Effect::none;
  const auto shared = std::make_shared<const wasm::Module>(std::move(*module));
  validate::TypeRegistry registry;
  const auto types = validate::ModuleTypes::build(shared, registry);
  if (!types) return Effect::none;
  if (!context.func) {
    const size_t left = validate::all_definition_errors(*types, definition_errors_).size();
    return left < definition_errors_ ? Effect::all : Effect::none;
  }
  const uint32_t defined = *context.func - shared->imported_funcs;
  if (defined >= shared->codes.size()) return Effect::none;
  const auto left = record_function(*types, defined, number + 1);
  if (left.size() <= number) return Effect::all;
  const uint64_t place = shifted(context.subject.source_offset(failure.offset), edits);
  const uint64_t next = assembled->offsets.source_offset(left[number].offset);
  return next > place && next != wasm::no_offset ? Effect::further : Effect::none;
}

void add_advice(const CodeContext& context, const std::vector<FunctionFailure>& failures, size_t number,
                Trial* trial, Diagnostic& diagnostic) {
  const FunctionFailure& failure = failures[number];
  const size_t before = diagnostic.helps.size();
  if (trial && context.subject.is_text()) {
    std::vector<Help> further;  // what mends this error only
    size_t tried = 0;
    for (Idea& idea : ideas_for(context, failure)) {
      Help& help = idea.help;
      if (tried++ == most_tried || diagnostic.helps.size() == before + most_offered) break;
      const auto same = [&](const Help& other) { return is_same(other.edits, help.edits); };
      if (std::ranges::any_of(diagnostic.helps, same)) continue;
      const Trial::Effect effect = trial->effect(context, failure, number, help.edits);
      if (effect == Trial::Effect::none) continue;
      (effect == Trial::Effect::all ? diagnostic.helps : further).push_back(std::move(help));
      if (idea.decisive) break;
    }
    for (Help& help : further)
      if (diagnostic.helps.size() == before) diagnostic.helps.push_back(std::move(help));
  }
  if (diagnostic.helps.empty()) add_suspicion(context, failure, diagnostic);
  if (diagnostic.helps.empty()) add_words(context, failure, diagnostic);
}

}  // namespace cloche::diagnostics

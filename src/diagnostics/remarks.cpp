#include "diagnostics/remarks.hpp"

#include <algorithm>

#include "binary/instr_reader.hpp"
#include "diagnostics/edits.hpp"
#include "diagnostics/scan.hpp"

namespace cloche::diagnostics {

using validate::FrameKind;
using wasm::ErrorCode;
using wasm::Op;
using wasm::ValType;

namespace {

std::string count_of(std::string_view what, size_t count, std::string_view remark = "") {
  if (count == 0) return "the module has no " + std::string(what);
  return "the module has " + std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s") +
         (count == 1 ? ", number 0" : ", numbers 0 to " + std::to_string(count - 1)) +
         (count == 1 ? "" : std::string(remark));
}

/// Errors of the index behind an instruction's name.
bool is_about_operand(ErrorCode code) {
  return (code >= ErrorCode::unknown_type && code <= ErrorCode::unknown_local) ||
         code == ErrorCode::uninitialized_local;
}

class Remarks {
 public:
  Remarks(const CodeContext& context, const FunctionFailure& failure, Diagnostic& diagnostic)
      : context_(context),
        subject_(context.subject),
        module_(context.subject.module()),
        failure_(failure),
        diagnostic_(diagnostic) {
    const auto size = static_cast<uint32_t>(module_.bytes.size());
    binary::InstrReader reader(module_, {failure.offset, size - std::min(failure.offset, size)});
    instr_ = reader.next().value_or(binary::Instr{});
  }

  void run() {
    if (failure_.error.code == ErrorCode::type_mismatch)
      explain_types();
    else
      explain_code();
    if (subject_.is_text() && is_about_operand(failure_.error.code))
      diagnostic_.span = operand_place(subject_.source(), diagnostic_.span, failure_.error.detail);
  }

 private:
  void label(Span span, std::string text) {
    if (span.exists() && !(span == diagnostic_.span)) diagnostic_.labels.push_back({span, std::move(text)});
  }
  void note(std::string text) { diagnostic_.notes.push_back(std::move(text)); }
  void help(std::string text, std::vector<Edit> edits = {}) {
    if (!subject_.is_text()) edits.clear();
    diagnostic_.helps.push_back({std::move(text), std::move(edits)});
  }

  // ---- Wrong types

  void explain_types() {
    switch (instr_.op) {
      case Op::call:
      case Op::return_call:
        if (instr_.index < context_.types.funcs().size())
          label(subject_.func_place(instr_.index),
                subject_.func_name(instr_.index) + " takes " + params_of(instr_.index));
        break;
      case Op::br_table:
        note(
            "whichever label is chosen gets the same operands, so all of them must take the same number and "
            "types");
        break;
      case Op::memory_copy:
      case Op::table_copy:
        note("the operands are: where to, where from, and how many");
        break;
      case Op::memory_fill:
      case Op::array_fill:
      case Op::table_fill:
        note(instr_.op == Op::array_fill ? "the operands are: the array, where to, the value, and how many"
                                         : "the operands are: where to, the value, and how many");
        break;
      case Op::memory_init:
      case Op::table_init:
        note("the operands are: where to, where from in the segment, and how many");
        break;
      case Op::br:
      case Op::br_if:
        explain_label();
        break;
      case Op::return_:
        if (context_.func && !failure_.blocks.empty())
          label(subject_.func_place(*context_.func),
                "the function returns " + context_.list(failure_.blocks.front().results));
        break;
      case Op::local_set:
      case Op::local_tee:
        if (context_.func && !failure_.required.empty())
          note(subject_.local_name(*context_.func, instr_.index) + " is declared with the type " +
               context_.type(failure_.required[0]));
        break;
      case Op::global_set:
        if (!failure_.required.empty())
          label(subject_.global_place(instr_.index),
                subject_.global_name(instr_.index) + " has the type " + context_.type(failure_.required[0]));
        break;
      case Op::select:
        explain_select();
        break;
      case Op::end:
      case Op::else_:
        explain_one_armed();
        break;
      default:
        break;
    }
  }

  std::string params_of(uint32_t func) const {
    const auto params = context_.types.funcs()[func]->params();
    const auto results = context_.types.funcs()[func]->results();
    std::string text = params.empty() ? "no arguments" : context_.list({params.begin(), params.end()});
    if (instr_.op == Op::return_call)
      text += " and returns " + context_.list({results.begin(), results.end()});
    return text;
  }

  void explain_label() {
    const OpenBlock* block = label_block(failure_, instr_.index);
    if (!block || block->label_types().empty()) return;
    const std::string types = context_.list(block->label_types());
    if (block->kind == FrameKind::func) {
      if (context_.func)
        label(subject_.func_place(*context_.func), "the branch leaves the function, which returns " + types);
    } else if (block->kind == FrameKind::loop) {
      label(subject_.instr(block->opener),
            "the branch goes back to the beginning of this loop, which takes the parameters " + types);
    } else {
      label(subject_.instr(block->opener), "the branch goes to the end of this block, which leaves " + types);
    }
  }

  void explain_select() {
    const Operand* first = failure_.height() >= 3 ? operand_at(failure_, failure_.height() - 3) : nullptr;
    const Operand* second = failure_.height() >= 2 ? operand_at(failure_, failure_.height() - 2) : nullptr;
    if (!first || !second || !first->type.is_ref()) {
      note(
          "select takes two values of one type, and above them an i32 that chooses: the first if it is not "
          "0");
      return;
    }
    note(
        "select without a type is for numbers and vectors; for references it has to say which type it "
        "leaves");
    if (!context_.types.matches(first->type, second->type) &&
        !context_.types.matches(second->type, first->type))
      return;
    const ValType wider = context_.types.matches(first->type, second->type) ? second->type : first->type;
    const Span span = subject_.instr(failure_.offset);
    help("write the type behind it", {{{span.end, span.end}, " (result " + context_.type(wider) + ")"}});
  }

  void explain_one_armed() {
    if (!failure_.error.detail.starts_with("if without") || failure_.blocks.empty()) return;
    const OpenBlock& block = failure_.blocks.back();
    const std::string results = context_.list(block.results);
    label(subject_.instr(block.opener),
          "this if must leave " + results + ", whether its condition holds or not");
    diagnostic_.label = "here it ends without an else";
    note("when the condition is 0 nothing runs, so nothing leaves " + results);
    help("add an else that leaves " + results + " too, or take the result away from the if");
  }

  // ---- Other errors

  void explain_code() {
    switch (failure_.error.code) {
      case ErrorCode::unknown_local:
        explain_local();
        break;
      case ErrorCode::uninitialized_local:
        note(
            "a local that holds a reference which cannot be null has no value until local.set gives it one, "
            "and what "
            "a block sets is forgotten at its end");
        break;
      case ErrorCode::unknown_label:
        note(failure_.blocks.size() <= 1
                 ? "no block is open here; label 0 is the function itself"
                 : "labels count open blocks from the inside out; here the last one is " +
                       std::to_string(failure_.blocks.size() - 1) + ", the function itself");
        break;
      case ErrorCode::unknown_memory:
        note(count_of("memory", module_.mems.size()) == "the module has no memory"
                 ? "this instruction reads or writes memory, and the module has none"
                 : "the module has " + std::to_string(module_.mems.size()) + " memories, counted from 0");
        if (module_.mems.empty())
          help("give the module a memory, of one page of 64 KiB for instance",
               add_field(subject_.source(), "(memory 1)"));
        break;
      case ErrorCode::unknown_table:
        note(count_of("table", module_.tables.size()));
        if (module_.tables.empty())
          help("give the module a table of functions", add_field(subject_.source(), "(table 1 funcref)"));
        break;
      case ErrorCode::unknown_func:
        note(count_of("function", module_.funcs.size(), ", imported ones first"));
        break;
      case ErrorCode::unknown_global:
        note(count_of("global", module_.globals.size(), ", imported ones first"));
        break;
      case ErrorCode::unknown_type:
        note(count_of("type", module_.types.size()));
        break;
      case ErrorCode::unknown_tag:
        note(count_of("tag", module_.tags.size()));
        break;
      case ErrorCode::unknown_elem:
        note(count_of("element segment", module_.elems.size()));
        break;
      case ErrorCode::unknown_data:
        note(count_of("data segment", module_.datas.size()));
        break;
      case ErrorCode::invalid_lane_index:
        note(instr_.op == Op::i8x16_shuffle
                 ? "lanes 0 to 15 are those of the first operand, 16 to 31 those of the second"
                 : "lanes are numbered from 0; the shape in the instruction's name says how many there are: "
                   "i32x4 has 4");
        break;
      case ErrorCode::result_arity:
        note("select names the one type that it chooses between: select (result externref)");
        break;
      case ErrorCode::illegal_opcode:
        if (failure_.error.detail.find(" outside of try") != std::string::npos) {
          note(
              "catch and catch_all belong to a try; there is at most one catch_all, and it is the last of "
              "them");
          break;
        }
        note(
            "no instruction has this code; if the bytes before it are right, the file is damaged or newer "
            "than this");
        break;
      case ErrorCode::immutable_global:
        explain_immutable();
        break;
      case ErrorCode::alignment_too_large:
      case ErrorCode::atomic_alignment:
        explain_alignment();
        break;
      case ErrorCode::offset_out_of_range:
        note("the memory has 32-bit addresses, so an offset is at most 4294967295");
        break;
      case ErrorCode::feature_disabled:
        help("--feature " + failure_.error.detail + " switches it on");
        break;
      case ErrorCode::undeclared_reference:
        note(
            "a function whose reference is taken must be named outside of function bodies too: exported, in "
            "an element "
            "segment, or declared");
        help("declare it",
             add_field(subject_.source(), "(elem declare func " + reference(instr_.index) + ")"));
        break;
      case ErrorCode::immutable_field:
      case ErrorCode::immutable_array:
        note("only what the type declares as (mut …) can be changed");
        break;
      case ErrorCode::data_count_required:
        note(
            "memory.init and data.drop stand before the data section, so a module that uses them must have a "
            "data count "
            "section");
        break;
      default:
        break;
    }
  }

  std::string reference(uint32_t func) const {
    const std::string name = subject_.func_name(func);
    return name.starts_with('$') ? name : std::to_string(func);
  }

  void explain_local() {
    if (!context_.func) return;
    const uint64_t params = context_.types.funcs()[*context_.func]->params().size();
    const uint64_t locals = subject_.declared_locals(*context_.func);
    note("the function has " + std::to_string(params) +
         (params == 1 ? " parameter and " : " parameters and ") + std::to_string(locals) +
         (locals == 1 ? " local" : " locals") +
         (params + locals == 0   ? ""
          : params + locals == 1 ? ", number 0"
                                 : ", together numbered from 0 to " + std::to_string(params + locals - 1)));
    label(subject_.func_place(*context_.func), "the function");
  }

  void explain_immutable() {
    const uint32_t index = instr_.index;
    if (index >= module_.globals.size()) return;
    const Span place = subject_.global_place(index);
    label(place, subject_.global_name(index) + " is declared here, without mut");
    const std::string type = wasm::to_string(module_.globals[index].type.type);
    help("only a global declared as (mut " + type + ") can be changed",
         make_mutable(subject_.source(), place, type));
  }

  void explain_alignment() {
    const wasm::OpInfo& info = wasm::op_info(instr_.op);
    const std::string natural = std::to_string(info.access_bytes);
    note(std::string(info.text) + " accesses " + natural + (info.access_bytes == 1 ? " byte" : " bytes") +
         (failure_.error.code == ErrorCode::atomic_alignment
              ? ", and an atomic access must say exactly that"
              : ", and may promise no larger alignment than that"));
    if (!subject_.is_text()) return;
    const Span span = subject_.instr(failure_.offset);
    const std::string_view words = slice(subject_.source(), span);
    const size_t at = words.find("align=");
    if (at == std::string_view::npos) return;
    const size_t end = std::min(words.find_first_of(" \t\r\n", at), words.size());
    help("write align=" + natural + ", or leave it out",
         {{{span.begin + at, span.begin + end}, "align=" + natural}});
  }

  const CodeContext& context_;
  const Subject& subject_;
  const wasm::Module& module_;
  const FunctionFailure& failure_;
  Diagnostic& diagnostic_;
  binary::Instr instr_;
};

}  // namespace

void put_remarks(const CodeContext& context, const FunctionFailure& failure, Diagnostic& diagnostic) {
  Remarks(context, failure, diagnostic).run();
}

}  // namespace cloche::diagnostics

// Errors of types, imports, exports, segments and whatever else stands outside of expressions.
#include <algorithm>
#include <cstdlib>

#include "diagnostics/edits.hpp"
#include "diagnostics/explain.hpp"
#include "diagnostics/scan.hpp"

namespace cloche::diagnostics {

using wasm::ErrorCode;

namespace {

class DefinitionExplanation {
 public:
  DefinitionExplanation(const Subject& subject, const wasm::Error& error)
      : subject_(subject), module_(subject.module()), error_(error) {
    diagnostic_.code = error.code;
    diagnostic_.message = error.message();
    diagnostic_.span = subject.item(error.offset);
  }

  Diagnostic run() {
    explain();
    narrow();
    if (!subject_.is_text() && diagnostic_.span.exists())
      diagnostic_.listing = Subject::byte_listing(module_.bytes.span(), diagnostic_.span.begin);
    return std::move(diagnostic_);
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
  std::string_view source() const { return subject_.source(); }

  /// Of an unknown index that an export, a start function or a list of functions has, the place is the index.
  void narrow() {
    const bool is_index = error_.code >= ErrorCode::unknown_type && error_.code <= ErrorCode::unknown_data;
    if (!is_index || !subject_.is_text() || !diagnostic_.span.exists()) return;
    const uint64_t at = diagnostic_.span.begin;
    auto around = at < source().size() && source()[at] == '(' ? group_at(source(), at) : std::nullopt;
    if (around && group_word(source(), *around) != "export" && group_word(source(), *around) != "start")
      return;
    if (!around) {
      const auto open = open_parens(source(), at);
      if (!open.empty()) around = group_at(source(), open.back());
    }
    if (!around) return;
    const Span place = operand_place(source(), {at, around->end}, error_.detail);
    if (slice(source(), place) == error_.detail) diagnostic_.span = place;
  }

  void explain() {
    switch (error_.code) {
      case ErrorCode::duplicate_export:
        return explain_export();
      case ErrorCode::limits_order:
        return explain_limits();
      case ErrorCode::memory_size:
        note("a page is 64 KiB; 65536 of them are all that 32-bit addresses reach");
        return;
      case ErrorCode::shared_memory_maximum:
        note("threads must be able to rely on where a memory can grow to: (memory 1 16 shared)");
        return;
      case ErrorCode::start_function:
        note(
            "the start function is called by nobody who could give it arguments or take results, so it has "
            "none of them");
        if (module_.start) label(subject_.func_place(module_.start->value), "the start function");
        return;
      case ErrorCode::constant_expression_required:
        note(
            "the module is not running yet, so only constants, global.get of immutable globals, ref.func, "
            "ref.null, and "
            "additions, subtractions and multiplications of integers are allowed here");
        help("compute the value in a function, and call that from (start …)");
        return;
      case ErrorCode::unknown_memory:
        if (module_.mems.empty())
          help("give the module a memory, of one page of 64 KiB for instance",
               add_field(source(), "(memory 1)"));
        return;
      case ErrorCode::unknown_table:
        if (module_.tables.empty())
          help("give the module a table of functions", add_field(source(), "(table 1 funcref)"));
        return;
      case ErrorCode::unknown_func:
        return count("function", module_.funcs.size());
      case ErrorCode::unknown_global:
        if (is_within_init()) {
          note("a global's first value can only use globals that are defined before it");
          return;
        }
        return count("global", module_.globals.size());
      case ErrorCode::unknown_type:
        if (error_.detail.size() < 10 &&
            std::strtoull(error_.detail.c_str(), nullptr, 10) < module_.types.size())
          return note(
              "a type can refer to itself, to those before it, and to those in the same group: (rec (type …) "
              "(type …))");
        return count("type", module_.types.size());
      case ErrorCode::feature_disabled:
        return help("--feature " + error_.detail + " switches it on");
      case ErrorCode::sub_type:
        note(
            "a type can extend another that is not final, of the same kind, with fields, parameters and "
            "results that match");
        return;
      case ErrorCode::tag_result:
        note("a tag says what an exception carries, so its type has parameters only");
        return;
      case ErrorCode::unknown_import:
        return explain_import();
      case ErrorCode::incompatible_import:
        diagnostic_.label = "this is what the module expects";
        return;
      default:
        return;
    }
  }

  void count(std::string_view what, size_t number) {
    note("the module has " + (number == 0 ? "no " : std::to_string(number) + " ") + std::string(what) +
         (number == 1   ? ", number 0"
          : number == 0 ? "s"
                        : "s, numbers 0 to " + std::to_string(number - 1)));
  }

  bool is_within_init() const {
    return std::ranges::any_of(module_.globals, [&](const wasm::Global& global) {
      return error_.offset >= global.init.offset && error_.offset < global.init.offset + global.init.size;
    });
  }

  /// The message names the import already; what it is for is where it stands.
  void explain_import() {
    size_t others = 0;
    for (const wasm::Import& import : module_.imports) {
      if (import.offset == error_.offset) diagnostic_.label = "nothing provides this";
      others += import.offset != error_.offset;
    }
    if (others > 0)
      note("the module has " + std::to_string(others) + (others == 1 ? " other import" : " other imports"));
    note(
        "an import must be provided by whoever runs the module: by the host, or by another module that "
        "exports it");
  }

  void explain_export() {
    for (const wasm::Export& item : module_.exports) {
      if (item.offset != error_.offset) continue;
      for (const wasm::Export& other : module_.exports)
        if (other.name == item.name && other.offset < item.offset) {
          help("give one of them another name");
          return label(subject_.item(other.offset), "the name is first used here");
        }
    }
  }

  void explain_limits() {
    note("the first number is the size at the beginning, the second the largest size it can grow to");
    const auto group = subject_.is_text() ? group_at(source(), diagnostic_.span.begin) : std::nullopt;
    if (!group) return;
    const std::string min = error_.detail.substr(0, error_.detail.find(','));
    const std::string max = error_.detail.substr(std::min(error_.detail.size(), error_.detail.find(',') + 2));
    const std::string_view text = slice(source(), *group);
    const size_t first = text.find(min);
    const size_t second = first == std::string_view::npos ? first : text.find(max, first + min.size());
    if (second == std::string_view::npos) return;
    const Span a{group->begin + first, group->begin + first + min.size()};
    const Span b{group->begin + second, group->begin + second + max.size()};
    help("the two in the other order", swap(source(), a, b));
  }

  const Subject& subject_;
  const wasm::Module& module_;
  const wasm::Error& error_;
  Diagnostic diagnostic_;
};

}  // namespace

Diagnostic explain_definition(const Subject& subject, const wasm::Error& error) {
  return DefinitionExplanation(subject, error).run();
}

}  // namespace cloche::diagnostics

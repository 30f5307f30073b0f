// From the diagnostic engine's reports to the public ones.
#include "cloche/diagnostics.hpp"

#include <algorithm>

#include "api/access.hpp"
#include "api/error.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "text/source_text.hpp"

namespace cloche {
namespace {

class Translation {
 public:
  /// `source` is empty for a binary module.
  explicit Translation(std::string_view source) : source_(source), is_text_(!source.empty()) {}

  Diagnostic operator()(const diagnostics::Diagnostic& from) const {
    Diagnostic to;
    to.kind = detail::public_error(wasm::Error{from.code, wasm::no_offset, {}}).kind();
    to.code = diagnostics::code_name(from.code);
    to.message = from.message;
    if (from.span.exists()) to.span = span(from.span);
    to.label = from.label;
    for (const diagnostics::Label& label : from.labels)
      if (label.span.exists()) to.labels.push_back({span(label.span), label.text});
    to.notes = from.notes;
    for (const diagnostics::Help& help : from.helps) to.helps.push_back(translated(help));
    return to;
  }

 private:
  DiagnosticHelp translated(const diagnostics::Help& from) const {
    DiagnosticHelp to{from.text, {}};
    for (const diagnostics::Edit& edit : from.edits) to.edits.push_back({span(edit.span), edit.text});
    return to;
  }
  SourceSpan span(diagnostics::Span from) const {
    return {from.begin, from.end, position(from.begin), position(from.end)};
  }
  SourcePosition position(uint64_t offset) const {
    if (!is_text_) return {};
    const text::LineColumn at = source_.line_column(offset);
    return {static_cast<uint32_t>(at.line), static_cast<uint32_t>(at.column)};
  }

  text::SourceText source_;
  bool is_text_;
};

diagnostics::CheckOptions check_options(const Engine& engine, const DiagnoseOptions& options) {
  return {.features = detail::ApiAccess::of(engine)->config().features,
          .max_errors = static_cast<size_t>(std::max<uint64_t>(1, options.max_errors))};
}

Diagnostics translate(const diagnostics::Report& report, std::string_view source,
                      const DiagnoseOptions& options) {
  Diagnostics found;
  const Translation translation(source);
  for (const diagnostics::Diagnostic& each : report.diagnostics) found.list.push_back(translation(each));
  found.has_more = report.has_more;
  found.text = diagnostics::render(report, options.file_name, source, {.color = options.color});
  found.json = diagnostics::to_json(report, options.file_name, source);
  return found;
}

}  // namespace

Diagnostics diagnose_text(const Engine& engine, std::string_view text, const DiagnoseOptions& options) {
  return translate(diagnostics::check_text(text, check_options(engine, options)), text, options);
}

Diagnostics diagnose_binary(const Engine& engine, std::span<const uint8_t> bytes,
                            const DiagnoseOptions& options) {
  return translate(diagnostics::check_binary(bytes, check_options(engine, options)), {}, options);
}

}  // namespace cloche

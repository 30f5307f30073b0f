#include "diagnostics/render.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/stable_order.hpp"
#include "diagnostics/layout.hpp"
#include "diagnostics/printable.hpp"
#include "diagnostics/wabt_excerpt.hpp"
#include "text/source_text.hpp"

namespace cloche::diagnostics {
namespace {

std::string hexadecimal(uint64_t offset) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(offset));
  return text;
}

std::string painted(std::string_view text, std::string_view color, bool on) {
  if (!on) return std::string(text);
  return "\033[" + std::string(color) + "m" + std::string(text) + "\033[0m";
}

/// Where excerpts come from: the lines of a text, or of a listing.
class Lines {
 public:
  Lines(const text::SourceText& source, const Listing* listing) : source_(source), listing_(listing) {}

  /// Marks the span in its line; a span over several lines up to the end of the first.
  void mark(Span span, bool primary, std::string text) {
    if (!span.exists()) return;
    if (listing_)
      mark_listing(span, primary, std::move(text));
    else
      mark_text(span, primary, std::move(text));
  }
  /// Shows all lines of the listing, marked or not.
  void add_listing() {
    if (!listing_) return;
    for (size_t i = 0; i < listing_->lines.size(); ++i) listed(i);
  }
  std::string lay_out(bool color) {
    std::vector<MarkedLine> all;
    for (auto& [number, line] : lines_) all.push_back(std::move(line));
    return diagnostics::lay_out(std::move(all), color);
  }

 private:
  void mark_text(Span span, bool primary, std::string text) {
    const uint64_t number = source_.line_column(span.begin).line;
    const std::string_view line = source_.line(number);
    const size_t start = static_cast<size_t>(span.begin - source_.line_start(number));
    MarkedLine& marked = lines_[number];
    marked.number = number;
    marked.margin = std::to_string(number);
    marked.text = line;
    const size_t begin = std::min(start, line.size());
    const size_t end =
        std::clamp<size_t>(static_cast<size_t>(start + (span.end - span.begin)), begin, line.size());
    marked.marks.push_back({begin, end, primary, std::move(text)});
  }
  MarkedLine& listed(size_t index) {
    const Listing::Line& line = listing_->lines[index];
    MarkedLine& marked = lines_[number_of(index)];
    marked.number = number_of(index);
    marked.margin = hexadecimal(line.span.begin);
    marked.text = line.text;
    return marked;
  }
  /// Lines that do not follow each other in the module get numbers with a gap between them.
  uint64_t number_of(size_t index) const {
    uint64_t number = 1;
    for (size_t i = 1; i <= index; ++i)
      number += listing_->lines[i].span.begin == listing_->lines[i - 1].span.end ? 1 : 2;
    return number;
  }
  void mark_listing(Span span, bool primary, std::string text) {
    const auto& lines = listing_->lines;
    for (size_t i = 0; i < lines.size(); ++i) {
      if (span.begin < lines[i].span.begin ||
          span.begin >= std::max(lines[i].span.end, lines[i].span.begin + 1))
        continue;
      MarkedLine& line = listed(i);
      size_t begin = std::min(lines[i].text.find_first_not_of(' '), lines[i].text.size());
      size_t end = lines[i].text.size();
      if (listing_->is_bytes) {
        begin = 3 * static_cast<size_t>(span.begin - lines[i].span.begin);
        end = 3 * static_cast<size_t>(std::min(span.end, lines[i].span.end) - lines[i].span.begin) - 1;
      }
      line.marks.push_back({begin, std::max(begin, end), primary, std::move(text)});
      return;
    }
  }

  const text::SourceText& source_;
  const Listing* listing_;
  std::map<uint64_t, MarkedLine> lines_;
};

/// "FILE:LINE:COLUMN" or "FILE:0xOFFSET".
std::string place(const Diagnostic& diagnostic, const Report& report, std::string_view file,
                  const text::SourceText& source) {
  std::string text = printable(file);
  if (!diagnostic.span.exists()) return text;
  if (report.is_binary) return text + ":" + hexadecimal(diagnostic.span.begin);
  const text::LineColumn at = source.line_column(diagnostic.span.begin);
  return text + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

/// "= note: …" with its further lines beneath the first.
void put_remark(std::string& out, std::string_view kind, std::string_view text, bool color) {
  const std::string indent = "      = ";
  out += indent + painted(std::string(kind) + ":", "1", color) + " ";
  const std::string more(indent.size() + kind.size() + 2, ' ');
  for (bool first = true;; first = false) {
    const size_t end = std::min(text.find('\n'), text.size());
    out += (first ? "" : more) + printable(text.substr(0, end)) + "\n";
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

/// The lines that edits touch, as they were and as they would be.
void put_edits(std::string& out, const Help& help, const text::SourceText& source, bool color) {
  uint64_t first = ~uint64_t{0}, last = 0;
  for (const Edit& edit : help.edits) {
    if (!edit.span.exists() || edit.span.end > source.text().size()) return;
    first = std::min(first, source.line_column(edit.span.begin).line);
    last = std::max(last, source.line_column(edit.span.end).line);
  }
  constexpr uint64_t most_lines = 12;
  constexpr size_t most_bytes = 2000;
  constexpr size_t longest_edit_line = 200;
  if (help.edits.empty() || last - first >= most_lines) return;
  const uint64_t begin = source.line_start(first);
  const std::string_view last_line = source.line(last);
  const uint64_t end = source.line_start(last) + last_line.size();
  if (end - begin > most_bytes) return;
  std::vector<Edit> edits = help.edits;
  base::stable_order(edits, [](const Edit& edit) { return edit.span.begin; });
  std::string changed;
  uint64_t at = begin;
  for (const Edit& edit : edits) {
    if (edit.span.begin < at) return;
    changed += source.text().substr(at, edit.span.begin - at);
    changed += edit.text;
    at = edit.span.end;
  }
  changed += source.text().substr(at, end - at);
  std::string_view rest = changed;
  while (!rest.empty()) {
    const size_t line_end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(std::min(line_end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::string spelled;
    for (const char c : line) spelled += c == '\t' ? ' ' : c;
    if (spelled.size() > longest_edit_line) return;  // in JSON it is whole
    out += "      " + painted("+ " + printable(spelled), "32", color) + "\n";
  }
}

/// The source with all marks.
void put_excerpt(std::string& out, const Diagnostic& diagnostic, const Report& report,
                 const text::SourceText& source, bool color) {
  if (report.is_binary && !diagnostic.listing) return;
  Lines lines(source, diagnostic.listing.get());
  lines.add_listing();
  lines.mark(diagnostic.span, true, diagnostic.label);
  for (const Label& label : diagnostic.labels) lines.mark(label.span, false, label.text);
  out += lines.lay_out(color);
}

/// The span that wabt marks: a definition by its word, without the parenthesis; of a token that is not
/// expected only the parenthesis, if it begins with one.
Span marked_by_wabt(const Diagnostic& diagnostic, std::string_view source) {
  const Span span = diagnostic.span;
  if (!span.exists() || span.begin >= source.size() || source[span.begin] != '(') return span;
  if (diagnostic.code == wasm::ErrorCode::unexpected_token) return {span.begin, span.begin + 1};
  return {span.begin + 1, std::max(span.end, span.begin + 2)};
}

/// What wabt would show of an error: its place, the message, the line.
void put_as_wabt(std::string& out, Diagnostic diagnostic, const Report& report, std::string_view file,
                 const text::SourceText& source, bool color) {
  if (!report.is_binary) diagnostic.span = marked_by_wabt(diagnostic, source.text());
  char offset[24] = "";
  if (report.is_binary && diagnostic.span.exists())
    std::snprintf(offset, sizeof offset, ":%07llx", static_cast<unsigned long long>(diagnostic.span.begin));
  out += (color ? "\033[1m" : "") +
         (report.is_binary ? printable(file) + offset : place(diagnostic, report, file, source)) + ": " +
         (color ? "\033[31merror: \033[0m" : "error: ") + printable(diagnostic.message) + "\n";
  if (report.is_binary || !diagnostic.span.exists()) return;
  const uint64_t number = source.line_column(diagnostic.span.begin).line;
  const uint64_t start = source.line_start(number);
  out += wabt_excerpt(source.line(number), diagnostic.span.begin - start, diagnostic.span.end - start, color);
}

/// What is said of places: where there is only one, it is marked already and its label is a remark.
void put_further_places(std::string& out, const Diagnostic& diagnostic, const Report& report,
                        const text::SourceText& source, bool color) {
  if (report.is_binary || !diagnostic.labels.empty())
    put_excerpt(out, diagnostic, report, source, color);
  else if (!diagnostic.label.empty())
    put_remark(out, "note", diagnostic.label, color);
}

void put(std::string& out, const Diagnostic& diagnostic, const Report& report, std::string_view file,
         const text::SourceText& source, const RenderOptions& options) {
  const bool color = options.color;
  if (options.style == RenderStyle::wabt) {
    put_as_wabt(out, diagnostic, report, file, source, color);
    put_further_places(out, diagnostic, report, source, color);
  } else {
    out += place(diagnostic, report, file, source) + ": " + painted("error:", "1;31", color) + " " +
           painted(printable(diagnostic.message), "1", color) + "\n";
    put_excerpt(out, diagnostic, report, source, color);
  }
  for (const std::string& note : diagnostic.notes) put_remark(out, "note", note, color);
  for (const Help& help : diagnostic.helps) {
    put_remark(out, "help", help.text, color);
    if (!report.is_binary) put_edits(out, help, source, color);
  }
}

}  // namespace

std::string render(const Report& report, std::string_view file, std::string_view source,
                   const RenderOptions& options) {
  const text::SourceText text(source);
  std::string out;
  for (const Diagnostic& diagnostic : report.diagnostics) {
    if (!out.empty() && options.style != RenderStyle::wabt) out += "\n";
    put(out, diagnostic, report, file, text, options);
  }
  if (report.has_more && options.style == RenderStyle::wabt)
    out += printable(file) + ": there are more errors\n";
  else if (report.has_more)
    out += "\n" + printable(file) + ": there are more errors; --max-errors shows more\n";
  return out;
}

}  // namespace cloche::diagnostics

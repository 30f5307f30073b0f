#include "debug/explain_render.hpp"

#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "debug/markup.hpp"

namespace cloche::debug {

using base::put_json_string;

namespace {

using Row = ExplainedRow;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) text.append(i == 0 ? "" : between).append(words[i]);
  return text;
}

std::string hex(uint32_t offset) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", offset);
  return text;
}

/// The cells of a row: step, offset, source, instruction, stack, touches and notes.
constexpr std::array<std::string_view, 6> headings = {"step",        "offset", "source",
                                                      "instruction", "stack",  "touches"};
constexpr size_t source_column = 2;
constexpr size_t instruction_column = 3;
constexpr size_t stack_column = 4;
using Cells = std::array<std::string, headings.size()>;

std::string stack_cell(const Row& row) {
  if (!row.reached) return "(never reached)";
  return row.goes_on ? stack_text(row.stack, row.hidden) : "(does not go on)";
}

Cells cells_of(const Row& row) {
  const std::string touched = row.touches.empty() ? "value stack only" : joined(row.touches, "; ");
  std::string last = row.reached ? touched : "";
  if (!row.notes.empty()) last += (last.empty() ? "" : "; ") + joined(row.notes, "; ");
  constexpr uint32_t deepest_indent = 40;
  const std::string indent(size_t{2} * std::min(row.depth, deepest_indent), ' ');
  return {std::to_string(row.step), hex(row.offset), row.source,
          indent + row.text,        stack_cell(row), std::move(last)};
}

/// Characters as a terminal shows them, roughly: code points.
size_t width_of(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string results_text(const Explanation& explanation) {
  const auto results = explanation.results();
  if (!results) return "Its end is never reached.";
  return results->empty() ? "Returns nothing." : "Returns " + joined(*results, ", ") + ".";
}

std::string heading(const Explanation& explanation) {
  std::string text = "func " + explanation.name();
  if (const std::string signature = explanation.signature(); !signature.empty()) text += " " + signature;
  return text;
}

/// A cell of a Markdown table.
std::string markdown_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '<' || c == '`' || c == '[' || c == ']')
      out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}
/// The same as code, fenced by more backquotes than it contains.
std::string markdown_code(std::string_view text) {
  std::string body;
  for (const char c : text) body += c == '|' ? std::string("\\|") : std::string(1, c);
  const bool has_quote = text.find('`') != std::string_view::npos;
  if (text.empty()) return {};
  return has_quote ? "`` " + body + " ``" : "`" + body + "`";
}

void put_json_list(std::string& out, const std::vector<std::string>& words) {
  out += '[';
  for (size_t i = 0; i < words.size(); ++i) {
    if (i != 0) out += ", ";
    put_json_string(out, words[i]);
  }
  out += ']';
}

std::string json_row(const Row& row) {
  std::string out = "{\"step\": " + std::to_string(row.step) + ", \"offset\": " + std::to_string(row.offset) +
                    ", \"depth\": " + std::to_string(row.depth) + ", \"instruction\": ";
  put_json_string(out, row.text);
  out += ", \"reached\": ";
  out += row.reached ? "true" : "false";
  out += ", \"stack\": ";
  if (row.goes_on)
    put_json_list(out, row.stack);
  else
    out += "null";
  if (row.hidden != 0) out += ", \"hidden\": " + std::to_string(row.hidden);
  out += ", \"touches\": ";
  put_json_list(out, row.touches);
  out += ", \"notes\": ";
  put_json_list(out, row.notes);
  if (!row.source.empty()) {
    out += ", \"source\": ";
    put_json_string(out, row.source);
  }
  if (!row.source_text.empty()) {
    out += ", \"text\": ";
    put_json_string(out, row.source_text);
  }
  return out + "}";
}

constexpr std::string_view html_head = R"(<meta name="viewport" content="width=device-width">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em; color: #222; background: #fff; }
table { border-collapse: collapse; margin-bottom: 2em; }
th, td { text-align: left; vertical-align: top; padding: .2em .9em .2em 0; border-bottom: 1px solid #ddd; }
td.code { font-family: ui-monospace, monospace; white-space: pre-wrap; }
tr.dead td { color: #999; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b; } th, td { border-color: #444; } }
</style>
)";

}  // namespace

ExplainWriter::ExplainWriter(base::Output& out, ExplainFormat format, std::string title)
    : out_(out), format_(format), title_(std::move(title)) {}

void ExplainWriter::begin() {
  if (format_ == ExplainFormat::json) {
    std::string name;
    put_json_string(name, title_);
    out_.put("{\"module\": ", name, ", \"functions\": [");
  }
  if (format_ == ExplainFormat::html)
    out_.put("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>", markup_text(title_),
             "</title>\n", html_head);
}

void ExplainWriter::function(const Explanation& explanation) {
  switch (format_) {
    case ExplainFormat::text:
      text(explanation);
      break;
    case ExplainFormat::markdown:
      markdown(explanation);
      break;
    case ExplainFormat::json:
      json(explanation);
      break;
    case ExplainFormat::html:
      html(explanation);
      break;
  }
  first_ = false;
}

void ExplainWriter::end() {
  if (format_ == ExplainFormat::json) out_.put(first_ ? "]}\n" : "\n]}\n");
  if (format_ == ExplainFormat::html) out_.put("</html>\n");
}

void ExplainWriter::text(const Explanation& explanation) {
  constexpr size_t widest = 60;  // longer cells push the rest of their row aside
  if (!first_) out_.put('\n');
  out_.put(heading(explanation), "\n");
  std::array<size_t, headings.size()> widths{};
  for (size_t i = 0; i < widths.size(); ++i) widths[i] = headings[i].size();
  bool has_source = false;
  explanation.each([&](const Row& row) {
    const Cells cells = cells_of(row);
    has_source |= !row.source.empty();
    for (size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], std::min(widest, width_of(cells[i])));
  });
  const auto put_line = [&](const auto& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i == source_column && !has_source) continue;
      const size_t width = width_of(cells[i]);
      const std::string padding(width < widths[i] ? widths[i] - width : 0, ' ');
      line += i == 0 ? padding : "  ";
      line += cells[i];
      if (i != 0) line += padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out_.put(line, "\n");
  };
  put_line(headings);
  explanation.each([&](const Row& row) { put_line(cells_of(row)); });
  out_.put(results_text(explanation), "\n");
}

void ExplainWriter::markdown(const Explanation& explanation) {
  if (!first_) out_.put('\n');
  out_.put("### ", markdown_code(heading(explanation)), "\n\n|");
  for (const std::string_view name : headings) out_.put(" ", name, " |");
  out_.put("\n|");
  for (size_t i = 0; i < headings.size(); ++i) out_.put(i == 0 ? "---:|" : "---|");
  out_.put('\n');
  explanation.each([&](const Row& row) {
    const Cells cells = cells_of(row);
    out_.put('|');
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool is_code = i == instruction_column || (i == stack_column && row.goes_on);
      out_.put(" ", is_code ? markdown_code(cells[i]) : markdown_cell(cells[i]), " |");
    }
    out_.put('\n');
  });
  out_.put('\n', markdown_cell(results_text(explanation)), '\n');
}

void ExplainWriter::json(const Explanation& explanation) {
  std::string head = first_ ? "\n" : ",\n";
  head += "{\"index\": " + std::to_string(explanation.func_index()) + ", \"name\": ";
  put_json_string(head, explanation.name());
  head += ", \"signature\": ";
  put_json_string(head, explanation.signature());
  if (const std::string place = explanation.place(); !place.empty()) {
    head += ", \"source\": ";
    put_json_string(head, place);
  }
  out_.put(head, ", \"rows\": [");
  bool first = true;
  explanation.each([&](const Row& row) {
    out_.put(first ? "\n  " : ",\n  ", json_row(row));
    first = false;
  });
  std::string results = "null";
  if (const auto values = explanation.results()) {
    results.clear();
    put_json_list(results, *values);
  }
  out_.put(first ? "" : "\n", "], \"results\": ", results, "}");
}

void ExplainWriter::html(const Explanation& explanation) {
  out_.put("<h2><code>", markup_text(heading(explanation)), "</code></h2>\n<table>\n<tr>");
  for (const std::string_view name : headings) out_.put("<th>", name);
  out_.put("\n");
  explanation.each([&](const Row& row) {
    const Cells cells = cells_of(row);
    out_.put(row.reached ? "<tr>" : "<tr class=\"dead\">");
    for (size_t i = 0; i < cells.size(); ++i) {
      out_.put(i + 1 == cells.size() ? "<td>" : "<td class=\"code\"");
      if (i == source_column && !row.source_text.empty())
        out_.put(" title=\"", markup_text(row.source_text), "\"");
      if (i + 1 != cells.size()) out_.put('>');
      out_.put(markup_text(cells[i]));
    }
    out_.put("\n");
  });
  out_.put("</table>\n<p>", markup_text(results_text(explanation)), "</p>\n");
}

}  // namespace cloche::debug

#include "diagnostics/json.hpp"

#include <array>

#include "base/json_text.hpp"
#include "text/source_text.hpp"

namespace cloche::diagnostics {
namespace {

constexpr std::array<std::string_view, 256> code_names = {
#define ERROR(name, kind, text, separator) #name,
#include "wasm/errors.def"
#undef ERROR
};

}  // namespace

std::string_view code_name(wasm::ErrorCode code) { return code_names[static_cast<size_t>(code)]; }

namespace {

class Writer {
 public:
  Writer(std::string& out, const text::SourceText* source) : out_(out), source_(source) {}

  void put(const Diagnostic& diagnostic, std::string_view file) {
    out_ += "{";
    member("file", file);
    member("kind", wasm::error_class_name(wasm::error_class(diagnostic.code)));
    member("code", code_name(diagnostic.code));
    member("message", diagnostic.message);
    put_key("span");
    put(diagnostic.span);
    if (!diagnostic.label.empty()) member("label", diagnostic.label);
    put_key("labels");
    list(diagnostic.labels, [&](const Label& label) { spanned(label.span, label.text); });
    put_key("notes");
    list(diagnostic.notes, [&](const std::string& note) { base::put_json_string(out_, note); });
    put_key("helps");
    list(diagnostic.helps, [&](const Help& help) {
      out_ += "{";
      member("text", help.text);
      put_key("edits");
      list(help.edits, [&](const Edit& edit) { spanned(edit.span, edit.text); });
      out_ += "}";
    });
    out_ += "}\n";
  }

 private:
  template <class List, class F>
  void list(const List& items, F put_item) {
    out_ += "[";
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ",";
      first = false;
      put_item(item);
    }
    out_ += "]";
  }
  void put_key(std::string_view key) {
    if (out_.back() != '{') out_ += ",";
    out_ += "\"" + std::string(key) + "\":";
  }
  void member(std::string_view key, std::string_view value) {
    put_key(key);
    base::put_json_string(out_, value);
  }
  void spanned(Span span, std::string_view text) {
    out_ += "{";
    put_key("span");
    put(span);
    member("text", text);
    out_ += "}";
  }
  void put(Span span) {
    if (!span.exists()) {
      out_ += "null";
      return;
    }
    out_ += "{\"start\":";
    put_place(span.begin);
    out_ += ",\"end\":";
    put_place(span.end);
    out_ += "}";
  }
  void put_place(uint64_t offset) {
    out_ += "{\"offset\":" + std::to_string(offset);
    if (source_) {
      const text::LineColumn at = source_->line_column(offset);
      out_ += ",\"line\":" + std::to_string(at.line) + ",\"column\":" + std::to_string(at.column);
    }
    out_ += "}";
  }

  std::string& out_;
  const text::SourceText* source_;
};

}  // namespace

std::string to_json(const Report& report, std::string_view file, std::string_view source) {
  const text::SourceText text(source);
  std::string out;
  Writer writer(out, report.is_binary ? nullptr : &text);
  for (const Diagnostic& diagnostic : report.diagnostics) writer.put(diagnostic, file);
  return out;
}

}  // namespace cloche::diagnostics

#include "diagnostics/edits.hpp"

#include "base/stable_order.hpp"
#include "diagnostics/scan.hpp"

namespace cloche::diagnostics {

std::string apply_edits(std::string_view source, std::vector<Edit> edits) {
  base::stable_order(edits, [](const Edit& edit) { return edit.span.begin; });
  std::string out;
  uint64_t at = 0;
  for (const Edit& edit : edits) {
    if (edit.span.begin < at || edit.span.end > source.size()) continue;
    out += source.substr(at, edit.span.begin - at);
    out += edit.text;
    at = edit.span.end;
  }
  out += source.substr(at);
  return out;
}

std::vector<Edit> add_field(std::string_view source, std::string_view field) {
  size_t paren = source.find("(module");
  // Only white space and comments stand before `(module`; whatever looks like it elsewhere is not it.
  const auto group = paren == std::string_view::npos ? std::nullopt : group_at(source, paren);
  if (paren != std::string_view::npos && (!group || open_parens(source, paren).size() != 0)) return {};
  if (!group) {
    const uint64_t end = source.size();
    return {{{end, end}, std::string(source.ends_with('\n') ? "" : "\n") + std::string(field) + "\n"}};
  }
  const uint64_t end = group->end - 1;
  return {{{end, end}, (source[end - 1] == '\n' ? "  " : "\n  ") + std::string(field)}};
}

std::vector<Edit> make_mutable(std::string_view source, Span place, std::string_view type) {
  if (!place.exists() || place.begin >= source.size()) return {};
  const auto group = group_at(source, place.begin);
  if (!group) return {};
  const std::string_view text = slice(source, *group);
  for (size_t at = text.find(type); at != std::string_view::npos; at = text.find(type, at + 1)) {
    const auto bounds = [](char c) {
      return c == ' ' || c == '(' || c == ')' || c == '\t' || c == '\n' || c == '\r';
    };
    if (at == 0 || !bounds(text[at - 1]) || at + type.size() >= text.size() ||
        !bounds(text[at + type.size()]))
      continue;
    const uint64_t begin = group->begin + at;
    return {{{begin, begin + type.size()}, "(mut " + std::string(type) + ")"}};
  }
  return {};
}

std::vector<Edit> wrap(Span span, std::string before, std::string after) {
  return {{{span.begin, span.begin}, std::move(before)}, {{span.end, span.end}, std::move(after)}};
}

std::vector<Edit> swap(std::string_view source, Span a, Span b) {
  return {{a, std::string(slice(source, b))}, {b, std::string(slice(source, a))}};
}

}  // namespace cloche::diagnostics

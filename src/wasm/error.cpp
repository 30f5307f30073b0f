#include "wasm/error.hpp"

#include <array>

namespace cloche::wasm {
namespace {

struct ErrorRow {
  ErrorClass error_class;
  std::string_view text;
  std::string_view separator;
};

constexpr std::array error_rows = {
#define ERROR(name, kind, text, separator) ErrorRow{ErrorClass::kind, text, separator},
#include "wasm/errors.def"
#undef ERROR
};

constexpr const ErrorRow& row(ErrorCode code) { return error_rows[static_cast<size_t>(code)]; }

}  // namespace

std::string Error::message() const {
  std::string text(row(code).text);
  if (!detail.empty()) text.append(row(code).separator).append(detail);
  return text;
}

ErrorClass error_class(ErrorCode code) { return row(code).error_class; }
std::string_view error_text(ErrorCode code) { return row(code).text; }

std::string_view error_class_name(ErrorClass error_class) {
  constexpr std::array<std::string_view, 7> names = {"malformed", "invalid", "limit", "unlinkable",
                                                     "resource",  "io",      "usage"};
  return names[static_cast<size_t>(error_class)];
}

base::Unexpected<Error> fail_limit(std::string_view what, uint64_t count, uint64_t limit, uint64_t offset) {
  return fail(ErrorCode::limit_exceeded, offset,
              std::string(what) + ": " + std::to_string(count) + ", at most " + std::to_string(limit));
}

}  // namespace cloche::wasm

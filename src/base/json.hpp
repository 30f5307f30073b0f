// Reads JSON (RFC 8259) strictly, into a tree of values.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace cloche::base {

struct JsonValue {
  enum class Kind : uint8_t { null, boolean, number, string, array, object } kind = Kind::null;
  uint64_t offset = 0;  // of its first byte in the text
  bool truth = false;
  std::string_view text;                // of a string, decoded to UTF-8; of a number, as it stands
  std::vector<JsonValue> items;         // of an array; of an object, in order
  std::vector<std::string_view> names;  // of an object: what its items are called

  bool is(Kind wanted) const { return kind == wanted; }
  /// The first member of that name, or null.
  const JsonValue* find(std::string_view name) const;
  /// The number as a natural number below 2^64, if it is one.
  std::optional<uint64_t> natural() const;
};

struct JsonError {
  uint64_t offset = 0;  // in the text
  std::string message;
};

/// Views point into the text, which must outlive the document, or into `strings`.
struct JsonDocument {
  JsonValue root;
  std::deque<std::string> strings;
};

/// Fails: what is malformed; values nested deeper than 200.
Expected<JsonDocument, JsonError> parse_json(std::string_view text);

}  // namespace cloche::base

// A module's listing as JSON, for programs.
#pragma once

#include <functional>
#include <string_view>

#include "base/output.hpp"
#include "dump/index.hpp"

namespace cloche::dump {

struct JsonOptions {
  bool instructions = false;                  // also those of function bodies
  std::function<bool(uint32_t func)> wanted;  // functions that are listed; all where it is empty
};

/// One object: "file", "module" (its name), "sections", "imports", "exports", "functions", "problems".
/// Offsets and sizes are in bytes, offsets from the start of the module. Names that are no UTF-8 have U+FFFD
/// where they are damaged.
void put_json_listing(base::Output& out, const Index& index, std::string_view file,
                      const JsonOptions& options);

}  // namespace cloche::dump

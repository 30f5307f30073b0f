// Modules from text, and their listings, for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "dump/listing.hpp"
#include "text/parser.hpp"

namespace cloche::dump::testing {

inline std::vector<uint8_t> assembled(std::string_view text) {
  auto module = text::assemble(text, wasm::FeatureSet::all());
  EXPECT_TRUE(module) << (module ? "" : module.error().message());
  return module ? std::move(module->bytes) : std::vector<uint8_t>();
}

inline Index index_of(const std::vector<uint8_t>& bytes) {
  return make_index(bytes, wasm::FeatureSet::all());
}

/// A listing's text without its first three lines, which name the file.
inline std::string listing(const Index& index, const ListingOptions& options) {
  base::StringOutput out;
  Listing(out, index, options).write("m.wasm");
  const std::string first = "\nm.wasm:\tfile format wasm 0x1\n";
  EXPECT_EQ(out.text().substr(0, first.size()), first);
  return out.text().substr(std::min(first.size(), out.text().size()));
}

/// Appends a custom section with these contents.
inline void add_custom(std::vector<uint8_t>& module, std::string_view name,
                       const std::vector<uint8_t>& contents) {
  module.push_back(0);
  module.push_back(static_cast<uint8_t>(1 + name.size() + contents.size()));
  module.push_back(static_cast<uint8_t>(name.size()));
  module.insert(module.end(), name.begin(), name.end());
  module.insert(module.end(), contents.begin(), contents.end());
}

}  // namespace cloche::dump::testing

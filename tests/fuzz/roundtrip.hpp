// What the two fuzz targets of the way between text and binary share. The last byte of an input chooses how
// modules are printed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "binary/decoder.hpp"
#include "text/parser.hpp"
#include "text/printer.hpp"

namespace cloche::fuzz {

using Bytes = std::vector<uint8_t>;

inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

inline text::PrintOptions print_options(uint8_t choice) {
  const auto is_set = [choice](unsigned bit) { return ((choice >> bit) & 1) != 0; };
  text::PrintOptions options;
  options.style = is_set(0) ? text::PrintStyle::wabt : text::PrintStyle::readable;
  options.folded = is_set(1);
  options.generate_names = is_set(2);
  options.inline_exports = is_set(3);
  options.inline_imports = is_set(4);
  options.use_names = !is_set(5);
  options.depth_comments = !is_set(6);
  options.max_bytes = 1 << 20;
  return options;
}

/// Whether text printed so says all that the module says: made-up names are names, too, wabt's style leaves
/// custom sections' places and hints out, and exports that move into definitions may come in another order.
inline bool keeps_everything(const text::PrintOptions& options) {
  return options.style == text::PrintStyle::readable && !options.generate_names && !options.inline_exports;
}

inline wasm::Result<wasm::Module> decode(const Bytes& bytes) {
  return binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), wasm::FeatureSet::all());
}

/// The module printed and assembled again; empty where the text would be too long or a body does not nest.
inline Bytes print_and_assemble(const wasm::Module& module, const text::PrintOptions& options) {
  const auto printed = text::print(module, options);
  if (!printed) return {};
  auto again = text::assemble(*printed, wasm::FeatureSet::all());
  require(again.has_value(), "the printed module does not assemble");
  return std::move(again->bytes);
}

}  // namespace cloche::fuzz

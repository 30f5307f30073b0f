// What commands call their output where nothing is said.
#pragma once

#include <string>

namespace cloche::cli {

/// The input's name in the current folder with another ending: "lib/a.wat" gives "a.wasm". For standard input
/// "-", which is then standard output.
inline std::string output_name(const std::string& input, const std::string& ending) {
  if (input == "-") return input;
  const std::string base = input.substr(input.rfind('/') + 1);
  const size_t dot = base.rfind('.');
  return (dot == std::string::npos || dot == 0 ? base : base.substr(0, dot)) + ending;
}

}  // namespace cloche::cli

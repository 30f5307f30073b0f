// Checks files and says everything that is wrong with them, not only the first. What is right is checked as
// fast as without diagnostics: only after an error does the file go through the slower passes that explain.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "diagnostics/diagnostic.hpp"
#include "wasm/features.hpp"

namespace cloche::diagnostics {

struct CheckOptions {
  wasm::FeatureSet features = wasm::FeatureSet::standard();
  size_t max_errors = 20;
  size_t max_in_function = 5;  // later ones often follow from earlier ones
  bool validate = true;        // false: only what is malformed
  unsigned threads =
      0;  // that check bodies; 0: as many as are worth it. Diagnostics are the same for any number
};

/// Checks a module in the text format. Never fails itself; the report borrows nothing.
Report check_text(std::string_view source, const CheckOptions& options);

/// Checks a binary module.
Report check_binary(std::span<const uint8_t> bytes, const CheckOptions& options);

/// Checks a script's own syntax and the text modules that it defines; modules within assertions may be as
/// wrong as they like.
Report check_script(std::string_view source, const CheckOptions& options);

/// Whether a file is a binary module: by its first bytes, or named so.
bool is_binary_module(std::string_view file_name, std::span<const uint8_t> bytes);

/// Any file: binary modules by their first bytes or the name *.wasm, scripts by the name *.wast, text
/// otherwise.
Report check_file(std::string_view file_name, std::span<const uint8_t> bytes, const CheckOptions& options);

/// The diagnostic of one error, without a look at the rest of the file: of a text whose offset `error` has,
/// or of a binary module.
Report report_of(const wasm::Error& error, std::string_view contents, bool is_text);

/// The diagnostic of an error that something else has found, such as linking, in a file that is itself
/// well-formed and valid; `error.offset` counts in the module's bytes, also for text.
Report explain_error(std::string_view file_name, std::span<const uint8_t> bytes, const wasm::Error& error,
                     const CheckOptions& options);

}  // namespace cloche::diagnostics

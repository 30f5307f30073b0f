// Modules as the toolkit's commands read them: decoded and checked, without an engine that could run them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cloche/config.hpp"
#include "platform/files.hpp"
#include "text/parser.hpp"
#include "text/script.hpp"
#include "text/source_text.hpp"
#include "wasm/module.hpp"

namespace cloche::cli {

wasm::FeatureSet features_of(const Config& config);

/// A file and what messages call it.
struct Input {
  std::string name;
  platform::FileBytes file;

  std::string_view text() const {
    return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
  }
};

/// Reads a file, "-" being standard input. Dies when that fails.
Input read_module_input(const std::string& file);

/// The same of a text, for assemble_input and nothing else.
Input read_text_input(const std::string& file);

/// The module in the binary format that the input is. Prints the error and ends the process when it is none,
/// or with `check` when it is not valid.
std::shared_ptr<const wasm::Module> load_binary(const Input& input, const Config& config, bool check);

/// What the assembler makes of the input. Prints the errors and ends the process when it is not well-formed,
/// or with `check` not valid. Errors do not need options.offsets.
text::Assembled assemble_input(const Input& input, const Config& config, text::AssembleOptions options,
                               bool check);

/// The script that the input is. Prints the errors and ends the process when it is none.
text::Script parse_script_input(const Input& input, const Config& config);

/// The decoded form of bytes that the assembler made.
std::shared_ptr<const wasm::Module> decode_assembled(const text::Assembled& assembled, const Config& config);

/// Prints an error whose offset counts in the input.
[[noreturn]] void fail_at(const Input& input, const wasm::Error& error, bool is_text);

}  // namespace cloche::cli

// Where commands read and write: files, and - for standard input and output.
#pragma once

#include <span>
#include <string>

#include "platform/files.hpp"

namespace cloche::cli {

/// The largest input that any command reads.
inline constexpr uint64_t max_input_bytes = 1u << 30;

/// The bytes of a file, or of standard input for "-". Dies with a message that names the file.
platform::FileBytes read_input(const std::string& file, uint64_t limit_bytes = max_input_bytes);

/// The bytes of a text, which a large file may be asked for while they are used; see platform::map_file.
/// Whoever has used them calls check_source_file. Dies with a message that names the file.
platform::FileBytes read_source(const std::string& file, uint64_t limit_bytes);

/// Dies with a message that names the file when it was shortened while it was used.
void check_source_file(const std::string& name);

/// What messages call an input: its name, or "<stdin>" for "-".
std::string input_name(const std::string& file);

/// Writes bytes to a file, or to standard output for "-"; binary ones never to a terminal. Dies with a
/// message that names the file.
enum class Contents : uint8_t { text, binary };
void write_output(const std::string& file, std::span<const uint8_t> bytes, Contents contents);

/// Gives a file new contents at once (see platform::replace_file). Dies with a message that names the file.
void rewrite_file(const std::string& file, std::span<const uint8_t> bytes);

}  // namespace cloche::cli

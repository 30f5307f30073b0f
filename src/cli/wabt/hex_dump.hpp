// Bytes in hexadecimal as wabt's commands dump modules: an offset and sixteen bytes in pairs on a line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>

namespace cloche::cli {

/// With a remark, the last line ends in "  ; REMARK". Offsets count from the first byte.
void print_hex_dump(std::span<const uint8_t> bytes, std::FILE* stream = stdout, const char* remark = nullptr);

}  // namespace cloche::cli

#include "symbols/code_map.hpp"

#include <algorithm>

#include "binary/reader.hpp"

namespace cloche::symbols {
namespace {

constexpr uint8_t code_section = 10;
constexpr size_t header_bytes = 8;

wasm::Result<std::optional<uint32_t>> find_code_section(std::span<const uint8_t> bytes) {
  binary::Reader reader(bytes, header_bytes, bytes.size());
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.u8());
    const uint32_t size = TRY(reader.byte_length());
    if (id == code_section) return std::optional(static_cast<uint32_t>(reader.offset()));
    reader.advance(size);
  }
  return std::optional<uint32_t>();
}

}  // namespace

std::optional<uint32_t> code_section_offset(const wasm::Module& module) {
  if (module.codes.empty()) return std::nullopt;
  const auto found = find_code_section(module.bytes.span());
  return found ? *found : std::nullopt;
}

std::optional<wasm::FuncIdx> func_at(const wasm::Module& module, uint64_t offset) {
  const auto after =
      std::upper_bound(module.codes.begin(), module.codes.end(), offset,
                       [](uint64_t at, const wasm::Code& code) { return at < code.body.offset; });
  if (after == module.codes.begin()) return std::nullopt;
  const wasm::ByteRange body = (after - 1)->body;
  if (offset >= uint64_t{body.offset} + body.size) return std::nullopt;
  return wasm::FuncIdx(module.imported_funcs + static_cast<uint32_t>(after - 1 - module.codes.begin()));
}

}  // namespace cloche::symbols

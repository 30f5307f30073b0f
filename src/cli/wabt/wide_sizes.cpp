#include "cli/wabt/wide_sizes.hpp"

#include "binary/reader.hpp"

namespace cloche::cli {
namespace {

using binary::Reader;
using Bytes = std::vector<uint8_t>;

constexpr size_t header_bytes = 8;
constexpr uint8_t custom_section = 0;
constexpr uint8_t code_section = 10;

void append(Bytes& out, Reader& from, size_t count) {
  out.insert(out.end(), from.position(), from.position() + count);
  from.advance(count);
}

void append_wide(Bytes& out, size_t size) {
  for (unsigned i = 0; i < 5; ++i)
    out.push_back(static_cast<uint8_t>(((size >> (7 * i)) & 0x7F) | (i < 4 ? 0x80 : 0)));
}

void append_sized(Bytes& out, const Bytes& contents) {
  append_wide(out, contents.size());
  out.insert(out.end(), contents.begin(), contents.end());
}

/// The bytes that a number takes, without changing it.
wasm::Result<void> copy_number(Bytes& out, Reader& from) {
  Reader behind = from;
  TRY(behind.u32());
  append(out, from, behind.offset() - from.offset());
  return {};
}

wasm::Result<void> widen_bodies(Bytes& out, Reader from) {
  TRY(copy_number(out, from));
  while (!from.at_end()) {
    const uint32_t size = TRY(from.byte_length());
    append_wide(out, size);
    append(out, from, size);
  }
  return {};
}

wasm::Result<void> widen_custom(Bytes& out, Reader from) {
  Reader behind = from;
  const bool names = TRY(behind.name()) == "name";
  append(out, from, behind.offset() - from.offset());
  while (names && !from.at_end()) {
    out.push_back(TRY(from.u8()));
    const uint32_t size = TRY(from.byte_length());
    append_wide(out, size);
    append(out, from, size);
  }
  append(out, from, from.remaining());
  return {};
}

wasm::Result<Bytes> widen(std::span<const uint8_t> module) {
  Bytes out;
  Reader reader(module);
  append(out, reader, header_bytes);
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.u8());
    const uint32_t size = TRY(reader.byte_length());
    Reader section = reader.sub(size);
    Bytes contents;
    if (id == code_section)
      TRY(widen_bodies(contents, section));
    else if (id == custom_section)
      TRY(widen_custom(contents, section));
    else
      append(contents, section, size);
    out.push_back(id);
    append_sized(out, contents);
    reader.advance(size);
  }
  return out;
}

}  // namespace

std::vector<uint8_t> with_wide_sizes(std::span<const uint8_t> module) {
  auto wide = widen(module);
  return wide ? std::move(*wide) : Bytes(module.begin(), module.end());
}

}  // namespace cloche::cli

// Any module, binary or text, validates or is refused with a place inside it; and what validates also
// validates after it was encoded, and gives every body its side table.
#include <cstdlib>
#include <string_view>

#include "abi/code.hpp"
#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "interp/side_table.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace {

using namespace cloche;
using binary::Bytes;

void require(bool condition) {
  if (!condition) std::abort();
}

wasm::Result<wasm::Module> decode(const Bytes& bytes) {
  return binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), wasm::FeatureSet::all());
}

/// The input itself when it is binary, otherwise what its text assembles to.
Bytes module_bytes(const uint8_t* data, size_t size) {
  if (binary::has_magic({data, size})) return {data, data + size};
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  auto assembled = text::assemble(source, wasm::FeatureSet::all());
  return assembled ? std::move(assembled->bytes) : Bytes{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = module_bytes(data, size);
  auto module = decode(bytes);
  if (!module) return 0;
  validate::TypeRegistry registry;
  const Bytes encoded = binary::encode(*module);
  const auto valid = validate::validate(std::make_shared<const wasm::Module>(*std::move(module)), registry);
  if (!valid) {
    require(valid.error().offset <= bytes.size());
    return 0;
  }
  for (uint32_t i = 0; i < valid->module().codes.size(); ++i) {
    abi::PreparedCode code;
    interp::build_side_table(*valid, i, code);
  }
  auto again = decode(encoded);
  require(again.has_value());
  require(validate::validate(std::make_shared<const wasm::Module>(*std::move(again)), registry).has_value());
  return 0;
}

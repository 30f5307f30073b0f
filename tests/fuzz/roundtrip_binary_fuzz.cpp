// Binary to text to binary: a valid module comes back from its text; the first time perhaps shorter, since
// text keeps no padding of numbers, from then on as the same bytes and the same text.
#include "roundtrip.hpp"
#include "validate/validate.hpp"

using namespace cloche;
using namespace cloche::fuzz;

namespace {

/// The input itself when it is binary, otherwise what its text assembles to, so that seeds can be text.
Bytes module_bytes(const uint8_t* data, size_t size) {
  if (binary::has_magic({data, size})) return {data, data + size};
  auto assembled = text::assemble({reinterpret_cast<const char*>(data), size}, wasm::FeatureSet::all());
  return assembled ? std::move(assembled->bytes) : Bytes{};
}

bool is_valid(wasm::Module module) {
  validate::TypeRegistry registry;
  return validate::validate(std::make_shared<const wasm::Module>(std::move(module)), registry).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const text::PrintOptions options = print_options(data[size - 1]);
  const Bytes bytes = module_bytes(data, size - 1);
  const auto module = decode(bytes);
  if (!module || !is_valid(*module)) return 0;
  const Bytes once = print_and_assemble(*module, options);
  if (once.empty()) return 0;
  const auto second = decode(once);
  require(second.has_value(), "the printed module assembles to what does not decode");
  require(is_valid(*second), "the printed module assembles to what is not valid");
  const Bytes twice = print_and_assemble(*second, options);
  require(twice.empty() || twice == once, "the bytes change the second time");
  return 0;
}

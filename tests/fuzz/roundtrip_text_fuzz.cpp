// Text to binary to text to binary: what assembles comes back from its text as the same bytes, printed in any
// way; what the way of printing leaves out is gone after the first time.
#include "roundtrip.hpp"

using namespace cloche;
using namespace cloche::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view source(reinterpret_cast<const char*>(data), size - 1);
  const auto assembled = text::assemble(source, wasm::FeatureSet::all(), {.layout = true});
  // A module in binary form need not be canonical.
  if (!assembled || source.find("binary") != std::string_view::npos) return 0;
  const auto module = decode(assembled->bytes);
  if (!module) return 0;
  text::PrintOptions options = print_options(data[size - 1]);
  const Bytes once = print_and_assemble(*module, options);
  if (once.empty()) return 0;
  if (keeps_everything(options))
    require(once == assembled->bytes, "the printed module assembles to other bytes");
  const auto second = decode(once);
  require(second.has_value(), "the printed module assembles to what does not decode");
  const Bytes twice = print_and_assemble(*second, options);
  require(twice.empty() || twice == once, "the bytes change the second time");
  options.layout = &assembled->layout;
  require(!print_and_assemble(*module, options).empty(), "the module has no text in its own order");
  return 0;
}

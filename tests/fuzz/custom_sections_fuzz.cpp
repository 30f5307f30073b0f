// Whatever stands in custom sections: names, lines and inlined functions are found or not, and reading them
// ends. The input is a sequence of custom sections behind a small module; so the fuzzer need not write that
// module.
#include <cstdlib>

#include "binary/decoder.hpp"
#include "symbols/dwarf/dwarf.hpp"
#include "symbols/symbols.hpp"

namespace {

using namespace cloche;

/// A module with a function of two instructions.
constexpr uint8_t module_start[] = {0, 'a', 's', 'm', 1, 0,  0, 0, 1, 4, 1, 0x60, 0,
                                    0, 3,   2,   1,   0, 10, 5, 1, 3, 0, 1, 0x0B};

void ask_symbols(const wasm::Module& module) {
  const symbols::Symbols symbols(module);
  for (uint32_t offset = 0; offset < 64; ++offset) {
    const auto location = symbols.locate(offset);
    if (location && location->place.to_string().empty() && location->place.line != 0) std::abort();
  }
  static_cast<void>(symbols.offsets_of_line("a.c", 1));
  for (uint8_t space = 0; space < symbols::space_count; ++space)
    if (symbols.names().describe(static_cast<symbols::Space>(space), 0).size() > module.bytes.size() + 32)
      std::abort();
}

void ask_dwarf(const wasm::Module& module) {
  symbols::dwarf::Dwarf dwarf(symbols::dwarf::find_sections(module));
  for (uint32_t address = 0; address < 64; ++address)
    if (dwarf.function(address).size() > module.bytes.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<uint8_t> bytes(std::begin(module_start), std::end(module_start));
  bytes.insert(bytes.end(), data, data + size);
  const auto features = wasm::FeatureSet::all();
  const auto module = binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), features);
  if (!module) return 0;
  ask_symbols(*module);
  ask_dwarf(*module);
  return 0;
}

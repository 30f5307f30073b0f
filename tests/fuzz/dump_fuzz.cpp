// Any bytes can be listed, counted and stripped; the listing ends, and nothing is read that is not there.
#include <cstdlib>
#include <vector>

#include "dump/json.hpp"
#include "dump/listing.hpp"
#include "dump/names_shown.hpp"
#include "dump/statistics.hpp"
#include "dump/strip.hpp"

namespace {

using namespace cloche;

void require(bool condition) {
  if (!condition) std::abort();
}

bool discard(void* size, std::string_view piece) {
  *static_cast<uint64_t*>(size) += piece.size();
  return true;
}

void strip_all(std::span<const uint8_t> bytes) {
  const auto none = [](std::string_view) { return false; };
  const auto stripped = dump::strip(bytes, none);
  if (!stripped) return;
  const auto again = dump::strip(*stripped, none);
  require(again.has_value() && *again == *stripped && stripped->size() <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Inputs without a header are the sections of a module.
  std::vector<uint8_t> bytes(data, data + size);
  if (size == 0 || bytes[0] != 0) {
    const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    bytes.insert(bytes.begin(), std::begin(header), std::end(header));
  }
  dump::Index index = dump::make_index(bytes, wasm::FeatureSet::all());
  for (const dump::Problem& problem : index.problems) require(problem.error.offset <= bytes.size());
  uint64_t written = 0;
  base::Output out(&discard, &written);
  dump::ListingOptions options;
  options.headers = options.details = options.disassemble = options.full_contents = options.relocs = true;
  for (const bool every_name : {false, true}) {
    options.every_name = every_name;
    dump::Listing(out, index, options).write("input");
    dump::demangle_funcs(index);
  }
  dump::put_json_listing(out, index, "input", {true, {}});
  const dump::InstructionCounts counts(index, index.problems);
  dump::put_statistics(out, index, counts, 0, ": ");
  out.flush();
  strip_all(bytes);
  return 0;
}

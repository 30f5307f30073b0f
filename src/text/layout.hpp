// How a source text laid its module out, as far as the binary form does not keep it: for printing the text
// again in its own order.
#pragma once

#include <cstdint>
#include <vector>

namespace cloche::text {

/// What stands where. Types that the text only implies come last.
struct SourceLayout {
  enum class Kind : uint8_t { rec_group, import_, func, table, mem, tag, global, export_, start, elem, data };
  struct Item {
    Kind kind;
    uint32_t index;  // in the module's vector of such items; 0 for start
  };
  std::vector<Item> items;
  std::vector<uint32_t> implicit_funcs;  // whose type is not named, by function index, ascending
  std::vector<uint32_t> implicit_tags;
};

}  // namespace cloche::text

#include "cli/wabt/stack_sizes.hpp"

#include <algorithm>

namespace cloche::cli {

void StackSizes::apply(Config& config) const {
  constexpr uint64_t slot_bytes = 8;
  constexpr uint64_t most = uint64_t{1} << 32;
  if (values != 0) config.value_stack_bytes = std::min(values, most) * slot_bytes;
  if (calls != 0) config.max_frames = calls;
}

void add_stack_size_options(Options& options, StackSizes& sizes) {
  options.number("-V, --value-stack-size", "Values that the value stack holds; 0 for the usual size",
                 sizes.values);
  options.number("-C, --call-stack-size", "Calls that may be active at once; 0 for the usual number",
                 sizes.calls);
}

}  // namespace cloche::cli

// The sizes of the stacks, as wabt's interpreters count them.
#pragma once

#include "cli/wabt/tools.hpp"

namespace cloche::cli {

/// 0 leaves Cloche's own size.
struct StackSizes {
  uint64_t values = 0;  // elements of the value stack
  uint32_t calls = 0;   // activations

  void apply(Config& config) const;
};

/// -V, --value-stack-size and -C, --call-stack-size.
void add_stack_size_options(Options& options, StackSizes& sizes);

}  // namespace cloche::cli

// A share of sequences.def.
#include "interp/quicken/add.hpp"

namespace cloche::interp {

template <>
void add_chosen_sequences<0>(Registry& registry) {
  using namespace symbols;
#define CLOCHE_SEQUENCES_PART 0
#define SEQUENCE(...) add<__VA_ARGS__>(registry);
#include "interp/quicken/sequences.def"
#undef SEQUENCE
}

}  // namespace cloche::interp

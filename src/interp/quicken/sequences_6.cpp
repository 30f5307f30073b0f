// A share of sequences.def.
#include "interp/quicken/add.hpp"

namespace cloche::interp {

template <>
void add_chosen_sequences<6>(Registry& registry) {
  using namespace symbols;
#define CLOCHE_SEQUENCES_PART 6
#define SEQUENCE(...) add<__VA_ARGS__>(registry);
#include "interp/quicken/sequences.def"
#undef SEQUENCE
}

}  // namespace cloche::interp

// The validator itself: FunctionPass with the empty sink, compiled here once.
#include "validate/function_pass.hpp"

#include "validate/validate.hpp"

namespace cloche::validate {

template class FunctionPass<NoSink>;

}  // namespace cloche::validate

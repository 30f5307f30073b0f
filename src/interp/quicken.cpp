#include "interp/quicken.hpp"
namespace cloche::interp {
void quicken(abi::PreparedCode&) {}
}  // namespace cloche::interp

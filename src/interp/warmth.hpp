// Which functions are worth a quickened copy: sampled where they are called and where their loops go round.
#pragma once

#include "abi/context.hpp"

namespace cloche::interp {

/// Notes that a call or back-edge of `func` was sampled, and quickens its code when that was often enough.
void warm_up(abi::Context* context, const abi::FuncObject* func);

}  // namespace cloche::interp

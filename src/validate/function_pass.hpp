// FunctionPass<Sink>: the specification's validation algorithm (spec: Appendix / Validation Algorithm) over
// one function body, in one walk over its bytes, showing every live instruction to a sink; sink.hpp says what
// a sink is and sees. With the empty sink it is the validator. One row of opcodes.def is one case here: rows
// with a fixed signature are all checked by `fixed`, the others each have a `row` overload:
//   pass_class.hpp        the class
//   pass_walk.hpp         the walk, fixed signatures, what rows are made of
//   pass_control.hpp      blocks, branches, calls, exceptions
//   pass_variables.hpp    parametric instructions, variables, tables, memories
//   pass_references.hpp   references and aggregates
//   pass_fast.hpp         what the validator does inline for the most frequent instructions
// Every row also has its general form, which alone knows errors, polymorphic operands and sinks; a fast form
// handles the usual case and leaves everything else, untouched, to the general one.
#pragma once

#include "validate/pass_class.hpp"
#include "validate/pass_control.hpp"
#include "validate/pass_fast.hpp"
#include "validate/pass_references.hpp"
#include "validate/pass_variables.hpp"
#include "validate/pass_walk.hpp"

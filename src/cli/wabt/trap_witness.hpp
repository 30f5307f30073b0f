// What a trap was about, in the words of wabt's interpreter: addresses, sizes and indices.
#pragma once

#include <string>

#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::cli {

/// Looks at the machine when an instruction traps. Costs nothing before that.
class TrapWitness final : public interp::Monitor {
 public:
  explicit TrapWitness(runtime::Store& store) { store.probes().attach(*this); }

  void trapped(abi::Context* context, const abi::Site* site) override;
  /// The words for the latest failure: of the trap where it had something to say, otherwise the usual ones.
  std::string words_for(const runtime::Failure& failure);

 private:
  std::string words_;  // of the latest trap, until they are asked for
};

}  // namespace cloche::cli

// What an executing tier tells those who look on, apart from single instructions: events that are rare enough
// to be worth a test on their way.
#pragma once

#include <cstdint>

#include "abi/code.hpp"
#include "wasm/trap.hpp"

namespace cloche::abi {

struct Context;
struct Frame;
struct Instance;

/// The machine between two instructions, before the one at `pc`.
struct Site {
  Context* context = nullptr;
  Frame* frame = nullptr;        // the innermost; its `code` is never null
  Instance* instance = nullptr;  // of the frame's function
  const uint8_t* pc = nullptr;   // the instruction's opcode, in the original bytes
  uint32_t offset = 0;           // of it, from the start of the body's instructions
  Slot* locals = nullptr;
  Slot* sp = nullptr;  // one past the top of the operand stack; after a trap perhaps without operands
};

/// Told of events by the tier while they happen; owned by whoever set Context::watcher.
class Watcher {
 public:
  /// An instance has got its dispatch tables.
  virtual void instance_ready(Instance* instance) = 0;
  /// The instruction at `site` trapped; all frames are still there, and context->trap holds code and
  /// backtrace. Null when no instruction did: an entry or a host function that failed.
  virtual void trapped(Context* context, const Site* site) = 0;
  /// The exception in context->trap.exception is thrown at `site`.
  virtual void thrown(const Site& site) = 0;
  /// It is caught: the frames above are gone, and `site` is where the handler begins.
  virtual void caught(const Site& site) = 0;
  /// A call from the host begins or has ended, well or not.
  virtual void entered(Context* context) = 0;
  virtual void left(Context* context) = 0;

 protected:
  ~Watcher() = default;
};

}  // namespace cloche::abi

// What a stopped program looks like: frames, locals, the value stack, globals, memory, source lines.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/context.hpp"
#include "debug/function_map.hpp"
#include "debug/session/expression.hpp"
#include "symbols/symbols.hpp"

namespace cloche::debug {

/// Looks at one machine, which stands still between two instructions.
class Inspector {
 public:
  /// To be called whenever the machine has stopped: the site as its probe saw it. Chooses the innermost
  /// frame.
  void stop_at(const abi::Site& site);
  /// The same for the innermost activation only: cheap enough for every instruction.
  void glance_at(const abi::Site& site);

  /// Whether a name is a local of the chosen frame.
  bool is_local(std::string_view name) { return local(name).has_value(); }
  /// Chooses a frame, 0 being the innermost. False when there are not so many.
  bool choose(size_t frame);

  // Each as lines of text, with their ends.
  std::string where();
  std::string backtrace() const;
  std::string locals();
  std::string stack();
  std::string globals();
  /// `count` items of a type ("u8" … "f64", default u8) in rows of 16 bytes; `big` reads the highest byte
  /// first.
  std::string memory(uint64_t address, uint64_t count, std::string_view type, bool big) const;
  /// Where bytes stand in memory 0, the first few places.
  std::string find(std::string_view bytes) const;
  /// Lines of the source around the place, or instructions around it where there is no source text.
  std::string list();

  /// A number that stands for the whole state of the program: activations, value stack, globals, memories and
  /// tables of the innermost function's instance. Equal states have equal ones.
  std::string digest() const;

  /// Locals of the chosen frame, then globals.
  ExpressionWorld world();
  const abi::Memory* memory_0() const;

 private:
  struct Activation {
    const abi::Frame* frame = nullptr;
    uint32_t offset = 0;             // in the module
    const abi::Slot* top = nullptr;  // one past its operands, as far as they are known
  };
  struct Known {
    std::unique_ptr<Labels> labels;
    std::map<uint32_t, std::unique_ptr<FunctionMap>> functions;
  };
  const Activation& chosen() const { return frames_[chosen_]; }
  Known& known(const abi::Instance& instance);
  const FunctionMap& map_of(const Activation& activation);
  const symbols::Symbols& symbols_of(const abi::Instance& instance) const;
  std::string describe(const Activation& activation) const;
  std::optional<Number> local(std::string_view name);
  std::optional<Number> global(std::string_view name);

  std::vector<Activation> frames_;
  size_t chosen_ = 0;
  std::map<const wasm::Module*, Known> modules_;
};

}  // namespace cloche::debug

// What a stopped program looks like: frames, locals, the value stack, globals, memory, source lines.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/context.hpp"
#include "debug/function_map.hpp"
#include "debug/session/changes.hpp"
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
  /// `count` items of a type ("u8" … "f64") in rows of 16 bytes; `big` reads the highest byte first. A memory
  /// is an index or a name; empty for memory 0.
  std::string memory(std::string_view memory, uint64_t address, uint64_t count, std::string_view type,
                     bool big) const;
  /// Where bytes stand in a memory, the first few places.
  std::string find(std::string_view memory, std::string_view bytes) const;
  /// Lines of the source around the place, or instructions around it where there is no source text.
  std::string list();

  /// A number that stands for the whole state of the program: all activations with their locals and operands,
  /// and everything that the instances whose code has run can reach. Equal states have equal ones.
  std::string digest();

  /// Locals of the chosen frame, then globals.
  ExpressionWorld world();
  /// What would be changed, if it can be; fails with a sentence. Numbers become values of the variable's type
  /// as C converts them.
  base::Expected<Change, std::string> change_memory(std::string_view memory, uint64_t address,
                                                    std::string bytes) const;
  base::Expected<Change, std::string> change_variable(std::string_view name, const Number& number);

 private:
  struct Activation {
    const abi::Frame* frame = nullptr;
    uint32_t offset = 0;             // in the module
    const abi::Slot* top = nullptr;  // one past its operands, as far as they are known
  };
  struct TypedSlot {
    wasm::ValType type;
    const abi::Slot* at;
  };
  struct Variable {
    wasm::ValType type;
    abi::Slot* at;
    bool is_local;
    bool is_mutable;
    uint32_t index;  // of a local's slot, or of the global
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
  /// The operands that an activation holds, bottom to top.
  std::vector<TypedSlot> operands(const Activation& activation);
  std::optional<Variable> local(std::string_view name);
  std::optional<Variable> global(std::string_view name);
  std::optional<Variable> variable(std::string_view name);
  std::optional<uint32_t> memory_index(std::string_view name) const;
  const abi::Memory* memory_named(std::string_view name) const;
  std::string no_memory(std::string_view name) const;

  const std::string* source_text(const symbols::Symbols& symbols, const std::string& file);
  std::string instructions_around();

  const abi::Context* context_ = nullptr;
  std::vector<Activation> frames_;
  size_t chosen_ = 0;
  std::map<const wasm::Module*, Known> modules_;
  std::map<std::string, std::optional<std::string>> sources_;  // by file
};

}  // namespace cloche::debug

#include "debug/shadow_stack.hpp"

#include <algorithm>
#include <array>

#include "binary/instr_reader.hpp"

namespace cloche::debug {
namespace {

using symbols::Names;
using symbols::NameSource;
using symbols::Space;
using wasm::Op;

constexpr std::string_view pointer_name = "__stack_pointer";
constexpr uint64_t stack_alignment = 16;

bool can_be_pointer(const wasm::Module& module, uint32_t global) {
  if (global >= module.globals.size() || module.mems.empty()) return false;
  const wasm::GlobalType& type = module.globals[global].type;
  return type.mutable_ && type.type == wasm::addr_type(module.mems[0].type.limits);
}

/// A global and how it came to be called so.
struct NamedGlobal {
  uint32_t index = 0;
  std::string reason;
};

/// The global that is called `name`: by the name section, as an export or as the field of an import.
std::optional<NamedGlobal> named_global(const wasm::Module& module, const Names& names,
                                        std::string_view name) {
  uint32_t index = 0;
  for (const wasm::Import& import : module.imports) {
    if (import.kind != wasm::ExternKind::global) continue;
    if (import.name == name) return NamedGlobal{index, "imported as " + std::string(name)};
    ++index;
  }
  const auto found = names.find_index(Space::global, name);
  if (!found) return std::nullopt;
  const bool is_named = names.find(Space::global, *found).source == NameSource::name_section;
  return NamedGlobal{*found, (is_named ? "named " : "exported as ") + std::string(name)};
}

/// Recognizes a prologue: `global.get G`, a constant, a subtraction, perhaps `local.tee`, `global.set G` of
/// the same G. A function's first few instructions are looked at.
std::optional<uint32_t> prologue_global(const wasm::Module& module, const wasm::Code& code) {
  constexpr int most_instructions = 16;
  binary::InstrReader reader(module,
                             {code.expr_offset, code.body.offset + code.body.size - code.expr_offset});
  std::optional<uint32_t> global;
  int state = 0;  // instructions of the pattern that were seen
  for (int i = 0; i < most_instructions && !reader.at_end(); ++i) {
    const auto instr = reader.next();
    if (!instr) return std::nullopt;
    const Op op = instr->op;
    if (op == Op::global_get) {
      global = instr->index;
      state = 1;
    } else if (state == 1 && (op == Op::i32_const || op == Op::i64_const)) {
      state = 2;
    } else if (state == 2 && (op == Op::i32_sub || op == Op::i64_sub)) {
      state = 3;
    } else if (state == 3 && op == Op::global_set) {
      if (instr->index == *global) return global;
      state = 0;
    } else if (state == 1 && (op == Op::local_set || op == Op::local_tee || op == Op::local_get)) {
      // Unoptimized code keeps the pointer and the size in locals on the way.
    } else if (state >= 2 && (op == Op::local_set || op == Op::local_tee || op == Op::local_get)) {
    } else {
      state = 0;
    }
  }
  return std::nullopt;
}

/// The global that most prologues lower.
std::optional<ShadowStack> guess_pointer(const wasm::Module& module) {
  std::vector<uint32_t> counts(module.globals.size());
  for (const wasm::Code& code : module.codes)
    if (const auto global = prologue_global(module, code); global && can_be_pointer(module, *global))
      ++counts[*global];
  const auto most = std::max_element(counts.begin(), counts.end());
  if (most == counts.end() || *most == 0) return std::nullopt;
  ShadowStack stack;
  stack.pointer_global = static_cast<uint32_t>(most - counts.begin());
  stack.certainty = Certainty::guessed;
  stack.reason = std::to_string(*most) + " of " + std::to_string(module.codes.size()) +
                 " functions begin by lowering it";
  return stack;
}

std::optional<ShadowStack> find_pointer(const wasm::Module& module, const Names& names) {
  const auto global = named_global(module, names, pointer_name);
  if (!global || !can_be_pointer(module, global->index)) return guess_pointer(module);
  ShadowStack stack;
  stack.pointer_global = global->index;
  stack.reason = global->reason;
  return stack;
}

uint64_t align_up(uint64_t address) {
  return (address + stack_alignment - 1) / stack_alignment * stack_alignment;
}

/// Finds the ends of accesses to addresses that are fixed in the code: a constant, at most one operand that
/// takes one instruction, and a load or store. Such addresses are static variables.
class FixedAddresses {
 public:
  /// Calls `found(end)` for each in a body.
  template <class Found>
  static void each(const wasm::Module& module, const wasm::Code& code, Found found) {
    binary::InstrReader reader(module,
                               {code.expr_offset, code.body.offset + code.body.size - code.expr_offset});
    std::array<std::optional<uint64_t>, 2> before;  // constants, the latest first
    while (!reader.at_end()) {
      const auto instr = reader.next();
      if (!instr) return;
      const wasm::OpInfo& info = wasm::op_info(instr->op);
      const bool is_load = info.family == wasm::Family::load, is_store = info.family == wasm::Family::store;
      const auto base = is_load ? before[0] : is_store ? before[1] : std::nullopt;
      if (base && instr->mem.memory == 0) found(*base + instr->mem.offset + info.access_bytes);
      // After anything but a plain push it is no longer known what lies where.
      const auto constant = constant_of(*instr);
      const bool pushes = constant || info.family == wasm::Family::const_ || instr->op == Op::local_get ||
                          instr->op == Op::global_get;
      before[1] = pushes ? before[0] : std::nullopt;
      before[0] = constant;
    }
  }

 private:
  static std::optional<uint64_t> constant_of(const binary::Instr& instr) {
    if (instr.op == Op::i32_const || instr.op == Op::i64_const) return instr.bits;
    return std::nullopt;
  }
};

/// Zeroed data between what the module states of its data and the stack leaves no trace but in code that uses
/// it.
void raise_to_variables(const wasm::Module& module, uint64_t high, Bound& low) {
  constexpr uint64_t least_stack = 4096;  // a variable that leaves less is none
  constexpr uint64_t null_page =
      1024;  // linkers put nothing there; optimizers leave accesses to null in the code
  uint64_t end = std::max(low.address, null_page);
  for (const wasm::Code& code : module.codes)
    FixedAddresses::each(module, code, [&](uint64_t found) {
      if (found > end && found < high && high - found >= least_stack) end = found;
    });
  if (end > std::max(low.address, null_page))
    low = {align_up(end), Certainty::derived,
           "the end of the highest variable below that the code names; others may lie higher"};
}

/// Below the stack lies data, or nothing (linkers call that "stack first").
Bound derive_low(const wasm::Module& module, const Names& names, const ConstValues& values, uint64_t high) {
  if (auto bound = find_linker_symbol(module, names, values, "__data_end"); bound && bound->address <= high) {
    bound->address = align_up(bound->address);
    return *bound;
  }
  Bound low{0, Certainty::derived, "no data lies below the stack"};
  for (const DataExtent& data : data_extents(module, values, 0))
    if (data.begin < high && data.end <= high && align_up(data.end) > low.address)
      low = {align_up(data.end), Certainty::derived,
             "the end of the data segment below; zeroed data may reach higher"};
  raise_to_variables(module, high, low);
  return low;
}

}  // namespace

std::string_view certainty_name(Certainty certainty) {
  constexpr std::array<std::string_view, 3> words = {"stated", "derived", "guessed"};
  return words[static_cast<size_t>(certainty)];
}

std::vector<DataExtent> data_extents(const wasm::Module& module, const ConstValues& values, uint32_t memory) {
  std::vector<DataExtent> extents;
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    const wasm::Data& data = module.datas[i];
    if (data.mode != wasm::SegmentMode::active || data.mem.value != memory || data.bytes.size == 0) continue;
    const auto begin = values.eval(data.mem_offset);
    if (begin && *begin <= ~uint64_t{0} - data.bytes.size)
      extents.push_back({i, *begin, *begin + data.bytes.size});
  }
  std::sort(extents.begin(), extents.end(), [](const DataExtent& a, const DataExtent& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.index < b.index;
  });
  return extents;
}

std::optional<Bound> find_linker_symbol(const wasm::Module& module, const Names& names,
                                        const ConstValues& values, std::string_view name) {
  const auto global = named_global(module, names, name);
  if (!global) return std::nullopt;
  const auto value = values.global(global->index);
  if (!value) return std::nullopt;
  return Bound{*value, Certainty::stated, global->reason};
}

std::optional<ShadowStack> find_shadow_stack(const wasm::Module& module, const Names& names,
                                             const ConstValues& values) {
  if (module.mems.empty()) return std::nullopt;
  auto stack = find_pointer(module, names);
  if (!stack) return std::nullopt;
  stack->is_64 = module.mems[0].type.limits.is_64;
  stack->initial_pointer = values.global(stack->pointer_global);
  stack->high = find_linker_symbol(module, names, values, "__stack_high");
  if (!stack->high && stack->initial_pointer)
    stack->high = Bound{*stack->initial_pointer, Certainty::derived, "where the stack pointer starts"};
  stack->low = find_linker_symbol(module, names, values, "__stack_low");
  if (!stack->low && stack->high) stack->low = derive_low(module, names, values, stack->high->address);
  return stack;
}

}  // namespace cloche::debug

#include "debug/trap_scene.hpp"

#include <algorithm>

#include "debug/const_value.hpp"
#include "debug/instruction_text.hpp"
#include "debug/regions.hpp"
#include "debug/value_text.hpp"
#include "interp/decode.hpp"
#include "interp/instruction.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

using wasm::Op;
using wasm::TrapCode;

const runtime::Module& module_of(const abi::Site& site) {
  return static_cast<const runtime::Instance*>(site.instance->owner)->module();
}

std::string count_of(uint64_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string hex(uint64_t value) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  do text.insert(text.begin(), digits[value & 15]);
  while ((value >>= 4) != 0);
  return "0x" + text;
}

/// A value that is written as it stands in the code need not be named.
bool is_literal(const FunctionMap& map, const Operand& operand) {
  return wasm::op_info(map.steps()[operand.origin].op).family == wasm::Family::const_ ||
         map.steps()[operand.origin].op == Op::ref_null;
}

}  // namespace

TrapScene::TrapScene(runtime::Store& store, const abi::Context& context, const abi::Site& site)
    : store_(store),
      context_(context),
      site_(site),
      module_(module_of(site)),
      labels_(module_.decoded()),
      map_(module_.validated(), labels_, site.frame->func->code->defined_index),
      step_(map_.at(site.offset)) {
  const abi::Slot* operands = site.frame->locals + site.frame->code->local_slots;
  for (uint32_t each = step_.top; each != step_.kept; each = map_.operand(each).below) {
    const Operand& operand = map_.operand(each);
    inputs_.insert(inputs_.begin(), {&operand, operands + operand.slots_end - operand.type.slots()});
  }
}

std::string TrapScene::describe() const {
  std::string text = instruction_line();
  switch (context_.trap.code) {
    case TrapCode::out_of_bounds_memory_access:
      return text + memory_lines();
    case TrapCode::out_of_bounds_table_access:
      return text + table_line();
    case TrapCode::undefined_element:
    case TrapCode::uninitialized_element:
    case TrapCode::indirect_call_type_mismatch:
      return text + element_lines();
    case TrapCode::cast_failure:
      return text + cast_line();
    case TrapCode::out_of_bounds_array_access:
      return text + array_line();
    case TrapCode::null_reference:
    case TrapCode::null_function_reference:
    case TrapCode::null_structure_reference:
    case TrapCode::null_array_reference:
    case TrapCode::null_i31_reference:
    case TrapCode::null_exception_reference:
      return text + null_line();
    case TrapCode::uncaught_exception:
      return text + exception_line();
    case TrapCode::unaligned_atomic:
      return text + alignment_line();
    default:
      return text;
  }
}

/// "i32.div_u with a = 1, b = 0".
std::string TrapScene::instruction_line() const {
  if (context_.trap.code == TrapCode::unreachable) return {};  // has said it already
  std::string text = "at " + step_.text;
  for (const Input& input : inputs_) {
    text += &input == inputs_.data() ? " with " : ", ";
    if (!is_literal(map_, *input.operand)) text += input.operand->symbol + " = ";
    put_value(text, input.operand->type, input.slot);
  }
  return text + "\n";
}

uint64_t TrapScene::address_of(const Input& input) const {
  return input.operand->type == wasm::ValType::i64() ? *input.slot : static_cast<uint32_t>(*input.slot);
}

/// The n-th index among the immediates.
uint32_t TrapScene::immediate(unsigned number) const {
  const uint8_t* at = interp::decode_instruction(site_.pc).immediates;
  uint32_t value = interp::read_index(at);
  while (number-- > 0) value = interp::read_index(at);
  return value;
}

// ---- Linear memory

std::string TrapScene::memory_lines() const {
  // The operands may be gone from the stack: they are still where they stood.
  abi::Site site = site_;
  site.sp = site_.frame->locals + site_.frame->code->local_slots + step_.height_slots;
  const interp::Effects effects = interp::effects_of(site);
  std::string text;
  if (effects.op == Op::memory_init) text = segment_line();
  if (effects.reads && !effects.writes) return text + range_line(effects.read, false);
  if (effects.op == Op::memory_copy) text = range_line(effects.read, false);
  return text + range_line(effects.write, true);
}

/// Empty when the access lies inside.
std::string TrapScene::range_line(const interp::Access& access, bool writes) const {
  const abi::Memory& memory = *site_.instance->mems[access.mem];
  const uint64_t size = memory.size();
  const bool inside = !access.overflows && access.bytes <= size && access.address <= size - access.bytes;
  if (inside) return {};
  std::string text = writes ? "writes " : "reads ";
  text += count_of(access.bytes, "byte") + " at ";
  if (access.overflows)
    text +=
        "address " + hex(access.base) + " + offset " + hex(access.offset) + ", more than 64 bits can hold";
  else
    text += hex(access.address) +
            (access.offset != 0 ? " (" + hex(access.base) + " + offset " + std::to_string(access.offset) + ")"
                                : "");
  text += access.mem == 0 ? "; memory has " : "; memory " + labels_.memory(access.mem) + " has ";
  text += hex(size) + " = " + count_of(size, "byte") + " (" +
          count_of(size >> memory.page_size_log2, "page") + ")";
  uint64_t end = 0;
  if (!access.overflows && !__builtin_add_overflow(access.address, access.bytes, &end)) {
    if (access.address < size)
      text += ", and " + count_of(end - size, "byte") + " of the access lie beyond its end";
    else if (access.address == size)
      text += ", so this is right behind its end";
    else
      text += ", so this is " + count_of(access.address - size, "byte") + " beyond its end";
  }
  if (access.base >= size) return text + "\n";
  const MemoryLayout layout = find_regions(module_.decoded(), module_.symbols().names(), access.mem, size);
  text += "\nthe pointer " + hex(access.base) + " is " + layout.describe(access.base);
  return text + "\n";
}

std::string TrapScene::segment_line() const {
  const uint32_t index = immediate(0);
  const uint32_t size = site_.instance->datas[index].size;
  const uint64_t from = address_of(inputs_[1]), count = address_of(inputs_[2]);
  if (from + count <= size) return {};
  std::string text = "reads bytes " + std::to_string(from) + " to " + std::to_string(from + count) +
                     " of data segment " + labels_.data(index) + ", which has " + count_of(size, "byte");
  if (size == 0) text += " (it was dropped, or is active and was applied at instantiation)";
  return text + "\n";
}

std::string TrapScene::alignment_line() const {
  abi::Site site = site_;
  site.sp = site_.frame->locals + site_.frame->code->local_slots + step_.height_slots;
  const interp::Effects effects = interp::effects_of(site);
  const interp::Access& access = effects.writes ? effects.write : effects.read;
  const uint64_t size = wasm::op_info(step_.op).access_bytes;
  const uint64_t address = effects.reads || effects.writes ? access.address : address_of(inputs_[0]);
  return "address " + hex(address) + " is no multiple of " + std::to_string(size) + ": it is " +
         std::to_string(address % size) + " too large\n";
}

// ---- Tables

std::string TrapScene::table_line() const {
  const auto line = [&](uint32_t table, uint64_t from, uint64_t count) -> std::string {
    const uint64_t size = site_.instance->tables[table]->size;
    if (from <= size && count <= size - from) return {};
    std::string text = count == 1 && inputs_.size() < 3
                           ? "index " + std::to_string(from)
                           : "elements " + std::to_string(from) + " to " + std::to_string(from + count);
    return text + " of table " + labels_.table(table) + ", which has " + count_of(size, "element") + "\n";
  };
  switch (step_.op) {
    case Op::table_copy:
      return line(immediate(0), address_of(inputs_[0]), address_of(inputs_[2])) +
             line(immediate(1), address_of(inputs_[1]), address_of(inputs_[2]));
    case Op::table_init: {
      const uint32_t elem = immediate(0), size = site_.instance->elems[elem].size;
      const uint64_t from = address_of(inputs_[1]), count = address_of(inputs_[2]);
      std::string text = line(immediate(1), address_of(inputs_[0]), count);
      if (from + count > size)
        text += "items " + std::to_string(from) + " to " + std::to_string(from + count) +
                " of element segment " + labels_.elem(elem) + ", which has " + std::to_string(size) +
                (size == 0 ? " (it was dropped)\n" : "\n");
      return text;
    }
    case Op::table_fill:
      return line(immediate(0), address_of(inputs_[0]), address_of(inputs_[2]));
    case Op::table_get:
    case Op::table_set:
      return line(immediate(0), address_of(inputs_[0]), 1);
    default: {
      // array.new_elem, array.init_elem
      const uint32_t elem = immediate(1), size = site_.instance->elems[elem].size;
      return "element segment " + labels_.elem(elem) + " has " + count_of(size, "item") + "\n";
    }
  }
}

std::string TrapScene::element_lines() const {
  const uint32_t type = immediate(0), number = immediate(1);
  const abi::Table& table = *site_.instance->tables[number];
  const uint64_t index = address_of(inputs_.back());
  const std::string where = "element " + std::to_string(index) + " of table " + labels_.table(number);
  if (index >= table.size)
    return where + " does not exist: the table has " + count_of(table.size, "element") + "\n";
  const auto* func = reinterpret_cast<const abi::FuncObject*>(table.elems[index]);
  if (!func) return where + " is null: " + placed_by(number, index) + "\n";
  std::string text = where + " is " + func_text(*func) + " of type " + signature(func->canonical_type) +
                     ", the call expects " + signature(site_.instance->canonical_types[type]) + "\n";
  return text + placed_by(number, index) + "\n";
}

/// Which element segment covers an element of a table.
std::string TrapScene::placed_by(uint32_t table, uint64_t index) const {
  const wasm::Module& module = module_.decoded();
  const ConstValues values(module);
  const bool is_null = site_.instance->tables[table]->elems[index] == abi::null_ref;
  std::string found;
  for (uint32_t i = 0; i < module.elems.size(); ++i) {
    const wasm::Elem& elem = module.elems[i];
    if (elem.mode != wasm::SegmentMode::active || elem.table.value != table) continue;
    const auto begin = values.eval(elem.table_offset);
    if (!begin || index < *begin || index - *begin >= elem.count) continue;
    found = "element segment " + labels_.elem(i) + " put " + (is_null ? "something" : "it") +
            " there, as its item " + std::to_string(index - *begin);
  }
  if (is_null && found.empty()) return "no element segment covers it, and nothing has set it since";
  if (found.empty())
    return "no active element segment covers it: table.set, table.grow or the host put it there";
  return is_null ? found + ", and it was cleared since" : found;
}

// ---- References

std::string TrapScene::type_name(uint32_t canonical_type) const {
  const auto& types = module_.decoded().types;
  for (uint32_t i = 0; i < types.size(); ++i)
    if (module_.canonical(wasm::TypeIdx(i)) == canonical_type) {
      const std::string label = labels_.type(i);
      return label[0] == '$' ? label : "type " + label;
    }
  return "a type of another module";
}

std::string TrapScene::signature(uint32_t canonical_type) const {
  return to_string(store_.engine().types().type(canonical_type).comp.func);
}

std::string TrapScene::type_of_object(abi::Ref ref) const {
  if (ref == abi::null_ref) return "null";
  if (abi::is_i31(ref)) return "an i31, " + std::to_string(static_cast<int32_t>(abi::i31_get_s(ref)));
  const abi::GcObject* object = abi::as_object(ref);
  switch (object->rtt->kind) {
    case abi::GcKind::struct_:
      return "a structure of " + type_name(object->rtt->canonical_type);
    case abi::GcKind::array:
      return "an array of " + type_name(object->rtt->canonical_type);
    case abi::GcKind::exception:
      return "an exception";
    case abi::GcKind::extern_:
      return "a host value";
    case abi::GcKind::func:
      return "a function of type " + signature(object->rtt->canonical_type);
  }
  return {};
}

std::string TrapScene::cast_line() const {
  if (inputs_.empty()) return {};
  return inputs_.back().operand->symbol + " is " + type_of_object(*inputs_.back().slot) + ", and " +
         step_.text.substr(step_.text.find(' ') + 1) + " is wanted\n";
}

/// Where a value came from: "local $p", "field $next of p".
std::string TrapScene::origin(const Operand& operand) const {
  const Step& from = map_.steps()[operand.origin];
  const auto object = [&] {
    const auto taken = map_.inputs(operand);
    return taken.empty() ? std::string("an object") : map_.operand(taken[0]).symbol;
  };
  const std::string immediates = from.text.substr(std::min(from.text.find(' '), from.text.size() - 1) + 1);
  switch (from.op) {
    case Op::local_get:
    case Op::local_tee:
      return "local " + immediates;
    case Op::global_get:
      return "global " + immediates;
    case Op::struct_get:
      return "field " + immediates.substr(immediates.find(' ') + 1) + " of " + object();
    case Op::array_get:
      return "an element of " + object() + ", " + operand.symbol + ",";
    case Op::table_get:
      return "the table element " + operand.symbol;
    case Op::ref_null:
      return "the operand, written as " + from.text + ",";
    case Op::call:
    case Op::call_indirect:
    case Op::call_ref:
      return "the result of " + operand.symbol;
    default:
      return "the operand " + operand.symbol;
  }
}

std::string TrapScene::null_line() const {
  for (const Input& input : inputs_)
    if (input.operand->type.is_ref() && *input.slot == abi::null_ref)
      return origin(*input.operand) + " is null\n";
  return {};
}

std::string TrapScene::array_line() const {
  std::string text;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Input& input = inputs_[i];
    if (!input.operand->type.is_ref() || *input.slot == abi::null_ref || abi::is_i31(*input.slot)) continue;
    const abi::GcObject* object = abi::as_object(*input.slot);
    if (object->rtt->kind != abi::GcKind::array) continue;
    text += input.operand->symbol + " has " +
            count_of(static_cast<const abi::ArrayObject*>(object)->length, "element");
    if (i + 1 < inputs_.size()) text += "; index " + std::to_string(address_of(inputs_[i + 1]));
    text += "\n";
  }
  return text;
}

std::string TrapScene::exception_line() const {
  const abi::Ref ref = context_.trap.exception;
  if (ref == abi::null_ref) return {};
  const auto* exception = static_cast<const abi::ExceptionObject*>(abi::as_object(ref));
  std::string text = "the exception has ";
  const auto& module = module_.decoded();
  std::string tag = "a tag of another module";
  for (uint32_t i = 0; i < module.tags.size(); ++i)
    if (site_.instance->tags[i] == exception->tag) {
      tag = "tag " + labels_.tag(i);
      break;
    }
  text += tag;
  const auto& params = store_.engine().types().type(exception->tag->canonical_type).comp.func.params;
  const abi::Slot* slot = exception->slots;
  for (size_t i = 0; i < params.size(); ++i) {
    text += i == 0 ? " and carries " : ", ";
    put_value(text, params[i], slot);
    slot += params[i].slots();
  }
  return text + "\n";
}

}  // namespace cloche::debug

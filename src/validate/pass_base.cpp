#include "validate/pass_base.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "binary/decoder.hpp"
#include "binary/type_reader.hpp"

namespace cloche::validate {

using wasm::HeapType;
using wasm::TypeIdx;

PassBase::PassBase(const ModuleTypes& types, uint32_t near_limit)
    : types_(types), module_(types.module()), features_(types.module().features), near_limit_(near_limit) {
  if (!module_.mems.empty()) memory0_addr_ = types_.mem_addr(0);
}

// ---- Errors

bool PassBase::fail(wasm::Error error) {
  if (!error_) error_ = std::move(error);
  return false;
}

bool PassBase::fail(ErrorCode code, uint64_t offset, std::string detail) {
  return fail(wasm::Error{code, offset, std::move(detail)});
}

bool PassBase::fail_limit(std::string_view what, uint64_t count, uint64_t limit) {
  return fail(wasm::fail_limit(what, count, limit, at_offset()).error);
}

bool PassBase::fail_feature(wasm::Feature feature) {
  return fail_here(ErrorCode::feature_disabled, std::string(wasm::feature_name(feature)));
}

/// Whatever lies below the operands is not the instruction's business, but it is the business of the end of a
/// block.
bool PassBase::mismatch(Types required, const ValType* sp, std::string_view what) {
  required_.assign(required.begin(), required.end());
  required_end_ = static_cast<uint32_t>(sp - stack_.get());
  const size_t there = static_cast<size_t>(sp - base_);
  const size_t shown = what == "block" ? there : std::min(there, required.size());
  return fail_here(ErrorCode::type_mismatch, std::string(what) + " requires " + types_.to_string(required) +
                                                 " but stack has " +
                                                 types_.to_string(Types(sp - shown, shown)));
}

bool PassBase::mismatch_fixed(Op op, ValType addr, const ValType* sp) {
  const Signature signature = signature_of(op);
  ValType required[4];
  for (unsigned i = 0; i < signature.in_count; ++i) required[i] = type_of(signature.in[i], addr);
  return mismatch({required, signature.in_count}, sp);
}

bool PassBase::illegal_opcode(uint8_t prefix, uint32_t code) {
  char text[32];
  if (prefix)
    std::snprintf(text, sizeof text, "%02x %02x", prefix, code);
  else
    std::snprintf(text, sizeof text, "%02x", code);
  return fail_here(ErrorCode::illegal_opcode, text);
}

bool PassBase::fail_end() {
  if (code_index_) {
    // What is wrong depends on the bytes behind the body, which the decoder knows about.
    auto better = binary::check_body(module_, module_.codes[*code_index_]);
    if (!better) return fail(std::move(better.error()));
  }
  return fail(ErrorCode::end_expected, offset_of(end_));
}

// ---- Immediates

bool PassBase::leb_error(base::LebStatus status, const uint8_t* where) {
  switch (status) {
    case base::LebStatus::too_long:
      return fail(ErrorCode::integer_too_long, offset_of(where));
    case base::LebStatus::too_large:
      return fail(ErrorCode::integer_too_large, offset_of(where));
    default:
      return fail(ErrorCode::unexpected_end_of_section, offset_of(where));
  }
}

bool PassBase::read_byte(uint8_t& byte) {
  if (pc_ >= end_) return fail(ErrorCode::unexpected_end_of_section, offset_of(pc_));
  byte = *pc_++;
  return true;
}

bool PassBase::read_bytes(const uint8_t*& bytes, size_t count) {
  if (bytes_left() < count) return fail(ErrorCode::unexpected_end_of_section, offset_of(pc_));
  bytes = pc_;
  pc_ += count;
  return true;
}

bool PassBase::read_length(uint32_t& count) {
  const uint8_t* const start = pc_;
  if (!read(count)) return false;
  if (count <= bytes_left()) return true;
  return fail(ErrorCode::length_out_of_bounds, offset_of(start),
              std::to_string(count) + " with " + std::to_string(bytes_left()) + " bytes left");
}

namespace {

/// The room binary reads types from a Reader, whose offsets count from the module's first byte; here they
/// count from `at`, and `shift` is what to add.
template <class T, class F>
bool read_with(F function, const uint8_t*& at, const uint8_t* end, wasm::FeatureSet features, uint32_t shift,
               T& value, wasm::Error& error) {
  binary::Reader reader(std::span(at, at < end ? static_cast<size_t>(end - at) : 0));
  auto result = function(reader, features);
  if (!result) {
    error = std::move(result.error());
    error.offset += shift;
    return false;
  }
  at += reader.offset();
  value = *result;
  return true;
}

}  // namespace

bool PassBase::read_heap_type(HeapType& type) {
  wasm::Error error{};
  if (!read_with(binary::read_heap_type, pc_, end_, features_, offset_of(pc_), type, error))
    return fail(std::move(error));
  if (type.is_concrete()) {
    if (!types_.find_type(type.index().value)) return unknown(ErrorCode::unknown_type, type.index().value);
    type = types_.canonical(type);
  }
  return true;
}

bool PassBase::read_val_type(ValType& type) {
  // Numbers, so far the most frequent, need no look at features or type indices.
  if (pc_ < end_ && *pc_ >= 0x7C && *pc_ <= 0x7F) {
    type = ValType::from_bits(*pc_++);
    return true;
  }
  wasm::Error error{};
  if (!read_with(binary::read_val_type, pc_, end_, features_, offset_of(pc_), type, error))
    return fail(std::move(error));
  if (type.is_ref() && type.heap().is_concrete()) {
    const uint32_t index = type.heap().index().value;
    if (!types_.find_type(index)) return unknown(ErrorCode::unknown_type, index);
    type = types_.canonical(type);
  }
  return true;
}

bool PassBase::read_block_type(const CanonicalType*& type, ValType& single) {
  type = nullptr;
  single = ValType::bot();
  if (pc_ < end_) {
    if (*pc_ == 0x40) {
      ++pc_;
      return true;
    }
    if ((*pc_ & 0xC0) == 0x40) return read_val_type(single);
  }
  int64_t index = 0;
  const uint8_t* const start = pc_;
  if (!read<int64_t, 33>(index)) return false;
  if (index < 0 || !features_.has(wasm::Feature::multi_value))
    return fail(ErrorCode::malformed_block_type, offset_of(start));
  type = types_.find_type(static_cast<uint32_t>(index));
  if (!type) return unknown(ErrorCode::unknown_type, static_cast<uint32_t>(index));
  if (!type->is_func())
    return fail_here(ErrorCode::type_mismatch, "type " + std::to_string(index) + " is not a function type");
  return true;
}

bool PassBase::read_mem_arg(Op op, Instr& instr, ValType& addr) {
  const wasm::OpInfo& info = wasm::op_info(op);
  const uint8_t* const start = pc_;
  uint32_t flags = 0;
  if (!read(flags)) return false;
  const bool has_memory = (flags & 0x40) != 0;
  if (flags >= 0x80 || (has_memory && !features_.has(wasm::Feature::multi_memory)))
    return fail(ErrorCode::malformed_mem_arg, offset_of(start));
  instr.index = 0;
  if (has_memory && !read(instr.index)) return false;
  const uint8_t* const offset_start = pc_;
  if (!read(instr.bits)) return false;
  if (instr.index >= module_.mems.size()) return unknown(ErrorCode::unknown_memory, instr.index);
  addr = types_.mem_addr(instr.index);
  const uint32_t align = flags & 0x3F;
  const uint64_t bytes = align < 32 ? uint64_t{1} << align : ~uint64_t{0};
  const auto detail = [&] {
    return "2^" + std::to_string(align) + " for an access of " + std::to_string(info.access_bytes) + " bytes";
  };
  const bool is_atomic = info.feature == wasm::Feature::threads;
  if (is_atomic && bytes != info.access_bytes)
    return fail(ErrorCode::atomic_alignment, offset_of(start), detail());
  if (bytes > info.access_bytes) return fail(ErrorCode::alignment_too_large, offset_of(start), detail());
  if (addr == ValType::i32() && instr.bits > 0xFFFFFFFF)
    return fail(ErrorCode::offset_out_of_range, offset_of(offset_start), std::to_string(instr.bits));
  instr.index2 = align;
  return true;
}

bool PassBase::read_mem(uint32_t& mem, ValType& addr) {
  const uint8_t* const start = pc_;
  if (!read(mem)) return false;
  // Before multi-memory the index was a reserved zero byte.
  if (!features_.has(wasm::Feature::multi_memory) && (mem != 0 || pc_ != start + 1))
    return fail(ErrorCode::zero_byte_expected, offset_of(start));
  if (mem >= module_.mems.size()) return unknown(ErrorCode::unknown_memory, mem);
  addr = types_.mem_addr(mem);
  return true;
}

bool PassBase::read_table(uint32_t& table) {
  if (!read(table)) return false;
  return table < module_.tables.size() || unknown(ErrorCode::unknown_table, table);
}

bool PassBase::read_type(uint32_t& index, const CanonicalType*& type) {
  if (!read(index)) return false;
  type = types_.find_type(index);
  return type || unknown(ErrorCode::unknown_type, index);
}

bool PassBase::read_func_type(uint32_t& index, const CanonicalType*& type) {
  if (!read_type(index, type)) return false;
  return type->is_func() ||
         fail_here(ErrorCode::type_mismatch, "type " + std::to_string(index) + " is not a function type");
}

bool PassBase::read_struct(uint32_t& index, const CanonicalType*& type) {
  if (!read_type(index, type)) return false;
  return type->is_struct() ||
         fail_here(ErrorCode::type_mismatch, "type " + std::to_string(index) + " is not a structure type");
}

bool PassBase::read_array(uint32_t& index, const CanonicalType*& type) {
  if (!read_type(index, type)) return false;
  return type->is_array() ||
         fail_here(ErrorCode::type_mismatch, "type " + std::to_string(index) + " is not an array type");
}

bool PassBase::check_data(uint32_t index) {
  // Bodies stand before the data section, so that their data indices could not be checked without the count.
  if (!module_.data_count) return fail_here(ErrorCode::data_count_required);
  return index < *module_.data_count || unknown(ErrorCode::unknown_data, index);
}

bool PassBase::check_elem(uint32_t index) {
  return index < module_.elems.size() || unknown(ErrorCode::unknown_elem, index);
}

// ---- Operands

bool PassBase::pop_all_slow(Types required, std::string_view what) {
  ValType* sp = sp_;
  for (size_t i = required.size(); i-- > 0;) {
    if (sp == base_) {
      if (polymorphic_) break;
      return mismatch(required, sp_, what);
    }
    if (!types_.matches(*--sp, required[i])) return mismatch(required, sp_, what);
  }
  sp_ = sp;
  return true;
}

bool PassBase::peek_all(Types required) {
  ValType* const sp = sp_;
  const bool good = pop_all(required);
  sp_ = sp;
  return good;
}

bool PassBase::pop_any(ValType& type) {
  if (sp_ == base_) {
    type = ValType::bot();
    return polymorphic_ ||
           fail_here(ErrorCode::type_mismatch, "instruction requires an operand but stack has []");
  }
  type = *--sp_;
  return true;
}

bool PassBase::pop_ref(ValType& type) {
  if (sp_ == base_ && !polymorphic_)
    return fail_here(ErrorCode::type_mismatch, "instruction requires a reference but stack has []");
  if (!pop_any(type)) return false;
  if (type.is_bot()) type = ValType::ref(wasm::AbsHeap::bot, false);
  return type.is_ref() ||
         fail_here(ErrorCode::type_mismatch,
                   "instruction requires a reference but stack has [" + types_.to_string(type) + "]");
}

bool PassBase::reserve(size_t count) {
  // Operands that the current instruction has popped are still looked at.
  constexpr size_t most_popped = wasm::limits::array_new_fixed + wasm::limits::params + 16;
  const size_t used = stack_ ? static_cast<size_t>(sp_ - stack_.get()) : 0;
  const size_t needed = used + most_popped + count + bytes_left() + 16;
  if (used + count > wasm::limits::operands)
    return fail_limit("operands on the stack", used + count, wasm::limits::operands);
  const size_t capacity = stack_ ? static_cast<size_t>(stack_end_ - stack_.get()) : 0;
  if (needed <= capacity) return true;
  const size_t larger = std::max(needed, capacity + capacity / 2);
  auto stack = std::make_unique_for_overwrite<ValType[]>(larger);
  if (capacity)
    std::memcpy(stack.get(), stack_.get(), std::min(capacity, used + most_popped) * sizeof(ValType));
  base_ = stack.get() + (capacity ? base_ - stack_.get() : 0);
  stack_ = std::move(stack);
  sp_ = stack_.get() + used;
  stack_end_ = stack_.get() + larger;
  return true;
}

// ---- Functions and their locals

bool PassBase::begin(uint32_t code_offset, uint32_t code_end) {
  error_.reset();
  required_.clear();
  const std::span<const uint8_t> bytes = module_.bytes.span();
  code_ = bytes.data() + code_offset;
  end_ = bytes.data() + code_end;
  code_offset_ = code_offset;
  // Every byte string that ends with 0x0B can be read number by number without looking for its end before the
  // first byte: an opcode there is `end`, and a number stops there.
  if (code_offset == code_end || end_[-1] != 0x0B) {
    padded_.assign(code_, end_);
    padded_.push_back(0x0B);
    code_ = padded_.data();
    end_ = padded_.data() + padded_.size() - 1;
  }
  at_ = pc_ = code_;
  inits_.clear();
  polymorphic_ = false;
  local_count_ = 0;
  locals_.clear();
  far_.clear();
  has_unset_ = false;
  sp_ = base_ = stack_.get();
  return reserve(16);
}

bool PassBase::add_local(ValType type, uint32_t count) {
  if (count > wasm::limits::locals - local_count_)
    return fail_limit("locals", uint64_t{local_count_} + count, wasm::limits::locals);
  local_count_ += count;
  if (local_count_ > near_limit_) far_.push_back({local_count_, type});
  const uint32_t near = std::min(local_count_, near_limit_);
  const bool is_set = type.is_defaultable();
  if (!is_set && !has_unset_) {
    declared_ = locals_;
    has_unset_ = true;
  }
  locals_.resize(near, is_set ? type : ValType::bot());
  if (has_unset_) declared_.resize(near, type);
  return true;
}

bool PassBase::declare_params(Types params) {
  if (params.size() > wasm::limits::locals) return fail_limit("locals", params.size(), wasm::limits::locals);
  locals_.assign(params.begin(), params.end());
  local_count_ = static_cast<uint32_t>(params.size());
  if (local_count_ > near_limit_) return fail_limit("parameters", params.size(), near_limit_);
  return true;
}

bool PassBase::declare_locals(wasm::ByteRange body, uint32_t code_offset) {
  const uint8_t* const code_end = end_;
  const uint8_t* const code = code_;
  // The declarations lie before the code, in the module's own bytes.
  const std::span<const uint8_t> bytes = module_.bytes.span();
  at_ = pc_ = code_ = bytes.data() + body.offset;
  end_ = bytes.data() + code_offset;
  code_offset_ = body.offset;
  uint32_t groups = 0;
  if (!read_length(groups)) return false;
  for (uint32_t i = 0; i < groups; ++i) {
    at_ = pc_;
    uint32_t count = 0;
    ValType type;
    if (!read(count) || !read_val_type(type) || !add_local(type, count)) return false;
  }
  end_ = code_end;
  at_ = pc_ = code_ = code;
  code_offset_ = code_offset;
  return true;
}

void PassBase::finish_locals() {
  near_count_ = std::min(local_count_, near_limit_);
  locals_.resize(std::max(near_count_, one_byte_indices_), ValType::bot());
}

bool PassBase::find_local(uint32_t index, ValType& type) {
  if (index >= local_count_) return unknown(ErrorCode::unknown_local, index);
  if (index < near_count_)
    type = has_unset_ ? declared_[index] : locals_[index];
  else
    type = std::ranges::upper_bound(far_, index, {}, &FarLocals::end)->type;
  return true;
}

bool PassBase::read_local(uint32_t index, ValType& type) {
  if (!find_local(index, type)) return false;
  const bool is_set =
      index < near_count_ ? !locals_[index].is_bot() : type.is_defaultable() || far_set_.contains(index);
  return is_set || unknown(ErrorCode::uninitialized_local, index);
}

void PassBase::set_local(uint32_t index, ValType type) {
  if (type.is_defaultable()) return;
  if (index < near_count_) {
    if (!locals_[index].is_bot()) return;
    locals_[index] = type;
  } else if (!far_set_.insert(index).second) {
    return;
  }
  inits_.push_back(index);
}

void PassBase::unset_locals(uint32_t init_height) {
  for (; inits_.size() > init_height; inits_.pop_back()) {
    if (inits_.back() < near_count_)
      locals_[inits_.back()] = ValType::bot();
    else
      far_set_.erase(inits_.back());
  }
}

/// Gives back what one unusual function took.
void PassBase::end_run() {
  if (!far_set_.empty()) far_set_ = {};
  constexpr size_t usual_operands = 1 << 20;
  if (static_cast<size_t>(stack_end_ - stack_.get()) > usual_operands) {
    stack_.reset();
    stack_end_ = sp_ = base_ = nullptr;
  }
}

}  // namespace cloche::validate

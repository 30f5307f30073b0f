// Types (spec: Text Format / Types).
#include <bit>

#include "text/assembler.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::AbsHeap;
using wasm::ErrorCode;
using wasm::HeapType;
using wasm::ValType;

namespace {

// A number larger than any type index that a HeapType can hold.
constexpr uint32_t type_index_bound = 1u << 24;

struct AbsHeapWords {
  Word heap;
  Word shorthand;
  AbsHeap type;
};
constexpr std::array<AbsHeapWords, 12> heap_words = {{
    {Word::any, Word::anyref, AbsHeap::any},
    {Word::eq, Word::eqref, AbsHeap::eq},
    {Word::i31, Word::i31ref, AbsHeap::i31},
    {Word::struct_, Word::structref, AbsHeap::struct_},
    {Word::array, Word::arrayref, AbsHeap::array},
    {Word::none, Word::nullref, AbsHeap::none},
    {Word::func, Word::funcref, AbsHeap::func},
    {Word::nofunc, Word::nullfuncref, AbsHeap::nofunc},
    {Word::exn, Word::exnref, AbsHeap::exn},
    {Word::noexn, Word::nullexnref, AbsHeap::noexn},
    {Word::extern_, Word::externref, AbsHeap::extern_},
    {Word::noextern, Word::nullexternref, AbsHeap::noextern},
}};

const AbsHeapWords* find_shorthand(Word word) {
  for (const AbsHeapWords& row : heap_words)
    if (row.shorthand == word) return &row;
  return nullptr;
}

}  // namespace

Status Assembler::parse_types() {
  for (size_t i = 0; i < type_fields_.size(); ++i) {
    if (recovered_ != nullptr) mend_types(type_firsts_[i]);
    lexer_.seek(type_fields_[i]);
    tok_ = lexer_.next();
    if (parse_type_field().has_value()) continue;
    if (!keep_error()) return base::Unexpected{Failed{}};
    outside_broken_ = true;
  }
  if (recovered_ != nullptr) mend_types(counts_[static_cast<size_t>(Space::type)]);
  return {};
}

// A type or a recursive group of them.
Status Assembler::parse_type_field() {
  auto& module = draft_.module;
  const auto first = static_cast<uint32_t>(module.types.size());
  const bool explicit_rec = tok_.word == Word::rec;
  if (!explicit_rec) {
    TRY(parse_type_definition());
  } else {
    TRY(advance());
    while (tok_.is_open(Word::type)) {
      TRY(parse_type_definition());
      TRY(expect_close());
    }
  }
  if (tok_.kind != TokenKind::close) return unexpected();
  if (!lexer_.pending().empty()) return misplaced_annotation();
  const auto size = static_cast<uint32_t>(module.types.size()) - first;
  module.rec_groups.push_back({wasm::TypeIdx(first), size, explicit_rec});
  if (size == 1) func_types_.add(module, first);
  return {};
}

// From `(type` up to its closing parenthesis.
Status Assembler::parse_type_definition() {
  wasm::SubType type;
  type.offset = tok_.paren;
  const auto index = static_cast<uint32_t>(draft_.module.types.size());
  TRY(advance());
  name(draft_.names.types, index, TRY(parse_binding()));
  if (tok_.is_open(Word::sub)) {
    TRY(advance());
    type.final_ = tok_.is_word(Word::final_);
    if (type.final_) TRY(advance());
    while (at_index()) type.supers.push_back(wasm::TypeIdx(TRY(parse_index(Space::type))));
    TRY(parse_comp_type(type, index));
    TRY(expect_close());
  } else {
    TRY(parse_comp_type(type, index));
  }
  draft_.module.types.push_back(std::move(type));
  return {};
}

Status Assembler::parse_comp_type(wasm::SubType& type, uint32_t index) {
  if (tok_.kind != TokenKind::open) return unexpected();
  wasm::CompType& comp = type.comp;
  switch (tok_.word) {
    case Word::func: {
      comp.kind = wasm::CompKind::func;
      TRY(advance());
      TRY(parse_params(true));
      TRY(parse_results());
      comp.func.params.assign(param_types_.begin(), param_types_.end());
      comp.func.results.assign(results_.begin(), results_.end());
      return expect_close();
    }
    case Word::struct_:
      comp.kind = wasm::CompKind::struct_;
      TRY(advance());
      TRY(parse_struct_fields(comp, index));
      return expect_close();
    case Word::array:
      comp.kind = wasm::CompKind::array;
      TRY(advance());
      comp.fields.push_back(TRY(parse_field_type()));
      return expect_close();
    default:
      return unexpected();
  }
}

Status Assembler::parse_struct_fields(wasm::CompType& comp, uint32_t type_index) {
  while (tok_.is_open(Word::field)) {
    TRY(advance());
    const Binding binding = TRY(parse_binding());
    if (binding.name.data() != nullptr) {
      const auto index = static_cast<uint32_t>(comp.fields.size());
      if (binding.id.data() != nullptr && !fields_.insert(binding.id, index, type_index))
        return fail(ErrorCode::duplicate, binding.offset, "field $" + excerpt(binding.id));
      inner_name(draft_.names.fields, type_index, index, binding.name);
      comp.fields.push_back(TRY(parse_field_type()));
    } else {
      while (tok_.kind != TokenKind::close) comp.fields.push_back(TRY(parse_field_type()));
    }
    TRY(expect_close());
  }
  return {};
}

Parsed<wasm::FieldType> Assembler::parse_field_type() {
  wasm::FieldType type;
  if (!tok_.is_open(Word::mut)) {
    type.storage = TRY(parse_storage_type());
    return type;
  }
  type.mutable_ = true;
  TRY(advance());
  type.storage = TRY(parse_storage_type());
  TRY(expect_close());
  return type;
}

Parsed<wasm::StorageType> Assembler::parse_storage_type() {
  const bool is_i8 = tok_.is_word(Word::i8);
  if (!is_i8 && !tok_.is_word(Word::i16)) return wasm::StorageType(TRY(parse_val_type()));
  TRY(advance());
  return is_i8 ? wasm::StorageType::i8() : wasm::StorageType::i16();
}

Parsed<HeapType> Assembler::parse_heap_type() {
  if (at_index()) {
    const uint32_t offset = tok_.offset;
    const uint32_t index = TRY(parse_index(Space::type));
    if (index >= type_index_bound) return fail(ErrorCode::unknown_type, offset, std::to_string(index));
    return HeapType(wasm::TypeIdx(index));
  }
  if (tok_.kind == TokenKind::word) {
    for (const AbsHeapWords& row : heap_words) {
      if (row.heap != tok_.word) continue;
      TRY(advance());
      return HeapType(row.type);
    }
  }
  return unexpected();
}

bool Assembler::at_ref_type() const {
  return tok_.is_open(Word::ref) || (tok_.kind == TokenKind::word && find_shorthand(tok_.word) != nullptr);
}

Parsed<ValType> Assembler::parse_ref_type() {
  if (tok_.is_open(Word::ref)) {
    TRY(advance());
    const bool nullable = tok_.is_word(Word::null);
    if (nullable) TRY(advance());
    const HeapType heap = TRY(parse_heap_type());
    TRY(expect_close());
    return ValType::ref(heap, nullable);
  }
  const AbsHeapWords* row = tok_.kind == TokenKind::word ? find_shorthand(tok_.word) : nullptr;
  if (row == nullptr) return unexpected();
  TRY(advance());
  return ValType::ref(row->type, true);
}

Parsed<ValType> Assembler::parse_val_type() {
  if (tok_.kind != TokenKind::word) return parse_ref_type();
  ValType type;
  switch (tok_.word) {
    case Word::i32:
      type = ValType::i32();
      break;
    case Word::i64:
      type = ValType::i64();
      break;
    case Word::f32:
      type = ValType::f32();
      break;
    case Word::f64:
      type = ValType::f64();
      break;
    case Word::v128:
      type = ValType::v128();
      break;
    default:
      return parse_ref_type();
  }
  TRY(advance());
  return type;
}

// Reads `(param ...)*` into params_ and param_types_.
Status Assembler::parse_params(bool allow_names) {
  params_.clear();
  param_types_.clear();
  while (tok_.is_open(Word::param)) {
    TRY(advance());
    if (tok_.kind == TokenKind::id && !allow_names) return unexpected();
    const Binding binding = TRY(parse_binding());
    if (binding.name.data() != nullptr) {
      param_types_.push_back(TRY(parse_val_type()));
      params_.push_back({param_types_.back(), binding});
    } else {
      while (tok_.kind != TokenKind::close) {
        param_types_.push_back(TRY(parse_val_type()));
        params_.push_back({param_types_.back(), {}});
      }
    }
    TRY(expect_close());
  }
  return {};
}

// Reads `(result ...)*` into results_.
Status Assembler::parse_results() {
  results_.clear();
  while (tok_.is_open(Word::result)) {
    TRY(advance());
    while (tok_.kind != TokenKind::close) results_.push_back(TRY(parse_val_type()));
    TRY(expect_close());
  }
  return {};
}

// Afterwards params_ and results_ hold the inline declarations only.
Parsed<Assembler::TypeUse> Assembler::parse_type_use(bool allow_names) {
  auto& module = draft_.module;
  const uint32_t offset = tok_.paren;
  if (!tok_.is_open(Word::type)) {
    TRY(parse_params(allow_names));
    TRY(parse_results());
    return TypeUse{func_types_.find_or_append(module, param_types_, results_, offset), false};
  }
  TRY(advance());
  const uint32_t index_offset = tok_.offset;
  const uint32_t index = TRY(parse_index(Space::type));
  TRY(expect_close());
  const bool has_inline = tok_.is_open(Word::param) || tok_.is_open(Word::result);
  const uint32_t inline_offset = tok_.paren;
  TRY(parse_params(allow_names));
  TRY(parse_results());
  if (has_inline) {
    if (tok_.is_open(Word::param) || tok_.is_open(Word::type)) return unexpected();
    // Types that abbreviations insert cannot be referred to by number.
    if (index >= counts_[static_cast<size_t>(Space::type)] || index >= module.types.size())
      return fail(ErrorCode::unknown_name_type, index_offset, std::to_string(index));
    const wasm::SubType& type = module.types[index];
    const bool empty = param_types_.empty() && results_.empty();
    const bool same = type.comp.kind == wasm::CompKind::func && type.comp.func.params == param_types_ &&
                      type.comp.func.results == results_;
    if (!same && !empty)
      return fail(ErrorCode::inline_function_type, inline_offset,
                  "not the same as that of type " + std::to_string(index));
  }
  return TypeUse{wasm::TypeIdx(index), true};
}

Parsed<wasm::BlockType> Assembler::parse_block_type() {
  wasm::BlockType block;
  if (!tok_.is_open(Word::type)) {
    if (!tok_.is_open(Word::param) && !tok_.is_open(Word::result)) return block;
    const uint32_t offset = tok_.paren;
    TRY(parse_params(false));
    TRY(parse_results());
    if (param_types_.empty() && results_.size() <= 1) {
      if (!results_.empty()) {
        block.kind = wasm::BlockType::Kind::value;
        block.value = results_[0];
      }
      return block;
    }
    block.type = func_types_.find_or_append(draft_.module, param_types_, results_, offset);
  } else {
    block.type = TRY(parse_type_use(false)).index;
  }
  block.kind = wasm::BlockType::Kind::type;
  return block;
}

// Reads an optional address type; true for i64.
Parsed<bool> Assembler::parse_addr_type() {
  const bool is_64 = tok_.is_word(Word::i64);
  if (is_64 || tok_.is_word(Word::i32)) TRY(advance());
  return is_64;
}

Status Assembler::parse_limits(wasm::Limits& limits) {
  limits.min = TRY(parse_u64());
  if (tok_.kind == TokenKind::number) limits.max = TRY(parse_u64());
  return {};
}

Status Assembler::parse_table_type(wasm::TableType& type) {
  type.limits.is_64 = TRY(parse_addr_type());
  TRY(parse_limits(type.limits));
  type.elem = TRY(parse_ref_type());
  return {};
}

Status Assembler::parse_mem_type(wasm::MemType& type) {
  type.limits.is_64 = TRY(parse_addr_type());
  return parse_mem_limits(type);
}

// A memory type after its address type.
Status Assembler::parse_mem_limits(wasm::MemType& type) {
  TRY(parse_limits(type.limits));
  if (tok_.is_word(Word::shared) && features_.has(wasm::Feature::threads)) {
    type.shared = true;
    TRY(advance());
  }
  return parse_page_size(type);
}

Status Assembler::parse_page_size(wasm::MemType& type) {
  if (!tok_.is_open(Word::pagesize) || !features_.has(wasm::Feature::custom_page_sizes)) return {};
  TRY(advance());
  const uint32_t offset = tok_.offset;
  const uint64_t size = TRY(parse_u64());
  if (!std::has_single_bit(size)) return fail(ErrorCode::malformed_page_size, offset, "not a power of two");
  type.page_size_log2 = static_cast<uint32_t>(std::countr_zero(size));
  return expect_close();
}

Parsed<wasm::GlobalType> Assembler::parse_global_type() {
  wasm::GlobalType type;
  type.mutable_ = tok_.is_open(Word::mut);
  if (type.mutable_) TRY(advance());
  type.type = TRY(parse_val_type());
  if (type.mutable_) TRY(expect_close());
  return type;
}

}  // namespace cloche::text

#include "runtime/instantiation.hpp"

#include <cstdlib>

#include "base/leb128.hpp"
#include "runtime/const_expr.hpp"
#include "runtime/describe.hpp"
#include "runtime/import_matching.hpp"
#include "runtime/runtime_calls.hpp"

namespace cloche::runtime {
namespace {

using wasm::ErrorCode;
using wasm::fail;
using wasm::TrapCode;

/// Reads `count` LEB128 items or skips expressions, one after the other.
class ItemReader {
 public:
  explicit ItemReader(std::span<const uint8_t> bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
  uint32_t func_index() {
    const auto leb = base::read_leb<uint32_t>(at_, end_);
    at_ = leb.next;
    return leb.value;
  }
  std::span<const uint8_t> rest() const { return {at_, end_}; }
  void skip(size_t bytes) { at_ += bytes; }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

std::string segment_detail(const char* kind, size_t index, uint64_t at, uint64_t size, const char* what,
                           uint64_t limit) {
  return std::string(kind) + " segment " + std::to_string(index) + " of " + std::to_string(size) + " at " +
         std::to_string(at) + " in a " + what + " of " + std::to_string(limit);
}

base::Unexpected<Failure> trapped(TrapCode code, std::string detail = {}) {
  Trap trap;
  trap.code = code;
  trap.detail = std::move(detail);
  return {Failure(std::move(trap))};
}

}  // namespace

Instantiation::Instantiation(Store& store, std::shared_ptr<Module> module, std::span<const Extern> imports)
    : store_(store), module_(std::move(module)), decoded_(module_->decoded()), imports_(imports) {}

Outcome<Instance*> Instantiation::run() {
  if (module_->engine() != store_.engine_ptr()) return fail(ErrorCode::foreign_engine);
  TRY(check_imports());
  // From here on the store owns the instance, failed or not: tables of others may come to refer to it.
  instance_ = store_.instances_.emplace_back(new Instance(&store_, module_)).get();
  take_imports();
  make_funcs();
  TRY(make_memories());
  make_tags();
  make_datas();
  point_to_spaces();
  TRY(make_globals());
  TRY(make_tables());
  TRY(make_elems());
  point_to_spaces();
  TRY(apply_elems());
  TRY(apply_datas());
  TRY(call_start());
  return instance_;
}

wasm::Result<void> Instantiation::check_imports() const {
  for (size_t i = 0; i < decoded_.imports.size(); ++i) {
    const wasm::Import& import = decoded_.imports[i];
    const std::string name = "\"" + std::string(import.module) + "\" \"" + std::string(import.name) + "\"";
    if (i >= imports_.size() || !imports_[i].store())
      return fail(ErrorCode::unknown_import, import.offset, name + ", " + describe(decoded_, import));
    if (imports_[i].store() != &store_)
      return fail(ErrorCode::foreign_object, import.offset, "import " + name);
    TRY(match_import(*module_, import, imports_[i]));
  }
  return {};
}

void Instantiation::take_imports() {
  Instance& instance = *instance_;
  for (size_t i = 0; i < decoded_.imports.size(); ++i) {
    const Extern& object = imports_[i];
    switch (object.kind()) {
      case wasm::ExternKind::func:
        instance.funcs_.push_back(object.func()->object);
        break;
      case wasm::ExternKind::table:
        instance.tables_.push_back(object.table()->object);
        break;
      case wasm::ExternKind::mem:
        instance.mems_.push_back(object.memory()->object);
        break;
      case wasm::ExternKind::global:
        instance.globals_.push_back(object.global()->object);
        break;
      case wasm::ExternKind::tag:
        instance.tags_.push_back(object.tag()->object);
        break;
    }
  }
}

void Instantiation::make_funcs() {
  Instance& instance = *instance_;
  const auto count = static_cast<uint32_t>(decoded_.funcs.size()) - decoded_.imported_funcs;
  instance.own_funcs_ = std::make_unique<abi::FuncObject[]>(count);
  instance.funcs_.reserve(decoded_.funcs.size());
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = decoded_.imported_funcs + i;
    abi::FuncObject& func = instance.own_funcs_[i];
    const wasm::TypeIdx type = decoded_.funcs[index].type;
    func.rtt = module_->rtts()[type.value];
    func.canonical_type = module_->canonical(type);
    func.param_slots = module_->param_slots(type);
    func.result_slots = module_->result_slots(type);
    func.instance = &instance.abi_;
    func.code = module_->code(i);
    func.func_index = index;
    instance.funcs_.push_back(&func);
  }
}

wasm::Result<void> Instantiation::make_memories() {
  for (size_t i = decoded_.imported_mems; i < decoded_.mems.size(); ++i)
    instance_->mems_.push_back(TRY(store_.make_memory(decoded_.mems[i].type)).object);
  return {};
}

void Instantiation::make_tags() {
  for (size_t i = decoded_.imported_tags; i < decoded_.tags.size(); ++i)
    instance_->tags_.push_back(store_.new_tag(module_->canonical(decoded_.tags[i].type.type)));
}

void Instantiation::make_datas() {
  for (const wasm::Data& data : decoded_.datas) {
    const auto bytes = decoded_.slice(data.bytes);
    instance_->datas_.push_back({bytes.data(), static_cast<uint32_t>(bytes.size())});
  }
}

/// Publishes the index spaces to the tiers; again whenever a vector may have moved.
void Instantiation::point_to_spaces() {
  abi::Instance& abi = instance_->abi_;
  abi.mems = instance_->mems_.data();
  abi.tables = instance_->tables_.data();
  abi.globals = instance_->globals_.data();
  abi.funcs = instance_->funcs_.data();
  abi.tags = instance_->tags_.data();
  abi.elems = instance_->elems_.data();
  abi.datas = instance_->datas_.data();
}

Outcome<void> Instantiation::evaluate(wasm::Expr expr, abi::Slot* result) {
  const TrapCode code = evaluate_const(store_.context_, instance_->abi_, decoded_.slice(expr), result);
  if (code != TrapCode::none) return trapped(code, "in a constant expression");
  return {};
}

Outcome<void> Instantiation::make_globals() {
  instance_->globals_.reserve(decoded_.globals.size());
  point_to_spaces();
  for (size_t i = decoded_.imported_globals; i < decoded_.globals.size(); ++i) {
    const wasm::Global& global = decoded_.globals[i];
    abi::Global* const object = store_.new_global(module_->canonical(global.type.type), global.type.mutable_);
    instance_->globals_.push_back(object);
    TRY(evaluate(global.init, object->value));
  }
  return {};
}

Outcome<void> Instantiation::make_tables() {
  for (size_t i = decoded_.imported_tables; i < decoded_.tables.size(); ++i) {
    const wasm::Table& table = decoded_.tables[i];
    wasm::TableType type = table.type;
    type.elem = module_->canonical(type.elem);
    abi::Table* const object = store_.new_table(type);
    instance_->tables_.push_back(object);
    abi::Ref init = abi::null_ref;
    if (table.init) TRY(evaluate(*table.init, &init));
    if (grow_table(*object, init, type.limits.min) != 0)
      return fail(ErrorCode::out_of_memory, table.offset,
                  "a table of " + std::to_string(type.limits.min) + " elements");
  }
  point_to_spaces();
  return {};
}

Outcome<void> Instantiation::make_elems() {
  instance_->elems_.resize(decoded_.elems.size());
  for (size_t i = 0; i < decoded_.elems.size(); ++i) TRY(fill_elem(decoded_.elems[i], instance_->elems_[i]));
  return {};
}

/// Evaluates a segment's items into the segment, where the collector sees them.
Outcome<void> Instantiation::fill_elem(const wasm::Elem& elem, abi::ElemSegment& segment) {
  if (elem.count == 0 || elem.mode == wasm::SegmentMode::declarative) return {};
  segment.refs = static_cast<abi::Ref*>(calloc(elem.count, sizeof(abi::Ref)));
  if (!segment.refs) return fail(ErrorCode::out_of_memory, elem.offset, "an element segment");
  segment.size = elem.count;
  ItemReader items(decoded_.slice(elem.items));
  for (uint32_t i = 0; i < elem.count; ++i) {
    if (!elem.has_exprs) {
      segment.refs[i] = abi::to_ref(instance_->funcs_[items.func_index()]);
      continue;
    }
    size_t used = 0;
    const TrapCode code =
        evaluate_const(store_.context_, instance_->abi_, items.rest(), &segment.refs[i], &used);
    if (code != TrapCode::none) return trapped(code, "in a constant expression");
    items.skip(used);
  }
  return {};
}

Outcome<uint64_t> Instantiation::evaluate_offset(wasm::Expr expr, bool is_64) {
  abi::Slot offset = 0;
  TRY(evaluate(expr, &offset));
  return is_64 ? offset : static_cast<uint32_t>(offset);
}

Outcome<void> Instantiation::apply_elems() {
  for (uint32_t i = 0; i < decoded_.elems.size(); ++i) {
    const wasm::Elem& elem = decoded_.elems[i];
    if (elem.mode != wasm::SegmentMode::active) continue;
    const abi::Table& table = *instance_->tables_[elem.table.value];
    const uint64_t at = TRY(evaluate_offset(elem.table_offset, table.is_64));
    const TrapCode code = calls::table_init(&instance_->abi_, i, elem.table.value, at, 0, elem.count);
    if (code != TrapCode::none)
      return trapped(code, segment_detail("element", i, at, elem.count, "table", table.size));
    calls::elem_drop(&instance_->abi_, i);
  }
  return {};
}

Outcome<void> Instantiation::apply_datas() {
  for (uint32_t i = 0; i < decoded_.datas.size(); ++i) {
    const wasm::Data& data = decoded_.datas[i];
    if (data.mode != wasm::SegmentMode::active) continue;
    const abi::Memory& memory = *instance_->mems_[data.mem.value];
    const uint64_t at = TRY(evaluate_offset(data.mem_offset, memory.is_64));
    const uint64_t size = instance_->datas_[i].size;
    const TrapCode code = calls::memory_init(&instance_->abi_, i, data.mem.value, at, 0, size);
    if (code != TrapCode::none)
      return trapped(code, segment_detail("data", i, at, size, "memory", memory.size()));
    calls::data_drop(&instance_->abi_, i);
  }
  return {};
}

Outcome<void> Instantiation::call_start() {
  if (!decoded_.start) return {};
  abi::Slot none[1] = {};
  return store_.call_slots({&store_, instance_->funcs_[decoded_.start->value]}, none);
}

}  // namespace cloche::runtime

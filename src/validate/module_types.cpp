#include "validate/module_types.hpp"

#include <algorithm>

#include "binary/instr_reader.hpp"
#include "wasm/limits.hpp"

namespace cloche::validate {

using wasm::ErrorCode;
using wasm::fail;
using wasm::Module;
using wasm::Result;
using wasm::SubType;
using wasm::TypeIdx;
using wasm::ValType;

namespace {

/// The first type index in a composite type that is not below `limit`, if any.
std::optional<uint32_t> find_unknown(const wasm::CompType& comp, uint32_t limit) {
  std::optional<uint32_t> unknown;
  const auto look = [&](ValType type) {
    if (!unknown && type.is_ref() && type.heap().is_concrete() && type.heap().index().value >= limit)
      unknown = type.heap().index().value;
  };
  std::ranges::for_each(comp.func.params, look);
  std::ranges::for_each(comp.func.results, look);
  for (const wasm::FieldType& field : comp.fields) look(field.storage.unpacked());
  return unknown;
}

}  // namespace

class ModuleTypes::Builder {
 public:
  Builder(ModuleTypes& types, TypeRegistry& registry)
      : types_(types), module_(*types.module_), registry_(registry) {}

  Result<void> build() {
    TRY(intern_types());
    TRY(build_funcs());
    TRY(build_tags());
    for (const wasm::Table& table : module_.tables) {
      TRY(types_.check(table.type.elem, table.offset));
      types_.tables_.push_back(types_.canonical(table.type.elem));
    }
    for (const wasm::Global& global : module_.globals) {
      TRY(types_.check(global.type.type, global.offset));
      types_.globals_.push_back({types_.canonical(global.type.type), global.type.mutable_});
    }
    for (const wasm::Elem& elem : module_.elems) {
      TRY(types_.check(elem.type, elem.offset));
      types_.elems_.push_back(types_.canonical(elem.type));
    }
    find_declared();
    return {};
  }

 private:
  Result<void> intern_types() {
    types_.canonical_.resize(module_.types.size());
    types_.types_.reserve(module_.types.size());
    for (const wasm::RecGroup& group : module_.rec_groups) TRY(intern_group(group));
    return {};
  }

  /// spec: Validation / Types / Recursive Types.
  Result<void> intern_group(wasm::RecGroup group) {
    const uint32_t end = group.first.value + group.size;
    for (uint32_t i = group.first.value; i < end; ++i) TRY(check_references(i, end));
    TRY(registry_.intern(module_.types, group, types_.canonical_));
    for (uint32_t i = group.first.value; i < end; ++i) {
      types_.types_.push_back(&registry_.get(types_.canonical_[i]));
      TRY(check_super(i));
    }
    return {};
  }

  /// Everything that must hold before the type may be interned.
  Result<void> check_references(uint32_t index, uint32_t group_end) {
    const SubType& type = module_.types[index];
    if (type.supers.size() > 1) return fail(ErrorCode::sub_type, type.offset, "more than one supertype");
    depths_.push_back(0);
    if (!type.supers.empty()) {
      const uint32_t super = type.supers[0].value;
      if (super >= index) return fail(ErrorCode::unknown_type, type.offset, std::to_string(super));
      depths_[index] = static_cast<uint8_t>(depths_[super] + 1);
      if (depths_[index] > wasm::limits::subtype_depth)
        return wasm::fail_limit("depth of the subtype hierarchy", depths_[index], wasm::limits::subtype_depth,
                                type.offset);
    }
    if (const auto unknown = find_unknown(type.comp, group_end))
      return fail(ErrorCode::unknown_type, type.offset, std::to_string(*unknown));
    return {};
  }

  Result<void> check_super(uint32_t index) {
    const SubType& type = module_.types[index];
    if (type.supers.empty()) return {};
    const TypeIdx super = type.supers[0];
    const auto names = [&] { return std::to_string(index) + " of " + std::to_string(super.value); };
    if (module_.types[super.value].final_)
      return fail(ErrorCode::sub_type, type.offset, "type " + names() + ", which is final");
    if (!registry_.matches(types_.types_[index]->type.comp, types_.types_[super.value]->type.comp))
      return fail(ErrorCode::sub_type, type.offset, "type " + names() + " does not match it");
    return {};
  }

  Result<const CanonicalType*> func_type(TypeIdx type, uint64_t offset) {
    const CanonicalType* const info = types_.find_type(type.value);
    if (!info) return fail(ErrorCode::unknown_type, offset, std::to_string(type.value));
    if (!info->is_func())
      return fail(ErrorCode::type_mismatch, offset,
                  "type " + std::to_string(type.value) + " is not a function type");
    return info;
  }

  Result<void> build_funcs() {
    types_.funcs_.reserve(module_.funcs.size());
    for (const wasm::Func& func : module_.funcs)
      types_.funcs_.push_back(TRY(func_type(func.type, func.offset)));
    return {};
  }

  Result<void> build_tags() {
    for (const wasm::Tag& tag : module_.tags) {
      const CanonicalType* const type = TRY(func_type(tag.type.type, tag.offset));
      if (!type->results().empty())
        return fail(ErrorCode::tag_result, tag.offset,
                    types_.to_string(std::span<const ValType>(type->results())));
      types_.tags_.push_back(type);
    }
    return {};
  }

  void find_declared() {
    types_.declared_.resize(module_.funcs.size());
    for (const wasm::Export& each : module_.exports)
      if (each.kind == wasm::ExternKind::func) declare(each.index);
    for (const wasm::Global& global : module_.globals) declare_all(global.init);
    for (const wasm::Table& table : module_.tables)
      if (table.init) declare_all(*table.init);
    for (const wasm::Elem& elem : module_.elems) {
      if (elem.mode == wasm::SegmentMode::active) declare_all(elem.table_offset);
      if (elem.has_exprs)
        declare_all(elem.items);
      else
        declare_indices(elem);
    }
  }
  void declare(uint32_t func) {
    if (func < types_.declared_.size()) types_.declared_[func] = true;
  }
  void declare_indices(const wasm::Elem& elem) {
    binary::Reader reader(module_.bytes.span(), elem.items.offset, elem.items.offset + elem.items.size);
    for (uint32_t i = 0; i < elem.count; ++i) {
      const Result<uint32_t> func = reader.u32();
      if (!func) return;  // the check of the segment says what is wrong
      declare(*func);
    }
  }
  /// Every ref.func in a range of constant expressions.
  void declare_all(wasm::ByteRange exprs) {
    binary::InstrReader reader(module_, exprs);
    while (!reader.at_end()) {
      const Result<binary::Instr> instr = reader.next();
      if (!instr) return;
      if (instr->op == wasm::Op::ref_func) declare(instr->index);
    }
  }

  ModuleTypes& types_;
  const Module& module_;
  TypeRegistry& registry_;
  std::vector<uint8_t> depths_;
};

Result<ModuleTypes> ModuleTypes::build(std::shared_ptr<const Module> module, TypeRegistry& registry) {
  ModuleTypes types(std::move(module), registry);
  TRY(Builder(types, registry).build());
  return types;
}

Result<void> ModuleTypes::check(ValType type, uint64_t offset) const {
  if (!type.is_ref() || !type.heap().is_concrete() || type.heap().index().value < type_count()) return {};
  return fail(ErrorCode::unknown_type, offset, std::to_string(type.heap().index().value));
}

std::string ModuleTypes::to_string(ValType type) const {
  if (!type.is_ref() || !type.heap().is_concrete()) return wasm::to_string(type);
  const auto place = std::ranges::find(canonical_, type.heap().index().value, &CanonType::value);
  // A type that only the registry knows cannot stand in this module's code.
  const TypeIdx index(place == canonical_.end() ? type.heap().index().value
                                                : static_cast<uint32_t>(place - canonical_.begin()));
  return wasm::to_string(ValType::ref(wasm::HeapType(index), type.is_nullable()));
}

std::string ModuleTypes::to_string(std::span<const ValType> types) const {
  // A thousand parameters would say no more than the first few.
  constexpr size_t most = 16;
  std::string text = "[";
  for (const ValType type : types.first(std::min(most, types.size()))) {
    if (text.size() > 1) text += ' ';
    text += to_string(type);
  }
  return text + (types.size() > most ? " ...]" : "]");
}

}  // namespace cloche::validate

#include "validate/validate_types.hpp"

#include "wasm/limits.hpp"

namespace cloche::validate {
namespace {

using wasm::CompKind;
using wasm::ErrorCode;
using wasm::fail;
using wasm::Result;

/// Checks one type's references; `end` is one past the last index it may use.
class References {
 public:
  References(uint32_t end, uint64_t offset) : end_(end), offset_(offset) {}

  Result<void> check(const wasm::CompType& comp) const {
    for (const wasm::ValType type : comp.func.params) TRY(check(type));
    for (const wasm::ValType type : comp.func.results) TRY(check(type));
    for (const wasm::FieldType& field : comp.fields) TRY(check(field.storage.unpacked()));
    return {};
  }

 private:
  Result<void> check(wasm::ValType type) const {
    if (type.is_ref() && type.heap().is_concrete() && type.heap().index().value >= end_)
      return fail(ErrorCode::unknown_type, offset_, std::to_string(type.heap().index().value));
    return {};
  }
  uint32_t end_;
  uint64_t offset_;
};

bool comp_matches(const wasm::CompType& sub, const wasm::CompType& super, const ModuleTypes& types) {
  if (sub.kind != super.kind) return false;
  if (sub.kind == CompKind::func)
    return types.matches(super.func.params, sub.func.params) &&
           types.matches(sub.func.results, super.func.results);
  if (sub.fields.size() < super.fields.size()) return false;
  for (size_t i = 0; i < super.fields.size(); ++i)
    if (!types.matches(sub.fields[i], super.fields[i])) return false;
  return true;
}

}  // namespace

Result<void> check_type_references(const wasm::Module& module) {
  for (const wasm::RecGroup& group : module.rec_groups) {
    const uint32_t end = group.first.value + group.size;
    for (uint32_t index = group.first.value; index < end; ++index) {
      const wasm::SubType& type = module.types[index];
      TRY(References(end, type.offset).check(type.comp));
      // A supertype stands before its subtypes, also within a group.
      for (const wasm::TypeIdx super : type.supers)
        if (super.value >= index)
          return fail(ErrorCode::unknown_type, type.offset, std::to_string(super.value));
    }
  }
  return {};
}

Result<void> check_supertypes(const wasm::Module& module, const ModuleTypes& types) {
  for (uint32_t index = 0; index < module.types.size(); ++index) {
    const wasm::SubType& type = module.types[index];
    if (type.supers.empty()) continue;
    const wasm::SubType& super = module.types[type.supers[0].value];
    const std::string pair = std::to_string(index) + " of " + std::to_string(type.supers[0].value);
    if (super.final_) return fail(ErrorCode::sub_type, type.offset, pair + ", which is final");
    if (!comp_matches(type.comp, super.comp, types))
      return fail(ErrorCode::sub_type, type.offset, pair + " does not match it");
    const uint32_t depth = types.registry().depth(types.canonical(wasm::TypeIdx(index)));
    if (depth > wasm::limits::subtype_depth)
      return wasm::fail_limit("depth of the subtype hierarchy", depth, wasm::limits::subtype_depth,
                              type.offset);
  }
  return {};
}

}  // namespace cloche::validate

#include "validate/validate.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "binary/reader.hpp"
#include "validate/const_expr.hpp"
#include "wasm/limits.hpp"

namespace cloche::validate {

using wasm::ErrorCode;
using wasm::ExternKind;
using wasm::fail;
using wasm::Limits;
using wasm::Module;
using wasm::Result;
using wasm::ValType;

namespace {

Result<void> check_order(const Limits& limits, uint64_t offset) {
  if (!limits.max || limits.min <= *limits.max) return {};
  return fail(ErrorCode::limits_order, offset,
              std::to_string(limits.min) + ", " + std::to_string(*limits.max));
}

/// The bounds that exceed `largest`, if any.
const uint64_t* find_excess(const Limits& limits, uint64_t largest) {
  if (limits.min > largest) return &limits.min;
  return limits.max && *limits.max > largest ? &*limits.max : nullptr;
}

/// spec: Validation / Types / Memory Types, with the custom page sizes and threads proposals.
Result<void> check_mem_type(const wasm::MemType& type, uint64_t offset) {
  if (type.page_size_log2 != 0 && type.page_size_log2 != wasm::default_page_size_log2)
    return fail(ErrorCode::custom_page_size, offset, "2^" + std::to_string(type.page_size_log2) + " bytes");
  // As many pages as the address type can address.
  const unsigned address_bits = type.limits.is_64 ? 64 : 32;
  const unsigned page_bits = address_bits - type.page_size_log2;
  // With pages of one byte the last one is left out, so that every size in bytes is an address.
  uint64_t largest = page_bits == 64 ? ~uint64_t{0} : uint64_t{1} << page_bits;
  if (page_bits == 32) largest = 0xFFFFFFFF;
  if (find_excess(type.limits, largest)) {
    if (!type.limits.is_64 && type.page_size_log2 == wasm::default_page_size_log2)
      return fail(ErrorCode::memory_size, offset, "must be at most 65536 pages (4GiB)");
    return fail(ErrorCode::memory_size, offset, "must be at most " + std::to_string(largest) + " pages");
  }
  TRY(check_order(type.limits, offset));
  if (type.shared && !type.limits.max) return fail(ErrorCode::shared_memory_maximum, offset);
  return {};
}

/// spec: Validation / Types / Table Types.
Result<void> check_table_type(const wasm::TableType& type, uint64_t offset) {
  if (!type.limits.is_64 && find_excess(type.limits, 0xFFFFFFFF))
    return fail(ErrorCode::table_size, offset, "must be at most 2^32-1");
  return check_order(type.limits, offset);
}

/// The checks of everything but types and bodies.
class Definitions {
 public:
  explicit Definitions(const ModuleTypes& types) : types_(types), module_(types.module()), exprs_(types) {}

  /// Gives the result of each check to `keep`, in order, until that returns false.
  template <class Keep>
  void check(Keep keep) {
    for (uint32_t i = 0; i < module_.tables.size(); ++i)
      if (!keep(check_table(i))) return;
    for (const wasm::Mem& mem : module_.mems)
      if (!keep(check_mem_type(mem.type, mem.offset))) return;
    for (uint32_t i = module_.imported_globals; i < module_.globals.size(); ++i)
      if (!keep(exprs_.check(module_.globals[i].init, types_.globals()[i].type, i))) return;
    if (!keep(check_exports()) || !keep(check_start())) return;
    for (size_t i = 0; i < module_.elems.size(); ++i)
      if (!keep(check_elem(module_.elems[i], types_.elems()[i]))) return;
    for (const wasm::Data& data : module_.datas)
      if (!keep(check_data(data))) return;
  }

 private:
  Result<void> check_table(uint32_t i) {
    const wasm::Table& table = module_.tables[i];
    TRY(check_table_type(table.type, table.offset));
    if (i < module_.imported_tables) return {};
    // Tables come before globals, and see only those that are imported.
    if (table.init) return exprs_.check(*table.init, types_.tables()[i], module_.imported_globals);
    if (types_.tables()[i].is_nullable()) return {};
    return fail(ErrorCode::type_mismatch, table.offset,
                "a table of " + types_.to_string(types_.tables()[i]) + " requires an initializer");
  }

  /// Sorted rather than hashed: a million names must not be able to collide.
  Result<void> check_exports() {
    std::vector<const wasm::Export*> sorted;
    sorted.reserve(module_.exports.size());
    for (const wasm::Export& each : module_.exports) {
      TRY(check_export_index(each));
      sorted.push_back(&each);
    }
    std::ranges::sort(sorted, [](const auto* a, const auto* b) {
      return std::pair(a->name, a->offset) < std::pair(b->name, b->offset);
    });
    const auto twin = std::ranges::adjacent_find(sorted, {}, &wasm::Export::name);
    if (twin == sorted.end()) return {};
    return fail(ErrorCode::duplicate_export, twin[1]->offset, "\"" + std::string(twin[1]->name) + "\"");
  }

  Result<void> check_export_index(const wasm::Export& each) {
    const auto in = [&](size_t size, ErrorCode code) -> Result<void> {
      if (each.index < size) return {};
      return fail(code, each.offset, std::to_string(each.index));
    };
    switch (each.kind) {
      case ExternKind::func:
        return in(module_.funcs.size(), ErrorCode::unknown_func);
      case ExternKind::table:
        return in(module_.tables.size(), ErrorCode::unknown_table);
      case ExternKind::mem:
        return in(module_.mems.size(), ErrorCode::unknown_memory);
      case ExternKind::global:
        return in(module_.globals.size(), ErrorCode::unknown_global);
      case ExternKind::tag:
        return in(module_.tags.size(), ErrorCode::unknown_tag);
    }
    return {};
  }

  Result<void> check_start() {
    if (!module_.start) return {};
    const uint32_t func = module_.start->value;
    if (func >= module_.funcs.size())
      return fail(ErrorCode::unknown_func, module_.start_offset, std::to_string(func));
    const CanonicalType& type = *types_.funcs()[func];
    if (type.params().empty() && type.results().empty()) return {};
    return fail(ErrorCode::start_function, module_.start_offset,
                "function " + std::to_string(func) + " has the type " +
                    types_.to_string(std::span<const ValType>(type.params())) + " -> " +
                    types_.to_string(std::span<const ValType>(type.results())));
  }

  Result<void> check_elem(const wasm::Elem& elem, ValType type) {
    if (elem.mode == wasm::SegmentMode::active) {
      const uint32_t table = elem.table.value;
      if (table >= module_.tables.size())
        return fail(ErrorCode::unknown_table, elem.offset, std::to_string(table));
      if (!types_.matches(type, types_.tables()[table]))
        return fail(ErrorCode::type_mismatch, elem.offset,
                    "table of " + types_.to_string(types_.tables()[table]) + " cannot take " +
                        types_.to_string(type));
      TRY(exprs_.check(elem.table_offset, types_.table_addr(table), global_count()));
    }
    if (elem.has_exprs) return exprs_.check_all(elem.items, elem.count, type, global_count());
    return check_func_indices(elem, type);
  }

  Result<void> check_func_indices(const wasm::Elem& elem, ValType type) {
    binary::Reader reader(module_.bytes.span(), elem.items.offset, elem.items.offset + elem.items.size);
    for (uint32_t i = 0; i < elem.count; ++i) {
      const size_t offset = reader.offset();
      const uint32_t func = TRY(reader.u32());
      if (func >= module_.funcs.size()) return fail(ErrorCode::unknown_func, offset, std::to_string(func));
    }
    static_cast<void>(type);  // always funcref or (ref func), which every function matches
    return {};
  }

  Result<void> check_data(const wasm::Data& data) {
    if (data.mode != wasm::SegmentMode::active) return {};
    const uint32_t mem = data.mem.value;
    if (mem >= module_.mems.size()) return fail(ErrorCode::unknown_memory, data.offset, std::to_string(mem));
    return exprs_.check(data.mem_offset, types_.mem_addr(mem), global_count());
  }

  uint32_t global_count() const { return static_cast<uint32_t>(module_.globals.size()); }

  const ModuleTypes& types_;
  const Module& module_;
  ConstExprs exprs_;
};

}  // namespace

Result<void> validate_function(const ModuleTypes& /*types*/, uint32_t defined_index, ValidatorPass& pass) {
  return pass.run(defined_index);
}

Result<void> validate_definitions(const ModuleTypes& types) {
  Result<void> first;
  Definitions(types).check([&](Result<void> result) {
    if (!result) first = std::move(result);
    return first.has_value();
  });
  return first;
}

std::vector<wasm::Error> all_definition_errors(const ModuleTypes& types, size_t most) {
  std::vector<wasm::Error> errors;
  Definitions(types).check([&](Result<void> result) {
    if (!result) errors.push_back(std::move(result.error()));
    return errors.size() < most;
  });
  return errors;
}

Result<ValidatedModule> validate(std::shared_ptr<const Module> module, TypeRegistry& registry) {
  auto types = std::make_shared<const ModuleTypes>(TRY(ModuleTypes::build(std::move(module), registry)));
  TRY(validate_definitions(*types));
  NoSink no_sink;
  ValidatorPass pass(*types, no_sink);
  for (uint32_t i = 0; i < types->module().codes.size(); ++i) TRY(validate_function(*types, i, pass));
  return ValidatedModule(std::move(types));
}

}  // namespace cloche::validate

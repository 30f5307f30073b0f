#include "validate/validate.hpp"

#include <string_view>
#include <unordered_set>

#include "binary/instr_reader.hpp"
#include "validate/function_pass.hpp"
#include "validate/validate_types.hpp"
#include "wasm/limits.hpp"

namespace cloche::validate {

using wasm::ErrorCode;
using wasm::fail;
using wasm::Result;
using wasm::ValType;

/// Checks a module section by section; makes the ValidatedModule.
class ModuleValidator {
 public:
  ModuleValidator(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry)
      : module_(*module), registry_(registry) {
    result_.module_ = std::move(module);
  }

  Result<ValidatedModule> run() {
    TRY(types());
    for (const wasm::Func& func : module_.funcs) TRY(func_type(func.type, func.offset));
    TRY(tags());
    TRY(tables());
    TRY(memories());
    declare_references();
    FunctionPass<NoSink> pass(context(), sink_);
    pass_ = &pass;
    TRY(globals());
    TRY(table_initializers());
    TRY(elems());
    TRY(datas());
    TRY(start());
    TRY(exports());
    for (uint32_t i = 0; i < module_.codes.size(); ++i) TRY(pass.function(i));
    return std::move(result_);
  }

 private:
  Context context() const { return *context_; }

  Result<void> types() {
    TRY(check_type_references(module_));
    result_.types_ = std::make_unique<ModuleTypes>(module_, registry_, TRY(registry_.intern(module_)));
    result_.declared_ = std::make_unique<std::vector<bool>>(module_.funcs.size());
    context_.emplace(module_, *result_.types_, *result_.declared_);
    return check_supertypes(module_, *result_.types_);
  }

  Result<void> func_type(wasm::TypeIdx type, uint64_t offset) const {
    if (type.value >= module_.types.size())
      return fail(ErrorCode::unknown_type, offset, std::to_string(type.value));
    if (module_.types[type.value].comp.kind != wasm::CompKind::func)
      return fail(ErrorCode::unknown_type, offset,
                  std::to_string(type.value) + ": it is not a function type");
    return {};
  }

  Result<void> val_type(ValType type, uint64_t offset) const {
    if (type.is_ref() && type.heap().is_concrete() && type.heap().index().value >= module_.types.size())
      return fail(ErrorCode::unknown_type, offset, std::to_string(type.heap().index().value));
    return {};
  }

  Result<void> tags() const {
    for (const wasm::Tag& tag : module_.tags) {
      TRY(func_type(tag.type.type, tag.offset));
      const wasm::FuncType& type = module_.func_type(tag.type.type);
      if (!type.results.empty()) return fail(ErrorCode::tag_result, tag.offset, wasm::to_string(type));
    }
    return {};
  }

  // ---- tables and memories

  static Result<void> ordered(const wasm::Limits& limits, uint64_t offset) {
    if (limits.max && *limits.max < limits.min)
      return fail(ErrorCode::limits_order, offset,
                  std::to_string(limits.min) + " > " + std::to_string(*limits.max));
    return {};
  }

  Result<void> tables() const {
    for (const wasm::Table& table : module_.tables) {
      const wasm::Limits& limits = table.type.limits;
      TRY(val_type(table.type.elem, table.offset));
      if (!limits.is_64 && (limits.min > UINT32_MAX || limits.max.value_or(0) > UINT32_MAX))
        return fail(ErrorCode::table_size, table.offset, "must be at most 2^32 - 1 elements");
      TRY(ordered(limits, table.offset));
    }
    return {};
  }

  Result<void> memories() const {
    if (module_.mems.size() > wasm::limits::memories)
      return wasm::fail_limit("memories", module_.mems.size(), wasm::limits::memories,
                              module_.mems.back().offset);
    if (module_.mems.size() > 1 && !module_.features.has(wasm::Feature::multi_memory))
      return fail(ErrorCode::unknown_memory, module_.mems[1].offset,
                  "1: multiple memories need the feature multi-memory");
    for (const wasm::Mem& mem : module_.mems) TRY(memory(mem));
    return {};
  }

  static Result<void> memory(const wasm::Mem& mem) {
    const wasm::MemType& type = mem.type;
    if (type.page_size_log2 != 0 && type.page_size_log2 != wasm::default_page_size_log2)
      return fail(ErrorCode::custom_page_size, mem.offset,
                  "2^" + std::to_string(type.page_size_log2) + " bytes; it must be 1 or 65536");
    // The index space in pages; with 64 bits of one-byte pages it is all of 64 bits.
    const bool is_64 = type.limits.is_64;
    const uint32_t bits = (is_64 ? 64 : 32) - type.page_size_log2;
    uint64_t most = bits == 64 ? ~uint64_t{0} : uint64_t{1} << bits;
    if (bits == 32) most = UINT32_MAX;
    if (type.limits.min > most || type.limits.max.value_or(0) > most)
      return fail(ErrorCode::memory_size, mem.offset,
                  "must be at most " + std::to_string(most) + " pages" +
                      (is_64 || type.page_size_log2 == 0 ? "" : " (4GiB)"));
    TRY(ordered(type.limits, mem.offset));
    if (type.shared && !type.limits.max) return fail(ErrorCode::shared_memory_maximum, mem.offset);
    return {};
  }

  // ---- references that functions may take

  /// Spec: Validation / Modules: functions named outside of bodies (in exports, globals, tables and
  /// segments).
  void declare_references() {
    std::vector<bool>& declared = *result_.declared_;
    const auto declare = [&](uint32_t func) {
      if (func < declared.size()) declared[func] = true;
    };
    for (const wasm::Export& item : module_.exports)
      if (item.kind == wasm::ExternKind::func) declare(item.index);
    const auto declare_in = [&](wasm::ByteRange range) {
      binary::InstrReader reader(module_, range);
      while (!reader.at_end()) {
        const auto instr = reader.next();
        if (!instr) return;  // reported when the expression is checked
        if (instr->op == wasm::Op::ref_func) declare(instr->index);
      }
    };
    for (const wasm::Global& global : module_.globals) declare_in(global.init);
    for (const wasm::Table& table : module_.tables)
      if (table.init) declare_in(*table.init);
    for (const wasm::Elem& elem : module_.elems) {
      if (elem.has_exprs) {
        declare_in(elem.items);
        continue;
      }
      binary::Reader reader(module_.bytes.span(), elem.items.offset, elem.items.offset + elem.items.size);
      for (uint32_t i = 0; i < elem.count; ++i)
        if (const auto func = reader.u32()) declare(*func);
    }
  }

  // ---- sections with expressions

  Result<void> constant(wasm::Expr expr, ValType type) {
    return pass_->constant(expr, type, readable_globals_);
  }

  Result<void> globals() {
    for (uint32_t i = 0; i < module_.globals.size(); ++i) {
      const wasm::Global& global = module_.globals[i];
      TRY(val_type(global.type.type, global.offset));
      readable_globals_ = i;
      if (i >= module_.imported_globals) TRY(constant(global.init, global.type.type));
    }
    readable_globals_ = static_cast<uint32_t>(module_.globals.size());
    return {};
  }

  Result<void> table_initializers() {
    // Tables come before globals: their initializers see the imported ones only.
    readable_globals_ = module_.imported_globals;
    for (const wasm::Table& table : module_.tables) {
      if (table.init)
        TRY(constant(*table.init, table.type.elem));
      else if (!table.type.elem.is_defaultable() && &table - module_.tables.data() >= module_.imported_tables)
        return fail(ErrorCode::type_mismatch, table.offset,
                    "a table of " + wasm::to_string(table.type.elem) + " needs an initializer");
    }
    readable_globals_ = static_cast<uint32_t>(module_.globals.size());
    return {};
  }

  Result<void> elems() {
    for (const wasm::Elem& elem : module_.elems) {
      TRY(val_type(elem.type, elem.offset));
      if (elem.mode == wasm::SegmentMode::active) TRY(active_elem(elem));
      TRY(elem_items(elem));
    }
    return {};
  }

  Result<void> active_elem(const wasm::Elem& elem) {
    if (elem.table.value >= module_.tables.size())
      return fail(ErrorCode::unknown_table, elem.offset, std::to_string(elem.table.value));
    const wasm::TableType& table = module_.tables[elem.table.value].type;
    if (!result_.types_->matches(elem.type, table.elem))
      return fail(
          ErrorCode::type_mismatch, elem.offset,
          "segment of " + wasm::to_string(elem.type) + " for a table of " + wasm::to_string(table.elem));
    return constant(elem.table_offset, wasm::addr_type(table.limits));
  }

  Result<void> elem_items(const wasm::Elem& elem) {
    binary::Reader reader(module_.bytes.span(), elem.items.offset, elem.items.offset + elem.items.size);
    for (uint32_t i = 0; i < elem.count; ++i) {
      const size_t start = reader.offset();
      if (elem.has_exprs) {
        TRY(constant(TRY(binary::skip_expr(reader, module_.features)), elem.type));
      } else if (const uint32_t func = TRY(reader.u32()); func >= module_.funcs.size()) {
        return fail(ErrorCode::unknown_func, start, std::to_string(func));
      }
    }
    return {};
  }

  Result<void> datas() {
    for (const wasm::Data& data : module_.datas) {
      if (data.mode != wasm::SegmentMode::active) continue;
      if (data.mem.value >= module_.mems.size())
        return fail(ErrorCode::unknown_memory, data.offset, std::to_string(data.mem.value));
      TRY(constant(data.mem_offset, wasm::addr_type(module_.mems[data.mem.value].type.limits)));
    }
    return {};
  }

  Result<void> start() const {
    if (!module_.start) return {};
    if (module_.start->value >= module_.funcs.size())
      return fail(ErrorCode::unknown_func, module_.start_offset, std::to_string(module_.start->value));
    const wasm::FuncType& type = module_.func_type(*module_.start);
    if (!type.params.empty() || !type.results.empty())
      return fail(ErrorCode::start_function, module_.start_offset,
                  "it must be [] -> [], it is " + wasm::to_string(type));
    return {};
  }

  Result<void> exports() const {
    std::unordered_set<std::string_view> names;
    names.reserve(module_.exports.size());
    for (const wasm::Export& item : module_.exports) {
      TRY(export_index(item));
      if (!names.insert(item.name).second)
        return fail(ErrorCode::duplicate_export, item.offset, std::string(item.name));
    }
    return {};
  }

  Result<void> export_index(const wasm::Export& item) const {
    struct Space {
      size_t size;
      ErrorCode error;
    };
    const Space spaces[] = {{module_.funcs.size(), ErrorCode::unknown_func},
                            {module_.tables.size(), ErrorCode::unknown_table},
                            {module_.mems.size(), ErrorCode::unknown_memory},
                            {module_.globals.size(), ErrorCode::unknown_global},
                            {module_.tags.size(), ErrorCode::unknown_tag}};
    const Space& space = spaces[static_cast<size_t>(item.kind)];
    if (item.index >= space.size) return fail(space.error, item.offset, std::to_string(item.index));
    return {};
  }

  const wasm::Module& module_;
  TypeRegistry& registry_;
  ValidatedModule result_;
  std::optional<Context> context_;
  NoSink sink_;
  FunctionPass<NoSink>* pass_ = nullptr;
  uint32_t readable_globals_ = 0;
};

wasm::Result<ValidatedModule> validate(std::shared_ptr<const wasm::Module> module, TypeRegistry& registry) {
  return ModuleValidator(std::move(module), registry).run();
}

}  // namespace cloche::validate

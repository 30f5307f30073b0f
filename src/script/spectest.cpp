#include "script/spectest.hpp"

namespace cloche::script {
namespace {

using runtime::Value;
using wasm::Result;
using wasm::ValType;

constexpr std::string_view module_name = "spectest";

struct Print {
  std::string_view name;
  std::vector<ValType> params;
};

Result<void> define_prints(runtime::Store& store, runtime::Linker& linker, const PrintSink& sink) {
  const Print prints[] = {
      {"print", {}},
      {"print_i32", {ValType::i32()}},
      {"print_i64", {ValType::i64()}},
      {"print_f32", {ValType::f32()}},
      {"print_f64", {ValType::f64()}},
      {"print_i32_f32", {ValType::i32(), ValType::f32()}},
      {"print_f64_f64", {ValType::f64(), ValType::f64()}},
  };
  for (const Print& print : prints) {
    const auto body = [sink, name = print.name](runtime::HostCall&, std::span<const Value> args,
                                                std::vector<Value>&) {
      if (sink) sink(name, args);
      return wasm::TrapCode::none;
    };
    const auto func = store.make_func_values({print.params, {}}, body);
    TRY(linker.define(module_name, print.name, func));
  }
  return {};
}

Result<void> define_globals(runtime::Store& store, runtime::Linker& linker) {
  const std::pair<std::string_view, Value> globals[] = {
      {"global_i32", Value::i32(666)},
      {"global_i64", Value::i64(666)},
      {"global_f32", Value::f32(666.6f)},
      {"global_f64", Value::f64(666.6)},
  };
  for (const auto& [name, value] : globals)
    TRY(linker.define(module_name, name, TRY(store.make_global({value.type(), false}, value))));
  return {};
}

wasm::Limits between(uint64_t min, uint64_t max, bool is_64) { return {min, max, is_64}; }

}  // namespace

Result<void> define_spectest(runtime::Store& store, runtime::Linker& linker, const PrintSink& sink) {
  TRY(define_prints(store, linker, sink));
  TRY(define_globals(store, linker));
  const Value null = Value::null(wasm::AbsHeap::nofunc);
  TRY(linker.define(module_name, "table",
                    TRY(store.make_table({ValType::funcref(), between(10, 20, false)}, null))));
  TRY(linker.define(module_name, "table64",
                    TRY(store.make_table({ValType::funcref(), between(10, 20, true)}, null))));
  TRY(linker.define(module_name, "memory", TRY(store.make_memory({between(1, 2, false)}))));
  TRY(linker.define(module_name, "shared_memory", TRY(store.make_memory({between(1, 2, false), true}))));
  return {};
}

}  // namespace cloche::script

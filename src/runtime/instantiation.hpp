// One instantiation of a module (spec: Execution / Modules / Instantiation), step by step.
#pragma once

#include <memory>
#include <span>

#include "runtime/store.hpp"

namespace cloche::runtime {

class Instantiation {
 public:
  Instantiation(Store& store, std::shared_ptr<Module> module, std::span<const Extern> imports);
  /// Runs all steps; see Store::instantiate for how it fails.
  Outcome<Instance*> run();

 private:
  wasm::Result<void> check_imports() const;
  void take_imports();
  void make_funcs();
  wasm::Result<void> make_memories();
  void make_tags();
  void make_datas();
  void point_to_spaces();

  Outcome<void> make_globals();
  Outcome<void> make_tables();
  Outcome<void> make_elems();
  Outcome<void> fill_elem(const wasm::Elem& elem, abi::ElemSegment& segment);
  Outcome<void> apply_elems();
  Outcome<void> apply_datas();
  Outcome<void> call_start();

  Outcome<void> evaluate(wasm::Expr expr, abi::Slot* result);
  /// The offset of an active segment, zero-extended.
  Outcome<uint64_t> evaluate_offset(wasm::Expr expr, bool is_64);

  Store& store_;
  std::shared_ptr<Module> module_;
  const wasm::Module& decoded_;
  std::span<const Extern> imports_;
  Instance* instance_ = nullptr;
};

}  // namespace cloche::runtime

#include "runtime/module.hpp"

#include "binary/decoder.hpp"

namespace cloche::runtime {
namespace {

uint32_t slots_of(const wasm::ResultType& types) {
  uint32_t slots = 0;
  for (const wasm::ValType type : types) slots += type.slots();
  return slots;
}

}  // namespace

wasm::Result<std::shared_ptr<Module>> Module::compile(std::shared_ptr<Engine> engine, wasm::ModuleBytes bytes,
                                                      std::shared_ptr<const symbols::TextSource> source) {
  wasm::Module decoded = TRY(binary::decode(std::move(bytes), engine->config().features));
  auto shared = std::make_shared<const wasm::Module>(std::move(decoded));
  validate::ValidatedModule validated = TRY(validate::validate(std::move(shared), engine->types()));
  std::shared_ptr<Module> module(new Module(std::move(engine), std::move(validated)));
  module->symbols_.set_source(std::move(source));
  return module;
}

Module::Module(std::shared_ptr<Engine> engine, validate::ValidatedModule validated)
    : engine_(std::move(engine)), validated_(std::move(validated)), symbols_(decoded()) {
  codes_ = std::make_unique<abi::FuncCode[]>(decoded().codes.size());
  for (uint32_t i = 0; i < decoded().codes.size(); ++i) {
    codes_[i].module = &validated_;
    codes_[i].defined_index = i;
  }
  for (uint32_t i = 0; i < decoded().types.size(); ++i) {
    const wasm::CompType& type = decoded().types[i].comp;
    canonical_types_.push_back(validated_.canonical(wasm::TypeIdx(i)));
    rtts_.push_back(engine_->rtts().get(canonical_types_.back()));
    slots_.push_back({slots_of(type.func.params), slots_of(type.func.results)});
  }
}

Module::~Module() {
  for (uint32_t i = 0; i < decoded().codes.size(); ++i)
    delete codes_[i].prepared.load(std::memory_order_relaxed);
}

wasm::ValType Module::canonical(wasm::ValType type) const {
  if (!type.is_ref() || !type.heap().is_concrete()) return type;
  const wasm::HeapType heap{wasm::TypeIdx(canonical(type.heap().index()))};
  return wasm::ValType::ref(heap, type.is_nullable());
}

}  // namespace cloche::runtime

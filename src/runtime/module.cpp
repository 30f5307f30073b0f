#include "runtime/module.hpp"

#include <algorithm>

#include "binary/decoder.hpp"
#include "binary/names.hpp"

namespace cloche::runtime {
namespace {

uint32_t slots_of(const wasm::ResultType& types) {
  uint32_t slots = 0;
  for (const wasm::ValType type : types) slots += type.slots();
  return slots;
}

}  // namespace

struct Module::Names {
  binary::NameSection section;
  binary::NameMap exports;  // first export of each function, sorted by function
};

wasm::Result<std::shared_ptr<Module>> Module::compile(std::shared_ptr<Engine> engine,
                                                      wasm::ModuleBytes bytes) {
  wasm::Module decoded = TRY(binary::decode(std::move(bytes), engine->config().features));
  auto shared = std::make_shared<const wasm::Module>(std::move(decoded));
  validate::ValidatedModule validated = TRY(validate::validate(std::move(shared), engine->types()));
  return std::shared_ptr<Module>(new Module(std::move(engine), std::move(validated)));
}

Module::Module(std::shared_ptr<Engine> engine, validate::ValidatedModule validated)
    : engine_(std::move(engine)), validated_(std::move(validated)) {
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

void Module::load_names() const {
  names_ = std::make_unique<Names>();
  names_->section = binary::decode_names(decoded());
  for (const wasm::Export& item : decoded().exports)
    if (item.kind == wasm::ExternKind::func) names_->exports.push_back({item.index, item.name});
  // The names of one function stand in the module's order: their views point into its bytes.
  std::sort(names_->exports.begin(), names_->exports.end(),
            [](const binary::NameAssoc& a, const binary::NameAssoc& b) {
              return a.index != b.index ? a.index < b.index : a.name.data() < b.name.data();
            });
}

std::string Module::func_name(wasm::FuncIdx func) const {
  std::call_once(names_once_, [this] { load_names(); });
  if (const auto name = binary::find_name(names_->section.funcs, func.value)) return std::string(*name);
  const auto at =
      std::lower_bound(names_->exports.begin(), names_->exports.end(), func.value,
                       [](const binary::NameAssoc& a, uint32_t index) { return a.index < index; });
  return at != names_->exports.end() && at->index == func.value ? std::string(at->name) : std::string();
}

std::string Module::name() const {
  std::call_once(names_once_, [this] { load_names(); });
  return std::string(names_->section.module.value_or(std::string_view()));
}

}  // namespace cloche::runtime

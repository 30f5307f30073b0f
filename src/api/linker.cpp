#include "cloche/linker.hpp"

#include "api/access.hpp"
#include "api/error.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;

Result<void> define_item(detail::LinkerState& state, std::string_view module, std::string_view name,
                         const runtime::Extern& item) {
  const auto defined = state.linker.define(module, name, item);
  if (!defined) return Unexpected{detail::operation_error(defined.error())};
  return {};
}

}  // namespace

Linker::Linker(Store& store) : state_(std::make_unique<detail::LinkerState>(ApiAccess::of(store))) {}
Linker::Linker(Linker&&) noexcept = default;
Linker& Linker::operator=(Linker&&) noexcept = default;
Linker::~Linker() = default;

void* Linker::store() const { return state_->store; }

Result<void> Linker::define(std::string_view module, std::string_view name, const Func& func) {
  return define_item(*state_, module, name, ApiAccess::of(func));
}

Result<void> Linker::define(std::string_view module, std::string_view name, const Memory& memory) {
  return define_item(*state_, module, name, ApiAccess::of(memory));
}

Result<void> Linker::define(std::string_view module, std::string_view name, const Table& table) {
  return define_item(*state_, module, name, ApiAccess::of(table));
}

Result<void> Linker::define(std::string_view module, std::string_view name, const Global& global) {
  return define_item(*state_, module, name, ApiAccess::of(global));
}

Result<void> Linker::define(std::string_view module, std::string_view name, const Tag& tag) {
  return define_item(*state_, module, name, ApiAccess::of(tag));
}

Result<void> Linker::define_instance(std::string_view module, const Instance& instance) {
  const auto defined = state_->linker.define_instance(module, ApiAccess::of(instance));
  if (!defined) return Unexpected{detail::operation_error(defined.error())};
  return {};
}

bool Linker::has(std::string_view module, std::string_view name) const {
  return state_->linker.find(module, name).has_value();
}

Result<Instance> Linker::instantiate(const Module& module) {
  const auto instance = state_->linker.instantiate(ApiAccess::of(module));
  if (!instance) return Unexpected{detail::public_error(instance.error())};
  return ApiAccess::handle(*instance);
}

}  // namespace cloche

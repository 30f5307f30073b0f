#include "cloche/store.hpp"

#include "api/access.hpp"
#include "api/error.hpp"
#include "api/values.hpp"
#include "base/assert.hpp"

namespace cloche {

using detail::ApiAccess;

Result<Store> Store::create(const Engine& engine) {
  auto store = runtime::Store::create(ApiAccess::of(engine));
  if (!store) return Unexpected{detail::operation_error(store.error())};
  return ApiAccess::store(*std::move(store));
}

Store::Store(const Engine& engine) {
  auto made = create(engine);
  ASSERT(made.has_value());
  state_ = std::move(made->state_);
}

Store::Store(std::unique_ptr<detail::StoreState> state) : state_(std::move(state)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

void* Store::handle() const { return state_->store.get(); }

Ref Store::make_extern(uint64_t payload) {
  const auto value = state_->store->make_extern(payload);
  return value ? ApiAccess::ref(*value) : Ref();
}

void Store::interrupt() { state_->store->interrupt(); }

void Store::report_traps(TrapReport report) {
  state_->trap_reporter.reset();
  if (report == TrapReport::brief) return;
  state_->trap_reporter = std::make_unique<debug::TrapReporter>(*state_->store, report == TrapReport::advice);
}

void Store::collect() { state_->store->collect(); }

uint64_t Store::gc_heap_bytes() const { return state_->store->heap().used_bytes(); }

}  // namespace cloche

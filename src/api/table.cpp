#include "api/access.hpp"
#include "api/error.hpp"
#include "api/values.hpp"

namespace cloche {

using detail::ApiAccess;

Result<Table> Table::create(Store& store, RefType elem, uint64_t min, std::optional<uint64_t> max,
                            const Ref& init) {
  if (max && *max < min) return Unexpected{detail::usage_error("the table's minimum is above its maximum")};
  const wasm::ValType type = detail::val_type(elem);
  const auto value = detail::to_runtime(ApiAccess::of(store), init, type);
  if (!value) return Unexpected{value.error()};
  const auto table = ApiAccess::of(store).make_table({type, {min, max, false}}, *value);
  if (!table) return Unexpected{detail::operation_error(table.error())};
  return ApiAccess::handle(*table);
}

uint64_t Table::size() const { return ApiAccess::of(*this).size(); }

std::optional<uint64_t> Table::grow(uint64_t delta, const Ref& init) const {
  const runtime::Table table = ApiAccess::of(*this);
  const auto value = detail::to_runtime(*table.store, init, table.object->type);
  return value ? table.store->grow(table, delta, *value) : std::nullopt;
}

Result<Ref> Table::get(uint64_t index) const {
  const runtime::Table table = ApiAccess::of(*this);
  const auto value = table.store->get(table, index);
  if (!value) return Unexpected{detail::operation_error(value.error())};
  return ApiAccess::ref(*value);
}

Result<void> Table::set(uint64_t index, const Ref& ref) const {
  const runtime::Table table = ApiAccess::of(*this);
  const auto value = detail::to_runtime(*table.store, ref, table.object->type);
  if (!value) return Unexpected{value.error()};
  if (const auto done = table.store->set(table, index, *value); !done)
    return Unexpected{detail::operation_error(done.error())};
  return {};
}

}  // namespace cloche

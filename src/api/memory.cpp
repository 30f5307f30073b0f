#include "api/access.hpp"
#include "api/error.hpp"

namespace cloche {

using detail::ApiAccess;

Result<Memory> Memory::create(Store& store, uint64_t min_pages, std::optional<uint64_t> max_pages) {
  if (max_pages && *max_pages < min_pages)
    return Unexpected{detail::usage_error("the memory's minimum is above its maximum")};
  const auto memory = ApiAccess::of(store).make_memory({{min_pages, max_pages, false}});
  if (!memory) return Unexpected{detail::operation_error(memory.error())};
  return ApiAccess::handle(*memory);
}

uint64_t Memory::size_bytes() const { return ApiAccess::of(*this).size_bytes(); }

uint64_t Memory::size_pages() const { return ApiAccess::of(*this).size_pages(); }

std::span<uint8_t> Memory::view() const {
  const runtime::Memory memory = ApiAccess::of(*this);
  return {memory.object->base, static_cast<size_t>(memory.size_bytes())};
}

std::optional<uint64_t> Memory::grow(uint64_t delta_pages) const {
  return ApiAccess::store_of(*this).grow(ApiAccess::of(*this), delta_pages);
}

std::optional<std::string_view> Memory::text(uint64_t at, uint64_t size) const {
  const std::span<uint8_t> bytes = view();
  if (at > bytes.size() || bytes.size() - at < size) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(bytes.data()) + at, static_cast<size_t>(size));
}

}  // namespace cloche

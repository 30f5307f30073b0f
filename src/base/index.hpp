// Typed indices: each index space has a type of its own, so that a FuncIdx cannot be passed for a TypeIdx.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace cloche::base {

template <class Tag>
struct Index {
  uint32_t value = 0;
  constexpr Index() = default;
  constexpr explicit Index(uint32_t v) : value(v) {}
  constexpr explicit Index(size_t v) : value(static_cast<uint32_t>(v)) {}
  constexpr explicit Index(int v) : value(static_cast<uint32_t>(v)) {}
  friend constexpr auto operator<=>(Index, Index) = default;
};

}  // namespace cloche::base

template <class Tag>
struct std::hash<cloche::base::Index<Tag>> {
  size_t operator()(cloche::base::Index<Tag> index) const noexcept { return index.value; }
};

// A stable sort by a key. The standard library's own one allocates in a way that newer compilers call
// deprecated.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace cloche::base {

/// Sorts by `key(item)`, items with equal keys as they were.
template <class T, class Key>
void stable_order(std::vector<T>& items, Key key) {
  using Sort = std::pair<std::decay_t<std::invoke_result_t<Key, const T&>>, size_t>;
  std::vector<Sort> order;
  order.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) order.push_back({std::invoke(key, items[i]), i});
  std::sort(order.begin(), order.end());
  std::vector<T> sorted;
  sorted.reserve(items.size());
  for (const Sort& each : order) sorted.push_back(std::move(items[each.second]));
  items = std::move(sorted);
}

}  // namespace cloche::base

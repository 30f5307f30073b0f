#include "wasi/descriptor_table.hpp"

#include <algorithm>
#include <utility>

namespace cloche::wasi {

Or<uint32_t> DescriptorTable::add(DescriptorPtr descriptor) {
  const std::lock_guard lock(mutex_);
  uint32_t number = lowest_free_;
  while (is_open(number)) ++number;
  if (number >= max_) return fail(Errno::mfile);
  if (number >= slots_.size()) slots_.resize(number + 1);
  slots_[number] = std::move(descriptor);
  lowest_free_ = number + 1;
  return number;
}

bool DescriptorTable::is_full() const {
  const std::lock_guard lock(mutex_);
  uint32_t number = lowest_free_;
  while (is_open(number)) ++number;
  return number >= max_;
}

Done DescriptorTable::close(uint32_t number) {
  DescriptorPtr closed;  // ends after the lock: closing may take long
  const std::lock_guard lock(mutex_);
  if (!is_open(number)) return fail(Errno::badf);
  closed = std::move(slots_[number]);
  lowest_free_ = std::min(lowest_free_, number);
  return {};
}

Done DescriptorTable::renumber(uint32_t from, uint32_t to) {
  DescriptorPtr closed;
  const std::lock_guard lock(mutex_);
  if (!is_open(from) || !is_open(to)) return fail(Errno::badf);
  if (from == to) return {};
  closed = std::exchange(slots_[to], std::move(slots_[from]));
  lowest_free_ = std::min(lowest_free_, from);
  return {};
}

std::vector<int> DescriptorTable::host_descriptors() const {
  const std::lock_guard lock(mutex_);
  std::vector<int> numbers;
  for (const DescriptorPtr& descriptor : slots_)
    if (descriptor && descriptor->descriptor) numbers.push_back(descriptor->fd);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace cloche::wasi

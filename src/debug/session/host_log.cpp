#include "debug/session/host_log.hpp"

#include <cstring>

namespace cloche::debug {
namespace {

using wasm::TrapCode;

/// A call as it stands in the record: this, then the result slots, then each touched range and its bytes,
/// then the detail.
struct Entry {
  uint64_t total_bytes = 0;
  TrapCode code = TrapCode::none;
  uint8_t has_exit_status = 0;
  uint32_t exit_status = 0;
  uint32_t result_slots = 0;
  uint32_t ranges = 0;
  uint32_t detail_bytes = 0;
};

/// Memories are known by their addresses, which are the same in every process that was forked from the first.
struct Range {
  const abi::Memory* memory = nullptr;
  uint64_t offset = 0;
  uint64_t size = 0;
};

void put(std::vector<uint8_t>& out, const void* data, size_t size) {
  const auto* const bytes = static_cast<const uint8_t*>(data);
  out.insert(out.end(), bytes, bytes + size);
}

/// Reads consecutive parts of an entry that is in memory.
class Parts {
 public:
  explicit Parts(std::span<const uint8_t> bytes) : left_(bytes) {}
  bool take(void* to, size_t size) {
    if (size > left_.size()) return false;
    memcpy(to, left_.data(), size);
    left_ = left_.subspan(size);
    return true;
  }
  std::span<const uint8_t> bytes(size_t size) {
    const auto part = left_.first(std::min(size, left_.size()));
    left_ = left_.subspan(part.size());
    return part;
  }

 private:
  std::span<const uint8_t> left_;
};

}  // namespace

TrapCode HostLog::pass(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                       const runtime::HostSlots& body) {
  ++calls_;
  return at_ < record_.size() ? replay(call, slots) : record(call, slots, result_slots, body);
}

TrapCode HostLog::record(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                         const runtime::HostSlots& body) {
  std::vector<runtime::HostTouch> touched;
  call.touched = &touched;
  const TrapCode code = body(call, slots);
  Entry entry;
  entry.code = code;
  entry.has_exit_status = call.exit_status.has_value();
  entry.exit_status = call.exit_status.value_or(0);
  entry.result_slots = result_slots;
  entry.ranges = static_cast<uint32_t>(touched.size());
  entry.detail_bytes = static_cast<uint32_t>(call.detail.size());
  std::vector<uint8_t> bytes(sizeof entry);
  put(bytes, slots, result_slots * sizeof(abi::Slot));
  for (const runtime::HostTouch& touch : touched) {
    const Range range{touch.memory, touch.offset, touch.size};
    put(bytes, &range, sizeof range);
    put(bytes, touch.memory->base + touch.offset, static_cast<size_t>(touch.size));
  }
  put(bytes, call.detail.data(), call.detail.size());
  entry.total_bytes = bytes.size();
  memcpy(bytes.data(), &entry, sizeof entry);
  damaged_ |= !record_.append(bytes);
  at_ += bytes.size();
  return code;
}

TrapCode HostLog::replay(runtime::HostCall& call, abi::Slot* slots) {
  Entry entry;
  std::vector<uint8_t> bytes;
  bool good = record_.read(at_, {reinterpret_cast<uint8_t*>(&entry), sizeof entry});
  if (good) {
    bytes.resize(static_cast<size_t>(entry.total_bytes));
    good = record_.read(at_, bytes);
  }
  if (!good) {
    damaged_ = true;
    call.detail = "the record of host calls cannot be read";
    return TrapCode::host_error;
  }
  at_ += entry.total_bytes;
  Parts parts(std::span<const uint8_t>(bytes).subspan(sizeof entry));
  parts.take(slots, entry.result_slots * sizeof(abi::Slot));
  for (uint32_t i = 0; i < entry.ranges; ++i) {
    Range range;
    parts.take(&range, sizeof range);
    const auto contents = parts.bytes(static_cast<size_t>(range.size));
    if (!contents.empty()) memcpy(range.memory->base + range.offset, contents.data(), contents.size());
  }
  const auto detail = parts.bytes(entry.detail_bytes);
  call.detail.assign(reinterpret_cast<const char*>(detail.data()), detail.size());
  if (entry.has_exit_status != 0) call.exit_status = entry.exit_status;
  return entry.code;
}

}  // namespace cloche::debug

#include "debug/session/host_log.hpp"

#include <cstring>

#include "debug/session/objects.hpp"

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

struct Range {
  ObjectNumber memory;
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
  std::span<const uint8_t> left() const { return left_; }

 private:
  std::span<const uint8_t> left_;
};

/// Puts bytes back where a host function had written them; false when there is no such place.
bool restore(const abi::Context& context, Parts& parts) {
  Range range;
  if (!parts.take(&range, sizeof range)) return false;
  const abi::Memory* const memory = memory_of(context, range.memory);
  const auto contents = parts.bytes(static_cast<size_t>(range.size));
  if (memory == nullptr || contents.size() != range.size || range.offset > memory->size() ||
      range.size > memory->size() - range.offset)
    return false;
  if (!contents.empty()) memcpy(memory->base + range.offset, contents.data(), contents.size());
  return true;
}

}  // namespace

TrapCode HostLog::pass(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                       const runtime::HostSlots& body) {
  return at_ < record_.size() ? replay(call, slots) : record(call, slots, result_slots, body);
}

/// Makes the call, and makes it again when somebody only wanted to look.
TrapCode HostLog::make(runtime::HostCall& call, abi::Slot* slots, const runtime::HostSlots& body) {
  const abi::Frame* const frame = call.store.context().frame;  // its own
  const uint32_t count = frame->code == nullptr ? frame->func->param_slots : 0;
  const std::vector<abi::Slot> arguments(slots, slots + count);
  for (;;) {
    is_calling_ = true;
    const TrapCode code = body(call, slots);
    is_calling_ = false;
    if (code != TrapCode::interrupted || !interrupted_) return code;
    // Before anybody looks.
    std::copy(arguments.begin(), arguments.end(), slots);
    call.touched->clear();
    if (!interrupted_()) return code;
  }
}

TrapCode HostLog::record(runtime::HostCall& call, abi::Slot* slots, uint32_t result_slots,
                         const runtime::HostSlots& body) {
  std::vector<runtime::HostTouch> touched;
  call.touched = &touched;
  const TrapCode code = make(call, slots, body);
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
    const auto memory = memory_number(call.store.context(), touch.memory);
    has_failed_ |= !memory;
    const Range range{memory.value_or(ObjectNumber()), touch.offset, touch.size};
    put(bytes, &range, sizeof range);
    put(bytes, touch.memory->base + touch.offset, static_cast<size_t>(touch.size));
  }
  put(bytes, call.detail.data(), call.detail.size());
  entry.total_bytes = bytes.size();
  memcpy(bytes.data(), &entry, sizeof entry);
  has_failed_ |= !record_.append(bytes);
  at_ = record_.size();
  return code;
}

TrapCode HostLog::replay(runtime::HostCall& call, abi::Slot* slots) {
  Entry entry;
  std::vector<uint8_t> bytes;
  bool good = record_.read(at_, {reinterpret_cast<uint8_t*>(&entry), sizeof entry}) &&
              entry.total_bytes >= sizeof entry && entry.total_bytes <= record_.size() - at_;
  if (good) {
    bytes.resize(static_cast<size_t>(entry.total_bytes));
    good = record_.read(at_, bytes);
  }
  if (good) {
    Parts parts(std::span<const uint8_t>(bytes).subspan(sizeof entry));
    good = parts.take(slots, entry.result_slots * sizeof(abi::Slot));
    for (uint32_t i = 0; good && i < entry.ranges; ++i) good = restore(call.store.context(), parts);
    const auto detail = parts.left();
    call.detail.assign(reinterpret_cast<const char*>(detail.data()), detail.size());
  }
  if (!good) {
    call.detail = "the record of host calls cannot be read";
    return TrapCode::host_error;
  }
  at_ += entry.total_bytes;
  if (entry.has_exit_status != 0) call.exit_status = entry.exit_status;
  return entry.code;
}

}  // namespace cloche::debug

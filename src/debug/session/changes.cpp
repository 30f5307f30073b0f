#include "debug/session/changes.hpp"

#include <cstring>

#include "debug/session/words.hpp"

namespace cloche::debug {
namespace {

bool copy_slot(std::string_view bytes, abi::Slot* to) {
  if (to == nullptr || bytes.size() != sizeof *to) return false;
  memcpy(to, bytes.data(), bytes.size());
  return true;
}

abi::Slot* local_slot(const abi::Context& context, ObjectNumber where) {
  const abi::Frame* const frame = context.frames_base + where.instance;
  return frame <= context.frame ? frame->locals + where.index : nullptr;
}

}  // namespace

std::string Change::to_line() const {
  std::string line;
  for (const uint64_t number :
       {id, step, static_cast<uint64_t>(kind), uint64_t{where.instance}, uint64_t{where.index}, address})
    line += std::to_string(number) + " ";
  return line + to_hex(bytes);
}

std::optional<Change> Change::from_line(std::string_view line) {
  uint64_t numbers[6];
  for (uint64_t& number : numbers) {
    const auto found = to_number(take_word(line));
    if (!found) return std::nullopt;
    number = *found;
  }
  auto bytes = from_hex(line);
  if (!bytes || numbers[2] > static_cast<uint64_t>(Kind::local)) return std::nullopt;
  return Change{static_cast<Kind>(numbers[2]),
                {static_cast<uint32_t>(numbers[3]), static_cast<uint32_t>(numbers[4])},
                numbers[5],
                std::move(*bytes),
                numbers[0],
                numbers[1]};
}

bool Change::make(const abi::Context& context) const {
  if (kind == Kind::local) return copy_slot(bytes, local_slot(context, where));
  if (kind == Kind::global) {
    abi::Global* const global = global_of(context, where);
    return global != nullptr && copy_slot(bytes, global->value);
  }
  const abi::Memory* const memory = memory_of(context, where);
  if (memory == nullptr || address > memory->size() || bytes.size() > memory->size() - address) return false;
  memcpy(memory->base + address, bytes.data(), bytes.size());
  return true;
}

std::string Changes::add(Change change, uint64_t step, const abi::Context& context) {
  if (!change.make(context)) return {};
  change.id = ++last_id_;
  change.step = step;
  all_.push_back(std::move(change));
  next_ = all_.size();
  return all_.back().to_line();
}

void Changes::set(std::string_view lines) {
  all_.clear();
  while (!lines.empty())
    if (auto change = Change::from_line(take_line(lines))) all_.push_back(*std::move(change));
  next_ = 0;
  while (next_ < all_.size() && all_[next_].id <= last_id_) ++next_;
}

void Changes::make_due(uint64_t step, const abi::Context& context) {
  for (; next_ < all_.size() && all_[next_].step <= step; ++next_) {
    all_[next_].make(context);
    last_id_ = all_[next_].id;
  }
}

}  // namespace cloche::debug

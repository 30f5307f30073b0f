// The guest's allocator, called from the host: which exports it is, and how little of what it says is
// believed.
#include "cloche/guest_heap.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "api/access.hpp"
#include "api/error.hpp"

namespace cloche {

namespace detail {

struct GuestHeapState {
  GuestAllocator names;
  Memory memory;
  Func allocate;
  std::optional<Func> keep;
  std::optional<Func> release;
  bool is_64 = false;
};

}  // namespace detail

namespace {

using detail::ApiAccess;
using detail::GuestHeapState;
using detail::usage_error;

/// What toolchains call their allocators, the more specific first.
struct Known {
  const char* allocate;
  const char* allocate_takes;
  const char* keep;
  const char* release;
  const char* release_takes;
};
constexpr Known known[] = {
    {"malloc", "s", "", "free", "p"},
    {"__wbindgen_malloc", "sa", "", "__wbindgen_free", "psa"},
    {"__wbindgen_malloc", "s", "", "__wbindgen_free", "ps"},
    {"__new", "s0", "__pin", "__unpin", "p"},
    {"allocate", "s", "", "deallocate", "ps"},
    {"allocate", "s", "", "deallocate", "p"},
    {"alloc", "s", "", "dealloc", "ps"},
    {"alloc", "s", "", "dealloc", "p"},
    {"cabi_realloc", "00as", "", "", ""},
};

/// Who is asked for exports: an instance, or one that is in the middle of a call.
struct Exports {
  std::function<std::optional<Func>(const std::string&)> func;
  std::function<std::optional<Memory>(const std::string&)> memory;
};

template <class T>
std::optional<T> value_or_nothing(Result<T> result) {
  return result ? std::optional<T>(*std::move(result)) : std::nullopt;
}

Exports exports_of(const Instance& instance) {
  return {[&](const std::string& name) { return value_or_nothing(instance.func(name)); },
          [&](const std::string& name) { return value_or_nothing(instance.memory(name)); }};
}

Exports exports_of(const Caller& caller) {
  return {[&](const std::string& name) { return caller.func(name); },
          [&](const std::string& name) { return caller.memory(name); }};
}

/// "(i32 i32)", or without parentheses when there is nothing.
FunctionType type_of(size_t params, bool has_result, bool is_64) {
  const ValueType address = is_64 ? ValueType{ValueKind::i64, "i64"} : ValueType{ValueKind::i32, "i32"};
  FunctionType type;
  type.params.assign(params, address);
  if (has_result) type.results.push_back(address);
  return type;
}

/// An export of the type that the allocator's description makes. Fails: usage.
Result<Func> function(const Exports& exports, const std::string& name, const FunctionType& wanted) {
  const auto func = exports.func(name);
  if (!func) return Unexpected{usage_error("the guest exports no function '" + name + "'")};
  const std::string found = func->type().to_string();
  if (found != wanted.to_string())
    return Unexpected{
        usage_error("the guest's '" + name + "' has the type " + found + ", not " + wanted.to_string())};
  return *func;
}

Result<void> check_letters(const std::string& takes, std::string_view meant) {
  for (const char letter : takes)
    if (meant.find(letter) == std::string_view::npos)
      return Unexpected{usage_error("a parameter '" + std::string(1, letter) + "' has no meaning, only " +
                                    std::string(meant) + " have")};
  return {};
}

/// The optional function of a description, if it has a name.
Result<std::optional<Func>> optional_function(const Exports& exports, const std::string& name, size_t params,
                                              bool is_64) {
  if (name.empty()) return std::optional<Func>();
  const auto found = exports.func(name);
  // AssemblyScript's __pin returns the address again, others nothing.
  const bool has_result = found && !found->type().results.empty();
  auto func = function(exports, name, type_of(params, has_result, is_64));
  if (!func) return Unexpected{std::move(func).error()};
  return std::optional<Func>(*func);
}

Result<std::shared_ptr<const GuestHeapState>> open(const Exports& exports, const GuestAllocator& names) {
  if (auto known_letters = check_letters(names.allocate_takes, "sa0"); !known_letters)
    return Unexpected{std::move(known_letters).error()};
  if (auto known_letters = check_letters(names.release_takes, "psa0"); !known_letters)
    return Unexpected{std::move(known_letters).error()};
  if (names.allocate_takes.find('s') == std::string::npos)
    return Unexpected{usage_error("an allocator must be told a size: 's'")};
  const auto memory = exports.memory(names.memory);
  if (!memory) return Unexpected{usage_error("the guest exports no memory '" + names.memory + "'")};
  const bool is_64 = ApiAccess::of(*memory).object->is_64;
  auto allocate = function(exports, names.allocate, type_of(names.allocate_takes.size(), true, is_64));
  if (!allocate) return Unexpected{std::move(allocate).error()};
  auto keep = optional_function(exports, names.keep, 1, is_64);
  if (!keep) return Unexpected{std::move(keep).error()};
  auto release = optional_function(exports, names.release, names.release_takes.size(), is_64);
  if (!release) return Unexpected{std::move(release).error()};
  return std::make_shared<const GuestHeapState>(
      GuestHeapState{names, *memory, *allocate, *keep, *release, is_64});
}

/// The first of the known allocators whose exports are there and fit.
Result<std::shared_ptr<const GuestHeapState>> open_known(const Exports& exports) {
  std::string looked_for;
  std::optional<Error> nearest;  // what is wrong with one that is there by name
  for (const Known& each : known) {
    const GuestAllocator names{"memory",  each.allocate, each.allocate_takes,
                               each.keep, each.release,  each.release_takes};
    auto opened = open(exports, names);
    if (opened) return opened;
    if (!nearest && exports.func(names.allocate)) nearest = opened.error();
    if (looked_for.find(names.allocate) == std::string::npos)
      looked_for += (looked_for.empty() ? "" : ", ") + names.allocate;
  }
  if (nearest) return Unexpected{usage_error("the guest has no allocator to call: " + nearest->message())};
  return Unexpected{usage_error("the guest exports no allocator that is known: " + looked_for)};
}

Value address_value(uint64_t number, bool is_64) {
  return is_64 ? Value(number) : Value(static_cast<uint32_t>(number));
}

struct Arguments {
  uint64_t address = 0;
  uint64_t size = 0;
  uint64_t alignment = 1;
};

std::vector<Value> arguments(const std::string& letters, const Arguments& given, bool is_64) {
  std::vector<Value> values;
  for (const char letter : letters) {
    const uint64_t number = letter == 'p'   ? given.address
                            : letter == 's' ? given.size
                            : letter == 'a' ? given.alignment
                                            : 0;
    values.push_back(address_value(number, is_64));
  }
  return values;
}

Error guest_error(const std::string& message) { return {ErrorKind::guest, message}; }

std::string bytes_text(uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

/// Calls the allocator; a block that lies in the memory. Fails: resource, guest, trap, exit.
Result<uint64_t> call_allocator(const GuestHeapState& heap, uint64_t size, uint64_t alignment) {
  const auto no_memory = [&](const std::string& why) {
    return Unexpected{
        Error(ErrorKind::resource, "the guest's '" + heap.names.allocate + "' " + why + bytes_text(size))};
  };
  if (!heap.is_64 && size > UINT32_MAX) return no_memory("has 32-bit addresses, too few for ");
  const Arguments given{0, size, alignment};
  const auto results = heap.allocate.call(arguments(heap.names.allocate_takes, given, heap.is_64));
  if (!results) return Unexpected{results.error()};
  const uint64_t address = results->at(0).bits();
  if (address == 0) return no_memory("returned null for ");
  const uint64_t memory_size = heap.memory.size_bytes();
  if (address > memory_size || size > memory_size - address)
    return Unexpected{guest_error("the guest's '" + heap.names.allocate + "' returned " +
                                  std::to_string(address) + " for " + bytes_text(size) +
                                  ", which is not inside its memory of " + bytes_text(memory_size))};
  if (heap.keep) {
    const auto kept = heap.keep->call({address_value(address, heap.is_64)});
    if (!kept) return Unexpected{kept.error()};
  }
  return address;
}

uint64_t align_up(uint64_t address, uint64_t alignment) {
  return (address + alignment - 1) & ~(alignment - 1);
}

}  // namespace

Result<GuestHeap> GuestHeap::find(const Instance& instance) {
  auto state = open_known(exports_of(instance));
  if (!state) return Unexpected{std::move(state).error()};
  return GuestHeap(*std::move(state));
}

Result<GuestHeap> GuestHeap::find(const Caller& caller) {
  auto state = open_known(exports_of(caller));
  if (!state) return Unexpected{std::move(state).error()};
  return GuestHeap(*std::move(state));
}

Result<GuestHeap> GuestHeap::find(const Instance& instance, const GuestAllocator& allocator) {
  auto state = open(exports_of(instance), allocator);
  if (!state) return Unexpected{std::move(state).error()};
  return GuestHeap(*std::move(state));
}

Result<GuestHeap> GuestHeap::find(const Caller& caller, const GuestAllocator& allocator) {
  auto state = open(exports_of(caller), allocator);
  if (!state) return Unexpected{std::move(state).error()};
  return GuestHeap(*std::move(state));
}

const GuestAllocator& GuestHeap::allocator() const { return state_->names; }

Memory GuestHeap::memory() const { return state_->memory; }

Result<GuestBuffer> GuestHeap::allocate(uint64_t size, uint64_t alignment) const {
  if (!std::has_single_bit(alignment)) return Unexpected{usage_error("an alignment is a power of two")};
  const uint64_t wanted = std::max<uint64_t>(size, 1);
  auto block = call_allocator(*state_, wanted, alignment);
  if (!block) return Unexpected{std::move(block).error()};
  GuestBuffer buffer(*this, *block, wanted, *block, size, alignment);
  if (*block % alignment == 0) return buffer;
  if (state_->names.allocate_takes.find('a') != std::string::npos)
    return Unexpected{guest_error("the guest's '" + state_->names.allocate + "' returned " +
                                  std::to_string(*block) + ", which is no multiple of " +
                                  std::to_string(alignment))};
  if (auto freed = buffer.free(); !freed) return Unexpected{std::move(freed).error()};
  uint64_t padded;
  if (__builtin_add_overflow(wanted, alignment - 1, &padded))
    return Unexpected{Error(ErrorKind::resource, "no address space has room for " + bytes_text(size))};
  block = call_allocator(*state_, padded, alignment);
  if (!block) return Unexpected{std::move(block).error()};
  return GuestBuffer(*this, *block, padded, align_up(*block, alignment), size, alignment);
}

Result<GuestBuffer> GuestHeap::copy_in(std::span<const uint8_t> bytes, uint64_t alignment) const {
  auto buffer = allocate(bytes.size(), alignment);
  if (buffer) std::copy(bytes.begin(), bytes.end(), buffer->bytes().begin());
  return buffer;
}

Result<GuestBuffer> GuestHeap::copy_in(std::string_view text) const {
  return copy_in(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

Result<GuestBuffer> GuestHeap::copy_in_c_string(std::string_view text) const {
  if (const size_t zero = text.find('\0'); zero != std::string_view::npos)
    return Unexpected{
        usage_error("the text has a zero at byte " + std::to_string(zero) + ", which would end it")};
  auto buffer = allocate(uint64_t{text.size()} + 1);
  if (!buffer) return buffer;
  const std::span<uint8_t> bytes = buffer->bytes();
  *std::copy(text.begin(), text.end(), bytes.begin()) = 0;
  return buffer;
}

Result<void> GuestHeap::release(uint64_t address, uint64_t size, uint64_t alignment) const {
  if (!state_->release)
    return Unexpected{usage_error("nothing frees what the guest's '" + state_->names.allocate + "' returns")};
  const auto called = state_->release->call(
      arguments(state_->names.release_takes, {address, size, alignment}, state_->is_64));
  if (!called) return Unexpected{called.error()};
  return {};
}

GuestBuffer::GuestBuffer(GuestBuffer&& from) noexcept
    : heap_(from.heap_),
      block_(from.block_),
      block_size_(from.block_size_),
      address_(from.address_),
      size_(from.size_),
      alignment_(from.alignment_),
      is_ours_(std::exchange(from.is_ours_, false)) {}

GuestBuffer& GuestBuffer::operator=(GuestBuffer&& from) noexcept {
  if (this == &from) return *this;
  static_cast<void>(free());
  heap_ = from.heap_;
  block_ = from.block_;
  block_size_ = from.block_size_;
  address_ = from.address_;
  size_ = from.size_;
  alignment_ = from.alignment_;
  is_ours_ = std::exchange(from.is_ours_, false);
  return *this;
}

GuestBuffer::~GuestBuffer() { static_cast<void>(free()); }

std::span<uint8_t> GuestBuffer::bytes() const {
  if (!is_ours_) return {};
  return heap_.memory().view().subspan(address_, size_);
}

std::string_view GuestBuffer::text() const {
  const std::span<uint8_t> block = bytes();
  return {reinterpret_cast<const char*>(block.data()), block.size()};
}

Result<void> GuestBuffer::free() {
  if (!std::exchange(is_ours_, false) || !heap_.state_->release) return {};
  return heap_.release(block_, block_size_, alignment_);
}

uint64_t GuestBuffer::give() {
  is_ours_ = false;
  return address_;
}

}  // namespace cloche

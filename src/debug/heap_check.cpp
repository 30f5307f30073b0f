#include "debug/heap_check.hpp"

#include <algorithm>
#include <cstring>

#include "interp/decode.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

using wasm::Op;
using wasm::TrapCode;

constexpr size_t longest_history = 128;

std::string hex(uint64_t value) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string count_of(uint64_t count, const char* one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string block_text(const HeapBlock& block) { return "a block of " + count_of(block.size, "byte"); }

/// Strings are read a word at a time: an aligned word that begins inside a block may reach beyond its end.
bool is_harmless_word(uint64_t address, uint64_t bytes, bool writes) {
  return !writes && bytes <= 16 && address % bytes == 0;
}

}  // namespace

HeapCheck::HeapCheck(runtime::Store& store, HeapOptions options, Output output)
    : store_(store), options_(options), output_(std::move(output)), entries_(*this), exits_(*this) {
  store.probes().attach(*this);
  for (const abi::Instance* instance = store.context().instances; instance; instance = instance->next)
    watch(instance);
}

void HeapCheck::instance_ready(abi::Instance* instance) { watch(instance); }

void HeapCheck::watch(const abi::Instance* instance) {
  const auto& module = static_cast<const runtime::Instance*>(instance->owner)->module();
  if (module.decoded().mems.empty()) return;
  if (memory_ && memory_ != instance->mems[0]) return;
  for (const FoundAllocator& found : find_allocators(module.decoded(), module.symbols().names())) {
    const abi::FuncCode* code = module.code(found.func - module.decoded().imported_funcs);
    if (!allocators_.emplace(code, found.allocator).second) continue;
    if (found.passes_on)
      wrappers_.insert(code);
    else
      store_.probes().attach_entry(entries_, code);
    if (module.symbols().names().find(symbols::Space::func, found.func).source !=
        symbols::NameSource::name_section)
      is_stripped_ = true;
    begin_watching(instance->mems[0]);
  }
  if ((!is_stripped_ && !is_shared()) || !options_.check) return;
  options_.check = false;
  store_.probes().detach(accesses_);
}

/// The first allocator of the memory was found.
void HeapCheck::begin_watching(const abi::Memory* memory) {
  if (memory_) return;
  memory_ = memory;
  is_64_ = memory->is_64;
  interp::ProbeFilter& filter = blocks_.shadow().filter();
  filter.memory = memory;
  store_.probes().attach_exits(exits_, filter);
  if (options_.check) accesses_ = store_.probes().attach_accesses(*this, interp::memory_ops(), filter);
}

TrapCode HeapCheck::Entries::before(const abi::Site& site) {
  const auto found = check.allocators_.find(site.frame->func->code);
  if (found != check.allocators_.end()) check.enter(site, found->second);
  return TrapCode::none;
}

TrapCode HeapCheck::Exits::before(const abi::Site& site) {
  if (check.call_.frame == site.frame) check.leave(site);
  return TrapCode::none;
}

/// How many of the innermost frames are the allocator's, in its first instruction.
unsigned HeapCheck::frames_of_allocator(const abi::Site& site) const {
  unsigned count = 1;
  for (const abi::Frame* frame = site.frame - 1; frame >= site.context->frames_base; --frame, ++count)
    if (!frame->code || !wrappers_.contains(frame->func->code)) break;
  return count;
}

void HeapCheck::begin_call(const Call& call) {
  call_ = call;
  blocks_.shadow().filter().frame = call.frame;
  blocks_.shadow().suspend();
}

HeapCheck::Call HeapCheck::end_call() {
  blocks_.shadow().filter().frame = nullptr;
  blocks_.shadow().resume();
  return std::exchange(call_, Call());
}

// ---- What the allocator does

void HeapCheck::enter(const abi::Site& site, const Allocator& allocator) {
  if (call_.frame) return;  // something that the allocator calls
  const auto argument = [&](int index) -> uint64_t {
    if (index < 0) return 0;
    return is_64_ ? site.locals[index] : static_cast<uint32_t>(site.locals[index]);
  };
  Call call = {site.frame,
               allocator,
               memory_,
               argument(allocator.size),
               argument(allocator.pointer),
               argument(allocator.out),
               paths_.keep(CallPath::capture(*site.context, site.pc, frames_of_allocator(site)))};
  if (allocator.count >= 0) call.size *= argument(allocator.count);
  begin_call(call);
  using enum Allocator::Kind;
  if (allocator.kind == allocate || allocator.kind == measure || call_.pointer == 0) return;
  HeapBlock* block = blocks_.at(call_.pointer);
  if (block && !block->is_free) {
    if (allocator.kind == release) released(call_);
    return;
  }
  if (!options_.check) return;
  const std::string verb = allocator.kind == release ? "free" : "realloc";
  if (block)
    return complain(site, "double free: " + verb + " of " + hex(call_.pointer) + ", which is free already",
                    block);
  const HeapBlock* around = blocks_.below(call_.pointer);
  if (around && call_.pointer < around->end())
    return complain(site,
                    "invalid free: " + verb + " of " + hex(call_.pointer) + ", " +
                        count_of(call_.pointer - around->begin, "byte") + " into " + block_text(*around),
                    around);
  complain(site, "invalid free: " + verb + " of " + hex(call_.pointer) + ", which no allocation returned",
           nullptr);
}

void HeapCheck::leave(const abi::Site& site) {
  const Op op = interp::op_at(site.pc);
  // A tail call: what it calls leaves in its place.
  if (op != Op::end && op != Op::return_) return;
  const Call call = end_call();
  if (call.allocator.kind == Allocator::Kind::release) return;
  uint64_t address = 0;
  if (call.allocator.out >= 0) {
    const size_t width = is_64_ ? 8 : 4;
    if (site.sp[-1] == 0 && call.out <= call.memory->size() && width <= call.memory->size() - call.out)
      std::memcpy(&address, call.memory->base + call.out, width);
  } else {
    address = is_64_ ? site.sp[-1] : static_cast<uint32_t>(site.sp[-1]);
  }
  if (call.allocator.kind == Allocator::Kind::measure)
    measured(call, address);
  else if (address != 0)
    allocated(site, call, address);
}

/// What the allocator says that a block holds belongs to the program.
void HeapCheck::measured(const Call& call, uint64_t size) {
  HeapBlock* block = blocks_.at(call.pointer);
  if (block && !block->is_free && size > block->size && size <= call.memory->size() - block->begin)
    blocks_.resize(*block, size);
}

void HeapCheck::allocated(const abi::Site& site, const Call& call, uint64_t address) {
  if (call.pointer != 0) released(call);
  const uint64_t memory_size = call.memory->size();
  if (address > memory_size || call.size > memory_size - address)
    return complain(site,
                    "the allocator returned " + hex(address) + ": a block of " + count_of(call.size, "byte") +
                        " there reaches beyond the end of memory",
                    nullptr);
  if (blocks_.all().size() >= options_.most_blocks) return give_up();
  HeapBlock block;
  block.begin = address;
  block.size = call.size;
  block.serial = allocations_++;
  block.allocated = call.path;
  allocated_bytes_ += call.size;
  blocks_.add(std::move(block));
  note_peak();
}

/// The program has too many blocks.
void HeapCheck::give_up() {
  if (has_given_up_) return;
  has_given_up_ = true;
  report("more than " + std::to_string(options_.most_blocks) + " blocks: from here on nothing is judged\n");
  options_.check = false;
  store_.probes().detach(accesses_);
}

void HeapCheck::released(const Call& call) {
  HeapBlock* block = blocks_.at(call.pointer);
  if (!block || block->is_free) return;
  ++releases_;
  blocks_.release(*block, call.path);
}

void HeapCheck::note_peak() {
  if (blocks_.live_bytes() > peak_bytes_) {
    peak_bytes_ = blocks_.live_bytes();
    peak_blocks_ = blocks_.live_blocks();
    peak_at_ = allocations_;
  }
  if (allocations_ % stride_ != 0) return;
  history_.push_back(blocks_.live_bytes());
  if (history_.size() < longest_history) return;
  // Twice as long a stride; of two neighbours the higher one stays.
  for (size_t i = 0; i < longest_history / 2; ++i)
    history_[i] = std::max(history_[2 * i], history_[2 * i + 1]);
  history_.resize(longest_history / 2);
  stride_ *= 2;
}

// ---- What the program does

TrapCode HeapCheck::before(const abi::Site& site) {
  if (allocations_ == 0 || call_.frame) return TrapCode::none;
  const interp::Effects effects = interp::effects_of(site);
  const auto consider = [&](const interp::Access& access, bool writes) {
    if (access.overflows || access.bytes == 0 || site.instance->mems[access.mem] != memory_) return;
    const uint64_t size = memory_->size();
    if (access.address > size || access.bytes > size - access.address) return;  // a trap anyway
    judge(site, access.address, access.bytes, writes);
  };
  if (effects.reads) consider(effects.read, false);
  if (effects.writes) consider(effects.write, true);
  return TrapCode::none;
}

void HeapCheck::judge(const abi::Site& site, uint64_t address, uint64_t bytes, bool writes) {
  if (address + bytes <= blocks_.lowest() - std::min(blocks_.lowest(), HeapBlocks::before_lowest) ||
      address >= blocks_.highest() + HeapBlocks::behind_highest)
    return;
  const HeapBlock* block = blocks_.below(address);
  const std::string what =
      std::string(writes ? "write" : "read") + " of " + count_of(bytes, "byte") + " at " + hex(address);
  if (!block) return complain(site, what + ", below every block", nullptr);
  if (block->is_free && address < block->end())
    return complain(site,
                    what + ", " + count_of(address - block->begin, "byte") + " into " + block_text(*block) +
                        " that was freed",
                    block);
  if (address + bytes <= block->end()) return;
  if (address < block->end()) {
    if (is_harmless_word(address, bytes, writes)) return;
    return complain(site,
                    what + ", " + count_of(address + bytes - block->end(), "byte") +
                        " of it beyond the end of " + block_text(*block),
                    block);
  }
  complain(
      site,
      what + ", " + count_of(address - block->end(), "byte") + " beyond the end of " + block_text(*block),
      block);
}

/// Once for each instruction.
void HeapCheck::complain(const abi::Site& site, const std::string& what, const HeapBlock* block) {
  // In an allocator's first instruction it is the caller who is to blame.
  const bool is_entry = site.offset == 0 && call_.frame == site.frame;
  const unsigned skipped = is_entry ? frames_of_allocator(site) : 0;
  const uint8_t* caller = is_entry ? site.frame[1 - static_cast<int>(skipped)].return_pc : nullptr;
  const uint8_t* where = caller ? caller : site.pc;
  if (!told_.insert(where).second) return;
  ++errors_;
  if (errors_ > options_.most_errors) return;
  std::string text = what + "\n" + CallPath::capture(*site.context, site.pc, skipped).text();
  if (block) {
    text += "  the block was allocated by\n" + block->allocated->text();
    if (block->is_free) text += "  and freed by\n" + block->freed->text();
  }
  if (errors_ == options_.most_errors) text += "  (further problems are only counted)\n";
  report(text);
}

void HeapCheck::report(const std::string& text) { output_("heap: " + text); }

/// Allocators that throw have ended, as those that trap.
void HeapCheck::caught(const abi::Site& site) {
  if (call_.frame && call_.frame > site.frame) end_call();
}

void HeapCheck::left(abi::Context* context) {
  if (call_.frame && call_.frame > context->frame) end_call();
}

// ---- The end

std::string HeapCheck::totals() const {
  std::string text = "heap: " + count_of(allocations_, "allocation") + " of " +
                     count_of(allocated_bytes_, "byte") + ", " + std::to_string(releases_) + " freed\n";
  text += "  at the end " + count_of(blocks_.live_bytes(), "byte") + " in " +
          count_of(blocks_.live_blocks(), "block") + "\n";
  text += "  at most " + count_of(peak_bytes_, "byte") + " in " + count_of(peak_blocks_, "block") +
          ", after allocation " + std::to_string(peak_at_) + "\n";
  if (history_.empty() || peak_bytes_ == 0) return text;
  text += "  live bytes after allocation\n";
  constexpr size_t rows = 16, width = 50;
  const size_t step = (history_.size() + rows - 1) / rows;
  for (size_t i = 0; i < history_.size(); i += step) {
    const size_t end = std::min(i + step, history_.size());
    const uint64_t most = *std::max_element(history_.begin() + static_cast<ptrdiff_t>(i),
                                            history_.begin() + static_cast<ptrdiff_t>(end));
    char line[48];
    std::snprintf(line, sizeof line, "  %10llu %12llu ", static_cast<unsigned long long>(end * stride_),
                  static_cast<unsigned long long>(most));
    text +=
        line +
        std::string(static_cast<size_t>(static_cast<double>(most) / static_cast<double>(peak_bytes_) * width),
                    '#') +
        "\n";
  }
  return text;
}

}  // namespace cloche::debug

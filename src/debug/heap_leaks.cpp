// Leaks: live blocks that nothing points to. Everything that could hold a pointer is looked at as if it did:
// globals, memory outside of blocks, the stacks, and blocks that are reached themselves. So a block that a
// global or another block still points to when the program ends is no leak, nor is one that a local of main
// points to when the program exits without returning from it; one that only a local pointed to which is gone
// is.
#include <algorithm>
#include <cstring>
#include <set>
#include <unordered_map>

#include "debug/heap_check.hpp"
#include "debug/shadow_watch.hpp"
#include "runtime/instance.hpp"

namespace cloche::debug {
namespace {

class Reach {
 public:
  Reach(const HeapBlocks& blocks, const abi::Memory& memory) : blocks_(blocks), memory_(memory) {}

  void point(uint64_t address) {
    const HeapBlock* block = blocks_.below(address);
    if (!block || block->is_free || (address >= block->end() && address != block->begin)) return;
    if (reached_.insert(block->begin).second) todo_.push_back(block);
  }
  /// Looks at every aligned word of [begin, end).
  void scan(uint64_t begin, uint64_t end) {
    const uint64_t width = memory_.is_64 ? 8 : 4;
    end = std::min(end, memory_.size());
    for (uint64_t at = (begin + width - 1) / width * width; at + width <= end; at += width) {
      uint64_t word = 0;
      std::memcpy(&word, memory_.base + at, width);
      point(word);
    }
  }
  void finish() {
    while (!todo_.empty()) {
      const HeapBlock* block = todo_.back();
      todo_.pop_back();
      scan(block->begin, block->end());
    }
  }
  bool has(const HeapBlock& block) const { return reached_.contains(block.begin); }

 private:
  const HeapBlocks& blocks_;
  const abi::Memory& memory_;
  std::set<uint64_t> reached_;
  std::vector<const HeapBlock*> todo_;
};

/// Lost blocks that were allocated in the same way.
struct Lost {
  const CallPath* path = nullptr;
  uint64_t serial = 0;  // of the first
  uint64_t blocks = 0;
  uint64_t bytes = 0;

  void add(const HeapBlock& block) {
    serial = std::min(serial, block.serial);
    ++blocks;
    bytes += block.size;
  }
};

/// What the C library allocates for the program before main, and keeps only on its own frames: its arguments.
bool is_start_up(const CallPath& path) {
  const std::string name = path.innermost_name();
  return name == "__main_void" || name == "__main_argc_argv" || name == "_start" ||
         name.starts_with("__wasilibc_");
}

}  // namespace

void HeapCheck::entered(abi::Context* context) {
  if (context->frame == context->frames_base) pointed_to_.clear();
}

/// The stack as it still stands: what it points to has not leaked.
void HeapCheck::trapped(abi::Context* context, const abi::Site* site) {
  const abi::Slot* top = site ? std::max(site->sp, context->sp) : context->sp;
  for (const abi::Slot* slot = context->stack_base; slot < top; ++slot) {
    const uint64_t address = is_64_ ? *slot : static_cast<uint32_t>(*slot);
    if (address - blocks_.lowest() < blocks_.highest() - blocks_.lowest()) pointed_to_.insert(address);
  }
}

void HeapCheck::report_leaks() {
  if (!memory_ || is_stripped_ || is_shared() || has_given_up_) return;
  Reach reach(blocks_, *memory_);
  const abi::Context& context = store_.context();
  uint64_t dead_from = 0, dead_to = 0;  // what the shadow stack does not use now
  for (const abi::Instance* instance = context.instances; instance; instance = instance->next) {
    for (size_t i = 0; i < instance->module->globals.size(); ++i)
      reach.point(is_64_ ? instance->globals[i]->value[0]
                         : static_cast<uint32_t>(instance->globals[i]->value[0]));
    if (instance->module->mems.empty() || instance->mems[0] != memory_) continue;
    if (const auto stack = watched_stack(*instance))
      dead_from = stack->low, dead_to = std::min(stack->now(), stack->high);
  }
  for (const uint64_t address : pointed_to_) reach.point(address);
  const uint64_t below = std::min(blocks_.lowest(), memory_->size());
  reach.scan(0, std::min(dead_from, below));
  reach.scan(std::min(dead_to, below), below);
  reach.finish();

  std::vector<Lost> lost;  // in the order of their first allocations
  std::unordered_map<const CallPath*, size_t> by_path;
  uint64_t count = 0, bytes = 0;
  for (const auto& [address, block] : blocks_.all()) {
    if (block.is_free || reach.has(block)) continue;
    if (is_start_up(*block.allocated)) continue;
    const auto [at, is_new] = by_path.try_emplace(block.allocated, lost.size());
    if (is_new) lost.push_back({block.allocated, block.serial});
    lost[at->second].add(block);
    ++count;
    bytes += block.size;
  }
  std::sort(lost.begin(), lost.end(), [](const Lost& a, const Lost& b) { return a.serial < b.serial; });
  const auto plural = [](uint64_t number) { return number == 1 ? "" : "s"; };
  for (const Lost& each : lost) {
    ++errors_;
    report("leak: " + std::to_string(each.blocks) + " block" + plural(each.blocks) + ", " +
           std::to_string(each.bytes) + " byte" + plural(each.bytes) +
           ", that nothing points to, allocated by\n" + each.path->text());
  }
  if (lost.size() > 1)
    report("leak: " + std::to_string(count) + " blocks, " + std::to_string(bytes) + " bytes in all\n");
}

}  // namespace cloche::debug

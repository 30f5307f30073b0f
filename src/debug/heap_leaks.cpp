// Leaks: live blocks that nothing points to. Everything that could hold a pointer is looked at as if it did:
// globals, memory outside of blocks, the stacks, and blocks that are reached themselves.
#include <algorithm>
#include <cstring>
#include <map>

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

/// What the C library allocates for the program before main, and keeps only on its own frames: its arguments.
bool is_start_up(const CallPath& path) {
  const std::string name = path.innermost_name();
  return name == "__main_void" || name == "__main_argc_argv" || name == "_start" ||
         name.starts_with("__wasilibc_");
}

}  // namespace

void HeapCheck::report_leaks() {
  if (!memory_ || is_stripped_) return;
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
  for (const abi::Slot* slot = context.stack_base; slot < context.sp; ++slot)
    reach.point(is_64_ ? *slot : static_cast<uint32_t>(*slot));
  const uint64_t below = std::min(blocks_.lowest(), memory_->size());
  reach.scan(0, std::min(dead_from, below));
  reach.scan(std::min(dead_to, below), below);
  reach.finish();

  std::map<CallPath, std::pair<uint64_t, uint64_t>> lost;  // blocks and bytes
  uint64_t count = 0, bytes = 0;
  for (const auto& [address, block] : blocks_.all()) {
    if (block.is_free || reach.has(block)) continue;
    if (is_start_up(block.allocated)) continue;
    auto& [blocks, size] = lost[block.allocated];
    ++blocks, ++count;
    size += block.size, bytes += block.size;
  }
  const auto plural = [](uint64_t number) { return number == 1 ? "" : "s"; };
  for (const auto& [path, sum] : lost) {
    ++errors_;
    report("leak: " + std::to_string(sum.first) + " block" + plural(sum.first) + ", " +
           std::to_string(sum.second) + " byte" + plural(sum.second) +
           ", that nothing points to, allocated by\n" + path.text());
  }
  if (lost.size() > 1)
    report("leak: " + std::to_string(count) + " blocks, " + std::to_string(bytes) + " bytes in all\n");
}

}  // namespace cloche::debug

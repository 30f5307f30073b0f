// Heap watching: follows a program's own allocator, and finds accesses to memory that it has not handed out,
// blocks that are freed wrongly, and blocks that nothing points to any more.
//
// Works on any module that names or exports malloc and its relatives, without recompiling it. Inside the
// allocator itself, and above the highest block it ever gave, accesses are not judged. A map of the heap
// (heap_shadow.hpp) lets the interpreter pass those that lie in live blocks.
#pragma once

#include <functional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "debug/allocators.hpp"
#include "debug/heap_blocks.hpp"
#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

struct HeapOptions {
  bool check = true;  // accesses and frees; otherwise only what totals need is watched
  size_t most_errors = 50;
  size_t most_blocks = size_t{1} << 24;  // live and freed; a program that has more is not judged any longer
};

class HeapCheck final : public interp::Monitor {
 public:
  /// Where each problem is told of, as soon as it is found: lines that end with '\n'.
  using Output = std::function<void(const std::string&)>;

  HeapCheck(runtime::Store& store, HeapOptions options, Output output);

  /// Whether an allocator was found in any instance.
  bool found_any() const { return !allocators_.empty(); }
  /// Whether an allocator's module has lost its names. Then functions of the allocator that are not exported
  /// cannot be told from the program's own: nothing is judged, only counted.
  bool is_stripped() const { return is_stripped_; }
  /// Blocks that are live and that nothing points to: to be asked once, at the end, as long as the store
  /// lives.
  void report_leaks();
  /// Whether the heap lies in a shared memory: other threads, which are not watched, may allocate there as
  /// well. Nothing is judged then either.
  bool is_shared() const { return memory_ && memory_->shared; }
  /// Whether there were too many blocks to go on.
  bool has_given_up() const { return has_given_up_; }
  /// Problems found so far, leaks included.
  uint64_t errors() const { return errors_; }
  /// Totals, and the live bytes over time.
  std::string totals() const;

  void instance_ready(abi::Instance* instance) override;
  wasm::TrapCode before(const abi::Site& site) override;
  void caught(const abi::Site& site) override;
  void trapped(abi::Context* context, const abi::Site* site) override;
  void entered(abi::Context* context) override;
  void left(abi::Context* context) override;

 private:
  /// An allocator that has been entered and not left.
  struct Call {
    const abi::Frame* frame = nullptr;
    Allocator allocator;
    const abi::Memory* memory = nullptr;
    uint64_t size = 0;
    uint64_t pointer = 0;
    uint64_t out = 0;
    const CallPath* path = nullptr;
  };
  /// Watches functions being left.
  struct Exits final : interp::Monitor {
    explicit Exits(HeapCheck& to) : check(to) {}
    wasm::TrapCode before(const abi::Site& site) override;
    HeapCheck& check;
  };
  struct Entries final : interp::Monitor {
    explicit Entries(HeapCheck& to) : check(to) {}
    wasm::TrapCode before(const abi::Site& site) override;
    HeapCheck& check;
  };

  void watch(const abi::Instance* instance);
  void begin_watching(const abi::Memory* memory);
  void enter(const abi::Site& site, const Allocator& allocator);
  void leave(const abi::Site& site);
  void allocated(const abi::Site& site, const Call& call, uint64_t address);
  void measured(const Call& call, uint64_t size);
  void give_up();
  void released(const Call& call);
  unsigned frames_of_allocator(const abi::Site& site) const;
  void begin_call(const Call& call);
  Call end_call();
  void judge(const abi::Site& site, uint64_t address, uint64_t bytes, bool writes);
  void complain(const abi::Site& site, const std::string& what, const HeapBlock* block);
  void report(const std::string& text);
  void note_peak();

  runtime::Store& store_;
  HeapOptions options_;
  Output output_;
  Entries entries_;
  Exits exits_;
  std::unordered_map<const abi::FuncCode*, Allocator> allocators_;
  /// Those that only hand everything on: what they call is watched, and they are left out of paths.
  std::unordered_set<const abi::FuncCode*> wrappers_;
  interp::Probes::Id accesses_ = 0;  // the probe on them; 0 while there is none
  bool is_stripped_ = false;
  bool has_given_up_ = false;
  const abi::Memory* memory_ = nullptr;  // the one that the allocators serve
  bool is_64_ = false;
  HeapBlocks blocks_;
  CallPaths paths_;
  Call call_;                      // the outermost allocator under way; frame is null when there is none
  std::set<const uint8_t*> told_;  // instructions that were complained about
  /// What locals and operands pointed to when the program ended in the midst of calls: by exiting, or by a
  /// trap.
  std::unordered_set<uint64_t> pointed_to_;
  uint64_t errors_ = 0;
  uint64_t allocations_ = 0, releases_ = 0, allocated_bytes_ = 0;
  uint64_t peak_bytes_ = 0, peak_blocks_ = 0, peak_at_ = 0;
  std::vector<uint64_t> history_;  // live bytes at every `stride_`-th allocation
  uint64_t stride_ = 1;
};

}  // namespace cloche::debug

// References that the host holds. A Root keeps its object alive for as long as it exists, copies included,
// and knows which store the object belongs to.
#pragma once

#include <cstdint>
#include <utility>

#include "abi/gc_object.hpp"

namespace cloche::runtime {

class RootSet;
class Store;

/// One rooted reference, shared by the copies of a Root.
struct RootNode {
  abi::Ref ref = abi::null_ref;
  uint32_t uses = 0;
  RootSet* set = nullptr;
  RootNode* previous = nullptr;
  RootNode* next = nullptr;
};

/// The references a store's host holds. Used by one thread at a time, like its store. Lives until the store
/// and the last root are gone, so a root that outlives its store is harmless (and reads as null).
class RootSet {
 public:
  explicit RootSet(Store* store) : store_(store) {}
  RootSet(const RootSet&) = delete;
  RootSet& operator=(const RootSet&) = delete;

  /// Null once the store is gone.
  Store* store() const { return store_; }

  /// Calls `visit(ref)` for each rooted reference.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const RootNode* node = first_; node; node = node->next) visit(node->ref);
  }
  uint32_t count() const { return count_; }

  /// The store's farewell: roots that still exist become null. Deletes the set when none is left.
  void close();

 private:
  friend class Root;
  ~RootSet() = default;
  RootNode* add(abi::Ref ref);
  void remove(RootNode* node);

  Store* store_;
  RootNode* first_ = nullptr;
  uint32_t count_ = 0;
};

/// A reference that the collector respects. Null by default. Not to be shared between threads.
class Root {
 public:
  Root() = default;
  /// Roots a reference of the store whose set this is. Null and i31 references work too.
  Root(RootSet& set, abi::Ref ref) : node_(set.add(ref)) { node_->uses = 1; }
  Root(const Root& other) : node_(other.node_) {
    if (node_) ++node_->uses;
  }
  Root(Root&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Root& operator=(Root other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Root() {
    if (node_ && --node_->uses == 0) node_->set->remove(node_);
  }

  abi::Ref ref() const { return node_ ? node_->ref : abi::null_ref; }
  /// The store the reference belongs to; null for a default-made root and after the store's end.
  Store* store() const { return node_ ? node_->set->store() : nullptr; }
  explicit operator bool() const { return node_ != nullptr; }

 private:
  RootNode* node_ = nullptr;
};

}  // namespace cloche::runtime

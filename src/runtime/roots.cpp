#include "runtime/roots.hpp"

namespace cloche::runtime {

RootNode* RootSet::add(abi::Ref ref) {
  auto* const node = new RootNode{.ref = ref, .uses = 0, .set = this, .previous = nullptr, .next = first_};
  if (first_) first_->previous = node;
  first_ = node;
  ++count_;
  return node;
}

void RootSet::remove(RootNode* node) {
  if (node->previous)
    node->previous->next = node->next;
  else
    first_ = node->next;
  if (node->next) node->next->previous = node->previous;
  delete node;
  --count_;
  if (count_ == 0 && !store_) delete this;
}

void RootSet::close() {
  store_ = nullptr;
  for (RootNode* node = first_; node; node = node->next) node->ref = abi::null_ref;
  if (count_ == 0) delete this;
}

}  // namespace cloche::runtime

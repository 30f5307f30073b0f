// The calls that led to a place, kept small: who was called and where each caller goes on. What that means in
// words is found out only when somebody reads it.
#pragma once

#include <array>
#include <string>
#include <unordered_set>

#include "abi/context.hpp"

namespace cloche::debug {

class CallPath {
 public:
  /// The innermost frames, without the `skip` innermost ones. `pc` is where the innermost one stands.
  static CallPath capture(const abi::Context& context, const uint8_t* pc, unsigned skip);

  /// The name of the innermost function, or empty.
  std::string innermost_name() const;
  /// A line for each frame, "    $f at 0x2c, file.c:3", innermost first.
  std::string text() const;
  friend bool operator==(const CallPath&, const CallPath&) = default;
  size_t hash() const;
  /// Its two innermost frames.
  CallPath innermost() const;

 private:
  struct Place {
    const abi::FuncObject* func = nullptr;
    const uint8_t* pc = nullptr;  // in the instruction that called; null for host functions
    friend bool operator==(const Place&, const Place&) = default;
  };
  static constexpr size_t most = 12;
  std::array<Place, most> places_{};
};

/// Keeps each path once, so that whoever has many of the same needs only a pointer.
class CallPaths {
 public:
  /// The path itself, at a place where it stays. Programs that recurse have more paths than can be kept:
  /// above `most_whole`, only the innermost frames of a new one are.
  const CallPath* keep(const CallPath& path) {
    const bool is_full = paths_.size() >= most_whole;
    return &*paths_.insert(is_full ? path.innermost() : path).first;
  }
  static constexpr size_t most_whole = size_t{1} << 18;

 private:
  struct Hash {
    size_t operator()(const CallPath& path) const { return path.hash(); }
  };
  std::unordered_set<CallPath, Hash> paths_;
};

}  // namespace cloche::debug

// Where a program is to stop: breakpoints, with or without a condition, and values that are watched.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/expected.hpp"
#include "debug/session/inspector.hpp"

namespace cloche::debug {

/// The points of one module: places, globals and memories are its own, and nothing stops in others.
class Points {
 public:
  /// The activation that the locals of a watch belong to; `any` for a watch without locals.
  struct Scope {
    static constexpr uint32_t any = ~uint32_t{0};
    uint32_t depth = any;
    uint32_t func = 0;
  };

  explicit Points(Inspector& inspector) : inspector_(inspector) {}

  /// "PLACE [if EXPRESSION]", where a place is a function, by name or index, a C++ one without its
  /// parameters, `main` by what a C library makes of it; "FUNC+OFFSET" and "0xOFFSET" in bytes; "FILE:LINE",
  /// ":LINE". "watch EXPRESSION": stops when its value has changed. One with locals means those of the
  /// activation at `depth` of the function `func`, and is looked at while that is the innermost. Gives "l"
  /// for such a watch, else "g", and what was found. Fails with a sentence; `again` says that the point was
  /// good when it was first added.
  base::Expected<std::string, std::string> add(uint32_t id, std::string_view what,
                                               const symbols::Symbols& symbols, Scope scope, bool again);
  void clear();
  bool empty() const { return offsets_.empty() && watches_.empty(); }

  /// Forgets the watched values' past: what they are now is what they were.
  void settle(const abi::Site& site);
  /// Why the program has to stop here; empty when it need not.
  std::string check(const abi::Site& site);

 private:
  struct Break {
    uint32_t id = 0;
    std::string condition;
  };
  struct Watch {
    uint32_t id = 0;
    std::string expression;
    Scope scope;
    std::string value;
    bool is_known = false;  // whether `value` was ever seen
  };
  bool is_visible(const Watch& watch, const abi::Site& site) const;
  std::vector<uint32_t> resolve(std::string_view place, const symbols::Symbols& symbols) const;
  std::string value_of(const Watch& watch);
  std::string check_watches(const abi::Site& site);

  Inspector& inspector_;
  const wasm::Module* module_ = nullptr;
  std::unordered_map<uint32_t, std::vector<Break>> offsets_;  // by offset in the module
  std::vector<Watch> watches_;
};

}  // namespace cloche::debug

// Names to numbers: an open-addressing hash table that is cheap to clear and to reuse. Names are borrowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cloche::text {

class SymbolTable {
 public:
  /// Maps (scope, name) to value unless it is mapped already. False when it was.
  bool insert(std::string_view name, uint32_t value, uint32_t scope = 0);
  /// Maps (scope, name) to value, and gives what it was mapped to before.
  std::optional<uint32_t> exchange(std::string_view name, uint32_t value, uint32_t scope = 0);
  std::optional<uint32_t> find(std::string_view name, uint32_t scope = 0) const;
  /// Calls f(name) for each name of a scope.
  template <class F>
  void for_each(uint32_t scope, F f) const {
    for (const Entry& entry : entries_)
      if (entry.scope == scope) f(entry.name);
  }
  /// Forgets everything, in time proportional to what was inserted.
  void clear();

 private:
  struct Entry {
    std::string_view name;
    uint32_t scope;
    uint32_t value;
    uint64_t hash;
  };
  size_t slot_of(std::string_view name, uint32_t scope, uint64_t hash) const;
  void grow();

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // index in entries_ plus one, or 0; the size is a power of two
};

}  // namespace cloche::text

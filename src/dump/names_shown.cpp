#include "dump/names_shown.hpp"

#include "symbols/demangle.hpp"
#include "symbols/func_pattern.hpp"

namespace cloche::dump {

void demangle_funcs(Index& index) {
  for (uint32_t func = 0; func < index.func_types.size(); ++func) {
    const std::string_view name = index.names.funcs.get(func);
    if (name.starts_with("_Z"))
      index.names.funcs.set(func, index.made_names.emplace_back(symbols::demangle(name)));
  }
}

bool func_matches(const Index& index, std::string_view pattern, uint32_t func) {
  return symbols::func_matches(pattern, index.names.funcs.get(func), func);
}

}  // namespace cloche::dump

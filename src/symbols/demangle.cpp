#include "symbols/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>

namespace cloche::symbols {
namespace {

constexpr size_t longest_symbol = 4096;

/// Rust's older symbols are C++ ones whose last part is `h` and the 16 digits of a hash.
std::string without_hash(std::string name) {
  constexpr size_t hash_size = 19;  // ::h and the digits
  if (name.size() <= hash_size) return name;
  const std::string_view tail = std::string_view(name).substr(name.size() - hash_size);
  if (tail.starts_with("::h") && tail.find_first_not_of("0123456789abcdef", 3) == std::string_view::npos)
    name.resize(name.size() - hash_size);
  return name;
}

}  // namespace

std::string demangle(std::string_view symbol) {
  const std::string text(symbol);
  if (!symbol.starts_with("_Z") || symbol.size() > longest_symbol) return text;
  int status = 0;
  char* const demangled = ::abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status);
  if (!demangled) return text;
  std::string result = without_hash(demangled);
  std::free(demangled);
  return result;
}

}  // namespace cloche::symbols

#include "symbols/place.hpp"

namespace cloche::symbols {

std::string Place::to_string() const {
  if (!known()) return {};
  std::string text = file.empty() ? std::to_string(line) : file + ":" + std::to_string(line);
  if (column != 0) text += ":" + std::to_string(column);
  return text;
}

}  // namespace cloche::symbols

#include "dump/strip.hpp"

#include "base/leb128.hpp"

namespace cloche::dump {

wasm::Result<std::vector<uint8_t>> strip(std::span<const uint8_t> module,
                                         const std::function<bool(std::string_view name)>& keeps) {
  std::vector<Problem> problems;
  const std::vector<Section> sections = find_sections(module, problems);
  if (!problems.empty()) return base::Unexpected{problems[0].error};
  std::vector<uint8_t> out;
  out.reserve(module.size());
  out.assign(module.begin(), module.begin() + 8);
  for (const Section& section : sections) {
    if (section.id == binary::custom_section && !keeps(section.name)) continue;
    const auto payload = module.subspan(section.payload.offset, section.payload.size);
    out.push_back(section.id);
    base::append_leb(out, section.payload.size);
    out.insert(out.end(), payload.begin(), payload.end());
  }
  return out;
}

bool is_debug_section(std::string_view name) {
  return name == "name" || name.starts_with(".debug_") || name.starts_with("reloc..debug_") ||
         name == "sourceMappingURL" || name == "external_debug_info" || name == "producers";
}

}  // namespace cloche::dump

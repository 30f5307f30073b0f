#include "dump/check_customs.hpp"

#include "binary/items.hpp"
#include "dump/custom.hpp"

namespace cloche::dump {

std::vector<Problem> check_customs(const wasm::Module& module) {
  if (module.customs.empty()) return {};
  const std::span<const uint8_t> bytes = module.bytes.span();
  std::vector<Problem> problems;
  CustomContext context = custom_context(module);
  CustomVisitor nobody;
  for (const Section& section : find_sections(bytes, problems)) {
    if (section.id == binary::custom_section) {
      const wasm::ByteRange contents = section.contents();
      const binary::Reader reader(bytes, contents.offset, size_t{contents.offset} + contents.size);
      if (auto read = read_custom(section.name, reader, context, nobody); !read)
        problems.push_back({std::move(read).error(), true, section.name});
    }
    ++context.sections;
  }
  return problems;
}

}  // namespace cloche::dump

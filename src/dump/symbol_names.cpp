#include "dump/symbol_names.hpp"

#include "dump/custom.hpp"

namespace cloche::dump {
namespace {

using binary::NameSection;

/// Where the names of each SymbolKind go; those of sections nowhere.
constexpr binary::NameMap NameSection::* spaces[] = {&NameSection::funcs,   &NameSection::datas,
                                                     &NameSection::globals, nullptr,
                                                     &NameSection::tags,    &NameSection::tables};

class Collector final : public CustomVisitor {
 public:
  explicit Collector(NameSection& names) : names_(names) {}

  void symbol(uint32_t, const Symbol& symbol) override {
    const auto space = spaces[static_cast<size_t>(symbol.kind)];
    if (space == nullptr || symbol.name.empty()) return;
    // Data that points into a segment, or to none.
    if (symbol.kind == SymbolKind::data &&
        (symbol.has(symbol_flags::undefined | symbol_flags::absolute) || symbol.offset != 0))
      return;
    (names_.*space).push_back({symbol.index, symbol.name});
  }

 private:
  NameSection& names_;
};

}  // namespace

NameSection symbol_names(const wasm::Module& module) {
  NameSection found;
  for (const wasm::CustomSection& section : module.customs) {
    if (section.name != "linking") continue;
    const wasm::ByteRange contents = section.contents;
    const binary::Reader reader(module.bytes.span(), contents.offset,
                                size_t{contents.offset} + contents.size);
    Collector collector(found);
    static_cast<void>(read_custom(section.name, reader, custom_context(module), collector));
  }
  NameSection names;
  binary::add_names(names, found);
  return names;
}

}  // namespace cloche::dump

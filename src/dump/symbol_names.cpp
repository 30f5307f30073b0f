#include "dump/symbol_names.hpp"

#include "dump/custom.hpp"

namespace cloche::dump {
namespace {

class Collector final : public CustomVisitor {
 public:
  explicit Collector(binary::NameSection& names) : names_(names) {}

  void symbol(uint32_t, const Symbol& symbol) override {
    if (symbol.name.empty()) return;
    if (binary::NameMap* const space = space_of(symbol)) space->push_back({symbol.index, symbol.name});
  }

 private:
  binary::NameMap* space_of(const Symbol& symbol) const {
    switch (symbol.kind) {
      case SymbolKind::func:
        return &names_.funcs;
      case SymbolKind::global:
        return &names_.globals;
      case SymbolKind::tag:
        return &names_.tags;
      case SymbolKind::table:
        return &names_.tables;
      case SymbolKind::data:
        // The others point into a segment, or to none.
        return symbol.has(symbol_flags::undefined | symbol_flags::absolute) || symbol.offset != 0
                   ? nullptr
                   : &names_.datas;
      case SymbolKind::section:
        break;
    }
    return nullptr;
  }

  binary::NameSection& names_;
};

}  // namespace

binary::NameSection symbol_names(const wasm::Module& module) {
  binary::NameSection found;
  for (const wasm::CustomSection& section : module.customs) {
    if (section.name != "linking") continue;
    const wasm::ByteRange contents = section.contents;
    const binary::Reader reader(module.bytes.span(), contents.offset,
                                size_t{contents.offset} + contents.size);
    Collector collector(found);
    static_cast<void>(read_custom(section.name, reader, custom_context(module), collector));
  }
  binary::NameSection names;
  for (const auto space :
       {&binary::NameSection::funcs, &binary::NameSection::globals, &binary::NameSection::tags,
        &binary::NameSection::tables, &binary::NameSection::datas})
    binary::add_names(names.*space, found.*space);
  return names;
}

}  // namespace cloche::dump

#include "dump/custom.hpp"

#include <array>
#include <optional>

namespace cloche::dump {
namespace {

using binary::Reader;
using wasm::ErrorCode;

base::Unexpected<wasm::Error> malformed(const Reader& reader, std::string detail) {
  return wasm::fail(ErrorCode::malformed_custom_section, reader.offset(), std::move(detail));
}

/// Calls `read(id, subsection)` for each subsection; it must read all of it.
template <class Read>
Result<void> read_subsections(Reader& reader, Read read) {
  while (!reader.at_end()) {
    const uint32_t id = TRY(reader.u32());
    const uint32_t size = TRY(reader.u32());
    if (size > reader.remaining()) return malformed(reader, "subsection extends past the end");
    Reader subsection = reader.sub(size);
    reader.advance(size);
    TRY(read(id, subsection));
    if (!subsection.at_end()) return malformed(subsection, "subsection has bytes left over");
  }
  return {};
}

void skip(Reader& reader) { reader.advance(reader.remaining()); }

/// Indices that must grow.
class Ascending {
 public:
  Result<void> next(const Reader& reader, uint32_t index, std::string_view what) {
    if (last_ && index == *last_) return malformed(reader, "duplicate " + describe(index, what));
    if (last_ && index < *last_) return malformed(reader, describe(index, what) + " out of order");
    last_ = index;
    return {};
  }

 private:
  static std::string describe(uint32_t index, std::string_view what) {
    return std::string(what) + " " + std::to_string(index);
  }
  std::optional<uint32_t> last_;
};

Result<void> check_func(const Reader& reader, const CustomContext& context, uint32_t func) {
  if (func < context.funcs) return {};
  return malformed(reader, "there is no function " + std::to_string(func));
}

// ---- names

Result<void> read_inner_names(Reader& reader, NameKind kind, const CustomContext& context,
                              CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  Ascending outer_order;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = TRY(reader.u32());
    if (kind != NameKind::field) TRY(check_func(reader, context, index));
    TRY(outer_order.next(reader, index, "index"));
    const uint32_t inner_count = TRY(reader.length());
    Ascending inner_order;
    for (uint32_t k = 0; k < inner_count; ++k) {
      const uint32_t inner = TRY(reader.u32());
      TRY(inner_order.next(reader, inner, "index"));
      visitor.inner_name(kind, index, inner, TRY(reader.name()));
    }
  }
  return {};
}

Result<void> read_name_map(Reader& reader, NameKind kind, const CustomContext& context,
                           CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  Ascending order;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = TRY(reader.u32());
    TRY(order.next(reader, index, "index"));
    if (kind == NameKind::func) TRY(check_func(reader, context, index));
    visitor.name(kind, index, TRY(reader.name()));
  }
  return {};
}

Result<void> read_names(Reader& reader, const CustomContext& context, CustomVisitor& visitor) {
  Ascending order;
  return read_subsections(reader, [&](uint32_t id, Reader& subsection) -> Result<void> {
    TRY(order.next(subsection, id, "subsection"));
    if (id > last_name_kind || subsection.at_end()) return skip(subsection), Result<void>();
    const NameKind kind = static_cast<NameKind>(id);
    if (kind == NameKind::module) {
      visitor.name(kind, 0, TRY(subsection.name()));
      return {};
    }
    if (kind == NameKind::local || kind == NameKind::label || kind == NameKind::field)
      return read_inner_names(subsection, kind, context, visitor);
    return read_name_map(subsection, kind, context, visitor);
  });
}

// ---- linking

Result<Symbol> read_symbol(Reader& reader) {
  Symbol symbol;
  const uint8_t kind = TRY(reader.u8());
  if (kind > static_cast<uint8_t>(SymbolKind::table))
    return malformed(reader, "symbol of unknown kind " + std::to_string(kind));
  symbol.kind = static_cast<SymbolKind>(kind);
  symbol.flags = TRY(reader.u32());
  const bool defined = !symbol.has(symbol_flags::undefined);
  if (symbol.kind == SymbolKind::data) {
    symbol.name = TRY(reader.name());
    if (!defined) return symbol;
    symbol.index = TRY(reader.u32());
    symbol.offset = TRY(reader.u64());
    symbol.size = TRY(reader.u64());
    return symbol;
  }
  symbol.index = TRY(reader.u32());
  if (symbol.kind != SymbolKind::section && (defined || symbol.has(symbol_flags::explicit_name)))
    symbol.name = TRY(reader.name());
  return symbol;
}

/// Whether what a symbol stands for is in the module.
Result<void> check_symbol(const Reader& reader, const CustomContext& context, const Symbol& symbol) {
  const auto check = [&](uint32_t count, std::string_view what) -> Result<void> {
    if (symbol.index < count) return {};
    return malformed(reader, "there is no " + std::string(what) + " " + std::to_string(symbol.index));
  };
  switch (symbol.kind) {
    case SymbolKind::func:
      return check(context.funcs, "function");
    case SymbolKind::global:
      return check(context.globals, "global");
    case SymbolKind::tag:
      return check(context.tags, "tag");
    case SymbolKind::data:
      if (symbol.has(symbol_flags::undefined) || symbol.has(symbol_flags::absolute)) return {};
      return check(context.datas, "data segment");
    case SymbolKind::section:
    case SymbolKind::table:
      return {};
  }
  return {};
}

Result<void> read_symbols(Reader& reader, const CustomContext& context, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.symbol_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    const Symbol symbol = TRY(read_symbol(reader));
    TRY(check_symbol(reader, context, symbol));
    visitor.symbol(i, symbol);
  }
  return {};
}

Result<void> read_segment_infos(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.segment_info_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    SegmentInfo info;
    info.name = TRY(reader.name());
    info.align_log2 = TRY(reader.u32());
    if (info.align_log2 >= 32) return malformed(reader, "alignment 2^" + std::to_string(info.align_log2));
    info.flags = TRY(reader.u32());
    visitor.segment_info(i, info);
  }
  return {};
}

Result<void> read_init_functions(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.init_function_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t priority = TRY(reader.u32());
    visitor.init_function(priority, TRY(reader.u32()));
  }
  return {};
}

Result<void> read_comdats(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.comdat_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view name = TRY(reader.name());
    TRY(reader.u32());  // flags: none is defined
    const uint32_t entries = TRY(reader.length());
    visitor.comdat(name, entries);
    for (uint32_t k = 0; k < entries; ++k) {
      const uint32_t kind = TRY(reader.u32());
      visitor.comdat_entry(kind, TRY(reader.u32()));
    }
  }
  return {};
}

Result<void> read_linking(Reader& reader, const CustomContext& context, CustomVisitor& visitor) {
  const uint32_t version = TRY(reader.u32());
  if (version != 2) return malformed(reader, "linking version " + std::to_string(version));
  return read_subsections(reader, [&](uint32_t id, Reader& subsection) -> Result<void> {
    switch (id) {
      case 5:
        return read_segment_infos(subsection, visitor);
      case 6:
        return read_init_functions(subsection, visitor);
      case 7:
        return read_comdats(subsection, visitor);
      case 8:
        return read_symbols(subsection, context, visitor);
      default:
        skip(subsection);
        return {};
    }
  });
}

// ---- relocations

enum class Addend : uint8_t { none, s32, s64 };

struct RelocKind {
  std::string_view name;
  Addend addend = Addend::none;
};

/// Tool conventions: Linking / Relocation Sections.
constexpr std::array<RelocKind, 27> reloc_kinds = {{
    {"R_WASM_FUNCTION_INDEX_LEB"},
    {"R_WASM_TABLE_INDEX_SLEB"},
    {"R_WASM_TABLE_INDEX_I32"},
    {"R_WASM_MEMORY_ADDR_LEB", Addend::s32},
    {"R_WASM_MEMORY_ADDR_SLEB", Addend::s32},
    {"R_WASM_MEMORY_ADDR_I32", Addend::s32},
    {"R_WASM_TYPE_INDEX_LEB"},
    {"R_WASM_GLOBAL_INDEX_LEB"},
    {"R_WASM_FUNCTION_OFFSET_I32", Addend::s32},
    {"R_WASM_SECTION_OFFSET_I32", Addend::s32},
    {"R_WASM_TAG_INDEX_LEB"},
    {"R_WASM_MEMORY_ADDR_REL_SLEB", Addend::s32},
    {"R_WASM_TABLE_INDEX_REL_SLEB"},
    {"R_WASM_GLOBAL_INDEX_I32"},
    {"R_WASM_MEMORY_ADDR_LEB64", Addend::s64},
    {"R_WASM_MEMORY_ADDR_SLEB64", Addend::s64},
    {"R_WASM_MEMORY_ADDR_I64", Addend::s64},
    {"R_WASM_MEMORY_ADDR_REL_SLEB64", Addend::s64},
    {"R_WASM_TABLE_INDEX_SLEB64"},
    {"R_WASM_TABLE_INDEX_I64"},
    {"R_WASM_TABLE_NUMBER_LEB"},
    {"R_WASM_MEMORY_ADDR_TLS_SLEB", Addend::s32},
    {"R_WASM_FUNCTION_OFFSET_I64", Addend::s64},
    {"R_WASM_MEMORY_ADDR_LOCREL_I32", Addend::s32},
    {"R_WASM_TABLE_INDEX_REL_SLEB64"},
    {"R_WASM_MEMORY_ADDR_TLS_SLEB64", Addend::s64},
    {"R_WASM_FUNCTION_INDEX_I32"},
}};

Result<Reloc> read_reloc(Reader& reader) {
  Reloc reloc;
  const uint32_t type = TRY(reader.u32());
  if (type >= reloc_kinds.size())
    return malformed(reader, "relocation of unknown type " + std::to_string(type));
  reloc.type = static_cast<uint8_t>(type);
  reloc.offset = TRY(reader.u32());
  reloc.index = TRY(reader.u32());
  const Addend addend = reloc_kinds[type].addend;
  if (addend == Addend::s32) reloc.addend = TRY(reader.s32());
  if (addend == Addend::s64) reloc.addend = TRY(reader.s64());
  return reloc;
}

Result<void> read_relocs(Reader& reader, const CustomContext& context, CustomVisitor& visitor) {
  const uint32_t section = TRY(reader.u32());
  const uint32_t count = TRY(reader.length());
  if (section >= context.sections)
    return malformed(reader, "relocations of section " + std::to_string(section) + ", which is not there");
  visitor.reloc_count(section, count);
  for (uint32_t i = 0; i < count; ++i) visitor.reloc(TRY(read_reloc(reader)));
  return {};
}

// ---- dynamic linking

Result<void> read_dylink_info(Reader& reader, CustomVisitor& visitor) {
  const uint32_t mem_size = TRY(reader.u32());
  const uint32_t mem_align = TRY(reader.u32());
  const uint32_t table_size = TRY(reader.u32());
  visitor.dylink_info(mem_size, mem_align, table_size, TRY(reader.u32()));
  return {};
}

Result<void> read_needed(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.needed_count(count);
  for (uint32_t i = 0; i < count; ++i) visitor.needed(TRY(reader.name()));
  return {};
}

Result<void> read_dylink_exports(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.dylink_export_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view name = TRY(reader.name());
    visitor.dylink_export(name, TRY(reader.u32()));
  }
  return {};
}

Result<void> read_dylink_imports(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.dylink_import_count(count);
  for (uint32_t i = 0; i < count; ++i) {
    const std::string_view module = TRY(reader.name());
    const std::string_view name = TRY(reader.name());
    visitor.dylink_import(module, name, TRY(reader.u32()));
  }
  return {};
}

Result<void> read_runtime_paths(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  visitor.runtime_path_count(count);
  for (uint32_t i = 0; i < count; ++i) visitor.runtime_path(TRY(reader.name()));
  return {};
}

Result<void> read_dylink0(Reader& reader, CustomVisitor& visitor) {
  return read_subsections(reader, [&](uint32_t id, Reader& subsection) -> Result<void> {
    switch (id) {
      case 1:
        return read_dylink_info(subsection, visitor);
      case 2:
        return read_needed(subsection, visitor);
      case 3:
        return read_dylink_exports(subsection, visitor);
      case 4:
        return read_dylink_imports(subsection, visitor);
      case 5:
        return read_runtime_paths(subsection, visitor);
      default:
        skip(subsection);
        return {};
    }
  });
}

Result<void> read_dylink(Reader& reader, CustomVisitor& visitor) {
  TRY(read_dylink_info(reader, visitor));
  return read_needed(reader, visitor);
}

// ---- the others

Result<void> read_target_features(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  for (uint32_t i = 0; i < count; ++i) {
    const char prefix = static_cast<char>(TRY(reader.u8()));
    visitor.target_feature(prefix, TRY(reader.name()));
  }
  return {};
}

Result<void> read_func_metadata(Reader& reader, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  Ascending order;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t offset = TRY(reader.u32());
    TRY(order.next(reader, offset, "code offset"));
    const uint32_t size = TRY(reader.byte_length());
    visitor.code_metadata(offset, {reader.position(), size});
    reader.advance(size);
  }
  return {};
}

Result<void> read_code_metadata(Reader& reader, const CustomContext& context, CustomVisitor& visitor) {
  const uint32_t count = TRY(reader.length());
  Ascending order;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t func = TRY(reader.u32());
    if (func < context.imported_funcs)
      return malformed(reader, "metadata of the imported function " + std::to_string(func));
    TRY(check_func(reader, context, func));
    TRY(order.next(reader, func, "function"));
    visitor.code_metadata_func(func);
    TRY(read_func_metadata(reader, visitor));
  }
  return {};
}

/// Nothing for a section that is not one of those known here.
std::optional<Result<void>> read_known(std::string_view name, Reader& reader, const CustomContext& context,
                                       CustomVisitor& visitor) {
  if (name == "name") return read_names(reader, context, visitor);
  if (name == "linking") return read_linking(reader, context, visitor);
  if (name.starts_with("reloc.")) return read_relocs(reader, context, visitor);
  if (name == "dylink.0") return read_dylink0(reader, visitor);
  if (name == "dylink") return read_dylink(reader, visitor);
  if (name == "target_features") return read_target_features(reader, visitor);
  if (name.starts_with("metadata.code.")) return read_code_metadata(reader, context, visitor);
  return std::nullopt;
}

}  // namespace

std::string_view reloc_name(uint8_t type) {
  return type < reloc_kinds.size() ? reloc_kinds[type].name : std::string_view();
}

bool reloc_names_type(uint8_t type) { return type == 6; }

CustomContext custom_context(const wasm::Module& module) {
  CustomContext context;
  context.funcs = static_cast<uint32_t>(module.funcs.size());
  context.globals = static_cast<uint32_t>(module.globals.size());
  context.tags = static_cast<uint32_t>(module.tags.size());
  context.datas = static_cast<uint32_t>(module.datas.size());
  context.imported_funcs = module.imported_funcs;
  return context;
}

Result<void> read_custom(std::string_view name, binary::Reader contents, const CustomContext& context,
                         CustomVisitor& visitor) {
  const auto read = read_known(name, contents, context, visitor);
  if (!read) return {};
  if (!*read) return base::Unexpected{read->error()};
  if (!contents.at_end()) return malformed(contents, "bytes left over");
  return {};
}

}  // namespace cloche::dump

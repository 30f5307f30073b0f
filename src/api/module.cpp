// What a Module says about itself.
#include "api/access.hpp"
#include "api/describe.hpp"

namespace cloche {

using detail::ApiAccess;

std::vector<ImportInfo> Module::imports() const {
  const wasm::Module& module = ApiAccess::of(*this)->decoded();
  std::vector<ImportInfo> list;
  list.reserve(module.imports.size());
  for (const wasm::Import& import : module.imports)
    list.push_back({std::string(import.module), std::string(import.name), detail::public_kind(import.kind),
                    detail::describe(module, import)});
  return list;
}

std::vector<ExportInfo> Module::exports() const {
  return detail::exports_of(ApiAccess::of(*this)->decoded());
}

std::string Module::name() const { return ApiAccess::of(*this)->name(); }

uint32_t Module::func_count() const {
  return static_cast<uint32_t>(ApiAccess::of(*this)->decoded().funcs.size());
}

uint32_t Module::imported_func_count() const { return ApiAccess::of(*this)->decoded().imported_funcs; }

}  // namespace cloche

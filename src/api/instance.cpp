#include "api/access.hpp"
#include "api/describe.hpp"
#include "api/error.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;
using detail::usage_error;

/// Names listed in a message before it says how many more there are.
constexpr size_t max_listed = 20;

std::string exports_list(const runtime::Instance& instance) {
  const auto& exports = instance.module().decoded().exports;
  if (exports.empty()) return "the instance exports nothing";
  std::string list = "the instance exports ";
  for (size_t i = 0; i < exports.size() && i < max_listed; ++i)
    list += (i == 0 ? "'" : ", '") + std::string(exports[i].name) + "'";
  if (exports.size() > max_listed) list += " and " + std::to_string(exports.size() - max_listed) + " more";
  return list;
}

Error no_export(const runtime::Instance& instance, std::string_view name) {
  return usage_error("no export is named '" + std::string(name) + "'; " + exports_list(instance));
}

Error wrong_kind(std::string_view name, wasm::ExternKind is, wasm::ExternKind wanted) {
  return usage_error("the export '" + std::string(name) + "' is " + detail::with_article(is) + ", not " +
                     detail::with_article(wanted));
}

/// The export as the kind of handle that `pick` takes out of an Extern.
template <class Handle, class External>
Result<Handle> find(const runtime::Instance& instance, std::string_view name, wasm::ExternKind wanted,
                    const External* (runtime::Extern::*pick)() const) {
  const auto item = instance.find(name);
  if (!item) return Unexpected{no_export(instance, name)};
  const External* object = ((*item).*pick)();
  if (object == nullptr) return Unexpected{wrong_kind(name, item->kind(), wanted)};
  return ApiAccess::handle(*object);
}

}  // namespace

Result<Func> Instance::func(std::string_view name) const {
  return find<Func>(ApiAccess::of(*this), name, wasm::ExternKind::func, &runtime::Extern::func);
}

Result<Memory> Instance::memory(std::string_view name) const {
  return find<Memory>(ApiAccess::of(*this), name, wasm::ExternKind::mem, &runtime::Extern::memory);
}

Result<Table> Instance::table(std::string_view name) const {
  return find<Table>(ApiAccess::of(*this), name, wasm::ExternKind::table, &runtime::Extern::table);
}

Result<Global> Instance::global(std::string_view name) const {
  return find<Global>(ApiAccess::of(*this), name, wasm::ExternKind::global, &runtime::Extern::global);
}

Result<Tag> Instance::tag(std::string_view name) const {
  return find<Tag>(ApiAccess::of(*this), name, wasm::ExternKind::tag, &runtime::Extern::tag);
}

Result<Func> Instance::func_at(uint32_t index) const {
  const runtime::Instance& instance = ApiAccess::of(*this);
  const size_t count = instance.module().decoded().funcs.size();
  if (index >= count)
    return Unexpected{usage_error("no function has index " + std::to_string(index) + "; the module has " +
                                  std::to_string(count) + " functions")};
  return ApiAccess::handle(*instance.at(wasm::ExternKind::func, index).func());
}

std::vector<ExportInfo> Instance::exports() const {
  return detail::exports_of(ApiAccess::of(*this).module().decoded());
}

}  // namespace cloche

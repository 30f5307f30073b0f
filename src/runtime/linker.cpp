#include "runtime/linker.hpp"

#include "runtime/describe.hpp"
#include "runtime/import_matching.hpp"

namespace cloche::runtime {
namespace {

using wasm::ErrorCode;
using wasm::fail;

std::string quoted(std::string_view module, std::string_view name) {
  return "\"" + std::string(module) + "\" \"" + std::string(name) + "\"";
}

}  // namespace

wasm::Result<void> Linker::define(std::string_view module, std::string_view name, const Extern& object) {
  if (find(module, name)) return fail(ErrorCode::duplicate_definition, wasm::no_offset, quoted(module, name));
  return redefine(module, name, object);
}

wasm::Result<void> Linker::redefine(std::string_view module, std::string_view name, const Extern& object) {
  if (object.store() != &store_)
    return fail(ErrorCode::foreign_object, wasm::no_offset, quoted(module, name));
  modules_[std::string(module)].insert_or_assign(std::string(name), object);
  return {};
}

wasm::Result<void> Linker::define_instance(std::string_view module, const Instance& instance) {
  if (instance.store() != &store_)
    return fail(ErrorCode::foreign_object, wasm::no_offset, "instance \"" + std::string(module) + "\"");
  Names names;
  for (const wasm::Export& item : instance.module().decoded().exports)
    names.insert_or_assign(std::string(item.name), instance.at(item.kind, item.index));
  modules_.insert_or_assign(std::string(module), std::move(names));
  return {};
}

std::optional<Extern> Linker::find(std::string_view module, std::string_view name) const {
  const auto names = modules_.find(module);
  if (names == modules_.end()) return std::nullopt;
  const auto object = names->second.find(name);
  if (object == names->second.end()) return std::nullopt;
  return object->second;
}

wasm::Result<std::vector<Extern>> Linker::resolve(const Module& module) const {
  std::vector<Extern> objects;
  objects.reserve(module.decoded().imports.size());
  for (const wasm::Import& import : module.decoded().imports) {
    const std::optional<Extern> object = find(import.module, import.name);
    if (!object)
      return fail(ErrorCode::unknown_import, import.offset,
                  quoted(import.module, import.name) + ", " + describe(module.decoded(), import));
    TRY(match_import(module, import, *object));
    objects.push_back(*object);
  }
  return objects;
}

Outcome<Instance*> Linker::instantiate(const std::shared_ptr<Module>& module) const {
  const std::vector<Extern> imports = TRY(resolve(*module));
  return store_.instantiate(module, imports);
}

}  // namespace cloche::runtime

// What the parts of a module are called in what debug/ prints: by the name section, else functions by an
// export, else by a letter and the index.
#pragma once

#include <string>
#include <string_view>

#include "binary/names.hpp"
#include "wasm/module.hpp"

namespace cloche::debug {

/// Names of one module, which must outlive it. Decoded once, looked up by binary search.
class Labels {
 public:
  explicit Labels(const wasm::Module& module);

  const wasm::Module& module() const { return module_; }

  /// As the text format has them: "$name" or the index.
  std::string func(uint32_t index) const { return id(func_name(index), index); }
  std::string local(uint32_t func, uint32_t index) const { return id(local_name(func, index), index); }
  std::string global(uint32_t index) const { return id(name(names_.globals, index), index); }
  std::string table(uint32_t index) const { return id(name(names_.tables, index), index); }
  std::string memory(uint32_t index) const { return id(name(names_.mems, index), index); }
  std::string tag(uint32_t index) const { return id(name(names_.tags, index), index); }
  std::string type(uint32_t index) const { return id(name(names_.types, index), index); }
  std::string elem(uint32_t index) const { return id(name(names_.elems, index), index); }
  std::string data(uint32_t index) const { return id(name(names_.datas, index), index); }
  std::string field(uint32_t type, uint32_t index) const {
    return id(inner(names_.fields, type, index), index);
  }

  /// As they stand in symbolic expressions: the bare name, or a letter and the index.
  std::string func_symbol(uint32_t index) const { return symbol(func_name(index), "f", index); }
  std::string local_symbol(uint32_t func, uint32_t index) const {
    return symbol(local_name(func, index), "l", index);
  }
  std::string global_symbol(uint32_t index) const { return symbol(name(names_.globals, index), "g", index); }
  std::string field_symbol(uint32_t type, uint32_t index) const {
    return symbol(inner(names_.fields, type, index), "", index);
  }

  /// The name itself, or empty.
  std::string_view func_name(uint32_t index) const;
  std::string_view local_name(uint32_t func, uint32_t index) const {
    return inner(names_.locals, func, index);
  }
  std::string_view label_name(uint32_t func, uint32_t index) const {
    return inner(names_.labels, func, index);
  }
  std::string_view global_name(uint32_t index) const { return name(names_.globals, index); }

 private:
  std::string_view import_name(uint32_t index) const;
  static std::string_view name(const binary::NameMap& names, uint32_t index);
  static std::string_view inner(const binary::IndirectNameMap& names, uint32_t outer, uint32_t index);
  static std::string id(std::string_view name, uint32_t index);
  static std::string symbol(std::string_view name, std::string_view letter, uint32_t index);

  const wasm::Module& module_;
  binary::NameSection names_;
  binary::NameMap exported_;  // functions, by index
};

}  // namespace cloche::debug

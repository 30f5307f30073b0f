// Small binary modules for tests, section by section.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

#include "base/leb128.hpp"
#include "runtime/module.hpp"

namespace cloche::runtime::test {

using Bytes = std::vector<uint8_t>;

inline void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

inline Bytes operator+(Bytes a, const Bytes& b) {
  append(a, b);
  return a;
}

inline Bytes leb(uint32_t value) {
  Bytes bytes;
  base::append_leb(bytes, value);
  return bytes;
}

inline Bytes name(std::string_view text) {
  Bytes bytes = leb(static_cast<uint32_t>(text.size()));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

inline Bytes vec(const std::vector<Bytes>& items) {
  Bytes bytes = leb(static_cast<uint32_t>(items.size()));
  for (const Bytes& item : items) append(bytes, item);
  return bytes;
}

/// Value and heap types, instructions.
inline constexpr uint8_t i32 = 0x7F, i64 = 0x7E, f32 = 0x7D, f64 = 0x7C, v128 = 0x7B, funcref = 0x70,
                         externref = 0x6F, anyref = 0x6E, end = 0x0B;
inline constexpr uint8_t type_section = 1, import_section = 2, func_section = 3, table_section = 4,
                         mem_section = 5, global_section = 6, export_section = 7, start_section = 8,
                         elem_section = 9, code_section = 10, data_section = 11, tag_section = 13;

inline Bytes func_type(const Bytes& params, const Bytes& results) {
  return Bytes{0x60} + leb(static_cast<uint32_t>(params.size())) + params +
         leb(static_cast<uint32_t>(results.size())) + results;
}

inline Bytes i32_const(int32_t value) {
  Bytes bytes = {0x41};
  base::append_leb(bytes, value);
  return bytes;
}

/// A module as it grows; sections must be added in order.
class ModuleBuilder {
 public:
  ModuleBuilder& section(uint8_t id, const std::vector<Bytes>& items) { return raw_section(id, vec(items)); }
  ModuleBuilder& raw_section(uint8_t id, const Bytes& contents) {
    bytes_.push_back(id);
    append(bytes_, leb(static_cast<uint32_t>(contents.size())) + contents);
    return *this;
  }
  std::shared_ptr<Module> build(const std::shared_ptr<Engine>& engine) const {
    auto module = Module::compile(engine, wasm::ModuleBytes(bytes_));
    if (!module) return nullptr;
    return *module;
  }

 private:
  Bytes bytes_ = {0, 'a', 's', 'm', 1, 0, 0, 0};
};

}  // namespace cloche::runtime::test

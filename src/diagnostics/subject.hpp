// The module that diagnostics are about: its bytes, and, where there is one, the text they were assembled
// from. Leads from offsets in the module to places in the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "binary/names.hpp"
#include "diagnostics/diagnostic.hpp"
#include "diagnostics/recorder.hpp"
#include "text/parser.hpp"
#include "text/source_text.hpp"
#include "validate/module_types.hpp"
#include "wasm/module.hpp"
#include "wasm/opcode.hpp"

namespace cloche::diagnostics {

class Subject {
 public:
  /// A module from text; `offsets` and `source` must outlive the subject.
  Subject(std::string_view source, const text::OffsetMap& offsets, const wasm::Module& module);
  /// A binary module.
  explicit Subject(const wasm::Module& module);

  bool is_text() const { return offsets_ != nullptr; }
  std::string_view source() const { return source_; }
  const wasm::Module& module() const { return module_; }

  /// Where the text has the item or instruction of a module offset; no_offset for binaries.
  uint64_t source_offset(uint64_t offset) const {
    return offsets_ ? offsets_->source_offset(offset) : wasm::no_offset;
  }

  /// An instruction: its words in the text, or its bytes.
  Span instr(uint32_t offset) const;
  /// A definition such as a function or an export: the beginning of its field, or a byte.
  Span item(uint64_t offset) const;
  /// The instructions that compute an operand.
  Span expression(const Origin& origin) const;
  /// "3:16", or "0x3f": for sentences.
  std::string place(uint32_t offset) const;
  /// The instruction at an offset of a body; nop where there is none.
  wasm::Op op(uint32_t offset) const;
  std::string_view op_name(uint32_t offset) const { return wasm::op_info(op(offset)).text; }

  /// "$name", or "function 3"; for the other spaces alike.
  std::string func_name(uint32_t index) const { return named(names_.funcs, "function", index); }
  std::string global_name(uint32_t index) const { return named(names_.globals, "global", index); }
  std::string local_name(uint32_t func, uint32_t index) const;

  /// How many locals a function declares, parameters not among them; 0 for imported ones.
  uint64_t declared_locals(uint32_t func) const;

  /// The definition of a function, as a place in the file.
  Span func_place(uint32_t index) const;
  Span global_place(uint32_t index) const;

  /// For binaries: the disassembled lines of a body around the places that a diagnostic names.
  std::shared_ptr<const Listing> listing(wasm::Expr body, const Diagnostic& diagnostic) const;
  /// For binaries: bytes around an offset.
  static std::shared_ptr<const Listing> byte_listing(std::span<const uint8_t> bytes, uint64_t offset);

 private:
  std::string named(const binary::NameMap& names, std::string_view kind, uint32_t index) const;

  std::string_view source_;
  text::SourceText lines_;
  const text::OffsetMap* offsets_ = nullptr;
  const wasm::Module& module_;
  binary::NameSection names_;
};

}  // namespace cloche::diagnostics

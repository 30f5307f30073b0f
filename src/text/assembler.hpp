// The parser of modules, as one class over several files: collect.cpp finds every definition and its name,
// types.cpp and fields.cpp read what stands outside expressions, expressions.cpp, operands.cpp and
// literals.cpp instructions, annotations.cpp the annotations with a meaning, recovery.cpp goes on after
// errors. It runs over the source twice: names first, then everything else, so that every name is known when
// it is used. No function here calls itself: nesting lives on explicit stacks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "binary/instr_encoder.hpp"
#include "text/draft.hpp"
#include "text/func_types.hpp"
#include "text/lexer.hpp"
#include "text/number.hpp"
#include "text/symbol_table.hpp"
#include "wasm/opcode.hpp"

namespace cloche::text {

/// The index spaces whose members can have names in the text.
enum class Space : uint8_t { type, func, table, mem, global, tag, elem, data, local, label, field };
inline constexpr size_t module_spaces = 8;  // those from type to data

/// How the parser treats an instruction's name.
enum class InstrSyntax : uint8_t { plain, block, if_, try_, else_, catch_, delegate, end };

class Assembler {
 public:
  Assembler(std::string_view source, SourceRange range, wasm::FeatureSet features, AssembleOptions options);
  wasm::Result<Assembled> run();
  Recovered run_all(size_t max_errors);

 private:
  // An optional identifier and an optional @name annotation; the name is what goes into the name section.
  struct Binding {
    std::string_view id;
    std::string_view name;
    uint32_t offset = 0;
  };
  struct Param {
    wasm::ValType type;
    Binding binding;
  };
  struct TypeUse {
    wasm::TypeIdx index;
    bool is_explicit;
  };

  // Tokens (assembler.cpp)
  Status advance() {
    if (!lexer_.pending().empty()) [[unlikely]]
      return misplaced_annotation();
    tok_ = lexer_.next();
    return {};
  }
  std::string_view text() const { return lexer_.text(tok_); }
  base::Unexpected<Failed> fail(wasm::ErrorCode code, uint32_t offset, std::string detail = {}) {
    return errors_.set(code, offset, std::move(detail));
  }
  base::Unexpected<Failed> unexpected();
  Status expect_close();
  Parsed<std::string_view> identifier(const Token& token);
  Parsed<std::string_view> expect_name();
  std::string_view keep(std::string text);
  Parsed<Binding> parse_binding();

  // Recovery (recovery.cpp). Without run_all all of these answer that there is none.
  bool keep_error(std::string nearest = {});
  bool keep_broken_error(std::string nearest);
  std::string nearest_name(Space space, std::string_view spelled, uint32_t scope) const;
  Parsed<uint32_t> unknown_name(Space space, const Token& token, uint32_t scope);
  void skip_atoms();
  bool skip_folded(uint32_t paren);
  Status recover_instruction(uint32_t start);
  Status recover_close(size_t base);
  void note_locals();
  void end_condition();
  void drop_body();
  bool is_balanced();
  bool recover_field(const Token& field, size_t funcs_before);
  bool resume_after(const Token& field, uint32_t error_offset);
  bool resume_at_line(uint32_t from, uint32_t column);
  uint32_t column_of(uint32_t offset) const;
  void mend_types(size_t wanted);

  // Annotations (annotations.cpp)
  base::Unexpected<Failed> misplaced_annotation();
  Parsed<std::string_view> take_name_annotation(bool of_module);
  Status take_custom_annotations();
  Status parse_custom(const Annotation& annotation);
  Parsed<CustomPlace> parse_place(Lexer& lexer, const Token& open);
  Status take_branch_hint();
  void place_hint(size_t buffer_offset);
  Status use_hint(wasm::Op op);
  Status check_hint_target(wasm::Op op);

  // Pass 1 (collect.cpp)
  Status collect();
  Parsed<bool> collect_field(Lexer& lexer, const Token& field);
  Parsed<bool> collect_definition(Lexer& lexer, Space space);
  Parsed<bool> collect_import(Lexer& lexer, const Token& field);
  Parsed<bool> collect_rec(Lexer& lexer);
  Parsed<bool> define(Space space, const Token& id);
  Status note_order(Space space, bool imported, uint32_t offset);

  // Types (types.cpp)
  Status parse_types();
  Status parse_type_field();
  Status parse_type_definition();
  Status parse_comp_type(wasm::SubType& type, uint32_t index);
  Status parse_struct_fields(wasm::CompType& comp, uint32_t type_index);
  Parsed<wasm::FieldType> parse_field_type();
  Parsed<wasm::StorageType> parse_storage_type();
  Parsed<wasm::HeapType> parse_heap_type();
  Parsed<wasm::ValType> parse_val_type();
  Parsed<wasm::ValType> parse_ref_type();
  bool at_ref_type() const;
  Status parse_params(bool allow_names);
  Status parse_results();
  Parsed<TypeUse> parse_type_use(bool allow_names);
  Parsed<wasm::BlockType> parse_block_type();
  Parsed<bool> parse_addr_type();
  Status parse_limits(wasm::Limits& limits);
  Status parse_table_type(wasm::TableType& type);
  Status parse_mem_type(wasm::MemType& type);
  Status parse_mem_limits(wasm::MemType& type);
  Status parse_page_size(wasm::MemType& type);
  Parsed<wasm::GlobalType> parse_global_type();

  // Module fields (fields.cpp)
  Status parse_module();
  Status parse_binary_module(Assembled& result, bool& is_binary);
  Status parse_field();
  Status parse_import();
  Status parse_inline_exports(wasm::ExternKind kind, uint32_t index);
  Parsed<bool> parse_inline_import(wasm::Import& import);
  Status parse_func();
  void push_code();
  Status parse_locals();
  Status enter_params();
  Status enter_local(const Binding& binding, uint32_t index);
  Status finish_func_import(wasm::Import& import);
  Status parse_table();
  Status parse_inline_elem(wasm::Table& table);
  Status parse_memory();
  Status parse_inline_data(wasm::Mem& mem);
  Status parse_global();
  Status parse_tag();
  Parsed<wasm::TypeIdx> parse_tag_type();
  Status parse_export();
  Status parse_start();
  Status parse_elem();
  Status parse_elem_list(wasm::Elem& elem);
  Status parse_func_list(wasm::Elem& elem);
  Status parse_func_exprs(wasm::Elem& elem);
  Status parse_expr_list(wasm::Elem& elem);
  Status parse_data();
  Parsed<wasm::ByteRange> parse_data_strings();
  Parsed<wasm::Expr> parse_wrapped_expr(Word wrapper);
  Parsed<wasm::Expr> parse_expr();
  wasm::Expr const_zero(bool is_64, uint32_t source_offset);
  void name(binary::NameMap& names, uint32_t index, const Binding& binding);
  void inner_name(binary::IndirectNameMap& names, uint32_t outer, uint32_t inner, std::string_view name);
  void add_import(const wasm::Import& import, const Binding& binding);

  // Expressions (expressions.cpp): instruction sequences, plain and folded. A frame is an open block or
  // parenthesis.
  enum class FrameKind : uint8_t {
    folded,            // plain instruction whose operands are being read
    folded_block,      // block, loop, try_table
    folded_if,         // the condition of an if
    folded_then,       // within (then
    folded_if_then,    // behind it
    folded_else,       // within (else
    folded_if_done,    // behind it
    folded_try,        // expects (do
    folded_do,         // within (do
    folded_try_do,     // behind it
    folded_catch,      // within (catch
    folded_try_catch,  // behind it
    folded_catch_all,  // within (catch_all
    folded_try_done,   // behind it
    folded_delegated,  // behind (delegate
    block,
    if_,
    else_,
    try_,
    catch_,
    catch_all,  // plain, up to their `end`
  };
  struct Frame {
    FrameKind kind;
    int8_t hint;        // branch hint of the deferred instruction, or -1
    uint32_t deferred;  // where its instruction's bytes begin in deferred_
    uint32_t source;    // offset of its keyword
  };
  struct Label {
    std::string_view id;
    uint32_t shadowed;  // what label_ids_ had for this id before
  };
  Status parse_instrs() { return parse_sequence(frames_.size(), false); }
  Status parse_folded();
  Status parse_sequence(size_t base, bool single);
  Status open_folded(size_t base);
  Status open_operator(wasm::Op op);
  Status open_block(wasm::Op op, FrameKind kind);
  Status open_folded_if();
  Status open_clause(Frame& frame);
  Status open_catch(Frame& frame);
  Status close_folded();
  Status close_block();
  Status parse_plain(size_t base);
  static bool takes_plain(FrameKind kind);
  Status parse_structure(InstrSyntax syntax, wasm::Op op, size_t base);
  Status parse_else(size_t base);
  Status parse_catch(size_t base, wasm::Op op);
  Status parse_delegate(size_t base);
  Status parse_end(size_t base);
  Status emit_catch(wasm::Op op, uint32_t source);
  Status emit_delegate(uint32_t source);
  Parsed<std::string_view> parse_block_head(wasm::Op op);
  Status check_end_label();
  Status check_feature(wasm::Op op) {
    if (features_.has(wasm::op_info(op).feature)) [[likely]]
      return {};
    return refuse_feature(op);
  }
  Status refuse_feature(wasm::Op op);
  void push_label(std::string_view id);
  void pop_label();
  void defer(size_t start, FrameKind kind, uint32_t source);
  void emit_deferred(const Frame& frame);

  // Instructions (operands.cpp, literals.cpp)
  Status parse_instruction(wasm::Op op);
  Status parse_operands(wasm::Op op);
  Status emit_block_type();
  Status emit_try_table_operands();
  Parsed<uint32_t> parse_index(Space space);
  Parsed<uint32_t> resolve(Space space, const Token& token, uint32_t scope = 0);
  Parsed<uint32_t> resolve_label(const Token& token);
  bool at_index() const { return tok_.kind == TokenKind::number || tok_.kind == TokenKind::id; }
  Status emit_index(Space space);
  Status emit_optional_index(Space space);
  Status emit_two_optional(Space space);
  Status emit_segment_and(Space segment, Space target);
  Status emit_label_table();
  void insert_leb(size_t at, uint32_t value);
  Status emit_call_indirect();
  Status emit_select();
  Status emit_ref_test(wasm::Op op);
  Status emit_cast();
  Status emit_mem_arg(wasm::Op op);
  Status emit_mem_arg_lane(wasm::Op op);
  bool at_mem_arg_word() const;
  Parsed<bool> parse_mem_arg_word(std::string_view prefix, uint64_t& value);
  Parsed<uint8_t> parse_lane(const Token& token);
  Status emit_mem_arg_bytes(wasm::Op op, uint32_t mem);
  Status emit_shuffle();
  Status emit_const(wasm::Imm kind);
  Status emit_v128();
  bool is_float_word() const;
  Parsed<uint32_t> parse_u32();
  Parsed<uint64_t> parse_u64();
  Parsed<uint64_t> natural(const Token& token, uint64_t max, wasm::ErrorCode too_large);
  Parsed<uint64_t> parse_int(unsigned bits);
  Parsed<uint64_t> int_value(const Token& token, unsigned bits);
  Parsed<uint64_t> float_value(const Token& token, unsigned bits);
  Parsed<uint64_t> parse_float(unsigned bits);
  Status check_number(NumberStatus status, const Token& token, wasm::ErrorCode too_large);

  // Emission
  std::vector<uint8_t>& code() { return draft_.buffer; }
  void byte(uint8_t value) { draft_.buffer.push_back(value); }
  void leb(uint64_t value) { binary::put_u64(code(), value); }
  void signed_leb(int64_t value) { binary::put_s64(code(), value); }
  void little_endian(uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) byte(static_cast<uint8_t>(value >> (8 * i)));
  }
  void emit_op(wasm::Op op) { binary::put_op(code(), op); }
  void emit_heap_type(wasm::HeapType type) { binary::put_heap_type(code(), type); }
  void emit_val_type(wasm::ValType type) { binary::put_val_type(code(), type); }
  void mark(uint32_t source_offset) { mark(code().size(), source_offset); }
  void mark(size_t buffer_offset, uint32_t source_offset) {
    if (draft_.keeps_offsets) draft_.marks.push_back({static_cast<uint32_t>(buffer_offset), source_offset});
  }

  std::string_view source_;
  SourceRange range_;
  wasm::FeatureSet features_;
  ErrorSlot errors_;
  Lexer lexer_;
  Token tok_;
  Draft draft_;

  std::array<SymbolTable, module_spaces> symbols_;
  std::array<uint32_t, module_spaces> counts_{};
  SymbolTable fields_;  // scope: type index
  SymbolTable locals_;
  SymbolTable label_ids_;  // to one more than an index in labels_, or 0
  FuncTypes func_types_;
  std::vector<uint32_t> type_fields_;  // source offsets of type and rec fields
  std::vector<uint32_t> type_firsts_;  // beside each: the index of its first type
  bool has_definition_ = false;
  Space first_definition_ = Space::func;

  std::vector<Param> params_;
  std::vector<wasm::ValType> param_types_;
  std::vector<wasm::ValType> results_;
  std::vector<wasm::ValType> local_types_;
  std::vector<Frame> frames_;
  std::vector<uint8_t> deferred_;
  std::vector<Label> labels_;
  std::vector<std::string_view> if_ids_;  // labels of folded ifs whose condition is being read
  uint32_t local_count_ = 0;
  uint32_t func_index_ = 0;
  uint32_t body_start_ = 0;  // of the current function, in code()
  uint32_t expr_start_ = 0;
  uint32_t block_count_ = 0;  // blocks of the current function so far, for the names of labels
  bool in_function_ = false;
  Recovered* recovered_ = nullptr;  // where errors go if there may be several
  size_t max_errors_ = 0;
  bool broken_body_ = false;       // the current function has errors
  bool outside_broken_ = false;    // something outside of bodies has
  bool names_incomplete_ = false;  // pass 1 could not see everything
  bool unbalanced_ = false;        // parentheses were missing
  int8_t hint_ = -1;               // branch hint for the instruction that is read next, or -1
  uint32_t hint_offset_ = 0;
};

}  // namespace cloche::text

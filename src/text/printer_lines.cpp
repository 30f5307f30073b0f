// The instructions that make up nearly all of a body, each straight from its bytes to its line. Whatever is
// unusual about one (a label with a name, a very long identifier, bytes that are malformed) is left to
// print_plain, which can say every instruction; both say the same.
#include <algorithm>
#include <cstring>

#include "base/leb128.hpp"
#include "text/printer_core.hpp"
#include "wasm/limits.hpp"

namespace cloche::text {

using wasm::Imm;
using wasm::Op;
using Shape = Printer::Usual::Shape;

namespace {

// An instruction that might be longer, or its line, is not usual.
constexpr std::ptrdiff_t most_bytes = 24;
constexpr size_t most_line = base::Output::max_reserved;
constexpr size_t most_id = 256;
constexpr size_t most_indent = 512;  // what is left are a mnemonic, one identifier and three numbers

// Only the instructions that end a block or a part of one need to be known by name.
Shape shape_of(Op op) {
  if (op == Op::end) return Shape::end;
  if (op == Op::else_ || op == Op::catch_all) return Shape::divider;
  if (op == Op::delegate) return Shape::unusual;
  switch (wasm::op_info(op).immediate) {
    case Imm::none:
      return Shape::bare;
    case Imm::local:
      return Shape::local;
    case Imm::func:
      return Shape::func;
    case Imm::global:
      return Shape::global;
    case Imm::memory:
      return Shape::memory;
    case Imm::mem_arg:
      return Shape::mem_arg;
    case Imm::i32:
      return Shape::i32;
    case Imm::i64:
      return Shape::i64;
    case Imm::type_table:
      return Shape::type_table;
    case Imm::label:
      return Shape::label;
    case Imm::label_table:
      return Shape::label_table;
    case Imm::block:
      return Shape::block;
    default:
      return Shape::unusual;
  }
}

// What a block type of one byte says; null for others.
const char* block_type_text(uint8_t byte) {
  switch (byte) {
    case 0x40:
      return "";
    case 0x7F:
      return " (result i32)";
    case 0x7E:
      return " (result i64)";
    case 0x7D:
      return " (result f32)";
    case 0x7C:
      return " (result f64)";
    default:
      return nullptr;
  }
}

// Reads a number, and moves on behind it; false when it is malformed.
template <class T>
bool read(const uint8_t*& at, const uint8_t* end, T& value) {
  const auto number = base::read_leb<T>(at, end);
  value = number.value;
  at = number.next;
  return number.status == base::LebStatus::ok;
}

bool read_index(const uint8_t*& at, const uint8_t* end, uint32_t& value) {
  if (*at >= 0x80) [[unlikely]]
    return read(at, end, value);
  value = *at++;
  return true;
}

char* put(char* to, std::string_view text) {
  text.copy(to, text.size());
  return to + text.size();
}

char* put(char* to, uint64_t value) {
  if (value >= 100) return base::Output::write_decimal(to, value);
  if (value >= 10) *to++ = static_cast<char>('0' + value / 10);
  *to++ = static_cast<char>('0' + value % 10);
  return to;
}

char* put(char* to, int64_t value) {
  if (value >= 0) return put(to, static_cast<uint64_t>(value));
  *to++ = '-';
  return put(to, uint64_t{0} - static_cast<uint64_t>(value));
}

}  // namespace

void Printer::prepare_usual() {
  usual_.fill({});
  if (!options_.fast_lines || indent_of(~size_t{0}) > most_indent) return;
  for (uint32_t byte = 0; byte < usual_.size(); ++byte) {
    const Op op = wasm::find_op(0, byte);
    if (op == Op::count_ || !module_.features.has(wasm::op_info(op).feature)) continue;
    const bool may_have_hint = annotate_hints_ && (op == Op::if_ || op == Op::br_if);
    const wasm::OpInfo& info = wasm::op_info(op);
    Usual& usual = usual_[byte];
    if (may_have_hint || info.text.size() > usual.text.size()) continue;
    usual.shape = shape_of(op);
    usual.size = static_cast<uint8_t>(info.text.size());
    usual.access_bytes = info.access_bytes;
    info.text.copy(usual.text.data(), info.text.size());
  }
}

// A new line as far as the mnemonic. What is copied beyond their ends is overwritten by what follows.
char* Printer::begin_line(char* to, size_t indent, const Usual& usual) const {
  constexpr size_t piece = 32;
  *to++ = '\n';
  for (size_t done = 0; done < indent; done += piece) std::memset(to + done, ' ', piece);
  to += indent;
  std::memcpy(to, usual.text.data(), usual.text.size());
  return to + usual.size;
}

// " $id" or " index"; null for an identifier too long.
char* Printer::put_usual_ref(char* to, const Ids& ids, uint32_t index) const {
  *to++ = ' ';
  const std::string_view id = ids.id(index);
  if (id.empty()) [[likely]]
    return put(to, uint64_t{index});
  return id.size() <= most_id ? put(to, id) : nullptr;
}

// A label without a name; null for one that no block has.
char* Printer::put_usual_label(char* to, uint32_t label) const {
  if (label > labels_.size()) return nullptr;
  *to++ = ' ';
  to = put(to, uint64_t{label});
  if (!options_.depth_comments) return to;
  to = put(to, " (;@");
  to = put(to, uint64_t{labels_.size() - label});
  return put(to, ";)");
}

// The labels of a br_table, of which there may be any number. Nothing is written unless all are well-formed.
bool Printer::put_usual_labels(const uint8_t*& at, const uint8_t* end, char* to) {
  uint32_t count = 0;
  if (!read(at, end, count) || count > wasm::limits::br_table_labels) return false;
  const uint8_t* check = at;
  for (uint64_t i = 0; i <= count; ++i) {
    uint32_t label = 0;
    if (!read(check, end, label) || label > labels_.size()) return false;
  }
  for (uint64_t i = 0; i <= count; ++i) {
    uint32_t label = 0;
    read(at, end, label);
    written_.commit(put_usual_label(to, label));
    to = written_.reserve(most_line);
  }
  return true;
}

// Writes an instruction's line, and moves `at` behind it; false, and nothing is written or moved, when it is
// unusual.
bool Printer::print_usual_instr(const uint8_t*& at, const uint8_t* end, size_t& indent) {
  const Usual& usual = usual_[*at];
  const uint8_t* next = at + 1;
  char* const start = written_.reserve(most_line);
  char* to = begin_line(start, indent, usual);
  uint32_t index = 0;
  switch (usual.shape) {
    case Shape::unusual:
      return false;
    case Shape::bare:
      break;
    case Shape::local:
      if (!read_index(next, end, index)) return false;
      to = put_usual_ref(to, locals_, index);
      break;
    case Shape::func:
      if (!read_index(next, end, index)) return false;
      to = put_usual_ref(to, funcs_, index);
      break;
    case Shape::global:
      if (!read_index(next, end, index)) return false;
      to = put_usual_ref(to, globals_, index);
      break;
    case Shape::memory:
      if (*next++ != 0) return false;
      break;
    case Shape::mem_arg: {
      uint64_t offset = 0;
      const uint8_t align_log2 = *next++;
      if (align_log2 >= 0x40 || !read(next, end, offset)) return false;
      if (offset != 0) to = put(put(to, " offset="), offset);
      if (const uint64_t align = uint64_t{1} << align_log2; align != usual.access_bytes)
        to = put(put(to, " align="), align);
      break;
    }
    case Shape::i32: {
      int32_t value = 0;
      if (!read(next, end, value)) return false;
      *to++ = ' ';
      to = put(to, int64_t{value});
      break;
    }
    case Shape::i64: {
      int64_t value = 0;
      if (!read(next, end, value)) return false;
      *to++ = ' ';
      to = put(to, value);
      break;
    }
    case Shape::type_table:
      if (!read_index(next, end, index) || *next++ != 0 || !tables_.id(0).empty()) return false;
      to = put_usual_ref(put(to, " (type"), types_, index);
      if (to != nullptr) *to++ = ')';
      break;
    case Shape::label:
      if (may_name_labels_ || !read_index(next, end, index)) return false;
      to = put_usual_label(to, index);
      break;
    case Shape::label_table:
      if (may_name_labels_ || !put_usual_labels(next, end, to)) return false;
      at = next;
      return true;
    case Shape::block: {
      const char* const type = block_type_text(*next++);
      if (may_name_labels_ || type == nullptr) return false;
      to = put(to, type);
      if (options_.depth_comments) to = put(put(to, "  ;; label = @"), uint64_t{labels_.size() + 1});
      ++block_count_;
      push_label({});
      indent = indent_of(2 + labels_.size());
      break;
    }
    case Shape::end:
      if (labels_.empty()) return false;
      pop_label();
      indent = indent_of(2 + labels_.size());
      to = begin_line(start, indent, usual);
      break;
    case Shape::divider:
      if (labels_.empty()) return false;
      to = begin_line(start, indent_of(1 + labels_.size()), usual);
      break;
  }
  if (to == nullptr) return false;
  written_.commit(to);
  at = next;
  return true;
}

// Prints from `at` on what is usual; where it stops is unusual, or near the end.
const uint8_t* Printer::print_usual(const uint8_t* at, const uint8_t* end) {
  settle();
  size_t indent = indent_of(2 + labels_.size());
  while (end - at >= most_bytes && print_usual_instr(at, end, indent)) {
  }
  return at;
}

}  // namespace cloche::text

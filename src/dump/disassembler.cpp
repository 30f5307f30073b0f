#include "dump/disassembler.hpp"

#include <algorithm>
#include <array>

#include "binary/type_reader.hpp"
#include "dump/custom_details.hpp"

namespace cloche::dump {
namespace {

using binary::Instr;
using binary::InstrReader;
using wasm::Imm;
using wasm::Op;

constexpr uint32_t bytes_per_line = 9;

/// Deeper blocks are not indented further: otherwise a body of nothing but blocks would be listed in
/// quadratic size.
constexpr uint32_t max_indented_depth = 512;

/// " xx" for every byte.
struct HexTable {
  char text[256][4];
};
consteval HexTable make_hex_table() {
  HexTable table{};
  for (unsigned i = 0; i < 256; ++i) {
    table.text[i][0] = ' ';
    table.text[i][1] = "0123456789abcdef"[i >> 4];
    table.text[i][2] = "0123456789abcdef"[i & 15];
  }
  return table;
}
constexpr HexTable hex_table = make_hex_table();

/// What the disassembler does with a row of opcodes.def, in the form it needs it.
struct Row {
  char text[40];  // the name; copied as a whole
  uint8_t size;
  Imm immediate;
  bool opens, closes, dedents;  // a block; one block; only its own line
};

consteval std::array<Row, wasm::op_count> make_rows() {
  std::array<Row, wasm::op_count> rows{};
  for (size_t i = 0; i < wasm::op_count; ++i) {
    const wasm::OpInfo& info = wasm::op_table[i];
    const Op op = static_cast<Op>(i);
    Row& row = rows[i];
    row.size = static_cast<uint8_t>(info.text.size());
    for (size_t k = 0; k < info.text.size(); ++k) row.text[k] = info.text[k];
    row.immediate = info.immediate;
    row.opens = info.immediate == Imm::block || info.immediate == Imm::try_table;
    row.closes = op == Op::end || op == Op::delegate;
    row.dedents = op == Op::else_ || op == Op::catch_ || op == Op::catch_all;
  }
  return rows;
}
constexpr auto rows = make_rows();

char* copy(char* to, std::string_view text) {
  std::copy(text.begin(), text.end(), to);
  return to + text.size();
}

/// At least six hexadecimal digits.
char* put_offset(char* to, uint32_t offset) {
  if (offset >> 24) {
    const uint32_t high = offset >> 24;
    if (high >> 4) *to++ = hex_table.text[high][1];
    *to++ = hex_table.text[high][2];
  }
  for (const unsigned shift : {16u, 8u, 0u}) {
    std::memcpy(to, &hex_table.text[(offset >> shift) & 0xFF][1], 2);
    to += 2;
  }
  return to;
}

/// A number of up to 32 bits that most often is one byte long; `failed` when it is malformed.
struct Number {
  uint32_t value;
  bool failed;
};
Number short_u32(binary::Reader& reader) {
  const uint8_t byte = reader.peek();
  if (byte < 0x80 && !reader.at_end()) [[likely]] {
    reader.advance(1);
    return {byte, false};
  }
  const auto leb = base::read_leb<uint32_t>(reader.position(), reader.position() + reader.remaining());
  if (leb.status != base::LebStatus::ok) return {0, true};
  reader.advance(static_cast<size_t>(leb.next - reader.position()));
  return {leb.value, false};
}

}  // namespace

Disassembler::Disassembler(Output& out, const Index& index, const DisassemblyOptions& options)
    : out_(out),
      index_(index),
      options_(options),
      immediates_(out, index, options.every_name),
      reader_(index.module) {
  if (const Section* const code = index.find(binary::code_section)) code_start_ = code->payload.offset;
}

wasm::Result<void> Disassembler::function(uint32_t func, wasm::ByteRange body) {
  char* const to = out_.reserve(16);
  out_.commit(put_offset(to, body.offset - options_.offset_base));
  out_.put(" func[", func, ']');
  put_tag(out_, index_.names.funcs.get(func));
  out_.put(":\n");
  reader_ = index_.reader(body);
  immediates_.enter(func);
  if (options_.margin) options_.margin->enter(func);
  depth_ = 0;
  TRY(locals(func));
  return instructions();
}

char* Disassembler::put_offset_and_bytes(char* to, uint32_t start, uint32_t end) const {
  *to++ = ' ';
  to = put_offset(to, start - options_.offset_base);
  *to++ = ':';
  std::memset(to, ' ', bytes_per_line * 3);
  const uint8_t* const bytes = index_.module.data() + start;
  const uint32_t count = std::min(end - start, bytes_per_line);
  for (uint32_t i = 0; i < count; ++i) std::memcpy(to + i * 3, hex_table.text[bytes[i]], 3);
  return copy(to + bytes_per_line * 3, " | ");
}

void Disassembler::begin_line(Op op, uint32_t start, uint32_t end) {
  const Row& row = rows[static_cast<size_t>(op)];
  if (options_.margin) line_start_ = out_.size();
  if (row.closes && depth_ > 0) --depth_;
  const uint32_t indent = 2 * std::min(depth_ - (row.dedents && depth_ > 0 ? 1 : 0), max_indented_depth);
  char* to = put_offset_and_bytes(out_.reserve(512), start, end);
  if (indent > 256) [[unlikely]] {
    out_.commit(to);
    out_.spaces(indent);
    to = out_.reserve(64);
  } else {
    std::memset(to, ' ', indent);
    to += indent;
  }
  std::memcpy(to, row.text, sizeof row.text);
  out_.commit(to + row.size);
  if (row.opens) ++depth_;
}

void Disassembler::more_bytes(uint32_t start, uint32_t end) {
  for (; start < end; start += bytes_per_line) {
    char* const to = put_offset_and_bytes(out_.reserve(64), start, end);
    out_.commit(to);
    out_.put('\n');
  }
}

void Disassembler::end_line(uint32_t start, uint32_t end) {
  if (options_.margin)
    options_.margin->annotate(out_, start, static_cast<uint32_t>(out_.size() - line_start_));
  out_.put('\n');
  if (end - start > bytes_per_line) [[unlikely]]
    more_bytes(start + bytes_per_line, end);
  if (options_.relocs) put_relocs(end);
}

void Disassembler::put_relocs(uint32_t end) {
  const std::vector<Reloc>& relocs = index_.code_relocs;
  for (; next_reloc_ < relocs.size(); ++next_reloc_) {
    const uint64_t offset = uint64_t{code_start_} + relocs[next_reloc_].offset;
    if (offset >= end) return;
    put_reloc(out_, index_, relocs[next_reloc_], offset);
    if (options_.relocs_lag) {
      ++next_reloc_;
      return;
    }
  }
}

wasm::Result<void> Disassembler::locals(uint32_t func) {
  const uint32_t groups = TRY(reader_.length());
  uint64_t local = index_.param_count(func);
  for (uint32_t i = 0; i < groups; ++i) {
    const uint32_t start = static_cast<uint32_t>(reader_.offset());
    const uint32_t count = TRY(reader_.u32());
    if (local + count > UINT32_MAX)
      return wasm::fail(wasm::ErrorCode::too_many_locals, start, std::to_string(local + count));
    const wasm::ValType type = TRY(binary::read_val_type(reader_, index_.features));
    const uint32_t end = static_cast<uint32_t>(reader_.offset());
    out_.commit(put_offset_and_bytes(out_.reserve(64), start, end));
    out_.put("local[");
    if (count > 0) out_.decimal(local);
    if (count > 1) out_.put("..", local + count - 1);
    local += count;
    out_.put("] type=");
    put_type(out_, type);
    out_.put('\n');
    if (end - start > bytes_per_line) more_bytes(start + bytes_per_line, end);
  }
  return {};
}

wasm::Result<void> Disassembler::instructions() {
  while (!reader_.at_end()) TRY(instruction());
  return {};
}

/// The most frequent forms of immediates are read here, without making an Instr of them.
wasm::Result<void> Disassembler::instruction() {
  const size_t start = reader_.offset();
  const uint32_t at = static_cast<uint32_t>(start);
  const uint8_t byte = reader_.peek();
  const Op op = wasm::is_prefix(byte) ? Op::count_ : wasm::detail::one_byte_ops[byte];
  if (op == Op::count_ || !index_.features.has(wasm::op_info(op).feature)) [[unlikely]]
    return rare_instruction(TRY(binary::read_op(reader_, index_.features)), start);
  reader_.advance(1);
  switch (rows[static_cast<size_t>(op)].immediate) {
    case Imm::none: {
      begin_line(op, at, at + 1);
      end_line(at, at + 1);
      return {};
    }
    case Imm::label:
    case Imm::func:
    case Imm::local:
    case Imm::global: {
      binary::Reader ahead = reader_;
      const Number index = short_u32(ahead);
      if (index.failed) return rare_instruction(op, start);
      reader_ = ahead;
      const uint32_t end = static_cast<uint32_t>(reader_.offset());
      begin_line(op, at, end);
      immediates_.put_index(op, index.value);
      end_line(at, end);
      return {};
    }
    case Imm::mem_arg: {
      binary::Reader ahead = reader_;
      const Number align = short_u32(ahead);
      const Number offset = align.failed || align.value >= 0x40 ? Number{0, true} : short_u32(ahead);
      if (offset.failed) return rare_instruction(op, start);
      reader_ = ahead;
      const uint32_t end = static_cast<uint32_t>(reader_.offset());
      begin_line(op, at, end);
      immediates_.put_mem_arg({align.value, 0, offset.value});
      end_line(at, end);
      return {};
    }
    default:
      return rare_instruction(op, start);
  }
}

wasm::Result<void> Disassembler::rare_instruction(Op op, size_t start) {
  Instr instr;
  instr.op = op;
  TRY(binary::read_immediates(reader_, index_.features, instr));
  const uint32_t at = static_cast<uint32_t>(start);
  const uint32_t end = static_cast<uint32_t>(reader_.offset());
  begin_line(op, at, end);
  immediates_.put(instr, InstrReader(reader_, index_.features));
  end_line(at, end);
  return {};
}

}  // namespace cloche::dump

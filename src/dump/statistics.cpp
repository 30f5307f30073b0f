#include "dump/statistics.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/hex_float.hpp"
#include "dump/items.hpp"

namespace cloche::dump {
namespace {

using binary::Instr;
using binary::InstrReader;
using wasm::Imm;
using wasm::Op;

void add_word(std::string& key, uint64_t value, size_t bytes = 4) {
  for (size_t i = 0; i < bytes; ++i) key += static_cast<char>(value >> (8 * i));
}

bool is_small_number(Imm immediate) {
  switch (immediate) {
    case Imm::i32:
    case Imm::memory:
    case Imm::table:
    case Imm::data:
    case Imm::elem:
      return true;
    default:
      return false;
  }
}

/// As printf's %g writes it.
template <class Float>
void put_general(Output& out, Float value) {
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, static_cast<double>(value), std::chars_format::general, 6);
  out.put(std::string_view(text, static_cast<size_t>(end.ptr - text)));
}

void put_number(Output& out, uint64_t value) {
  out.put(' ', value, " (0x");
  out.hex(value);
  out.put(')');
}

/// Numbers with commas between.
class WordList {
 public:
  explicit WordList(Output& out) : out_(out) {}
  void put(uint64_t value) {
    out_.put(first_ ? " " : ", ", value);
    first_ = false;
  }

 private:
  Output& out_;
  bool first_ = true;
};

void put_vector(Output& out, const std::array<uint8_t, 16>& bytes) {
  std::array<uint32_t, 4> lanes;
  std::memcpy(lanes.data(), bytes.data(), sizeof lanes);
  for (const uint32_t lane : lanes) out.put(' ', lane);
  for (size_t i = 0; i < 4; ++i) {
    out.put(i == 0 ? " (0x" : " 0x");
    out.hex(lanes[i]);
  }
  out.put(')');
}

void put_block(Output& out, wasm::BlockType type) {
  if (type.kind == wasm::BlockType::Kind::type) out.put(" type:", type.type.value);
  if (type.kind == wasm::BlockType::Kind::value) out.put(' ', to_string(type.value));
}

void put_mem_arg(Output& out, const Instr& instr) {
  WordList words(out);
  words.put(instr.mem.align_log2);
  if (instr.mem.memory != 0) words.put(instr.mem.memory);
  words.put(instr.mem.offset);
  if (wasm::op_info(instr.op).immediate == Imm::mem_arg_lane) words.put(instr.lane);
}

/// The forms that statistics write in their own way; the others are written as in a listing.
void put_form(Output& out, ImmediatePrinter& printer, const Instr& instr, const InstrReader& reader) {
  const Imm immediate = wasm::op_info(instr.op).immediate;
  switch (immediate) {
    case Imm::block:
      return put_block(out, instr.block);
    case Imm::i64:
    case Imm::i32:
      return put_number(out, instr.bits);
    case Imm::lane:
      return put_number(out, instr.lane);
    case Imm::f32: {
      out.put(' ');
      put_general(out, std::bit_cast<float>(static_cast<uint32_t>(instr.bits)));
      return out.put(" (", base::hex_f32(static_cast<uint32_t>(instr.bits)), ')');
    }
    case Imm::f64: {
      out.put(' ');
      put_general(out, std::bit_cast<double>(instr.bits));
      return out.put(" (", base::hex_f64(instr.bits), ')');
    }
    case Imm::v128:
    case Imm::shuffle:
      return put_vector(out, instr.bytes);
    case Imm::mem_arg:
    case Imm::mem_arg_lane:
      return put_mem_arg(out, instr);
    case Imm::label_table: {
      WordList words(out);
      for (const uint32_t label : reader.labels(instr)) words.put(label);
      return words.put(instr.index2);
    }
    case Imm::type_table:
    case Imm::elem_table:
    case Imm::table_table:
    case Imm::data_memory:
    case Imm::memory_memory: {
      WordList words(out);
      words.put(instr.index);
      return words.put(instr.index2);
    }
    default:
      if (is_small_number(immediate) || instr.op == Op::ref_func) return put_number(out, instr.index);
      return printer.put(instr, reader);
  }
}

}  // namespace

InstructionCounts::InstructionCounts(const Index& index, std::vector<Problem>& problems) {
  for (const Section& section : index.sections) {
    if (section.id == binary::custom_section) continue;
    binary::Reader reader = index.reader(section.payload);
    // What is malformed outside of expressions stands in the index's problems.
    (void)for_each_item(section.id, reader, index.features, [&](const auto& item) {
      if (auto read = read_item(index, item); !read) problems.push_back({std::move(read).error()});
    });
  }
}

wasm::Result<void> InstructionCounts::read_item(const Index& index, const wasm::Global& global) {
  return read_instrs(index, global.init);
}
wasm::Result<void> InstructionCounts::read_item(const Index& index, const wasm::Table& table) {
  return table.init ? read_instrs(index, *table.init) : wasm::Result<void>();
}
wasm::Result<void> InstructionCounts::read_item(const Index& index, const wasm::Elem& elem) {
  TRY(read_instrs(index, elem.table_offset));
  return elem.has_exprs ? read_instrs(index, elem.items) : wasm::Result<void>();
}
wasm::Result<void> InstructionCounts::read_item(const Index& index, const wasm::Data& data) {
  return read_instrs(index, data.mem_offset);
}

wasm::Result<void> InstructionCounts::read_item(const Index& index, const BodyItem& item) {
  binary::Reader reader = index.reader(item.body);
  const uint32_t groups = TRY(reader.length());
  for (uint32_t i = 0; i < groups; ++i) {
    TRY(reader.u32());
    TRY(binary::read_val_type(reader, index.features));
  }
  return read_instrs(index, binary::byte_range(reader.offset(), reader.end_offset()));
}

wasm::Result<void> InstructionCounts::read_instrs(const Index& index, wasm::ByteRange range) {
  InstrReader instrs(index.reader(range), index.features);
  while (!instrs.at_end()) add(TRY(instrs.next()), instrs);
  return {};
}

void InstructionCounts::add(const Instr& instr, const InstrReader& reader) {
  ++total_;
  ++by_op_[static_cast<size_t>(instr.op)];
  key_.clear();
  // The opcode first, high byte first, so that keys sort in the order of the table.
  key_ += static_cast<char>(static_cast<unsigned>(instr.op) >> 8);
  key_ += static_cast<char>(static_cast<unsigned>(instr.op) & 0xFF);
  switch (wasm::op_info(instr.op).immediate) {
    case Imm::none:
      break;
    case Imm::i32:
    case Imm::f32:
      add_word(key_, instr.bits);
      break;
    case Imm::i64:
    case Imm::f64:
      add_word(key_, instr.bits, 8);
      break;
    case Imm::label_table:
      for (const uint32_t label : reader.labels(instr)) add_word(key_, label);
      add_word(key_, instr.index2);
      break;
    case Imm::select_types:
      for (const wasm::ValType type : reader.types(instr)) add_word(key_, type.bits());
      break;
    case Imm::try_table:
      for (const binary::Catch& clause : reader.catches(instr)) {
        add_word(key_, static_cast<uint64_t>(clause.kind));
        add_word(key_, clause.tag);
        add_word(key_, clause.label);
      }
      [[fallthrough]];
    default:
      // Members that the immediates do not fill are the same in all forms of an opcode.
      add_word(key_, instr.index);
      add_word(key_, instr.index2);
      add_word(key_, instr.mem.align_log2);
      add_word(key_, instr.mem.memory);
      add_word(key_, instr.mem.offset, 8);
      add_word(key_, instr.lane, 1);
      add_word(key_, instr.cast_flags, 1);
      add_word(key_, static_cast<uint64_t>(instr.block.kind));
      add_word(key_, instr.block.value.bits());
      add_word(key_, instr.block.type.value);
      add_word(key_, instr.heap.bits());
      add_word(key_, instr.heap2.bits());
      for (const uint8_t byte : instr.bytes) key_ += static_cast<char>(byte);
  }
  Entry& entry = by_form_[key_];
  if (entry.count++ == 0) entry.offset = instr.offset;
}

std::vector<Op> InstructionCounts::opcodes() const {
  std::vector<Op> ops;
  for (size_t i = 0; i < wasm::op_count; ++i)
    if (by_op_[i] != 0) ops.push_back(static_cast<Op>(i));
  std::sort(ops.begin(), ops.end(),
            [&](Op a, Op b) { return count(a) != count(b) ? count(a) > count(b) : a < b; });
  return ops;
}

std::vector<InstructionCounts::Form> InstructionCounts::forms() const {
  std::vector<Form> forms;
  forms.reserve(by_form_.size());
  for (const auto& [key, entry] : by_form_) {
    const unsigned op = static_cast<unsigned char>(key[0]) << 8 | static_cast<unsigned char>(key[1]);
    forms.push_back({static_cast<Op>(op), key, entry.offset, entry.count});
  }
  std::sort(forms.begin(), forms.end(), [](const Form& a, const Form& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
  });
  return forms;
}

void put_statistics(Output& out, const Index& index, const InstructionCounts& counts, uint64_t cutoff,
                    std::string_view separator) {
  out.put("Total opcodes: ", counts.total(), "\n\nOpcode counts:\n");
  for (const Op op : counts.opcodes())
    if (counts.count(op) >= cutoff) out.put(wasm::op_info(op).text, separator, counts.count(op), '\n');
  out.put("\nOpcode counts with immediates:\n");
  ImmediatePrinter printer(out, index, false);
  for (const InstructionCounts::Form& form : counts.forms()) {
    if (form.count < cutoff) break;
    InstrReader reader(binary::Reader(index.module, form.offset, index.module.size()), index.features);
    const auto instr = reader.next();
    if (!instr) continue;
    out.put(wasm::op_info(form.op).text);
    put_form(out, printer, *instr, reader);
    out.put(separator, form.count, '\n');
  }
}

std::vector<BodySize> body_sizes(const Index& index) {
  std::vector<BodySize> sizes;
  const Section* const code = index.find(binary::code_section);
  if (!code) return sizes;
  binary::Reader reader = index.reader(code->payload);
  uint32_t func = index.imported_funcs;
  (void)for_each_item(code->id, reader, index.features, [&](const auto& item) {
    if constexpr (std::is_same_v<std::decay_t<decltype(item)>, BodyItem>)
      sizes.push_back({func++, item.body.size});
  });
  std::sort(sizes.begin(), sizes.end(), [](const BodySize& a, const BodySize& b) {
    return a.size != b.size ? a.size > b.size : a.func < b.func;
  });
  return sizes;
}

}  // namespace cloche::dump

#include "debug/instruction_text.hpp"

#include "text/text_writer.hpp"

namespace cloche::debug {
namespace {

using binary::Instr;
using binary::InstrReader;
using wasm::Imm;
using wasm::Op;

class Writer {
 public:
  Writer(const Labels& labels, const InstrReader& reader, const Instr& instr, const Surroundings& around)
      : labels_(labels), reader_(reader), instr_(instr), around_(around) {}

  std::string run() {
    out_ = wasm::op_info(instr_.op).text;
    if (!around_.own_label.empty()) {
      out_ += ' ';
      text::put_identifier(out_, around_.own_label);
    }
    immediates();
    return std::move(out_);
  }

 private:
  void word(const std::string& text) { out_ += " " + text; }
  void number(uint64_t value) { word(std::to_string(value)); }
  /// " index" for an index that may be left out when it is 0.
  void unless_0(const std::string& text, uint32_t index) {
    if (index != 0) word(text);
  }
  void both_unless_0(const std::string& first, const std::string& second) {
    if (instr_.index == 0 && instr_.index2 == 0) return;
    word(first);
    word(second);
  }
  void label(uint32_t depth) {
    const auto& labels = around_.labels;
    const std::string_view name =
        depth < labels.size() ? labels[labels.size() - 1 - depth] : std::string_view();
    if (name.empty()) return number(depth);
    // An inner label of the same name hides this one.
    for (uint32_t inner = 0; inner < depth; ++inner)
      if (labels[labels.size() - 1 - inner] == name) return number(depth);
    out_ += ' ';
    text::put_identifier(out_, name);
  }
  void ref_type(wasm::HeapType heap, bool nullable) {
    word((nullable ? "(ref null " : "(ref ") + heap_text(labels_, heap) + ")");
  }
  void block_type() {
    if (instr_.block.kind == wasm::BlockType::Kind::value)
      word("(result " + type_text(labels_, instr_.block.value) + ")");
    if (instr_.block.kind == wasm::BlockType::Kind::type)
      word("(type " + labels_.type(instr_.block.type.value) + ")");
  }
  void catches() {
    constexpr std::string_view words[] = {"catch", "catch_ref", "catch_all", "catch_all_ref"};
    for (const binary::Catch& clause : reader_.catches(instr_)) {
      word("(" + std::string(words[static_cast<size_t>(clause.kind)]));
      if (static_cast<size_t>(clause.kind) < 2) word(labels_.tag(clause.tag));
      label(clause.label);
      out_ += ')';
    }
  }
  void mem_arg() {
    unless_0(labels_.memory(instr_.mem.memory), instr_.mem.memory);
    if (instr_.mem.offset != 0) word("offset=" + std::to_string(instr_.mem.offset));
    const uint64_t align = uint64_t{1} << (instr_.mem.align_log2 & 63);
    if (align != wasm::op_info(instr_.op).access_bytes) word("align=" + std::to_string(align));
  }
  void lane_list() {
    for (const uint8_t lane : instr_.bytes) number(lane);
  }
  void label_list() {
    for (const uint32_t each : reader_.labels(instr_)) label(each);
    label(instr_.index2);
  }
  void select_types() {
    out_ += " (result";
    for (const wasm::ValType type : reader_.types(instr_)) word(type_text(labels_, type));
    out_ += ')';
  }
  void heap_type() {
    if (instr_.op == Op::ref_null) return word(heap_text(labels_, instr_.heap));
    ref_type(instr_.heap, instr_.op == Op::ref_test_null || instr_.op == Op::ref_cast_null);
  }
  void constant(void (*put)(std::string&, uint64_t)) {
    out_ += ' ';
    put(out_, instr_.bits);
  }

  void immediates() {
    const uint32_t index = instr_.index, index2 = instr_.index2;
    switch (wasm::op_info(instr_.op).immediate) {
      case Imm::none:
      case Imm::fence:
        return;
      case Imm::block:
        return block_type();
      case Imm::try_table:
        block_type();
        return catches();
      case Imm::label:
        return label(index);
      case Imm::label_table:
        return label_list();
      case Imm::func:
        return word(labels_.func(index));
      case Imm::type:
        return word(labels_.type(index));
      case Imm::local:
        return word(labels_.local(around_.func, index));
      case Imm::global:
        return word(labels_.global(index));
      case Imm::table:
        return unless_0(labels_.table(index), index);
      case Imm::memory:
        return unless_0(labels_.memory(index), index);
      case Imm::tag:
        return word(labels_.tag(index));
      case Imm::data:
        return word(labels_.data(index));
      case Imm::elem:
        return word(labels_.elem(index));
      case Imm::type_table:
        unless_0(labels_.table(index2), index2);
        return word("(type " + labels_.type(index) + ")");
      case Imm::elem_table:
        unless_0(labels_.table(index2), index2);
        return word(labels_.elem(index));
      case Imm::table_table:
        return both_unless_0(labels_.table(index), labels_.table(index2));
      case Imm::data_memory:
        unless_0(labels_.memory(index2), index2);
        return word(labels_.data(index));
      case Imm::memory_memory:
        return both_unless_0(labels_.memory(index), labels_.memory(index2));
      case Imm::type_field:
        word(labels_.type(index));
        return word(labels_.field(index, index2));
      case Imm::type_count:
        word(labels_.type(index));
        return number(index2);
      case Imm::type_data:
        word(labels_.type(index));
        return word(labels_.data(index2));
      case Imm::type_elem:
        word(labels_.type(index));
        return word(labels_.elem(index2));
      case Imm::type_type:
        word(labels_.type(index));
        return word(labels_.type(index2));
      case Imm::select_types:
        return select_types();
      case Imm::heap_type:
        return heap_type();
      case Imm::cast:
        label(index);
        ref_type(instr_.heap, (instr_.cast_flags & 1) != 0);
        return ref_type(instr_.heap2, (instr_.cast_flags & 2) != 0);
      case Imm::mem_arg:
        return mem_arg();
      case Imm::mem_arg_lane:
        mem_arg();
        return number(instr_.lane);
      case Imm::lane:
        return number(instr_.lane);
      case Imm::shuffle:
        return lane_list();
      case Imm::i32:
        return constant(
            [](std::string& out, uint64_t bits) { text::put_signed(out, static_cast<int32_t>(bits)); });
      case Imm::i64:
        return constant(
            [](std::string& out, uint64_t bits) { text::put_signed(out, static_cast<int64_t>(bits)); });
      case Imm::f32:
        return constant(
            [](std::string& out, uint64_t bits) { text::put_f32(out, static_cast<uint32_t>(bits)); });
      case Imm::f64:
        return constant(text::put_f64);
      case Imm::v128:
        out_ += ' ';
        return text::put_v128(out_, instr_.bytes);
    }
  }

  const Labels& labels_;
  const InstrReader& reader_;
  const Instr& instr_;
  const Surroundings& around_;
  std::string out_;
};

}  // namespace

std::string heap_text(const Labels& labels, wasm::HeapType heap) {
  return heap.is_concrete() ? labels.type(heap.index().value) : to_string(heap);
}

std::string type_text(const Labels& labels, wasm::ValType type) {
  if (!type.is_ref() || !type.heap().is_concrete()) return to_string(type);
  return (type.is_nullable() ? "(ref null " : "(ref ") + heap_text(labels, type.heap()) + ")";
}

std::string instruction_text(const Labels& labels, const binary::InstrReader& reader,
                             const binary::Instr& instr, const Surroundings& around) {
  return Writer(labels, reader, instr, around).run();
}

}  // namespace cloche::debug

#include "cli/wabt/instr_listing.hpp"

#include <string>

#include "binary/type_reader.hpp"

namespace cloche::cli {
namespace {

using wasm::Family;
using wasm::Imm;
using wasm::Op;

/// The parts of an instruction's immediates.
class Immediates {
 public:
  Immediates(ByteLines& lines, std::span<const uint8_t> bytes, wasm::FeatureSet features, Op op)
      : lines_(lines), bytes_(bytes), features_(features), op_(op), text_(wasm::op_info(op).text) {}

  void list() {
    switch (wasm::op_info(op_).immediate) {
      case Imm::none:
        return;
      case Imm::block:
        return block_type();
      case Imm::label:
        return number(op_ == Op::rethrow    ? "rethrow depth"
                      : op_ == Op::delegate ? "delegate depth"
                                            : "break depth");
      case Imm::label_table:
        return labels();
      case Imm::func:
        return number("function index");
      case Imm::type:
        return number(op_ == Op::call_ref || op_ == Op::return_call_ref ? "signature index" : "type index");
      case Imm::local:
        return number("local index");
      case Imm::global:
        return number("global index");
      case Imm::table:
        return number(text_ + " table index");
      case Imm::memory:
        return number(text_ + " memidx");
      case Imm::tag:
        return number(op_ == Op::throw_ ? "throw tag" : "catch tag");
      case Imm::data:
      case Imm::elem:
        return number(text_ + " segment");
      case Imm::type_table:
        return numbers("signature index", "table index");
      case Imm::elem_table:
        return numbers("table.init segment", "table.init table");
      case Imm::table_table:
        return numbers("table.copy dst_table", "table.copy src_table");
      case Imm::data_memory:
        return numbers("memory.init segment", "memory.init memidx");
      case Imm::memory_memory:
        return numbers("memory.copy destmemidx", "memory.copy srcmemidx");
      case Imm::type_field:
        return numbers("type index", "field index");
      case Imm::type_count:
        return numbers("type index", "num elems");
      case Imm::type_data:
      case Imm::type_elem:
        return numbers("type index", "segment index");
      case Imm::type_type:
        return numbers("type index", "source type index");
      case Imm::select_types:
        return list_of("num result types",
                       [this] { list_val_type(lines_, bytes_, features_, "result type"); });
      case Imm::heap_type:
        return number(text_ + " type");
      case Imm::cast:
        return cast();
      case Imm::try_table:
        block_type();
        return list_of("num catches", [this] { catch_clause(); });
      case Imm::mem_arg:
      case Imm::mem_arg_lane:
        return mem_arg();
      case Imm::lane:
        return static_cast<void>(lines_.byte("Simd Lane literal"));
      case Imm::shuffle:
        return lines_.data(16, "Simd Lane[16] literal");
      case Imm::fence:
        return number("consistency model");
      case Imm::i32:
        return number("i32 literal");
      case Imm::i64:
        return number("i64 literal");
      case Imm::f32:
        return lines_.data(4, "f32 literal");
      case Imm::f64:
        return lines_.data(8, "f64 literal");
      case Imm::v128:
        return lines_.data(16, "v128 literal");
    }
  }

 private:
  void number(std::string_view meaning) { lines_.leb(meaning); }
  void numbers(std::string_view first, std::string_view second) {
    number(first);
    number(second);
  }
  template <class Item>
  void list_of(std::string_view meaning, const Item& item) {
    for (uint64_t left = lines_.leb(meaning); left != 0 && !lines_.at(bytes_.size()); --left) item();
  }

  void block_type() {
    constexpr uint8_t empty = 0x40;
    if (lines_.peek() == empty)
      number("void");
    else if ((lines_.peek() & 0xC0) == 0x40)
      list_val_type(lines_, bytes_, features_);
    else
      number("block type function index");
  }
  void labels() {
    list_of("num targets", [this] { number("break depth"); });
    number("break depth for default");
  }
  void catch_clause() {
    if (lines_.byte("catch handler") < 2) number("catch tag");
    number("catch depth");
  }
  void cast() {
    lines_.byte("cast flags");
    number("break depth");
    numbers("source type", "target type");
  }
  void mem_arg() {
    constexpr uint8_t has_memory = 0x40;
    if (lines_.byte("alignment") & has_memory) number("memidx");
    const Family family = wasm::op_info(op_).family;
    const bool loads = family == Family::load || family == Family::load_lane;
    const bool stores = family == Family::store || family == Family::store_lane;
    number(loads ? "load offset" : stores ? "store offset" : "memory offset");
    if (wasm::op_info(op_).immediate == Imm::mem_arg_lane) lines_.byte("Simd Lane literal");
  }

  ByteLines& lines_;
  std::span<const uint8_t> bytes_;
  wasm::FeatureSet features_;
  Op op_;
  std::string text_;
};

/// The opcode at the current place.
Op list_opcode(ByteLines& lines, std::span<const uint8_t> bytes) {
  const uint8_t first = lines.peek();
  if (!wasm::is_prefix(first)) {
    const Op op = wasm::find_op(0, first);
    if (op != Op::count_) lines.byte(wasm::op_info(op).text);
    return op;
  }
  lines.byte("prefix");
  const auto code = base::read_leb<uint32_t>(bytes.data() + lines.position(), bytes.data() + bytes.size());
  const Op op = wasm::find_op(first, code.value);
  if (op != Op::count_) lines.leb(wasm::op_info(op).text);
  return op;
}

}  // namespace

void list_val_type(ByteLines& lines, std::span<const uint8_t> bytes, wasm::FeatureSet features,
                   std::string_view meaning) {
  binary::Reader reader(bytes, lines.position(), bytes.size());
  const auto type = binary::read_val_type(reader, features);
  const std::string name = meaning.empty() && type ? wasm::to_string(*type) : std::string(meaning);
  const size_t size = type ? reader.offset() - lines.position() : 1;
  lines.data(1, name);
  if (size > 1) lines.data(size - 1, name);
}

void list_expr(ByteLines& lines, std::span<const uint8_t> bytes, wasm::FeatureSet features, size_t end) {
  uint64_t depth = 0;
  while (!lines.at(end)) {
    const Op op = list_opcode(lines, bytes);
    if (op == Op::count_) return;
    Immediates(lines, bytes, features, op).list();
    const Imm immediate = wasm::op_info(op).immediate;
    if (immediate == Imm::block || immediate == Imm::try_table) ++depth;
    if ((op == Op::end || op == Op::delegate) && depth-- == 0) return;
  }
}

}  // namespace cloche::cli

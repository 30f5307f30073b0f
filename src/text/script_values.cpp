// Arguments and result patterns of scripts.
#include "text/message.hpp"
#include "text/script_parser.hpp"

namespace cloche::text {

using wasm::AbsHeap;
using wasm::ErrorCode;
using wasm::Op;
using wasm::ValType;

namespace {

struct HeapWord {
  Word word;
  AbsHeap heap;
};
constexpr std::array<HeapWord, 12> heap_words = {{
    {Word::any, AbsHeap::any},
    {Word::eq, AbsHeap::eq},
    {Word::i31, AbsHeap::i31},
    {Word::struct_, AbsHeap::struct_},
    {Word::array, AbsHeap::array},
    {Word::none, AbsHeap::none},
    {Word::func, AbsHeap::func},
    {Word::nofunc, AbsHeap::nofunc},
    {Word::exn, AbsHeap::exn},
    {Word::noexn, AbsHeap::noexn},
    {Word::extern_, AbsHeap::extern_},
    {Word::noextern, AbsHeap::noextern},
}};

// `(ref.any)` and its like.
constexpr std::array<HeapWord, 7> pattern_words = {{
    {Word::ref_any, AbsHeap::any},
    {op_word(Op::ref_eq), AbsHeap::eq},
    {op_word(Op::ref_i31), AbsHeap::i31},
    {Word::ref_struct, AbsHeap::struct_},
    {Word::ref_array, AbsHeap::array},
    {op_word(Op::ref_func), AbsHeap::func},
    {Word::ref_exn, AbsHeap::exn},
}};

// The type of a `(t.const`, or bot.
ValType const_type(const Token& token) {
  if (token.kind != TokenKind::open || !is_op(token.word)) return ValType::bot();
  switch (word_op(token.word)) {
    case Op::i32_const:
      return ValType::i32();
    case Op::i64_const:
      return ValType::i64();
    case Op::f32_const:
      return ValType::f32();
    case Op::f64_const:
      return ValType::f64();
    case Op::v128_const:
      return ValType::v128();
    default:
      return ValType::bot();
  }
}

bool is_float(ValType type) { return type == ValType::f32() || type == ValType::f64(); }

}  // namespace

unsigned lane_bits(LaneShape shape) {
  switch (shape) {
    case LaneShape::i8x16:
      return 8;
    case LaneShape::i16x8:
      return 16;
    case LaneShape::i32x4:
    case LaneShape::f32x4:
      return 32;
    case LaneShape::i64x2:
    case LaneShape::f64x2:
      return 64;
  }
  return 0;
}

Status ScriptParser::check(NumberStatus status) {
  if (status == NumberStatus::ok) return {};
  if (status == NumberStatus::malformed) return unexpected();
  return errors_.set(ErrorCode::constant_out_of_range, tok_.offset, excerpt(lexer_.text(tok_)));
}

Parsed<uint64_t> ScriptParser::parse_natural() {
  if (tok_.kind != TokenKind::number) return unexpected();
  uint64_t value = 0;
  TRY(check(text::parse_natural(lexer_.text(tok_), ~uint64_t{0}, value)));
  advance();
  return value;
}

Status ScriptParser::parse_number(ValType type, NumberPattern& pattern, uint64_t& bits, bool allow_pattern) {
  const bool word = tok_.kind == TokenKind::word;
  if (tok_.kind != TokenKind::number && !(word && is_float(type))) return unexpected();
  pattern = NumberPattern::bits;
  if (allow_pattern && word && (tok_.word == Word::nan_canonical || tok_.word == Word::nan_arithmetic)) {
    pattern = tok_.word == Word::nan_canonical ? NumberPattern::nan_canonical : NumberPattern::nan_arithmetic;
    advance();
    return {};
  }
  const std::string_view spelled = lexer_.text(tok_);
  if (type == ValType::f32()) {
    uint32_t single = 0;
    TRY(check(parse_f32(spelled, single)));
    bits = single;
  } else if (type == ValType::f64()) {
    TRY(check(parse_f64(spelled, bits)));
  } else {
    TRY(check(parse_integer(spelled, type == ValType::i32() ? 32 : 64, bits)));
  }
  advance();
  return {};
}

Status ScriptParser::parse_lane_shape(LaneShape& shape) {
  if (tok_.kind != TokenKind::word) return unexpected();
  switch (tok_.word) {
    case Word::i8x16:
      shape = LaneShape::i8x16;
      break;
    case Word::i16x8:
      shape = LaneShape::i16x8;
      break;
    case Word::i32x4:
      shape = LaneShape::i32x4;
      break;
    case Word::i64x2:
      shape = LaneShape::i64x2;
      break;
    case Word::f32x4:
      shape = LaneShape::f32x4;
      break;
    case Word::f64x2:
      shape = LaneShape::f64x2;
      break;
    default:
      return unexpected();
  }
  advance();
  return {};
}

Status ScriptParser::parse_lanes(LaneShape& shape, std::array<uint8_t, 16>& bytes,
                                 std::array<NumberPattern, 4>& patterns, bool allow_pattern) {
  TRY(parse_lane_shape(shape));
  const unsigned bits = lane_bits(shape);
  for (unsigned lane = 0; lane < 128 / bits; ++lane) {
    uint64_t value = 0;
    if (shape == LaneShape::f32x4 || shape == LaneShape::f64x2) {
      TRY(parse_number(bits == 32 ? ValType::f32() : ValType::f64(), patterns[lane], value, allow_pattern));
    } else {
      if (tok_.kind != TokenKind::number) return unexpected();
      TRY(check(parse_integer(lexer_.text(tok_), bits, value)));
      advance();
    }
    for (unsigned i = 0; i < bits / 8; ++i)
      bytes[lane * bits / 8 + i] = static_cast<uint8_t>(value >> (8 * i));
  }
  return {};
}

Parsed<wasm::HeapType> ScriptParser::parse_heap_type() {
  if (tok_.kind == TokenKind::number) {
    const uint64_t index = TRY(parse_natural());
    if (index > 0xFFFFFF) return errors_.set(ErrorCode::unknown_type, tok_.offset, std::to_string(index));
    return wasm::HeapType(wasm::TypeIdx(static_cast<uint32_t>(index)));
  }
  for (const HeapWord& row : heap_words) {
    if (!tok_.is_word(row.word)) continue;
    advance();
    return wasm::HeapType(row.heap);
  }
  return unexpected();
}

Status ScriptParser::parse_const(std::vector<ScriptConst>& args) {
  ScriptConst value;
  const Token open = tok_;
  value.type = const_type(open);
  std::array<NumberPattern, 4> patterns{};
  if (!value.type.is_bot()) {
    advance();
    if (value.type.is_vec()) {
      value.kind = ScriptConst::Kind::vector;
      TRY(parse_lanes(value.shape, value.bytes, patterns, false));
    } else {
      TRY(parse_number(value.type, patterns[0], value.bits, false));
    }
  } else if (open.is_open(op_word(Op::ref_null))) {
    value.kind = ScriptConst::Kind::ref_null;
    advance();
    value.heap = TRY(parse_heap_type());
  } else if (open.is_open(Word::ref_extern) || open.is_open(Word::ref_host)) {
    value.kind = open.word == Word::ref_extern ? ScriptConst::Kind::ref_extern : ScriptConst::Kind::ref_host;
    advance();
    value.bits = TRY(parse_natural());
  } else {
    return unexpected();
  }
  args.push_back(value);
  return expect_close();
}

// Patterns up to a closing parenthesis. An either within an either means the same as its alternatives.
Status ScriptParser::parse_results(std::vector<ResultPattern>& results) {
  uint64_t depth = 0;
  for (;;) {
    if (tok_.is_open(Word::either)) {
      advance();
      if (depth++ == 0) {
        ResultPattern either;
        either.kind = ResultPattern::Kind::either;
        results.push_back(std::move(either));
      }
    } else if (tok_.kind == TokenKind::close && depth > 0) {
      --depth;
      advance();
    } else if (tok_.kind == TokenKind::close) {
      return {};
    } else {
      ResultPattern result;
      TRY(parse_result(result));
      (depth > 0 ? results.back().alternatives : results).push_back(std::move(result));
    }
  }
}

Status ScriptParser::parse_result(ResultPattern& result) {
  const Token open = tok_;
  if (open.kind != TokenKind::open) return unexpected();
  result.type = const_type(open);
  if (!result.type.is_bot()) {
    advance();
    if (result.type.is_vec()) {
      result.kind = ResultPattern::Kind::vector;
      TRY(parse_lanes(result.shape, result.bytes, result.lane_patterns, true));
    } else {
      TRY(parse_number(result.type, result.pattern, result.bits, true));
    }
    return expect_close();
  }
  return parse_ref_result(result);
}

Status ScriptParser::parse_ref_result(ResultPattern& result) {
  using Kind = ResultPattern::Kind;
  const Token open = tok_;
  if (open.is_open(op_word(Op::ref_null))) {
    result.kind = Kind::ref_null;
    advance();
    result.has_heap = tok_.kind != TokenKind::close;
    if (result.has_heap) result.heap = TRY(parse_heap_type());
    return expect_close();
  }
  if (open.is_open(Word::ref_extern) || open.is_open(Word::ref_host)) {
    result.kind = open.word == Word::ref_host ? Kind::ref_host : Kind::ref_extern;
    advance();
    result.has_number = tok_.kind == TokenKind::number;
    if (result.has_number) result.bits = TRY(parse_natural());
    return expect_close();
  }
  result.kind = Kind::ref;
  if (!open.is_open(Word::ref)) {
    result.has_heap = true;
    const HeapWord* row = nullptr;
    for (const HeapWord& candidate : pattern_words)
      if (open.word == candidate.word) row = &candidate;
    if (row == nullptr) return unexpected();
    result.heap = row->heap;
  }
  advance();
  // `(ref.func 0)` names a function by its index, which nothing compares.
  if (tok_.kind == TokenKind::number) TRY(parse_natural());
  return expect_close();
}

}  // namespace cloche::text

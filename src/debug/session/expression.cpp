#include "debug/session/expression.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "text/text_writer.hpp"

namespace cloche::debug {
namespace {

using Result = base::Expected<Number, std::string>;

base::Unexpected<std::string> wrong(std::string message) { return {std::move(message)}; }

struct Operator {
  std::string_view sign;
  int binding;
};
// Longer signs first, so that << is not taken for <.
constexpr Operator operators[] = {{"||", 1}, {"&&", 2}, {"==", 6}, {"!=", 6}, {"<=", 7}, {">=", 7},
                                  {"<<", 8}, {">>", 8}, {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},
                                  {">", 7},  {"+", 9},  {"-", 9},  {"*", 10}, {"/", 10}, {"%", 10}};

/// A type in front of brackets.
struct Cell {
  std::string_view name;
  uint8_t bytes;
  bool is_signed;
  bool is_float;
};
constexpr Cell cells[] = {{"i8", 1, true, false},   {"u8", 1, false, false},  {"i16", 2, true, false},
                          {"u16", 2, false, false}, {"i32", 4, true, false},  {"u32", 4, false, false},
                          {"i64", 8, true, false},  {"u64", 8, false, false}, {"f32", 4, true, true},
                          {"f64", 8, true, true}};

Number whole(int64_t value) { return {false, value, 0}; }
Number real(double value) { return {true, 0, value}; }
double as_real(const Number& number) {
  return number.is_float ? number.real : static_cast<double>(number.whole);
}

Number from_cell(const Cell& cell, uint64_t bits) {
  if (cell.is_float)
    return real(cell.bytes == 4 ? double{std::bit_cast<float>(static_cast<uint32_t>(bits))}
                                : std::bit_cast<double>(bits));
  const unsigned unused = 64 - 8u * cell.bytes;
  return whole(cell.is_signed ? static_cast<int64_t>(bits << unused) >> unused : static_cast<int64_t>(bits));
}

Result combine_reals(std::string_view sign, double a, double b) {
  if (sign == "+") return real(a + b);
  if (sign == "-") return real(a - b);
  if (sign == "*") return real(a * b);
  if (sign == "/") return real(a / b);
  if (sign == "==") return whole(a == b);
  if (sign == "!=") return whole(a != b);
  if (sign == "<") return whole(a < b);
  if (sign == "<=") return whole(a <= b);
  if (sign == ">") return whole(a > b);
  if (sign == ">=") return whole(a >= b);
  return wrong("'" + std::string(sign) + "' takes whole numbers");
}

// Wraps as the guest's arithmetic does.
Result combine_wholes(std::string_view sign, int64_t a, int64_t b) {
  const auto ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b);
  const auto wrap = [](uint64_t value) { return whole(static_cast<int64_t>(value)); };
  if (sign == "+") return wrap(ua + ub);
  if (sign == "-") return wrap(ua - ub);
  if (sign == "*") return wrap(ua * ub);
  if (sign == "|") return wrap(ua | ub);
  if (sign == "^") return wrap(ua ^ ub);
  if (sign == "&") return wrap(ua & ub);
  if (sign == "<<") return wrap(ua << (ub & 63));
  if (sign == ">>") return whole(a >> (ub & 63));
  if (sign == "==") return whole(a == b);
  if (sign == "!=") return whole(a != b);
  if (sign == "<") return whole(a < b);
  if (sign == "<=") return whole(a <= b);
  if (sign == ">") return whole(a > b);
  if (sign == ">=") return whole(a >= b);
  if (b == 0) return wrong("division by zero");
  if (b == -1) return sign == "/" ? wrap(0 - ua) : whole(0);
  return whole(sign == "/" ? a / b : a % b);
}

class Parser {
 public:
  Parser(std::string_view text, const ExpressionWorld& world) : left_(text), world_(world) {}

  Result run() {
    const Number number = TRY(binary(1));
    skip_spaces();
    if (!left_.empty()) return wrong("unexpected '" + std::string(left_) + "'");
    return number;
  }

 private:
  static constexpr int deepest = 64;

  void skip_spaces() {
    while (!left_.empty() && (left_[0] == ' ' || left_[0] == '\t')) left_.remove_prefix(1);
  }
  bool take(std::string_view sign) {
    skip_spaces();
    if (!left_.starts_with(sign)) return false;
    left_.remove_prefix(sign.size());
    return true;
  }
  const Operator* peek_operator() {
    skip_spaces();
    for (const Operator& each : operators)
      if (left_.starts_with(each.sign)) return &each;
    return nullptr;
  }

  Result binary(int binding) {
    Number left = TRY(unary());
    for (;;) {
      const Operator* const next = peek_operator();
      if (next == nullptr || next->binding < binding) return left;
      left_.remove_prefix(next->sign.size());
      if (next->sign == "&&" || next->sign == "||") {
        left = TRY(both(left, next->sign == "&&", next->binding + 1));
        continue;
      }
      const Number right = TRY(binary(next->binding + 1));
      if (skipped_ != 0) continue;
      left = left.is_float || right.is_float ? TRY(combine_reals(next->sign, as_real(left), as_real(right)))
                                             : TRY(combine_wholes(next->sign, left.whole, right.whole));
    }
  }

  /// The right side of && or ||, which is only read over when the left one has decided.
  Result both(const Number& left, bool is_and, int binding) {
    const bool is_decided = left.is_true() != is_and;
    skipped_ += is_decided ? 1 : 0;
    const auto right = binary(binding);
    skipped_ -= is_decided ? 1 : 0;
    const Number found = TRY(right);
    return whole((is_decided ? left : found).is_true());
  }

  Result unary() {
    if (depth_ >= deepest) return wrong("the expression is nested too deeply");
    ++depth_;
    auto result = unary_inside();
    --depth_;
    return result;
  }

  Result unary_inside() {
    if (take("-")) {
      const Number number = TRY(unary());
      return number.is_float ? real(-number.real) : combine_wholes("-", 0, number.whole);
    }
    if (take("!")) return whole(!TRY(unary()).is_true());
    if (take("~")) return combine_wholes("^", TRY(unary()).whole, -1);
    if (take("(")) {
      const Number number = TRY(binary(1));
      if (!take(")")) return wrong("')' is missing");
      return number;
    }
    skip_spaces();
    if (left_.empty()) return wrong("a value is missing");
    return left_[0] >= '0' && left_[0] <= '9' ? number() : name();
  }

  Result number() {
    const bool hex = left_.starts_with("0x") || left_.starts_with("0X");
    const std::string_view digits = left_.substr(hex ? 2 : 0);
    uint64_t value = 0;
    const auto [end, status] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (status != std::errc()) return wrong("'" + std::string(left_) + "' is no number");
    const bool has_fraction = !hex && end != digits.data() + digits.size() && *end == '.';
    if (!has_fraction) {
      left_.remove_prefix(static_cast<size_t>(end - left_.data()));
      return whole(static_cast<int64_t>(value));
    }
    double fraction = 0;
    const auto [last, good] = std::from_chars(left_.data(), left_.data() + left_.size(), fraction);
    if (good != std::errc()) return wrong("'" + std::string(left_) + "' is no number");
    left_.remove_prefix(static_cast<size_t>(last - left_.data()));
    return real(fraction);
  }

  std::string_view take_name() {
    size_t size = left_.starts_with('$') ? 1 : 0;
    const auto belongs = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '#';
    };
    while (size < left_.size() && belongs(left_[size])) ++size;
    const std::string_view word = left_.substr(0, size);
    left_.remove_prefix(size);
    return word;
  }

  Result name() {
    const std::string_view word = take_name();
    if (word.empty()) return wrong("unexpected '" + std::string(left_) + "'");
    for (const Cell& cell : cells)
      if (cell.name == word) {
        if (take("[")) return load(cell, {});
        if (take("@")) return load_from(cell);
      }
    if (skipped_ != 0) return whole(0);
    if (const auto found = world_.variable(word.starts_with('$') ? word.substr(1) : word)) return *found;
    return wrong("no local or global is named '" + std::string(word) + "'");
  }

  Result load_from(const Cell& cell) {
    const std::string_view memory = take_name();
    if (memory.empty()) return wrong("a memory is missing behind '@'");
    if (!take("[")) return wrong("'[' is missing");
    return load(cell, memory);
  }

  Result load(const Cell& cell, std::string_view memory) {
    const Number address = TRY(binary(1));
    if (!take("]")) return wrong("']' is missing");
    if (skipped_ != 0) return whole(0);
    uint64_t bits = 0;
    switch (world_.memory(memory, static_cast<uint64_t>(address.whole), &bits, cell.bytes)) {
      case ExpressionWorld::Load::good:
        return from_cell(cell, bits);
      case ExpressionWorld::Load::no_memory:
        if (!memory.empty()) return wrong("there is no memory '" + std::string(memory) + "'");
        [[fallthrough]];
      case ExpressionWorld::Load::outside:
        break;
    }
    return wrong("there is no memory at " + address.to_string());
  }

  std::string_view left_;
  const ExpressionWorld& world_;
  int depth_ = 0;
  int skipped_ = 0;  // decided && and || around the place: nothing is looked up or computed there
};

}  // namespace

std::string Number::to_string() const {
  std::string text;
  if (is_float) {
    text::put_f64(text, std::bit_cast<uint64_t>(real));
    return text;
  }
  char hex[32];
  std::snprintf(hex, sizeof hex, " (0x%llx)", static_cast<unsigned long long>(whole));
  return std::to_string(whole) + hex;
}

Result evaluate(std::string_view text, const ExpressionWorld& world) { return Parser(text, world).run(); }

}  // namespace cloche::debug

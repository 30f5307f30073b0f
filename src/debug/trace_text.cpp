// Rows as aligned text and as a Markdown table.
#include <algorithm>
#include <charconv>

#include "debug/trace_row.hpp"
#include "debug/value_text.hpp"

namespace cloche::debug {
namespace {

constexpr size_t step_width = 8, depth_width = 5, offset_width = 8, instruction_width = 34,
                 symbols_width = 30, values_width = 20;

void put_decimal(std::string& out, uint64_t value, size_t width) {
  char digits[20];
  const auto [end, status] = std::to_chars(digits, digits + sizeof digits, value);
  const auto size = static_cast<size_t>(end - digits);
  if (size < width) out.append(width - size, ' ');
  out.append(digits, size);
}

void put_hex(std::string& out, uint64_t value) {
  char digits[16];
  const auto [end, status] = std::to_chars(digits, digits + sizeof digits, value, 16);
  out += "0x";
  out.append(digits, static_cast<size_t>(end - digits));
}

/// Pads what was appended since `from` to a column's width, and ends the column.
void pad(std::string& out, size_t from, size_t width) {
  // Names may hold UTF-8: count what is no continuation byte.
  const auto glyphs = static_cast<size_t>(std::count_if(out.begin() + static_cast<ptrdiff_t>(from), out.end(),
                                                        [](char c) { return (c & 0xC0) != 0x80; }));
  if (glyphs < width) out.append(width - glyphs, ' ');
  out += "  ";
}

void put_bytes(std::string& out, const std::array<uint8_t, 16>& bytes, uint64_t count) {
  constexpr char digits[] = "0123456789abcdef";
  for (uint64_t i = 0; i < std::min<uint64_t>(count, bytes.size()); ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  if (count > bytes.size()) out += "…";
}

void put_list(std::string& out, const std::vector<std::string>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    out += values[i];
  }
}

/// "[a, b+1]" for the symbols of the operands up to `top`; "t1 = …" behind it where the newest has a name.
void put_symbols(std::string& out, const FunctionMap& map, uint32_t top) {
  uint32_t chain[64];
  size_t count = 0;
  uint32_t at = top;
  for (; at != 0 && count < std::size(chain); at = map.operand(at).below) chain[count++] = at;
  out += at != 0 ? "[… " : "[";
  while (count > 0) {
    out += map.operand(chain[--count]).symbol;
    if (count > 0) out += ", ";
  }
  out += ']';
}

void put_values(std::string& out, const Row& row) {
  const FunctionMap& map = row.func->map;
  uint32_t chain[64];
  size_t count = 0;
  uint32_t at = row.top;
  for (; at != 0 && count < std::size(chain); at = map.operand(at).below) chain[count++] = at;
  if (at != 0) out += "… ";
  while (count > 0) {
    const Operand& operand = map.operand(chain[--count]);
    put_value(out, operand.type, row.stack.data() + operand.slots_end - operand.type.slots());
    if (count > 0) out += ' ';
  }
}

/// What a name on top of the stack stands for, in the row that pushed it.
std::string_view definition_of(const Row& row) {
  const Operand& operand = row.func->map.operand(row.top);
  return operand.origin == row.index ? std::string_view(operand.definition) : std::string_view();
}
void put_definition(std::string& out, const Row& row, std::string_view definition) {
  if (definition.empty()) return;
  if (!out.empty() && out.back() != ' ') out += "; ";
  out += row.func->map.operand(row.top).symbol + " = ";
  out += definition;
}

/// Offset, instruction and symbols do not change while the stack goes on as usual; they are kept with the
/// function.
class TextWriter final : public RowWriter {
 public:
  void begin(std::string& out) override {
    const auto column = [&](std::string_view title, size_t width, bool right = false) {
      if (right) out.append(width - title.size(), ' ');
      out += title;
      if (!right && title.size() < width) out.append(width - title.size(), ' ');
      out += "  ";
    };
    column("step", step_width, true);
    column("depth", depth_width, true);
    column("offset", offset_width);
    column("instruction", instruction_width);
    column("symbols", symbols_width);
    column("stack", values_width);
    out += "effect\n";
  }
  void row(std::string& out, const Row& row) override {
    put_decimal(out, row.step, step_width);
    out += "  ";
    put_decimal(out, row.depth, depth_width);
    out += "  ";
    const Step& step = row.func->map.steps()[row.index];
    if (row.top == step.after) {
      std::string& middle = row.func->prepared[row.index];
      if (middle.empty()) put_middle(middle, row, step);
      out += middle;
    } else {
      put_middle(out, row, step);
    }
    const size_t values = out.size();
    put_values(out, row);
    const std::string_view definition = definition_of(row);
    if (row.effect.kind != Effect::Kind::none || !row.outcome.empty() || !definition.empty()) {
      pad(out, values, values_width);
      put_effect(out, row);
      put_definition(out, row, definition);
    }
    while (out.back() == ' ') out.pop_back();
    out += '\n';
  }
  void end(std::string& out, uint64_t omitted) override {
    if (omitted > 0) out += "(" + std::to_string(omitted) + " rows before these were left out)\n";
  }

 private:
  static void put_middle(std::string& out, const Row& row, const Step& step) {
    size_t from = out.size();
    put_hex(out, uint64_t{row.func->code_offset} + step.offset);
    pad(out, from, offset_width);
    from = out.size();
    out.append(std::min<size_t>(step.depth, 8), ' ');
    out += step.text;
    pad(out, from, instruction_width);
    from = out.size();
    put_symbols(out, row.func->map, row.top);
    pad(out, from, symbols_width);
  }
};

class MarkdownWriter final : public RowWriter {
 public:
  void begin(std::string& out) override {
    out += "| step | depth | offset | instruction | symbols | stack | effect |\n";
    out += "|---:|---:|---|---|---|---|---|\n";
  }
  void row(std::string& out, const Row& row) override {
    const Step& step = row.func->map.steps()[row.index];
    out += "| " + std::to_string(row.step) + " | " + std::to_string(row.depth) + " | ";
    put_hex(out, uint64_t{row.func->code_offset} + step.offset);
    out += " | ";
    std::string cell;
    cell = step.text;
    put_code(out, cell);
    cell.clear();
    put_symbols(cell, row.func->map, row.top);
    put_code(out, cell);
    cell.clear();
    put_values(cell, row);
    put_code(out, cell);
    cell.clear();
    put_effect(cell, row);
    put_definition(cell, row, definition_of(row));
    put_escaped(out, cell);
    out += " |\n";
  }
  void end(std::string& out, uint64_t omitted) override {
    if (omitted > 0) out += "\n" + std::to_string(omitted) + " rows before these were left out.\n";
  }

 private:
  static void put_escaped(std::string& out, const std::string& cell) {
    for (const char c : cell) {
      if (c == '|' || c == '\\') out += '\\';
      out += c;
    }
  }
  static void put_code(std::string& out, const std::string& cell) {
    if (!cell.empty()) {
      out += '`';
      put_escaped(out, cell);
      out += '`';
    }
    out += " | ";
  }
};

void put_change(std::string& out, const Effect& effect) {
  out += ": ";
  put_value(out, effect.type, effect.old_value.data());
  out += " -> ";
  put_value(out, effect.type, effect.new_value.data());
}

}  // namespace

void put_effect(std::string& out, const Row& row) {
  const Effect& effect = row.effect;
  const Labels& labels = row.func->labels;
  const uint32_t func = row.func->map.func_index();
  switch (effect.kind) {
    case Effect::Kind::none:
      break;
    case Effect::Kind::local:
      out += labels.local_symbol(func, effect.index);
      put_change(out, effect);
      break;
    case Effect::Kind::global:
      out += labels.global_symbol(effect.index);
      put_change(out, effect);
      break;
    case Effect::Kind::memory:
      if (effect.index != 0) out += "memory " + labels.memory(effect.index) + " ";
      out += "[";
      put_hex(out, effect.address);
      out += "] ";
      put_bytes(out, effect.old_bytes, effect.bytes);
      out += " -> ";
      put_bytes(out, effect.new_bytes, effect.bytes);
      if (effect.bytes > effect.old_bytes.size()) out += " (" + std::to_string(effect.bytes) + " bytes)";
      break;
    case Effect::Kind::call:
    case Effect::Kind::tail_call:
    case Effect::Kind::host_call:
      out += effect.kind == Effect::Kind::call        ? "call "
             : effect.kind == Effect::Kind::tail_call ? "tail call "
                                                      : "host ";
      out += effect.callee + "(";
      put_list(out, effect.values);
      out += ")";
      break;
    case Effect::Kind::returned:
      out += effect.values.empty() ? "return" : "return ";
      put_list(out, effect.values);
      break;
    case Effect::Kind::branch:
      out += effect.taken ? "taken, to " : "not taken";
      if (effect.taken) put_hex(out, effect.to);
      break;
    case Effect::Kind::condition:
      out += effect.taken ? "true" : "false";
      break;
    case Effect::Kind::grow:
      if (effect.pages == effect.bytes)
        out += "memory stays at " + std::to_string(effect.bytes) + " pages";
      else
        out += "memory: " + std::to_string(effect.bytes) + " -> " + std::to_string(effect.pages) + " pages";
      break;
  }
  if (row.outcome.empty()) return;
  if (effect.kind != Effect::Kind::none) out += "; ";
  out += row.outcome;
}

std::unique_ptr<RowWriter> make_row_writer(TraceFormat format) {
  switch (format) {
    case TraceFormat::text:
      return std::make_unique<TextWriter>();
    case TraceFormat::markdown:
      return std::make_unique<MarkdownWriter>();
    case TraceFormat::json:
      break;
  }
  return make_json_writer();
}

}  // namespace cloche::debug

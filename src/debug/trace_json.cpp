// Rows as JSON, one object a line. Keys: step, depth, func, offset, instr, symbols, stack; and what applies
// of local, global, memory, call, tail_call, host_call, return, branch, condition, grow, definition, outcome.
// Values are strings, since 64-bit numbers are more than JSON's can hold.
#include "base/json_text.hpp"
#include "debug/trace_row.hpp"
#include "debug/value_text.hpp"

namespace cloche::debug {

using base::put_json_string;

namespace {

void put_field(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  put_json_string(out, value);
}

void put_array(std::string& out, std::string_view key, const std::vector<std::string>& values) {
  out += ",\"";
  out += key;
  out += "\":[";
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    put_json_string(out, values[i]);
  }
  out += ']';
}

void put_number_field(std::string& out, std::string_view key, uint64_t value) {
  out += ",\"";
  out += key;
  out += "\":" + std::to_string(value);
}

std::string hex(const std::array<uint8_t, 16>& bytes, uint64_t count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (uint64_t i = 0; i < std::min<uint64_t>(count, bytes.size()); ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

class JsonWriter final : public RowWriter {
 public:
  void row(std::string& out, const Row& row) override {
    const FunctionMap& map = row.func->map;
    const Step& step = map.steps()[row.index];
    out += "{\"step\":" + std::to_string(row.step);
    put_number_field(out, "depth", row.depth);
    put_field(out, "func", row.func->name);
    put_number_field(out, "offset", uint64_t{row.func->code_offset} + step.offset);
    put_field(out, "instr", step.text);
    std::vector<std::string> symbols, values;
    for (const uint32_t each : map.stack(row.top)) {
      const Operand& operand = map.operand(each);
      symbols.push_back(operand.symbol);
      values.push_back(value_text(operand.type, row.stack.data() + operand.slots_end - operand.type.slots()));
    }
    put_array(out, "symbols", symbols);
    put_array(out, "stack", values);
    put_effect_field(out, row);
    if (const Operand& top = map.operand(row.top); top.origin == row.index && !top.definition.empty())
      put_field(out, "definition", top.definition);
    if (!row.outcome.empty()) put_field(out, "outcome", row.outcome);
    out += "}\n";
  }

 private:
  static void put_change(std::string& out, std::string_view key, const std::string& name,
                         const Effect& effect) {
    out += ",\"" + std::string(key) + "\":{\"name\":";
    put_json_string(out, name);
    put_field(out, "old", value_text(effect.type, effect.old_value.data()));
    put_field(out, "new", value_text(effect.type, effect.new_value.data()));
    out += '}';
  }
  static void put_call(std::string& out, std::string_view key, const Effect& effect) {
    out += ",\"" + std::string(key) + "\":{\"func\":";
    put_json_string(out, effect.callee);
    put_array(out, "args", effect.values);
    out += '}';
  }
  static void put_effect_field(std::string& out, const Row& row) {
    const Effect& effect = row.effect;
    switch (effect.kind) {
      case Effect::Kind::none:
        return;
      case Effect::Kind::local:
        return put_change(out, "local", row.func->labels.local(row.func->map.func_index(), effect.index),
                          effect);
      case Effect::Kind::global:
        return put_change(out, "global", row.func->labels.global(effect.index), effect);
      case Effect::Kind::memory:
        out += ",\"memory\":{\"memory\":" + std::to_string(effect.index);
        put_number_field(out, "address", effect.address);
        put_number_field(out, "bytes", effect.bytes);
        put_field(out, "old", hex(effect.old_bytes, effect.bytes));
        put_field(out, "new", hex(effect.new_bytes, effect.bytes));
        out += '}';
        return;
      case Effect::Kind::call:
        return put_call(out, "call", effect);
      case Effect::Kind::tail_call:
        return put_call(out, "tail_call", effect);
      case Effect::Kind::host_call:
        return put_call(out, "host_call", effect);
      case Effect::Kind::returned:
        return put_array(out, "return", effect.values);
      case Effect::Kind::branch:
        out += ",\"branch\":{\"taken\":" + std::string(effect.taken ? "true" : "false");
        put_number_field(out, "to", effect.to);
        out += '}';
        return;
      case Effect::Kind::condition:
        out += std::string(",\"condition\":") + (effect.taken ? "true" : "false");
        return;
      case Effect::Kind::grow:
        out += ",\"grow\":{\"memory\":" + std::to_string(effect.index);
        put_number_field(out, "old_pages", effect.bytes);
        put_number_field(out, "new_pages", effect.pages);
        out += '}';
        return;
    }
  }
};

}  // namespace

std::unique_ptr<RowWriter> make_json_writer() { return std::make_unique<JsonWriter>(); }

}  // namespace cloche::debug

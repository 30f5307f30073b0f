#include "script/json_reader.hpp"

#include <charconv>
#include <cstring>
#include <limits>

#include "script/json_words.hpp"

namespace cloche::script {
namespace {

using base::JsonError;
using base::JsonValue;
using text::Command;
using text::CommandKind;
using text::NumberPattern;
using text::ResultPattern;
using text::ScriptConst;
using wasm::ValType;

using Status = base::Expected<void, JsonError>;
template <class T>
using Parsed = base::Expected<T, JsonError>;

base::Unexpected<JsonError> fail(const JsonValue& value, std::string message) {
  return {JsonError{value.offset, std::move(message)}};
}

struct CommandName {
  std::string_view name;
  CommandKind kind;
};
constexpr CommandName command_names[] = {
    {"module", CommandKind::module},
    {"module_definition", CommandKind::module},
    {"module_instance", CommandKind::instance},
    {"register", CommandKind::register_},
    {"action", CommandKind::action},
    {"assert_return", CommandKind::assert_return},
    {"assert_exception", CommandKind::assert_exception},
    {"assert_exhaustion", CommandKind::assert_exhaustion},
    {"assert_trap", CommandKind::assert_trap},
    {"assert_uninstantiable", CommandKind::assert_trap},
    {"assert_unlinkable", CommandKind::assert_unlinkable},
    {"assert_malformed", CommandKind::assert_malformed},
    {"assert_invalid", CommandKind::assert_invalid},
    {"assert_malformed_custom", CommandKind::assert_malformed_custom},
    {"assert_invalid_custom", CommandKind::assert_invalid_custom},
    {"thread", CommandKind::thread},
    {"wait", CommandKind::wait},
};

class Reader {
 public:
  Reader(const ModuleSource& source, JsonScript& out) : source_(source), out_(out) {}

  Status run(const JsonValue& root) {
    if (!root.is(JsonValue::Kind::object)) return fail(root, "expected an object");
    out_.source_filename = TRY(string_or(root, "source_filename", ""));
    out_.script.commands = TRY(commands(root));
    return {};
  }

 private:
  // ---- members

  static Parsed<const JsonValue*> member(const JsonValue& object, std::string_view name,
                                         JsonValue::Kind kind) {
    const JsonValue* const found = object.find(name);
    if (found == nullptr) return fail(object, "expected a member \"" + std::string(name) + "\"");
    if (!found->is(kind)) return fail(*found, "\"" + std::string(name) + "\" is of the wrong kind");
    return found;
  }
  std::string_view keep(std::string_view text) { return out_.script.strings.emplace_back(text); }
  Parsed<std::string_view> string(const JsonValue& object, std::string_view name) {
    return keep(TRY(member(object, name, JsonValue::Kind::string))->text);
  }
  Parsed<std::string_view> string_or(const JsonValue& object, std::string_view name,
                                     std::string_view absent) {
    if (object.find(name) == nullptr) return absent;
    return string(object, name);
  }
  // An identifier without the "$" that some writers give it; empty when there is none.
  Parsed<std::string_view> id(const JsonValue& object, std::string_view name) {
    const std::string_view spelled = TRY(string_or(object, name, ""));
    return spelled.starts_with('$') ? spelled.substr(1) : spelled;
  }

  // ---- commands

  Parsed<std::vector<Command>> commands(const JsonValue& object) {
    std::vector<Command> all;
    for (const JsonValue& item : TRY(member(object, "commands", JsonValue::Kind::array))->items)
      all.push_back(TRY(command(item)));
    return all;
  }

  Parsed<Command> command(const JsonValue& object) {
    if (!object.is(JsonValue::Kind::object)) return fail(object, "expected a command");
    const JsonValue& type = *TRY(member(object, "type", JsonValue::Kind::string));
    const CommandName* row = nullptr;
    for (const CommandName& candidate : command_names)
      if (candidate.name == type.text) row = &candidate;
    if (row == nullptr) return fail(type, "unknown command type \"" + std::string(type.text) + "\"");
    Command command;
    command.kind = row->kind;
    const auto line = TRY(member(object, "line", JsonValue::Kind::number))->natural();
    command.line = static_cast<uint32_t>(std::min<uint64_t>(line.value_or(0), UINT32_MAX));
    TRY(fill(command, object, type.text));
    return command;
  }

  Status fill(Command& command, const JsonValue& object, std::string_view type) {
    switch (command.kind) {
      case CommandKind::module:
        TRY(module(command, object));
        command.module->id = TRY(id(object, "name"));
        command.module->is_definition =
            type == "module_definition" || TRY(string_or(object, "definition", "false")) == "true";
        return {};
      case CommandKind::instance:
        return instance(command, object);
      case CommandKind::register_:
        command.other = TRY(id(object, "name"));
        command.name = TRY(string(object, "as"));
        return {};
      case CommandKind::action:
      case CommandKind::assert_exception:
        return action(command, object);
      case CommandKind::assert_return:
        TRY(action(command, object));
        return expected(command, object);
      case CommandKind::thread:
        return thread(command, object);
      case CommandKind::wait:
        command.id = TRY(id(object, "thread"));
        return {};
      default:
        command.failure = TRY(string(object, "text"));
        if (object.find("action") != nullptr) return action(command, object);
        if (object.find("filename") != nullptr) return module(command, object);
        return instance(command, object);
    }
  }

  Status instance(Command& command, const JsonValue& object) {
    command.id = TRY(id(object, "instance"));
    command.other = TRY(id(object, "module"));
    return {};
  }

  Status thread(Command& command, const JsonValue& object) {
    command.id = TRY(id(object, "name"));
    const std::string_view shared = TRY(id(object, "shared_module"));
    if (!shared.empty()) command.shared.push_back(shared);
    if (const JsonValue* const several = object.find("shared_modules")) {
      for (const JsonValue& item : several->items) {
        if (!item.is(JsonValue::Kind::string)) return fail(item, "expected a string");
        const std::string_view kept = keep(item.text);
        command.shared.push_back(kept.starts_with('$') ? kept.substr(1) : kept);
      }
    }
    command.commands = TRY(commands(object));
    return {};
  }

  Status module(Command& command, const JsonValue& object) {
    const JsonValue& name = *TRY(member(object, "filename", JsonValue::Kind::string));
    const std::string_view type = TRY(string_or(object, "module_type", "binary"));
    if (type != "binary" && type != "text")
      return fail(object, "unknown module type \"" + std::string(type) + "\"");
    auto contents = source_(name.text);
    if (!contents) return fail(name, std::string(name.text) + ": " + contents.error());
    command.module = std::make_unique<text::ScriptModule>();
    command.module->form = type == "text" ? text::ModuleForm::quote : text::ModuleForm::binary;
    command.module->contents = std::move(*contents);
    return {};
  }

  Status action(Command& command, const JsonValue& object) {
    const JsonValue& action = *TRY(member(object, "action", JsonValue::Kind::object));
    const JsonValue& type = *TRY(member(action, "type", JsonValue::Kind::string));
    if (type.text != "invoke" && type.text != "get")
      return fail(type, "unknown action type \"" + std::string(type.text) + "\"");
    command.action.module = TRY(id(action, "module"));
    command.action.name = TRY(string(action, "field"));
    command.action.kind = type.text == "get" ? text::Action::Kind::get : text::Action::Kind::invoke;
    if (type.text == "get") return {};
    for (const JsonValue& item : TRY(member(action, "args", JsonValue::Kind::array))->items)
      command.action.args.push_back(TRY(argument(item)));
    return {};
  }

  // ---- values

  static Parsed<const JsonValue*> type_of(const JsonValue& value) {
    if (!value.is(JsonValue::Kind::object)) return fail(value, "expected a value");
    return member(value, "type", JsonValue::Kind::string);
  }

  static ValType number_type(std::string_view name) {
    for (const ValType type : {ValType::i32(), ValType::i64(), ValType::f32(), ValType::f64()})
      if (wasm::to_string(type) == name) return type;
    return ValType::bot();
  }

  static const HeapName* heap_name(std::string_view name) {
    for (const HeapName& row : heap_names)
      if (row.name == name) return &row;
    return nullptr;
  }

  // A number below 2^width, or for signed writers above -2^(width-1).
  static Parsed<uint64_t> bits(const JsonValue& value, unsigned width, std::string_view type) {
    const char* const end = value.text.data() + value.text.size();
    const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
    uint64_t natural = 0;
    int64_t integer = 0;
    const auto unsigned_end = std::from_chars(value.text.data(), end, natural);
    if (unsigned_end.ec == std::errc() && unsigned_end.ptr == end && natural <= mask) return natural;
    const auto signed_end = std::from_chars(value.text.data(), end, integer);
    if (signed_end.ec == std::errc() && signed_end.ptr == end && integer < 0 &&
        integer >= -static_cast<int64_t>(mask >> 1) - 1)
      return static_cast<uint64_t>(integer) & mask;
    return fail(value, "invalid " + std::string(type) + " literal");
  }

  static Parsed<uint64_t> pattern(const JsonValue& value, unsigned width, std::string_view type,
                                  NumberPattern* pattern) {
    if (!value.is(JsonValue::Kind::string)) return fail(value, "expected a string");
    if (pattern != nullptr && (value.text == "nan:canonical" || value.text == "nan:arithmetic")) {
      *pattern = value.text == "nan:canonical" ? NumberPattern::nan_canonical : NumberPattern::nan_arithmetic;
      return uint64_t{0};
    }
    return bits(value, width, type);
  }

  static Parsed<text::LaneShape> vector(const JsonValue& object, std::array<uint8_t, 16>& bytes,
                                        std::array<NumberPattern, 4>* patterns) {
    const JsonValue& lane_type = *TRY(member(object, "lane_type", JsonValue::Kind::string));
    const LaneName* row = nullptr;
    for (const LaneName& candidate : lane_names)
      if (candidate.name == lane_type.text) row = &candidate;
    if (row == nullptr) return fail(lane_type, "unknown lane type");
    const unsigned width = text::lane_bits(row->shape);
    const JsonValue& lanes = *TRY(member(object, "value", JsonValue::Kind::array));
    if (lanes.items.size() != 128 / width) return fail(lanes, "the wrong number of lanes");
    const bool floats = lane_type.text.starts_with('f');
    for (size_t lane = 0; lane < lanes.items.size(); ++lane) {
      NumberPattern* const where = floats && patterns != nullptr ? &(*patterns)[lane] : nullptr;
      const uint64_t value = TRY(pattern(lanes.items[lane], width, lane_type.text, where));
      std::memcpy(bytes.data() + lane * width / 8, &value, width / 8);
    }
    return row->shape;
  }

  static unsigned width_of(ValType type) {
    return type == ValType::i32() || type == ValType::f32() ? 32 : 64;
  }
  static bool is_float(ValType type) { return type == ValType::f32() || type == ValType::f64(); }

  Parsed<ScriptConst> argument(const JsonValue& object) {
    const JsonValue& type = *TRY(type_of(object));
    ScriptConst constant;
    constant.type = number_type(type.text);
    if (!constant.type.is_bot()) {
      const JsonValue& value = *TRY(member(object, "value", JsonValue::Kind::string));
      constant.bits = TRY(bits(value, width_of(constant.type), type.text));
    } else if (type.text == "v128") {
      constant.kind = ScriptConst::Kind::vector;
      constant.shape = TRY(vector(object, constant.bytes, nullptr));
    } else if (const HeapName* const row = heap_name(type.text)) {
      constant.kind = ScriptConst::Kind::ref_null;
      constant.heap = wasm::HeapType(row->heap);
      if (row->is_bottom) return constant;
      const JsonValue& value = *TRY(member(object, "value", JsonValue::Kind::string));
      if (value.text == "null") return constant;
      if (row->heap != wasm::AbsHeap::extern_ && row->heap != wasm::AbsHeap::any)
        return fail(value, "such a reference cannot be made");
      constant.kind =
          row->heap == wasm::AbsHeap::any ? ScriptConst::Kind::ref_host : ScriptConst::Kind::ref_extern;
      constant.bits = TRY(bits(value, 64, type.text));
    } else {
      return fail(type, "unknown type: \"" + std::string(type.text) + "\"");
    }
    return constant;
  }

  Status expected(Command& command, const JsonValue& object) {
    if (const JsonValue* const either = object.find("either")) {
      ResultPattern alternatives;
      alternatives.kind = ResultPattern::Kind::either;
      for (const JsonValue& item : either->items) alternatives.alternatives.push_back(TRY(result(item)));
      command.results.push_back(std::move(alternatives));
      return {};
    }
    for (const JsonValue& item : TRY(member(object, "expected", JsonValue::Kind::array))->items)
      command.results.push_back(TRY(result(item)));
    return {};
  }

  // An either within an either means the same as its alternatives.
  Parsed<ResultPattern> result(const JsonValue& object) {
    const JsonValue& type = *TRY(type_of(object));
    if (type.text != "either") return simple_result(object, type);
    ResultPattern pattern;
    pattern.kind = ResultPattern::Kind::either;
    for (const JsonValue& item : TRY(member(object, "values", JsonValue::Kind::array))->items)
      pattern.alternatives.push_back(TRY(simple_result(item, *TRY(type_of(item)))));
    return pattern;
  }

  Parsed<ResultPattern> simple_result(const JsonValue& object, const JsonValue& type) {
    using Kind = ResultPattern::Kind;
    ResultPattern result;
    result.type = number_type(type.text);
    if (!result.type.is_bot()) {
      const JsonValue& value = *TRY(member(object, "value", JsonValue::Kind::string));
      result.bits = TRY(pattern(value, width_of(result.type), type.text,
                                is_float(result.type) ? &result.pattern : nullptr));
    } else if (type.text == "v128") {
      result.kind = Kind::vector;
      result.shape = TRY(vector(object, result.bytes, &result.lane_patterns));
    } else if (type.text == "refnull") {
      result.kind = Kind::ref_null;
    } else if (type.text == "ref") {
      result.kind = Kind::ref;
    } else if (const HeapName* const row = heap_name(type.text)) {
      return reference(object, *row);
    } else {
      return fail(type, "unknown type: \"" + std::string(type.text) + "\"");
    }
    return result;
  }

  Parsed<ResultPattern> reference(const JsonValue& object, const HeapName& row) {
    using Kind = ResultPattern::Kind;
    ResultPattern result;
    result.heap = wasm::HeapType(row.heap);
    result.has_heap = true;
    const JsonValue* const value = object.find("value");
    if (row.is_bottom || (value != nullptr && value->text == "null")) {
      result.kind = Kind::ref_null;
      return result;
    }
    const bool is_extern = row.heap == wasm::AbsHeap::extern_;
    const bool has_number = value != nullptr && value->is(JsonValue::Kind::string);
    result.kind = is_extern ? Kind::ref_extern : Kind::ref;
    // The number of a function is nothing that could be compared.
    if (!has_number || (!is_extern && row.heap != wasm::AbsHeap::any)) return result;
    if (!is_extern) result.kind = Kind::ref_host;
    result.has_number = true;
    result.bits = TRY(bits(*value, 64, row.name));
    return result;
  }

  const ModuleSource& source_;
  JsonScript& out_;
};

}  // namespace

base::Expected<JsonScript, JsonError> from_json(std::string_view text, const ModuleSource& source) {
  const base::JsonDocument document = TRY(base::parse_json(text));
  JsonScript script;
  TRY(Reader(source, script).run(document.root));
  return script;
}

}  // namespace cloche::script

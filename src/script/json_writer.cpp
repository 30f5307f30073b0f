#include "script/json_writer.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "binary/decoder.hpp"
#include "script/action_check.hpp"
#include "script/json_words.hpp"
#include "text/source_text.hpp"
#include "text/text_writer.hpp"

namespace cloche::script {
namespace {

using text::Command;
using text::CommandKind;
using text::NumberPattern;
using text::ResultPattern;
using text::ScriptConst;

using ModulePtr = std::shared_ptr<const wasm::Module>;

class Writer {
 public:
  Writer(std::string_view source, const JsonOptions& options, const ModuleSink& sink)
      : places_(source), options_(options), sink_(sink) {}

  wasm::Result<std::string> run(const text::Script& script) {
    out_ += "{\"source_filename\": ";
    string(options_.source_filename);
    out_ += ",\n \"commands\": [\n";
    TRY(commands(script.commands));
    out_ += "]}\n";
    return std::move(out_);
  }

 private:
  using Status = wasm::Result<void>;

  // ---- the lexical side

  void string(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out_ += '"';
    for (const char c : text) {
      if (static_cast<uint8_t>(c) < 0x20 || c == '\\' || c == '"') {
        out_ += "\\u00";
        out_ += hex[static_cast<uint8_t>(c) >> 4];
        out_ += hex[c & 15];
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }
  void number(uint64_t value) { text::put_number(out_, value); }
  void quoted(uint64_t value) {
    out_ += '"';
    number(value);
    out_ += '"';
  }
  void key(std::string_view name) {
    out_ += ", \"";
    out_ += name;
    out_ += "\": ";
  }
  void member(std::string_view name, std::string_view value) {
    key(name);
    string(value);
  }
  // An identifier, if there is one.
  void id_member(std::string_view name, std::string_view id) {
    if (id.empty()) return;
    member(name, "$" + std::string(id));
  }
  template <class List, class Write>
  void list(const List& items, const Write& write) {
    out_ += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ", ";
      first = false;
      write(item);
    }
    out_ += ']';
  }

  // ---- commands

  Status commands(const std::vector<Command>& all) {
    for (size_t i = 0; i < all.size(); ++i) {
      if (i != 0) out_ += ", \n";
      out_ += "  {";
      TRY(command(all[i]));
      out_ += '}';
    }
    return {};
  }

  void begin(std::string_view type, uint32_t offset) {
    out_ += "\"type\": \"";
    out_ += type;
    out_ += '"';
    line(offset);
  }
  void line(uint32_t offset) {
    key("line");
    number(places_.line_column(offset).line);
  }

  Status command(const Command& command) {
    if (options_.check && command.action.kind != text::Action::Kind::none)
      TRY(check_action(command, find(instances_, latest_, command.action.module).get()));
    switch (command.kind) {
      case CommandKind::module:
        return module(command);
      case CommandKind::instance:
        begin("module_instance", command.offset);
        id_member("instance", command.id);
        id_member("module", command.other);
        instances_[std::string(command.id)] = latest_ = find(modules_, latest_module_, command.other);
        return {};
      case CommandKind::register_:
        begin("register", command.offset);
        id_member("name", command.other);
        member("as", command.name);
        return {};
      case CommandKind::action:
        begin("action", command.action.offset);
        action(command.action);
        result_types(command.action);
        return {};
      case CommandKind::assert_return:
        begin("assert_return", command.action.offset);
        action(command.action);
        expected(command.results);
        return {};
      case CommandKind::assert_exception:
        begin("assert_exception", command.action.offset);
        action(command.action);
        result_types(command.action);
        return {};
      case CommandKind::assert_exhaustion:
        return failing_action("assert_exhaustion", command);
      case CommandKind::assert_trap:
        if (command.action.kind != text::Action::Kind::none) return failing_action("assert_trap", command);
        return refused_module("assert_uninstantiable", command);
      case CommandKind::assert_unlinkable:
        return refused_module("assert_unlinkable", command);
      case CommandKind::assert_malformed:
        return refused_module("assert_malformed", command);
      case CommandKind::assert_invalid:
        return refused_module("assert_invalid", command);
      case CommandKind::assert_malformed_custom:
        return refused_module("assert_malformed_custom", command);
      case CommandKind::assert_invalid_custom:
        return refused_module("assert_invalid_custom", command);
      case CommandKind::thread:
        return thread(command);
      case CommandKind::wait:
        begin("wait", command.offset);
        id_member("thread", command.id);
        return {};
    }
    return {};
  }

  Status module(const Command& command) {
    const text::ScriptModule& module = *command.module;
    const std::vector<uint8_t> bytes = TRY(bytes_of(module));
    out_ += "\"type\": \"module\"";
    if (module.is_definition) member("definition", "true");
    line(module.range.begin);
    id_member("name", module.id);
    file(".wasm", bytes, module.form);
    latest_module_ = decode(bytes);
    if (!module.id.empty()) modules_[std::string(module.id)] = latest_module_;
    if (module.is_definition) return {};
    latest_ = latest_module_;
    if (!module.id.empty()) instances_[std::string(module.id)] = latest_;
    return {};
  }

  Status failing_action(std::string_view type, const Command& command) {
    begin(type, command.action.offset);
    action(command.action);
    member("text", command.failure);
    result_types(command.action);
    return {};
  }

  // An assertion about a module that stands there, or about instantiating one defined before.
  Status refused_module(std::string_view type, const Command& command) {
    if (command.module == nullptr) {
      begin(type, command.offset);
      id_member("instance", command.id);
      id_member("module", command.other);
      member("text", command.failure);
      return {};
    }
    const text::ScriptModule& module = *command.module;
    begin(type, module.range.begin);
    const bool is_error =
        command.kind != CommandKind::assert_unlinkable && command.kind != CommandKind::assert_trap;
    const bool as_text = TRY(refused_file(module, is_error));
    member("text", command.failure);
    member("module_type", as_text ? "text" : "binary");
    return {};
  }

  // The file of a module that an assertion is about; true for text. What must be refused may stay text where
  // it is refused already here.
  wasm::Result<bool> refused_file(const text::ScriptModule& module, bool may_be_text) {
    if (module.form != text::ModuleForm::quote) {
      auto bytes = bytes_of(module);
      if (!bytes && !may_be_text) return base::Unexpected{std::move(bytes).error()};
      if (bytes) file(".wasm", *bytes, module.form);
      if (bytes) return false;
    }
    const std::string_view contents =
        module.form == text::ModuleForm::quote
            ? std::string_view(module.contents)
            : places_.text().substr(module.range.begin, module.range.end - module.range.begin);
    file(".wat", {reinterpret_cast<const uint8_t*>(contents.data()), contents.size()},
         text::ModuleForm::quote);
    return true;
  }

  Status thread(const Command& command) {
    begin("thread", command.offset);
    id_member("name", command.id);
    if (command.shared.size() == 1) {
      id_member("shared_module", command.shared[0]);
    } else if (!command.shared.empty()) {
      key("shared_modules");
      list(command.shared, [&](std::string_view id) { string("$" + std::string(id)); });
    }
    key("commands");
    out_ += "[\n";
    // What a thread defines last is the latest only there.
    const ModulePtr latest = latest_;
    const ModulePtr latest_module = latest_module_;
    TRY(commands(command.commands));
    latest_ = latest;
    latest_module_ = latest_module;
    out_ += ']';
    return {};
  }

  // ---- modules

  wasm::Result<std::vector<uint8_t>> bytes_of(const text::ScriptModule& module) {
    auto assembled = text::assemble(module, places_.text(), options_.features, options_.assembly);
    if (assembled) return std::move(assembled->bytes);
    wasm::Error error = assembled.error();
    // Within a quoted module there is no place that the reader of the script could look up.
    if (module.form == text::ModuleForm::quote) error.offset = module.range.begin;
    return base::Unexpected{std::move(error)};
  }

  void file(std::string_view ending, std::span<const uint8_t> contents, text::ModuleForm form) {
    std::string name = options_.module_base + "." + std::to_string(module_count_++);
    name += ending;
    member("filename", name);
    sink_(name, contents, form);
  }

  // Null for what is no module.
  ModulePtr decode(const std::vector<uint8_t>& bytes) const {
    auto module = binary::decode(wasm::ModuleBytes(bytes), options_.features);
    return module ? std::make_shared<const wasm::Module>(std::move(*module)) : nullptr;
  }

  using Known = std::map<std::string, ModulePtr, std::less<>>;
  static ModulePtr find(const Known& known, const ModulePtr& latest, std::string_view id) {
    if (id.empty()) return latest;
    const auto found = known.find(id);
    return found == known.end() ? nullptr : found->second;
  }

  // ---- actions

  void action(const text::Action& action) {
    const bool invoke = action.kind == text::Action::Kind::invoke;
    key("action");
    out_ += invoke ? "{\"type\": \"invoke\"" : "{\"type\": \"get\"";
    id_member("module", action.module);
    member("field", action.name);
    if (invoke) {
      key("args");
      list(action.args, [&](const ScriptConst& constant) { argument(constant); });
    }
    out_ += '}';
  }

  // "expected" with the types of an action's results, as far as its module tells.
  void result_types(const text::Action& action) {
    const ModulePtr module = find(instances_, latest_, action.module);
    std::vector<wasm::ValType> types;
    if (module != nullptr && action.kind == text::Action::Kind::get) {
      if (const wasm::GlobalType* const global = find_global(*module, action.name)) types = {global->type};
    } else if (module != nullptr) {
      if (const wasm::FuncType* const func = find_func(*module, action.name)) types = func->results;
    }
    key("expected");
    list(types, [&](wasm::ValType type) {
      out_ += "{\"type\": ";
      string(wasm::to_string(type));
      out_ += '}';
    });
  }

  // ---- values

  void type(std::string_view name) {
    out_ += "{\"type\": ";
    string(name);
  }

  void argument(const ScriptConst& constant) {
    switch (constant.kind) {
      case ScriptConst::Kind::number:
        type(wasm::to_string(constant.type));
        key("value");
        quoted(constant.bits);
        break;
      case ScriptConst::Kind::vector:
        lanes(constant.shape, constant.bytes, {});
        break;
      case ScriptConst::Kind::ref_null:
        null(constant.heap);
        break;
      case ScriptConst::Kind::ref_extern:
      case ScriptConst::Kind::ref_host:
        type(constant.kind == ScriptConst::Kind::ref_host ? "anyref" : "externref");
        key("value");
        quoted(constant.bits);
        break;
    }
    out_ += '}';
  }

  static const HeapName* heap_name(wasm::HeapType heap) {
    if (heap.is_concrete()) return nullptr;
    for (const HeapName& row : heap_names)
      if (row.heap == heap.abstract()) return &row;
    return nullptr;
  }

  void null(wasm::HeapType heap) {
    const HeapName* const row = heap_name(heap);
    type(row == nullptr ? "nullref" : row->name);
    if (row != nullptr && !row->is_bottom) member("value", "null");
  }

  void pattern(NumberPattern pattern, uint64_t bits) {
    switch (pattern) {
      case NumberPattern::bits:
        return quoted(bits);
      case NumberPattern::nan_canonical:
        return string("nan:canonical");
      case NumberPattern::nan_arithmetic:
        return string("nan:arithmetic");
    }
  }

  void lanes(text::LaneShape shape, const std::array<uint8_t, 16>& bytes,
             const std::array<NumberPattern, 4>& patterns) {
    type("v128");
    for (const LaneName& row : lane_names)
      if (row.shape == shape) member("lane_type", row.name);
    key("value");
    out_ += '[';
    const unsigned size = text::lane_bits(shape) / 8;
    const bool floats = shape == text::LaneShape::f32x4 || shape == text::LaneShape::f64x2;
    for (unsigned lane = 0; lane < 16 / size; ++lane) {
      uint64_t value = 0;
      std::memcpy(&value, bytes.data() + lane * size, size);
      if (lane != 0) out_ += ", ";
      pattern(floats ? patterns[lane] : NumberPattern::bits, value);
    }
    out_ += ']';
  }

  // wabt has a word of its own for alternatives of a single result.
  void expected(const std::vector<ResultPattern>& results) {
    const bool either = results.size() == 1 && results[0].kind == ResultPattern::Kind::either;
    key(either ? "either" : "expected");
    list(either ? results[0].alternatives : results, [&](const ResultPattern& each) { result(each); });
  }

  void result(const ResultPattern& pattern_) {
    using Kind = ResultPattern::Kind;
    switch (pattern_.kind) {
      case Kind::number:
        type(wasm::to_string(pattern_.type));
        key("value");
        pattern(pattern_.pattern, pattern_.bits);
        break;
      case Kind::vector:
        lanes(pattern_.shape, pattern_.bytes, pattern_.lane_patterns);
        break;
      case Kind::ref_null:
        if (pattern_.has_heap)
          null(pattern_.heap);
        else
          type("refnull");
        break;
      case Kind::ref: {
        const HeapName* const row = pattern_.has_heap ? heap_name(pattern_.heap) : nullptr;
        type(row == nullptr ? "ref" : row->name);
        break;
      }
      case Kind::ref_extern:
      case Kind::ref_host:
        type(pattern_.kind == Kind::ref_host ? "anyref" : "externref");
        if (pattern_.kind == Kind::ref_host || pattern_.has_number) {
          key("value");
          quoted(pattern_.bits);
        }
        break;
      case Kind::either:
        type("either");
        key("values");
        list(pattern_.alternatives, [&](const ResultPattern& each) { result(each); });
        break;
    }
    out_ += '}';
  }

  text::SourceText places_;
  const JsonOptions& options_;
  const ModuleSink& sink_;
  std::string out_;
  size_t module_count_ = 0;
  Known modules_;
  Known instances_;
  ModulePtr latest_module_;
  ModulePtr latest_;
};

}  // namespace

wasm::Result<std::string> to_json(const text::Script& script, std::string_view source,
                                  const JsonOptions& options, const ModuleSink& sink) {
  return Writer(source, options, sink).run(script);
}

}  // namespace cloche::script

// Commands of scripts.
#include "text/script.hpp"

#include "base/utf8.hpp"
#include "text/message.hpp"
#include "text/script_parser.hpp"

namespace cloche::text {

using wasm::ErrorCode;

wasm::Result<Script> parse_script(std::string_view source) {
  TRY(check_source(source));
  return ScriptParser(source).run();
}

wasm::Result<Assembled> assemble(const ScriptModule& module, std::string_view source,
                                 wasm::FeatureSet features, AssembleOptions options) {
  switch (module.form) {
    case ModuleForm::text:
      return assemble(source, module.range, features, options);
    case ModuleForm::quote:
      return assemble(module.contents, features, options);
    case ModuleForm::binary:
      break;
  }
  return Assembled{{module.contents.begin(), module.contents.end()}, {}, {}};
}

std::string_view command_name(CommandKind kind) {
  switch (kind) {
    case CommandKind::module:
      return "module";
    case CommandKind::instance:
      return "module instance";
    case CommandKind::register_:
      return "register";
    case CommandKind::action:
      return "action";
    case CommandKind::assert_return:
      return "assert_return";
    case CommandKind::assert_exception:
      return "assert_exception";
    case CommandKind::assert_trap:
      return "assert_trap";
    case CommandKind::assert_exhaustion:
      return "assert_exhaustion";
    case CommandKind::assert_malformed:
      return "assert_malformed";
    case CommandKind::assert_invalid:
      return "assert_invalid";
    case CommandKind::assert_unlinkable:
      return "assert_unlinkable";
    case CommandKind::assert_malformed_custom:
      return "assert_malformed_custom";
    case CommandKind::assert_invalid_custom:
      return "assert_invalid_custom";
    case CommandKind::thread:
      return "thread";
    case CommandKind::wait:
      return "wait";
  }
  return "";
}

namespace {

bool is_field(Word word) {
  switch (word) {
    case Word::type:
    case Word::rec:
    case Word::import_:
    case Word::func:
    case Word::table:
    case Word::memory:
    case Word::global:
    case Word::tag:
    case Word::export_:
    case Word::start:
    case Word::elem:
    case Word::data:
      return true;
    default:
      return false;
  }
}

}  // namespace

base::Unexpected<Failed> ScriptParser::unexpected() {
  const Token token = tok_.kind == TokenKind::open && tok_.size == 0 ? lexer_.held() : tok_;
  return report_unexpected(lexer_, tok_, token, errors_);
}

Status ScriptParser::expect_close() {
  if (tok_.kind != TokenKind::close) return unexpected();
  advance();
  return {};
}

// The contents of a string, which need not be UTF-8.
Parsed<std::string_view> ScriptParser::expect_string() {
  if (tok_.kind != TokenKind::string) return unexpected();
  const std::string_view spelled = lexer_.text(tok_);
  advance();
  if (is_plain_string(spelled)) return spelled.substr(1, spelled.size() - 2);
  std::string decoded;
  append_string(spelled, decoded);
  script_.strings.push_back(std::move(decoded));
  return std::string_view(script_.strings.back());
}

// An optional identifier, without its "$"; empty when there is none.
Parsed<std::string_view> ScriptParser::take_id() {
  if (tok_.kind != TokenKind::id) return std::string_view();
  std::string_view spelled = lexer_.text(tok_).substr(1);
  const uint32_t offset = tok_.offset;
  advance();
  if (!spelled.starts_with('"')) return spelled;
  std::string decoded;
  append_string(spelled, decoded);
  if (!base::is_valid_utf8(decoded)) return errors_.set(ErrorCode::malformed_utf8, offset);
  script_.strings.push_back(std::move(decoded));
  return std::string_view(script_.strings.back());
}

wasm::Result<Script> ScriptParser::run() {
  advance();
  if (tok_.kind == TokenKind::open && is_field(tok_.word)) {
    Command command;
    command.kind = CommandKind::module;
    command.offset = tok_.paren;
    command.module = std::make_unique<ScriptModule>();
    command.module->range = {0, static_cast<uint32_t>(source_.size())};
    script_.commands.push_back(std::move(command));
  } else if (!parse_commands().has_value()) {
    return errors_.take();
  }
  return std::move(script_);
}

Status ScriptParser::parse_commands() {
  for (;;) {
    if (tok_.kind == TokenKind::close && !threads_.empty()) {
      TRY(close_thread());
    } else if (tok_.kind == TokenKind::end && threads_.empty()) {
      return {};
    } else if (tok_.is_open(Word::thread)) {
      TRY(open_thread());
    } else {
      TRY(parse_command(threads_.empty() ? script_.commands : threads_.back().commands));
    }
  }
}

// `(thread $id (shared (module $id)*)?`: its commands follow.
Status ScriptParser::open_thread() {
  // Commands are destroyed recursively.
  constexpr size_t most_threads = 100;
  if (threads_.size() == most_threads) return errors_.set(ErrorCode::nesting_too_deep, tok_.paren, "threads");
  Command thread;
  thread.kind = CommandKind::thread;
  thread.offset = tok_.paren;
  advance();
  thread.id = TRY(take_id());
  if (tok_.is_open(Word::shared)) TRY(parse_shared(thread));
  threads_.push_back(std::move(thread));
  return {};
}

Status ScriptParser::close_thread() {
  Command thread = std::move(threads_.back());
  threads_.pop_back();
  (threads_.empty() ? script_.commands : threads_.back().commands).push_back(std::move(thread));
  return expect_close();
}

Status ScriptParser::parse_shared(Command& thread) {
  advance();
  while (tok_.is_open(Word::module)) {
    advance();
    const std::string_view id = TRY(take_id());
    if (id.empty()) return unexpected();
    thread.shared.push_back(id);
    TRY(expect_close());
  }
  return expect_close();
}

Status ScriptParser::parse_command(std::vector<Command>& commands) {
  if (tok_.kind != TokenKind::open) return unexpected();
  Command command;
  command.offset = tok_.paren;
  switch (tok_.word) {
    case Word::module:
      TRY(parse_module(command));
      break;
    case Word::register_:
      TRY(parse_register(command));
      break;
    case Word::invoke:
    case Word::get:
      TRY(parse_action(command.action));
      break;
    case Word::wait:
      TRY(parse_wait(command));
      break;
    case Word::assert_return:
      TRY(parse_assertion(command, CommandKind::assert_return));
      break;
    case Word::assert_exception:
      TRY(parse_assertion(command, CommandKind::assert_exception));
      break;
    case Word::assert_trap:
      TRY(parse_assertion(command, CommandKind::assert_trap));
      break;
    case Word::assert_exhaustion:
      TRY(parse_assertion(command, CommandKind::assert_exhaustion));
      break;
    case Word::assert_malformed:
      TRY(parse_assertion(command, CommandKind::assert_malformed));
      break;
    case Word::assert_invalid:
      TRY(parse_assertion(command, CommandKind::assert_invalid));
      break;
    case Word::assert_unlinkable:
      TRY(parse_assertion(command, CommandKind::assert_unlinkable));
      break;
    case Word::assert_malformed_custom:
      TRY(parse_assertion(command, CommandKind::assert_malformed_custom));
      break;
    case Word::assert_invalid_custom:
      TRY(parse_assertion(command, CommandKind::assert_invalid_custom));
      break;
    default:
      return unexpected();
  }
  commands.push_back(std::move(command));
  return {};
}

// `(module ...)` in all its forms; `(module instance ...)` makes the command an instance.
Status ScriptParser::parse_module(Command& command) {
  auto module = std::make_unique<ScriptModule>();
  command.kind = CommandKind::module;
  module->range.begin = tok_.paren;
  advance();
  if (tok_.is_word(Word::instance)) return parse_instance(command);
  module->is_definition = tok_.is_word(Word::definition);
  if (module->is_definition) advance();
  module->id = TRY(take_id());
  if (tok_.is_word(Word::binary) || tok_.is_word(Word::quote)) {
    module->form = tok_.is_word(Word::binary) ? ModuleForm::binary : ModuleForm::quote;
    for (advance(); tok_.kind == TokenKind::string; advance())
      append_string(lexer_.text(tok_), module->contents);
    module->range.end = tok_.paren + 1;
    TRY(expect_close());
  } else {
    // Its own parser reads it later; here only its end matters.
    if (tok_.kind == TokenKind::error) return unexpected();
    if (tok_.kind == TokenKind::open && !lexer_.skip_group()) return unclosed(command.offset);
    if (tok_.kind != TokenKind::close && !lexer_.skip_group()) return unclosed(command.offset);
    module->range.end = lexer_.position();
    advance();
  }
  command.module = std::move(module);
  return {};
}

base::Unexpected<Failed> ScriptParser::unclosed(uint32_t offset) {
  return errors_.set(ErrorCode::unexpected_token, offset, "this parenthesis is not closed");
}

// `instance $instance? $module?`, where a single name is the module's.
Status ScriptParser::parse_instance(Command& command) {
  command.kind = CommandKind::instance;
  advance();
  command.id = TRY(take_id());
  command.other = TRY(take_id());
  if (command.other.empty()) std::swap(command.id, command.other);
  return expect_close();
}

Status ScriptParser::parse_register(Command& command) {
  command.kind = CommandKind::register_;
  advance();
  command.name = TRY(expect_string());
  command.other = TRY(take_id());
  return expect_close();
}

Status ScriptParser::parse_wait(Command& command) {
  command.kind = CommandKind::wait;
  advance();
  command.id = TRY(take_id());
  return expect_close();
}

Status ScriptParser::parse_action(Action& action) {
  const bool invoke = tok_.is_open(Word::invoke);
  if (!invoke && !tok_.is_open(Word::get)) return unexpected();
  action.kind = invoke ? Action::Kind::invoke : Action::Kind::get;
  action.offset = tok_.paren;
  advance();
  action.module = TRY(take_id());
  action.name = TRY(expect_string());
  while (invoke && tok_.kind == TokenKind::open) TRY(parse_const(action.args));
  return expect_close();
}

Status ScriptParser::parse_assertion(Command& command, CommandKind kind) {
  advance();
  if (tok_.is_open(Word::module)) {
    if (kind < CommandKind::assert_trap) return unexpected();
    TRY(parse_module(command));
    // Instances are only asserted to trap or not to link.
    if (command.module == nullptr && kind > CommandKind::assert_unlinkable) return unexpected();
  } else {
    if (kind > CommandKind::assert_trap) return unexpected();
    TRY(parse_action(command.action));
  }
  command.kind = kind;
  if (kind == CommandKind::assert_return)
    TRY(parse_results(command.results));
  else if (kind != CommandKind::assert_exception || tok_.kind == TokenKind::string)
    command.failure = TRY(expect_string());
  return expect_close();
}

}  // namespace cloche::text

// The parser of scripts. Threads within threads are on a stack of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/lexer.hpp"
#include "text/number.hpp"
#include "text/script.hpp"

namespace cloche::text {

class ScriptParser {
 public:
  explicit ScriptParser(std::string_view source)
      : source_(source), lexer_(source, 0, static_cast<uint32_t>(source.size()), errors_) {
    lexer_.keep_annotations(false);
  }
  wasm::Result<Script> run();

 private:
  Status parse_commands();
  Status parse_command(std::vector<Command>& commands);
  Status open_thread();
  Status close_thread();
  Status parse_shared(Command& thread);
  Status parse_module(Command& command);
  Status parse_instance(Command& command);
  Status parse_register(Command& command);
  Status parse_action(Action& action);
  Status parse_assertion(Command& command, CommandKind kind);
  Status parse_wait(Command& command);

  // script_values.cpp
  Status parse_const(std::vector<ScriptConst>& args);
  Status parse_results(std::vector<ResultPattern>& results);
  Status parse_result(ResultPattern& result);
  Status parse_ref_result(ResultPattern& result);
  Status parse_number(wasm::ValType type, NumberPattern& pattern, uint64_t& bits, bool allow_pattern);
  Status parse_lanes(LaneShape& shape, std::array<uint8_t, 16>& bytes, std::array<NumberPattern, 4>& patterns,
                     bool allow_pattern);
  Status parse_lane_shape(LaneShape& shape);
  Parsed<wasm::HeapType> parse_heap_type();
  Parsed<uint64_t> parse_natural();
  Status check(NumberStatus status);

  void advance() { tok_ = lexer_.next(); }
  Status expect_close();
  base::Unexpected<Failed> unexpected();
  base::Unexpected<Failed> unclosed(uint32_t offset);
  Parsed<std::string_view> expect_string();
  Parsed<std::string_view> take_id();

  std::string_view source_;
  ErrorSlot errors_;
  Lexer lexer_;
  Token tok_;
  Script script_;
  std::vector<Command> threads_;  // those that are open
};

}  // namespace cloche::text

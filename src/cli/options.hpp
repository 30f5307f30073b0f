// The command line of one verb: its options, its words, its help. See
// docs/decisions/0008-own-command-line.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloche::cli {

/// What a verb takes. Options may stand before, between and after words; a word that is a negative number is
/// no option; after `--` nothing is.
class Options {
 public:
  /// `usage` follows the verb's name in the help: "[OPTIONS] FILE...".
  Options(std::string_view verb, std::string_view usage, std::string_view purpose)
      : verb_(verb), usage_(usage), purpose_(purpose) {}

  /// `--name`: calls `set`.
  void flag(std::string_view name, std::string_view help, std::function<void()> set);
  /// `--name VALUE` or `--name=VALUE`: calls `set` with whatever stands there, once for each time. A message
  /// that it returns is a usage error.
  void value(std::string_view name, std::string_view value_name, std::string_view help,
             std::function<std::optional<std::string>(const std::string&)> set);
  /// `--name N`: a natural number; the default is what it is before.
  void number(std::string_view name, std::string_view help, uint32_t& number);
  void number(std::string_view name, std::string_view help, uint64_t& number);
  /// What the words are, for the help.
  void word(std::string_view name, std::string_view help);
  /// Text at the end of the help.
  void footer(std::string text) { footer_ = std::move(text); }

  /// Takes the command line apart and returns its words. Ends the process after printing the help, or a usage
  /// error, also when there are fewer than `min_words` words.
  std::vector<std::string> parse(const std::vector<std::string>& line, size_t min_words) const;

 private:
  struct Option {
    std::string_view name;
    std::string_view value_name;  // empty for a flag
    std::string help;
    std::function<std::optional<std::string>(const std::string&)> set;
  };
  struct Word {
    std::string_view name;
    std::string_view help;
  };
  template <class Number>
  void add_number(std::string_view name, std::string_view help, Number& number);
  /// Handles the option at line[at] and returns the place of the last word it takes.
  size_t take_option(const std::vector<std::string>& line, size_t at) const;
  void print_help() const;

  std::string_view verb_;
  std::string_view usage_;
  std::string_view purpose_;
  std::vector<Option> options_;
  std::vector<Word> words_;
  std::string footer_;
};

}  // namespace cloche::cli

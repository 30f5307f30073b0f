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
/// no option, and neither is "-"; after `--` nothing is. A one-letter option may be given with its value in
/// the same word (-oFILE) and, without values, with others (-xd).
class Options {
 public:
  /// Who is asked: one of Cloche's own verbs, or a command that answers to the name of one of wabt's. The
  /// latter's wrong usage exits 1, its long options may be shortened, -h is only help where nothing else is.
  enum class Style : uint8_t { verb, tool };

  /// `usage` follows the verb's name in the help: "[OPTIONS] FILE...".
  Options(std::string_view verb, std::string_view usage, std::string_view purpose, Style style = Style::verb)
      : verb_(verb), usage_(usage), purpose_(purpose), style_(style) {}

  /// `--name`: calls `set`. A name may be written "-n, --name": then both are the option.
  void flag(std::string_view name, std::string_view help, std::function<void()> set);
  /// The same, setting a variable.
  void flag(std::string_view name, std::string_view help, bool& set);
  /// Leaves the option added last out of the help.
  void hide_last() { options_.back().hidden = true; }
  /// `--name VALUE` or `--name=VALUE`: calls `set` with whatever stands there, once for each time. A message
  /// that it returns is a usage error.
  void value(std::string_view name, std::string_view value_name, std::string_view help,
             std::function<std::optional<std::string>(const std::string&)> set);
  /// The same, keeping the last value given.
  void value(std::string_view name, std::string_view value_name, std::string_view help, std::string& kept);
  /// `--name N`: a natural number; the default is what it is before.
  void number(std::string_view name, std::string_view help, uint32_t& number);
  void number(std::string_view name, std::string_view help, uint64_t& number);
  /// What the words are, for the help.
  void word(std::string_view name, std::string_view help);
  /// Text at the end of the help.
  void footer(std::string text) { footer_ = std::move(text); }

  /// Takes the command line apart and returns its words. Ends the process after printing the help, or a usage
  /// error, also when there are fewer than `min_words` words or more than `max_words`.
  std::vector<std::string> parse(const std::vector<std::string>& line, size_t min_words,
                                 size_t max_words = SIZE_MAX) const;

  /// Ends the process with a usage error in the verb's style.
  [[noreturn]] void refuse(const std::string& message) const;

  /// What --help prints, for the whole process: text, a manual page, or a line for each option and what it
  /// does, with a tab between them.
  enum class HelpForm : uint8_t { text, man, words };
  static void print_help_as(HelpForm form) { help_form_ = form; }

 private:
  struct Option {
    char letter = 0;              // 0 for none
    std::string_view name;        // with its dashes; empty when there is only a letter
    std::string_view value_name;  // empty for a flag
    std::string help;
    std::function<std::optional<std::string>(const std::string&)> set;
    bool hidden = false;
  };
  struct Word {
    std::string_view name;
    std::string_view help;
  };
  Option& add(std::string_view name);
  template <class Number>
  void add_number(std::string_view name, std::string_view help, Number& number);
  /// Handles the option at line[at] and returns the place of the last word it takes.
  size_t take_option(const std::vector<std::string>& line, size_t at) const;
  size_t take_letters(const std::vector<std::string>& line, size_t at) const;
  const Option* find(std::string_view name) const;
  const Option* find(char letter) const;
  /// The next word as the value of an option that was given without one.
  const std::string& next_word(const std::vector<std::string>& line, size_t& at, std::string_view name) const;
  void set(const Option& option, std::string_view name, const std::string& value) const;
  void print_help_if_asked(std::string_view word) const;
  void print_help() const;
  std::string nearest_option(const std::string& name) const;
  /// In wabt's words for a command under one of its names.
  std::string unknown_option(const std::string& name) const;
  void print_man() const;
  void print_option_words() const;
  static std::string typed_form(const Option& option);

  static HelpForm help_form_;

  std::string_view verb_;
  std::string_view usage_;
  std::string_view purpose_;
  Style style_;
  std::vector<Option> options_;
  std::vector<Word> words_;
  std::string footer_;
};

}  // namespace cloche::cli

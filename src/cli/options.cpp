#include "cli/options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "cli/cli.hpp"

namespace cloche::cli {
namespace {

constexpr int help_column = 28;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// -1, -.5, -0x10, -inf, -nan:0x1: arguments, not options.
bool is_negative_number(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  const std::string_view rest = word.substr(1);
  return is_digit(rest[0]) || (rest[0] == '.' && rest.size() > 1) || rest == "inf" || rest == "nan" ||
         rest.starts_with("nan:");
}

bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !is_negative_number(word);
}

/// A line of the help: what is typed, and what it means.
void print_entry(const std::string& typed, std::string_view help) {
  std::printf("  %-*s", help_column, typed.c_str());
  if (typed.size() >= static_cast<size_t>(help_column)) std::printf("\n  %-*s", help_column, "");
  std::printf("%.*s\n", static_cast<int>(help.size()), help.data());
}

/// Prints the text with its lines broken at spaces.
void print_filled(std::string_view text) {
  constexpr size_t width = 100;
  while (text.size() > width) {
    const size_t space = text.rfind(' ', width);
    const size_t end = space == std::string_view::npos ? width : space;
    std::printf("%.*s\n", static_cast<int>(end), text.data());
    text.remove_prefix(space == std::string_view::npos ? end : end + 1);
  }
  std::printf("%.*s\n", static_cast<int>(text.size()), text.data());
}

}  // namespace

void Options::flag(std::string_view name, std::string_view help, std::function<void()> set) {
  options_.push_back({name, {}, std::string(help), [set = std::move(set)](const std::string&) {
                        set();
                        return std::optional<std::string>();
                      }});
}

void Options::value(std::string_view name, std::string_view value_name, std::string_view help,
                    std::function<std::optional<std::string>(const std::string&)> set) {
  options_.push_back({name, value_name, std::string(help), std::move(set)});
}

template <class Number>
void Options::add_number(std::string_view name, std::string_view help, Number& number) {
  value(name, "N", std::string(help) + " (default: " + std::to_string(number) + ")",
        [&number](const std::string& word) -> std::optional<std::string> {
          const char* const end = word.data() + word.size();
          const auto [stop, status] = std::from_chars(word.data(), end, number);
          if (status == std::errc() && stop == end && !word.empty()) return std::nullopt;
          return "'" + word + "' is not a natural number in range";
        });
}

void Options::number(std::string_view name, std::string_view help, uint32_t& number) {
  add_number(name, help, number);
}

void Options::number(std::string_view name, std::string_view help, uint64_t& number) {
  add_number(name, help, number);
}

void Options::word(std::string_view name, std::string_view help) { words_.push_back({name, help}); }

std::vector<std::string> Options::parse(const std::vector<std::string>& line, size_t min_words) const {
  std::vector<std::string> words;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == "--") {
      words.insert(words.end(), line.begin() + static_cast<ptrdiff_t>(at) + 1, line.end());
      break;
    }
    if (is_option(line[at]))
      at = take_option(line, at);
    else
      words.push_back(line[at]);
  }
  if (words.size() < min_words) usage_error(verb_, std::string(words_[words.size()].name) + " is missing");
  return words;
}

size_t Options::take_option(const std::vector<std::string>& line, size_t at) const {
  const std::string& word = line[at];
  if (word == "--help" || word == "-h") {
    print_help();
    finish(exit_ok);
  }
  const size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const auto option =
      std::find_if(options_.begin(), options_.end(), [&](const Option& each) { return each.name == name; });
  if (option == options_.end()) usage_error(verb_, "there is no option " + name);
  std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
  if (option->value_name.empty()) {
    if (equals != std::string::npos) usage_error(verb_, name + " takes no value");
  } else if (equals == std::string::npos) {
    if (++at == line.size()) usage_error(verb_, name + " needs a value");
    value = line[at];
  }
  if (const auto problem = option->set(value)) usage_error(verb_, name + ": " + *problem);
  return at;
}

void Options::print_help() const {
  std::printf("usage: cloche %.*s %.*s\n\n%.*s\n\n", static_cast<int>(verb_.size()), verb_.data(),
              static_cast<int>(usage_.size()), usage_.data(), static_cast<int>(purpose_.size()),
              purpose_.data());
  for (const Word& word : words_) print_entry(std::string(word.name), word.help);
  std::printf("\nOptions:\n");
  for (const Option& option : options_) {
    std::string typed(option.name);
    if (!option.value_name.empty()) typed += " " + std::string(option.value_name);
    print_entry(typed, option.help);
  }
  print_entry("--help", "This text");
  if (!footer_.empty()) {
    std::printf("\n");
    print_filled(footer_);
  }
}

}  // namespace cloche::cli

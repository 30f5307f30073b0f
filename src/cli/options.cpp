#include "cli/options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/spelling.hpp"
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

/// Text for a manual page: hyphens, backslashes, and dots and quotes that begin a line are no commands there.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
      out += std::string("\\&") + c;
    else
      out += c;
  }
  return out;
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

/// Where words go that look like options and are not meant as such.
std::string where_words_go(std::string_view usage) {
  return usage.find("[--]") != std::string_view::npos ? "; what follows -- is passed on as it is" : "";
}

}  // namespace

Options::Option& Options::add(std::string_view name) {
  Option& option = options_.emplace_back();
  if (name.size() >= 2 && name[0] == '-' && name[1] != '-') {
    option.letter = name[1];
    const size_t comma = name.find(", ");
    name = comma == std::string_view::npos ? std::string_view() : name.substr(comma + 2);
  }
  option.name = name;
  return option;
}

void Options::flag(std::string_view name, std::string_view help, std::function<void()> set) {
  Option& option = add(name);
  option.help = help;
  option.set = [set = std::move(set)](const std::string&) {
    set();
    return std::optional<std::string>();
  };
}

void Options::flag(std::string_view name, std::string_view help, bool& set) {
  flag(name, help, [&set] { set = true; });
}

void Options::value(std::string_view name, std::string_view value_name, std::string_view help,
                    std::function<std::optional<std::string>(const std::string&)> set) {
  Option& option = add(name);
  option.value_name = value_name;
  option.help = help;
  option.set = std::move(set);
}

void Options::value(std::string_view name, std::string_view value_name, std::string_view help,
                    std::string& kept) {
  value(name, value_name, help, [&kept](const std::string& word) {
    kept = word;
    return std::optional<std::string>();
  });
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

void Options::refuse(const std::string& message) const {
  if (style_ == Style::verb) usage_error(verb_, message);
  tool_usage_error(verb_, message);
}

std::vector<std::string> Options::parse(const std::vector<std::string>& line, size_t min_words,
                                        size_t max_words) const {
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
  if (words.size() < min_words)
    refuse(style_ == Style::tool ? "expected filename argument."
                                 : std::string(words_[words.size()].name) + " is missing");
  if (words.size() > max_words) refuse("unexpected argument '" + words[max_words] + "'");
  return words;
}

std::string Options::unknown_option(const std::string& name) const {
  return style_ == Style::tool ? "unknown option '" + name + "'" : "there is no option " + name;
}

std::string Options::nearest_option(const std::string& name) const {
  base::Spelling spelling(name);
  for (const Option& option : options_) spelling.offer(option.name);
  return spelling.nearest().empty() ? std::string() : " (did you mean " + spelling.nearest() + "?)";
}

const Options::Option* Options::find(char letter) const {
  const auto found = std::find_if(options_.begin(), options_.end(),
                                  [&](const Option& each) { return each.letter == letter; });
  return found == options_.end() ? nullptr : &*found;
}

const Options::Option* Options::find(std::string_view name) const {
  const Option* shortened = nullptr;
  size_t matches = 0;
  for (const Option& option : options_) {
    if (option.name == name && !name.empty()) return &option;
    if (style_ == Style::verb || name.size() < 3 || !option.name.starts_with(name)) continue;
    shortened = &option;
    ++matches;
  }
  if (matches > 1) refuse("ambiguous option '" + std::string(name) + "'");
  return shortened;
}

const std::string& Options::next_word(const std::vector<std::string>& line, size_t& at,
                                      std::string_view name) const {
  if (++at == line.size())
    refuse(style_ == Style::tool ? "option '" + std::string(name) + "' requires argument"
                                 : std::string(name) + " needs a value");
  return line[at];
}

void Options::set(const Option& option, std::string_view name, const std::string& value) const {
  if (const auto problem = option.set(value)) refuse(std::string(name) + ": " + *problem);
}

void Options::print_help_if_asked(std::string_view word) const {
  if (word != "--help" && (word != "-h" || find('h'))) return;
  switch (help_form_) {
    case HelpForm::text:
      print_help();
      break;
    case HelpForm::man:
      print_man();
      break;
    case HelpForm::words:
      print_option_words();
      break;
  }
  finish(exit_ok);
}

size_t Options::take_option(const std::vector<std::string>& line, size_t at) const {
  const std::string& word = line[at];
  print_help_if_asked(word);
  if (word[1] != '-') return take_letters(line, at);
  const size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const Option* const option = find(name);
  if (!option) refuse(unknown_option(name) + nearest_option(name) + where_words_go(usage_));
  std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
  if (option->value_name.empty()) {
    if (equals != std::string::npos) refuse(name + " takes no value");
  } else if (equals == std::string::npos) {
    value = next_word(line, at, name);
  }
  set(*option, name, value);
  return at;
}

size_t Options::take_letters(const std::vector<std::string>& line, size_t at) const {
  const std::string& word = line[at];
  for (size_t i = 1; i < word.size(); ++i) {
    const std::string name = {'-', word[i]};
    const Option* const option = find(word[i]);
    if (!option) refuse(unknown_option(i == 1 ? word : name) + where_words_go(usage_));
    if (option->value_name.empty()) {
      set(*option, name, "");
      continue;
    }
    const std::string rest = word.substr(i + 1);
    set(*option, name, rest.empty() ? next_word(line, at, name) : rest);
    break;
  }
  return at;
}

std::string Options::typed_form(const Option& option) {
  std::string typed;
  if (option.letter) typed += std::string("-") + option.letter;
  if (option.letter && !option.name.empty()) typed += ", ";
  typed += option.name;
  if (!option.value_name.empty()) typed += " " + std::string(option.value_name);
  return typed;
}

Options::HelpForm Options::help_form_ = HelpForm::text;

/// Lines "--option<TAB>help", which the completions of shells ask for.
void Options::print_option_words() const {
  for (const Option& option : options_) {
    if (option.hidden) continue;
    const std::string name = option.name.empty() ? std::string{'-', option.letter} : std::string(option.name);
    std::printf("%s\t%s\n", name.c_str(), option.help.c_str());
  }
  std::printf("--help\tThis text\n");
}

void Options::print_man() const {
  const bool is_verb = style_ == Style::verb;
  const std::string name = (is_verb ? "cloche-" : "") + std::string(verb_);
  std::printf(".TH %s 1 \"\" \"cloche " CLOCHE_VERSION
              "\"\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.B %s\n%s\n.SH DESCRIPTION\n%s\n",
              roff(name).c_str(), roff(name).c_str(), roff(purpose_).c_str(),
              roff(is_verb ? "cloche " + std::string(verb_) : name).c_str(), roff(usage_).c_str(),
              roff(purpose_).c_str());
  for (const Word& word : words_)
    std::printf(".TP\n.I %s\n%s\n", roff(word.name).c_str(), roff(word.help).c_str());
  std::printf(".SH OPTIONS\n");
  for (const Option& option : options_)
    if (!option.hidden)
      std::printf(".TP\n.B %s\n%s\n", roff(typed_form(option)).c_str(), roff(option.help).c_str());
  std::printf(".TP\n.B \\-\\-help\nThe options.\n");
  if (!footer_.empty()) std::printf(".SH NOTES\n%s\n", roff(footer_).c_str());
  if (is_verb) std::printf(".SH SEE ALSO\n.BR cloche (1)\n");
}

void Options::print_help() const {
  std::printf("usage: %s%.*s %.*s\n\n%.*s\n\n", style_ == Style::verb ? "cloche " : "",
              static_cast<int>(verb_.size()), verb_.data(), static_cast<int>(usage_.size()), usage_.data(),
              static_cast<int>(purpose_.size()), purpose_.data());
  for (const Word& word : words_) print_entry(std::string(word.name), word.help);
  std::printf("\nOptions:\n");
  for (const Option& option : options_)
    if (!option.hidden) print_entry(typed_form(option), option.help);
  print_entry("--help", "This text");
  if (!footer_.empty()) {
    std::printf("\n");
    print_filled(footer_);
  }
}

}  // namespace cloche::cli

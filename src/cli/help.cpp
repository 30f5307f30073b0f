// cloche help [TOPIC|VERB], cloche man VERB, cloche completion SHELL: everything the command says about
// itself beside the --help of each verb. Options are described in one place, where verbs declare them; man
// pages and completions are other forms of their --help.
#include <cstdio>

#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/embedded.hpp"
#include "cli/wabt/tools.hpp"

namespace cloche::cli {
namespace {

void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

struct Subject {
  std::string_view name;
  void (*run)(const std::vector<std::string>& line);
  std::string_view purpose;
};

/// Verbs and the commands under wabt's names.
std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const Verb& verb : verbs()) all.push_back({verb.name, verb.run, verb.purpose});
  for (const Tool& tool : tools()) all.push_back({tool.name, tool.run, tool.purpose});
  return all;
}

const Subject* find_subject(const std::vector<Subject>& all, std::string_view name) {
  for (const Subject& each : all)
    if (each.name == name) return &each;
  return nullptr;
}

std::vector<std::string> names_of(const std::vector<Subject>& all) {
  std::vector<std::string> names;
  for (const Subject& each : all) names.emplace_back(each.name);
  for (const Embedded& topic : topics()) names.emplace_back(topic.name);
  return names;
}

void print_topics() {
  std::printf("\nConcepts, each explained by cloche help TOPIC:\n\n");
  for (const Embedded& topic : topics())
    std::printf("  %-17.*s%.*s\n", static_cast<int>(topic.name.size()), topic.name.data(),
                static_cast<int>(topic.title().size()), topic.title().data());
}

/// Takes the words of one of these verbs; --help and wrong usage end the process.
std::vector<std::string> parse(std::string_view verb, std::string_view usage, std::string_view purpose,
                               std::string_view word, std::string_view word_help,
                               const std::vector<std::string>& line, size_t min_words, size_t max_words) {
  Options options(verb, usage, purpose);
  options.word(word, word_help);
  return options.parse(line, min_words, max_words);
}

// ---- Man pages

/// The page of the whole command; those of verbs are made by Options.
void print_main_page() {
  put(".TH CLOCHE 1 \"\" \"cloche " CLOCHE_VERSION
      "\"\n.SH NAME\ncloche \\- a WebAssembly engine and toolkit that you can "
      "see into\n.SH SYNOPSIS\n.B cloche\n.I VERB\n[\\fIOPTIONS\\fR] [\\fIWORDS\\fR]\n.SH DESCRIPTION\nReads "
      "WebAssembly "
      "modules as text or binary, checks them completely, runs them, and says what went wrong and "
      "where.\n.SH VERBS\n");
  for (const Subject& each : subjects())
    std::printf(".TP\n.BR cloche\\-%.*s (1)\n%.*s\n", static_cast<int>(each.name.size()), each.name.data(),
                static_cast<int>(each.purpose.size()), each.purpose.data());
  put(".SH EXIT STATUS\n0 for success, 134 for a trap, 1 for a file that cannot be read, parsed, validated "
      "or linked, 2 "
      "for wrong usage; the commands under wabt's names exit with 1 for wrong usage too.\n.SH "
      "ENVIRONMENT\n.B NO_COLOR\n"
      "keeps messages without colors,\n.B CLICOLOR_FORCE\ngives them colors where no terminal is.\n");
}

// ---- Completions

void print_words(std::string_view name, std::string_view purpose) {
  std::printf("%.*s\t%.*s\n", static_cast<int>(name.size()), name.data(), static_cast<int>(purpose.size()),
              purpose.data());
}

/// What the scripts ask: the verbs, or with a verb its options, each a line with what it is behind a tab.
void complete_words(const std::vector<std::string>& words) {
  const std::vector<Subject> all = subjects();
  if (words.size() == 1) {
    for (const Subject& each : all) print_words(each.name, each.purpose);
    return;
  }
  if (const Subject* const subject = find_subject(all, words[1])) {
    Options::print_help_as(Options::HelpForm::words);
    subject->run({"--help"});
  }
}  // namespace

}  // namespace

void help(const std::vector<std::string>& line) {
  const auto words = parse("help", "[TOPIC|VERB]", "Explains a concept, or what a verb does.", "TOPIC|VERB",
                           "Without it: what there is", line, 0, 1);
  if (words.empty()) {
    print_command_help();
    return print_topics();
  }
  for (const Embedded& topic : topics())
    if (topic.name == words[0]) return put(topic.text);
  const std::vector<Subject> all = subjects();
  if (const Subject* const subject = find_subject(all, words[0])) return subject->run({"--help"});
  usage_error("help", "there is no topic or verb '" + words[0] + "'" + did_you_mean(words[0], names_of(all)));
}

void man(const std::vector<std::string>& line) {
  const auto words =
      parse("man", "[VERB]", "Prints the manual page of a verb, or of the command, for man -l.", "VERB",
            "One of cloche's verbs", line, 0, 1);
  if (words.empty()) return print_main_page();
  const std::vector<Subject> all = subjects();
  const Subject* const subject = find_subject(all, words[0]);
  if (subject == nullptr)
    usage_error("man", "there is no verb '" + words[0] + "'" + did_you_mean(words[0], names_of(all)));
  Options::print_help_as(Options::HelpForm::man);
  subject->run({"--help"});
}

void completion(const std::vector<std::string>& line) {
  const auto words =
      parse("completion", "bash|zsh|fish", "Prints a script that completes cloche's words in a shell.",
            "bash|zsh|fish", "The shell; the script says how to load it", line, 1, 2);
  for (const Embedded& shell : shells())
    if (shell.name == words[0]) return put(shell.text);
  if (words[0] == "words") return complete_words(words);
  if (words[0] == "tools") {
    for (const Tool& tool : tools())
      std::printf("%.*s\n", static_cast<int>(tool.name.size()), tool.name.data());
    return;
  }
  if (words[0] != "topics") usage_error("completion", "there is no completion for '" + words[0] + "'");
  for (const Embedded& topic : topics()) print_words(topic.name, topic.title());
  for (const Verb& verb : verbs()) print_words(verb.name, verb.purpose);
}

}  // namespace cloche::cli

// Going back is exact: programs of the specification's scripts are run forwards in the debugger, with a
// record of the whole state after every instruction; then every step is visited again, from the last to the
// first, and some by chance, and must be as it was recorded.
//
//   cloche_reverse_test SPEC [--seed N] [--sessions N] [--steps N] [--only NAME]
//
// SPEC is the folder of the scripts. --sessions is how many are held with each script; a fraction takes so
// many of the scripts. Exit code 0 when all is exact, 77 when there are no scripts.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sessions.hpp"

namespace cloche::reverse {
namespace {

struct Settings {
  std::filesystem::path spec;
  uint64_t seed = 20250601;
  double sessions = 2;
  uint64_t steps = 120;  // recorded in a session, at most
  std::string only;      // part of a script's name
};

/// What was seen of a moment.
struct State {
  debug::Stop stop;
  std::string digest;
  std::string view;  // for the message when something differs

  bool operator==(const State& other) const {
    return stop.step == other.stop.step && stop.depth == other.stop.depth && stop.line == other.stop.line &&
           stop.func == other.stop.func && is_trap() == other.is_trap() && digest == other.digest &&
           view == other.view;
  }
  bool is_trap() const { return stop.why.starts_with("trap"); }
};

struct Totals {
  size_t sessions = 0;
  size_t actions = 0;
  size_t steps = 0;
  size_t different = 0;  // states among them
  size_t traps = 0;
  size_t visits = 0;
  size_t failures = 0;
};

State look(debug::Timeline& timeline) {
  return {timeline.now(), timeline.show("digest"), timeline.show("where") + timeline.show("locals")};
}

std::vector<State> record_forwards(debug::Timeline& timeline, uint64_t steps) {
  std::vector<State> states;
  while (!timeline.now().ended && states.size() < steps) {
    states.push_back(look(timeline));
    timeline.run(debug::RunKind::on, 1);
  }
  return states;
}

/// Visits a recorded moment again.
void visit(debug::Timeline& timeline, const State& expected, const std::string& name, Totals& totals) {
  timeline.go_to(expected.stop.step);
  ++totals.visits;
  const State found = look(timeline);
  if (found == expected) return;
  if (++totals.failures > 10) return;
  std::printf("%s: step %llu was %s%s%sis now step %llu %s%s%s", name.c_str(),
              static_cast<unsigned long long>(expected.stop.step), expected.stop.why.c_str(),
              expected.view.c_str(), expected.digest.c_str(),
              static_cast<unsigned long long>(found.stop.step), found.stop.why.c_str(), found.view.c_str(),
              found.digest.c_str());
}

void hold_session(const Source& source, const Settings& settings, std::mt19937_64& random, Totals& totals) {
  const Program program = choose(source, 1 + random() % 12, random);
  if (program.actions == 0) return;
  // Checkpoints so near to each other that most sessions have some.
  Session session(program, 5 + random() % 60);
  if (!session.is_good()) return;  // none of the actions runs code
  debug::Timeline& timeline = session.timeline();
  const std::vector<State> states = record_forwards(timeline, settings.steps);
  for (size_t back = 1; back <= states.size(); ++back)
    visit(timeline, states[states.size() - back], source.name, totals);
  for (size_t jump = 0; jump < states.size() / 8; ++jump)
    visit(timeline, states[random() % states.size()], source.name, totals);
  ++totals.sessions;
  totals.actions += program.actions;
  totals.steps += states.size();
  std::vector<std::string> digests;
  for (const State& state : states) {
    totals.traps += state.is_trap() ? 1 : 0;
    digests.push_back(state.digest);
  }
  std::sort(digests.begin(), digests.end());
  totals.different += static_cast<size_t>(std::unique(digests.begin(), digests.end()) - digests.begin());
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// The scripts of WebAssembly 3.0, and those of proposals that fit together with it.
std::vector<Source> find_sources(const Settings& settings) {
  struct Folder {
    const char* name;
    const char* feature;
  };
  constexpr Folder folders[] = {{"core", ""},
                                {"legacy", "legacy-exceptions"},
                                {"proposals/custom-page-sizes", "custom-page-sizes"},
                                {"proposals/wide-arithmetic", "wide-arithmetic"}};
  std::vector<Source> sources;
  for (const Folder& folder : folders) {
    wasm::FeatureSet features = wasm::FeatureSet::wasm3();
    if (const auto feature = wasm::find_feature(folder.feature)) features = features.with(*feature);
    std::error_code none;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(settings.spec / folder.name, none)) {
      const std::string name = entry.path().lexically_relative(settings.spec).string();
      if (entry.path().extension() != ".wast" || name.find(settings.only) == std::string::npos) continue;
      sources.push_back({name, read(entry.path()), features});
    }
  }
  std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.name < b.name; });
  return sources;
}

Settings parse(int count, char** words) {
  Settings settings;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const char* const value = i + 1 < count ? words[i + 1] : "";
    if (word == "--seed")
      settings.seed = std::strtoull(value, nullptr, 10), ++i;
    else if (word == "--sessions")
      settings.sessions = std::strtod(value, nullptr), ++i;
    else if (word == "--steps")
      settings.steps = std::strtoull(value, nullptr, 10), ++i;
    else if (word == "--only")
      settings.only = value, ++i;
    else
      settings.spec = word;
  }
  return settings;
}

int run(const Settings& settings) {
  if (!interp::Probes::available) {
    std::printf("skipped: this build has no probes\n");
    return 77;
  }
  std::vector<Source> sources = find_sources(settings);
  if (sources.empty()) {
    std::printf("skipped: no scripts in %s\n", settings.spec.c_str());
    return 77;
  }
  std::printf("seed %llu\n", static_cast<unsigned long long>(settings.seed));
  std::mt19937_64 random(settings.seed);
  if (settings.sessions < 1) {
    std::shuffle(sources.begin(), sources.end(), random);
    sources.resize(
        std::max<size_t>(1, static_cast<size_t>(static_cast<double>(sources.size()) * settings.sessions)));
  }
  Totals totals;
  for (const Source& source : sources)
    for (double i = 0; i < settings.sessions; ++i) hold_session(source, settings, random, totals);
  std::printf(
      "%zu sessions with %zu actions: %zu steps, %zu of them different states, %zu traps; %zu visits, %zu "
      "failures\n",
      totals.sessions, totals.actions, totals.steps, totals.different, totals.traps, totals.visits,
      totals.failures);
  // A digest that sees nothing would find everything exact.
  if (totals.steps == 0 || totals.different < totals.steps / 2) {
    std::printf("the states differ too little to tell anything\n");
    return 1;
  }
  return totals.failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace cloche::reverse

int main(int count, char** words) { return cloche::reverse::run(cloche::reverse::parse(count, words)); }

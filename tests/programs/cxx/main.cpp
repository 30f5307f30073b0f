// A C++ program of the usual kind: it counts words in files, walks graphs, and calculates. Its output depends
// on no container's order of hashing, so libc++ in the sandbox and libstdc++ natively must print the same.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <deque>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

namespace {

// Debian's libc++ for wasm32-wasi has no <fstream>.
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::optional<std::string> read_file(const std::string& name) {
  const File file(std::fopen(name.c_str(), "rb"));
  if (!file) return std::nullopt;
  std::string text;
  std::vector<char> buffer(1000);
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
    text.append(buffer.data(), count);
  return text;
}

bool write_file(const std::string& name, const std::string& text) {
  const File file(std::fopen(name.c_str(), "wb"));
  return file && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
}

int words(const std::string& name) {
  const auto text = read_file(name);
  if (!text) {
    std::cerr << "cannot read " << name << '\n';
    return 1;
  }
  std::istringstream in(*text);
  std::unordered_map<std::string, std::vector<size_t>> lines_of;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) {
      return std::isalpha(c) ? static_cast<char>(std::tolower(c)) : ' ';
    });
    std::istringstream words(line);
    for (std::string word; words >> word;) lines_of[word].push_back(number);
  }
  std::vector<std::pair<std::string, std::vector<size_t>>> sorted(lines_of.begin(), lines_of.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(b.second.size(), a.first) < std::make_tuple(a.second.size(), b.first);
  });
  std::ostringstream out;
  for (const auto& [word, lines] : sorted) {
    out << std::left << std::setw(16) << word << std::right << std::setw(5) << lines.size() << ' ';
    std::copy(lines.begin(), lines.end(), std::ostream_iterator<size_t>(out, ","));
    out << '\n';
  }
  const size_t total =
      std::accumulate(sorted.begin(), sorted.end(), size_t{0},
                      [](size_t sum, const auto& entry) { return sum + entry.second.size(); });
  std::cout << sorted.size() << " words, " << total << " in all, most often "
            << std::quoted(sorted.front().first) << ", mean " << std::fixed << std::setprecision(3)
            << static_cast<double>(total) / sorted.size() << '\n';
  return write_file("counts.txt", out.str()) ? 0 : 1;
}

struct Edge {
  size_t to;
  double weight;
};

int graph(size_t size) {
  std::mt19937 random(42);  // the standard fixes its numbers, but not those of distributions
  std::vector<std::list<Edge>> edges(size);
  for (size_t from = 0; from < size; ++from)
    for (size_t i = 0; i < 8; ++i) edges[from].push_back({random() % size, (random() % 1000 + 1) / 8.0});

  std::vector<double> distance(size, std::numeric_limits<double>::infinity());
  using Item = std::pair<double, size_t>;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> queue;
  distance[0] = 0;
  queue.emplace(0.0, 0);
  while (!queue.empty()) {
    const auto [far, node] = queue.top();
    queue.pop();
    if (far > distance[node]) continue;
    for (const Edge& edge : edges[node])
      if (far + edge.weight < distance[edge.to])
        queue.emplace(distance[edge.to] = far + edge.weight, edge.to);
  }
  std::deque<size_t> breadth{0};
  std::unordered_set<size_t> seen{0};
  std::multimap<size_t, std::string> levels;
  while (!breadth.empty()) {
    const size_t node = breadth.front();
    breadth.pop_front();
    levels.emplace(seen.size() / 16, std::to_string(node));
    for (const Edge& edge : edges[node])
      if (seen.insert(edge.to).second) breadth.push_back(edge.to);
  }
  std::set<double> rounded;
  for (const double far : distance)
    if (std::isfinite(far)) rounded.insert(std::floor(std::sqrt(far) * 4) / 4);
  std::cout << seen.size() << " reached, farthest "
            << *std::max_element(
                   distance.begin(), distance.end(),
                   [](double a, double b) { return (std::isinf(a) ? -1 : a) < (std::isinf(b) ? -1 : b); })
            << ", " << levels.size() << " in levels, roots:";
  for (const double root : rounded) std::cout << ' ' << root;
  std::cout << '\n'
            << std::hexfloat << std::sqrt(distance[1]) << std::defaultfloat << ' ' << std::boolalpha
            << std::isfinite(distance[1]) << '\n';
  return 0;
}

// Expressions as trees of variants, printed and evaluated.
struct Node;
using Tree = std::shared_ptr<Node>;
struct Node {
  std::variant<double, std::string, std::tuple<char, Tree, Tree>> value;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Tree> whole() {
    auto tree = sum();
    skip();
    return rest_.empty() ? tree : std::nullopt;
  }

 private:
  void skip() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(char c) {
    skip();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<Tree> binary(std::string_view operators, std::optional<Tree> (Parser::*part)()) {
    auto left = (this->*part)();
    while (left) {
      const auto found = std::find_if(operators.begin(), operators.end(), [this](char c) { return take(c); });
      if (found == operators.end()) break;
      auto right = (this->*part)();
      if (!right) return std::nullopt;
      left = std::make_shared<Node>(Node{std::make_tuple(*found, *left, *right)});
    }
    return left;
  }
  std::optional<Tree> sum() { return binary("+-", &Parser::product); }
  std::optional<Tree> product() { return binary("*/", &Parser::atom); }
  std::optional<Tree> atom() {
    skip();
    if (take('(')) {
      auto inner = sum();
      return take(')') ? inner : std::nullopt;
    }
    const size_t letters = std::min(rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), rest_.size());
    if (letters > 0) {
      const std::string name(rest_.substr(0, letters));
      rest_.remove_prefix(letters);
      return std::make_shared<Node>(Node{name});
    }
    const size_t digits = std::min(rest_.find_first_not_of("0123456789."), rest_.size());
    if (digits == 0) return std::nullopt;
    const double number = std::strtod(std::string(rest_.substr(0, digits)).c_str(), nullptr);
    rest_.remove_prefix(digits);
    return std::make_shared<Node>(Node{number});
  }

  std::string_view rest_;
};

double evaluate(const Node& node, const std::map<std::string, double, std::less<>>& variables) {
  struct Visitor {
    const std::map<std::string, double, std::less<>>& variables;
    double operator()(double number) const { return number; }
    double operator()(const std::string& name) const {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nan("") : found->second;
    }
    double operator()(const std::tuple<char, Tree, Tree>& operation) const {
      const double left = evaluate(*std::get<1>(operation), variables);
      const double right = evaluate(*std::get<2>(operation), variables);
      switch (std::get<0>(operation)) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        default:
          return left / right;
      }
    }
  };
  return std::visit(Visitor{variables}, node.value);
}

int calculate() {
  std::map<std::string, double, std::less<>> variables{{"pi", 3.14159265358979}, {"e", 2.71828182845905}};
  size_t wrong = 0;
  for (std::string line; std::getline(std::cin, line);) {
    const size_t equals = line.find('=');
    const std::string name = equals == std::string::npos ? "it" : line.substr(0, line.find_first_of(" ="));
    const auto tree =
        Parser(std::string_view(line).substr(equals == std::string::npos ? 0 : equals + 1)).whole();
    if (!tree) {
      ++wrong;
      std::cout << "?  " << line << std::endl;
      continue;
    }
    variables[name] = evaluate(**tree, variables);
    const double value = variables[name];
    if (std::isnan(value))
      std::cout << name << " is not known\n";
    else
      std::cout << name << " = " << std::setprecision(12) << value << '\n';
  }
  std::cout << wrong << " lines not understood" << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "words" && argc == 3) return words(argv[2]);
  size_t size = 0;
  if (verb == "graph" && argc == 3) {
    const std::string_view text = argv[2];
    if (std::from_chars(text.data(), text.data() + text.size(), size).ec == std::errc() && size > 1)
      return graph(size);
  }
  if (verb == "calculate") return calculate();
  std::cerr << "usage: cxx words FILE | graph SIZE | calculate\n";
  return 2;
}

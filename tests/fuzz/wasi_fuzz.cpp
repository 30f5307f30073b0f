// Calls of WASI with arguments of every kind, on a scratch directory with a canary beside it. Whatever is
// called, the canary stays as it was, no descriptor of the host is left open, and nothing crashes.
//
// An input is a program: a byte chooses a function, each argument takes a byte that chooses its kind and
// those it needs.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "../sandbox/guest_module.hpp"
#include "cloche/cloche.hpp"
#include "cloche/wasi.hpp"

namespace {

using namespace cloche;
namespace fs = std::filesystem;

constexpr std::string_view canary = "canary";
constexpr uint32_t max_calls = 60;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

/// The tree: in/ and read/ are granted, out/ is not.
class Tree {
 public:
  Tree() {
    // In memory where that can be had: file systems on disks are slow at making and removing the same files.
    const fs::path place = access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::string pattern = (place / "cloche-wasi-fuzz-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) fail("no scratch directory");
    root_ = pattern;
    fs::create_directories(root_ / "out/dir");
    write("out/secret");
    write("out/dir/secret");
    outside_ = identity();
  }

  const fs::path& root() const { return root_; }

  void renew() const {
    for (const char* name : {"in", "read"}) {
      fs::remove_all(root_ / name);
      fs::create_directories(root_ / name / "d/d");
      write(std::string(name) + "/f");
      write(std::string(name) + "/d/f");
      link("../out", std::string(name) + "/l");
      link((root_ / "out").string(), std::string(name) + "/a");
      link("../../out/secret", std::string(name) + "/d/l");
      link("../out/new", std::string(name) + "/n");
      link("d", std::string(name) + "/i");
      link("o", std::string(name) + "/o");
    }
    before_ = read_only_state();
  }

  void check() const {
    if (identity() != outside_) fail("what lies outside was changed");
    if (read_only_state() != before_) fail("what may only be read was changed");
  }

  void remove() const { fs::remove_all(root_); }

 private:
  void write(const std::string& path) const { std::ofstream(root_ / path) << canary; }
  void link(const std::string& target, const std::string& path) const {
    if (symlink(target.c_str(), (root_ / path).c_str()) != 0) fail("no link");
  }
  static std::string state_of(const fs::path& path) {
    struct stat status = {};
    if (lstat(path.c_str(), &status) != 0) return "gone";
    return std::to_string(status.st_ino) + ' ' + std::to_string(status.st_nlink) + ' ' +
           std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
           std::to_string(status.st_mtim.tv_nsec) + '\n';
  }
  std::string identity() const {
    std::string all;
    for (const char* name : {"out", "out/secret", "out/dir", "out/dir/secret"}) all += state_of(root_ / name);
    return all;
  }
  std::string read_only_state() const {
    std::string all;
    for (const char* name :
         {"read", "read/f", "read/d", "read/d/f", "read/d/d", "read/l", "read/n", "read/o"})
      all += state_of(root_ / name);
    return all;
  }

  fs::path root_;
  std::string outside_;
  mutable std::string before_;
};

/// Takes an input apart; past its end everything is 0.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool is_empty() const { return size_ == 0; }
  uint8_t byte() {
    if (is_empty()) return 0;
    --size_;
    return *data_++;
  }
  uint64_t number(int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | byte();
    return value;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

/// Makes the arguments of one call, and lays down in memory what they point at.
class ArgumentMaker {
 public:
  ArgumentMaker(Input& input, const Memory& memory) : input_(input), memory_(memory) {}

  std::vector<Value> make(std::string_view shape) {
    for (const char letter : shape) add(letter);
    return std::move(values_);
  }

 private:
  static constexpr uint32_t scratch_begin = 4096;

  void add(char letter) {
    const uint8_t kind = input_.byte();
    const bool is_odd = kind >= 240;  // anything at all
    switch (letter) {
      case 'd':
        return i32(is_odd ? input_.number(4) : kind % 12);
      case 'p':
        return is_odd ? pair(input_.number(4), input_.number(4)) : path(kind);
      case 'b':
        return is_odd ? pair(input_.number(4), input_.number(4)) : pair(64 * 1024, kind * 16);
      case 'v':
        return is_odd ? pair(input_.number(4), input_.number(4)) : pieces(kind);
      case 's':
        return is_odd ? i32(input_.number(4)) : subscriptions();
      case 'o':
        return i32(is_odd ? input_.number(4) : kind % 8 * 8);
      case 'f':
        return i32(is_odd ? input_.number(4) : kind % 32);
      case 'l':
        return i64(is_odd ? input_.number(8) : kind % 8);
      case 'R':
        return i64(is_odd ? input_.number(8) : kind < 120 ? (1 << 30) - 1 : uint64_t{1} << kind % 30);
      default:
        return i64(is_odd ? input_.number(8) : kind < 200 ? kind : ~uint64_t{0} - kind);
    }
  }

  void i32(uint64_t value) { values_.emplace_back(static_cast<uint32_t>(value)); }
  void i64(uint64_t value) { values_.emplace_back(value); }
  void pair(uint64_t at, uint64_t size) {
    i32(at);
    i32(size);
  }

  uint32_t put(std::string_view bytes) {
    const uint32_t at = next_;
    const auto view = memory_.view();
    std::copy(bytes.begin(), bytes.end(), view.begin() + at);
    next_ += static_cast<uint32_t>((bytes.size() + 15) / 8 * 8);
    return at;
  }

  void path(uint8_t parts) {
    static constexpr std::string_view names[] = {"..",     ".",   "d",   "f",  "l",   "a", "i",
                                                 "n",      "o",   "/",   "//", "x",   "y", "",
                                                 "secret", "new", "out", "in", "f\0x"};
    std::string text;
    for (int i = 0; i <= parts % 8; ++i) {
      const uint8_t choice = input_.byte();
      text += choice == 255 ? std::string(300, 'z') : std::string(names[choice % std::size(names)]);
      if (choice % 3 != 0) text += '/';
    }
    if (parts % 2 == 0) text = text.substr(0, text.find_last_not_of('/') + 1);
    pair(put(text), text.size());
  }

  void pieces(uint8_t kind) {
    std::vector<uint32_t> list;
    for (int i = 0; i < kind % 5; ++i) {
      const uint8_t choice = input_.byte();
      list.push_back(choice >= 250 ? static_cast<uint32_t>(input_.number(4)) : 128 * 1024u);
      list.push_back(choice == 255 ? static_cast<uint32_t>(input_.number(4)) : choice);
    }
    pair(put({reinterpret_cast<const char*>(list.data()), list.size() * 4}), list.size());
  }

  void subscriptions() {
    // As many as the small numbers that may come behind ask for; some clock is always among them, so that it
    // ends.
    std::string bytes(48 * 32, '\0');
    for (size_t i = 1; i < 6; ++i) {
      bytes[48 * i + 8] = static_cast<char>(input_.byte() % 4);
      bytes[48 * i + 16] = static_cast<char>(input_.byte() % 16);
      bytes[48 * i + 24] = static_cast<char>(input_.byte());
      bytes[48 * i + 40] = static_cast<char>(input_.byte() % 4);
    }
    bytes[16] = 1;
    i32(put(bytes));
  }

  Input& input_;
  const Memory& memory_;
  std::vector<Value> values_;
  uint32_t next_ = scratch_begin;
};

/// The lowest free number of the host's descriptors.
int lowest_free() {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(fd);
  return fd;
}

/// Calls take less than this, but one that waits for ever would stop the fuzzer: no pipe or socket is
/// granted.
void run(Input& input, const Engine& engine, const Module& module, const Tree& tree) {
  Wasi wasi;
  wasi.deterministic(1);  // waiting takes no time
  if (input.byte() % 2 == 1) wasi.without_openat2();
  if (!wasi.dir((tree.root() / "in").string(), "/in") ||
      !wasi.dir((tree.root() / "read").string(), "/read", DirAccess::read_only) ||
      !wasi.stdin_file("/dev/null"))
    fail("nothing can be granted");
  auto store = Store::create(engine);
  if (!store) return;
  Linker linker(*store);
  if (!wasi.add_to(linker)) fail("WASI cannot be linked");
  const auto instance = linker.instantiate(module);
  if (!instance) fail(instance.error().message().c_str());
  const Memory memory = *instance->memory("memory");
  const auto functions = sandbox::guest_functions();
  for (uint32_t count = 0; !input.is_empty() && count < max_calls; ++count) {
    const auto& function = functions[input.byte() % functions.size()];
    if (function.name == "proc_raise") continue;
    const auto values = ArgumentMaker(input, memory).make(function.shape);
    const auto result = instance->func(function.name)->call(values);
    if (!result) fail(result.error().message().c_str());
    if (result->front().bits() > 76) fail("no errno");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Engine engine = *Engine::create();
  static const Module module = [] {
    // Files stay small, whatever size they are given.
    const rlimit limit = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    auto made = Module::from_text(engine, sandbox::guest_module_text());
    if (!made) fail(made.error().message().c_str());
    return *made;
  }();
  static const Tree tree;
  static const bool registered = std::atexit([] { tree.remove(); }) == 0;
  (void)registered;
  tree.renew();
  const int before = lowest_free();
  Input input(data, size);
  run(input, engine, module, tree);
  if (lowest_free() != before) fail("a descriptor was left open");
  tree.check();
  return 0;
}

// A scratch tree for tests of files: `in/` is granted, `out/` beside it must stay as it was.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <string>

#include "platform/beneath.hpp"

namespace cloche::platform {

class Scratch {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cloche-beneath-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    std::filesystem::create_directories(inside() / "dir/nested");
    std::filesystem::create_directories(outside() / "dir");
    write("in/file", "inside");
    write("in/dir/nested/file", "nested");
    write("out/secret", "canary");
    write("out/dir/secret", "canary");
    directory_ = Descriptor(::open(inside().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    before_ = snapshot("out");
  }
  ~Scratch() {
    directory_.reset();
    std::filesystem::remove_all(root_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path root() const { return root_; }
  std::filesystem::path inside() const { return root_ / "in"; }
  std::filesystem::path outside() const { return root_ / "out"; }
  int directory() const { return directory_.get(); }

  void write(const std::string& path, const std::string& text) const { std::ofstream(root_ / path) << text; }
  std::string read(const std::string& path) const {
    std::ifstream file(root_ / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void link(const std::string& target, const std::string& path) const {
    ASSERT_EQ(::symlink(target.c_str(), (root_ / path).c_str()), 0) << path;
  }
  /// All that lies beneath a directory, with identities, sizes, times of change and contents.
  std::map<std::string, std::string> snapshot(const std::string& directory) const {
    std::map<std::string, std::string> all = {{"", identity(root_ / directory)}};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / directory)) {
      const std::string relative = entry.path().lexically_relative(root_).string();
      all[relative] = identity(entry.path()) + (entry.is_regular_file() ? read(relative) : "");
    }
    return all;
  }

  bool exists(const std::string& path) const {
    return std::filesystem::exists(std::filesystem::symlink_status(root_ / path));
  }

  /// Whether everything outside is as it was, times included.
  testing::AssertionResult canary_is_untouched() const {
    if (snapshot("out") == before_) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "what lies outside was changed";
  }

 private:
  static std::string identity(const std::filesystem::path& path) {
    struct stat status = {};
    EXPECT_EQ(lstat(path.c_str(), &status), 0);
    return std::to_string(status.st_ino) + ' ' + std::to_string(status.st_mode) + ' ' +
           std::to_string(status.st_nlink) + ' ' + std::to_string(status.st_size) + ' ' +
           std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec) + ' ';
  }

  std::filesystem::path root_;
  Descriptor directory_;
  std::map<std::string, std::string> before_;
};

/// How many descriptors the process has open.
inline size_t open_descriptors() {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    count += !entry.path().empty();
  return count;
}

/// How tests are named that run with each resolver.
inline void PrintTo(Resolver resolver, std::ostream* out) {
  *out << (resolver == Resolver::automatic ? "automatic" : "step by step");
}

/// The number of an error, 0 for success, so that a table can hold either.
template <class T>
int number_of(const SystemResult<T>& result) {
  return result ? 0 : result.error().number;
}

}  // namespace cloche::platform

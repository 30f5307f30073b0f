// Mapped files: their contents, what is read instead of being mapped, and a file that is shortened meanwhile.
#include "platform/mapped_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "platform/signals.hpp"

namespace cloche::platform {
namespace {

std::string temporary_file(const std::string& contents) {
  char path[] = "/tmp/cloche-mapped-XXXXXX";
  const int fd = mkstemp(path);
  EXPECT_GE(fd, 0);
  close(fd);
  std::ofstream(path) << contents;
  return path;
}

bool is_all(const FileBytes& file, char c) {
  return std::all_of(file.bytes.begin(), file.bytes.end(), [c](uint8_t byte) { return byte == c; });
}

TEST(MappedFile, HasTheBytesOfSmallAndLargeFiles) {
  for (const size_t size :
       {size_t{0}, size_t{1}, size_t{min_mapped_bytes} - 1, size_t{min_mapped_bytes} + 5000}) {
    const std::string path = temporary_file(std::string(size, 'x'));
    const auto file = map_file(path, size);
    unlink(path.c_str());
    ASSERT_TRUE(file);
    EXPECT_EQ(file->bytes.size(), size);
    EXPECT_TRUE(is_all(*file, 'x'));
  }
}

TEST(MappedFile, FailsAsReadingDoes) {
  const std::string path = temporary_file(std::string(min_mapped_bytes * 2, 'x'));
  EXPECT_EQ(map_file(path, min_mapped_bytes).error(), "larger than 1048576 bytes");
  unlink(path.c_str());
  EXPECT_EQ(map_file("/nonexistent/file", 10).error(), "No such file or directory");
  EXPECT_EQ(map_file("/tmp", 10).error(), "Is a directory");
}

TEST(MappedFile, MoreFilesThanCanBeGuardedAreReadAllTheSame) {
  const std::string path = temporary_file(std::string(min_mapped_bytes, 'x'));
  std::vector<FileBytes> files;
  for (int i = 0; i < 20; ++i) {
    auto file = map_file(path, min_mapped_bytes);
    ASSERT_TRUE(file);
    files.push_back(std::move(*file));
  }
  unlink(path.c_str());
  for (const FileBytes& file : files) EXPECT_TRUE(is_all(file, 'x'));
}

// Last, because what has been lost stays known.
TEST(MappedFile, SurvivesThatTheFileIsShortened) {
  const std::string path = temporary_file(std::string(min_mapped_bytes * 2, 'x'));
  const auto file = map_file(path, min_mapped_bytes * 2);
  ASSERT_TRUE(file);
  EXPECT_FALSE(lost_mapped_bytes());
  ASSERT_EQ(truncate(path.c_str(), min_mapped_bytes), 0);
  unlink(path.c_str());
  EXPECT_EQ(file->bytes.front(), 'x');
  // Read from a copy, all is still there; of a mapping the second half is gone.
  const bool whole = is_all(*file, 'x');
  EXPECT_EQ(lost_mapped_bytes(), !whole);
  EXPECT_EQ(file->bytes.back(), whole ? 'x' : '\0');
  EXPECT_EQ(whole, faults_belong_to_sanitizer());
}

}  // namespace
}  // namespace cloche::platform

// Whole files of any kind, limited in size.
#include "platform/files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

namespace cloche::platform {
namespace {

std::string temporary_file(const std::string& contents) {
  char path[] = "/tmp/cloche-files-XXXXXX";
  const int fd = mkstemp(path);
  EXPECT_GE(fd, 0);
  close(fd);
  std::ofstream(path) << contents;
  return path;
}

TEST(Files, ReadsAWholeFile) {
  const std::string path = temporary_file(std::string(100'000, 'x'));
  const auto file = read_file(path, 100'000);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes.size(), 100'000u);
  EXPECT_EQ(file->bytes.back(), 'x');
  unlink(path.c_str());
}

TEST(Files, RefusesWhatIsLargerThanTheLimit) {
  const std::string path = temporary_file("12345");
  EXPECT_EQ(read_file(path, 4).error(), "larger than 4 bytes");
  EXPECT_TRUE(read_file(path, 5));
  unlink(path.c_str());
  EXPECT_EQ(read_file("/dev/zero", 1'000'000).error(), "larger than 1000000 bytes");
}

TEST(Files, SaysWhatTheSystemSays) {
  EXPECT_EQ(read_file("/nonexistent/file", 10).error(), "No such file or directory");
  EXPECT_EQ(read_file("/tmp", 10).error(), "Is a directory");
}

TEST(Files, AnEmptyFileIsNoBytes) {
  const auto file = read_file("/dev/null", 10);
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes.empty());
}

}  // namespace
}  // namespace cloche::platform

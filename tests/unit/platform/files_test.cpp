// Whole files of any kind, limited in size.
#include "platform/files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
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

std::string contents_of(const std::string& path) {
  const auto file = read_file(path, 1000);
  return file ? std::string(reinterpret_cast<const char*>(file->bytes.data()), file->bytes.size())
              : file.error();
}

constexpr uint8_t fresh[] = {'n', 'e', 'w'};

TEST(Files, WritesAFileAnew) {
  const std::string path = temporary_file("something longer");
  ASSERT_TRUE(write_file(path, fresh));
  EXPECT_EQ(contents_of(path), "new");
  unlink(path.c_str());
  EXPECT_EQ(write_file("/nonexistent/file", fresh).error(), "No such file or directory");
}

TEST(Files, ReplacesWhatALinkNamesAndKeepsPermissions) {
  const std::string path = temporary_file("old");
  const std::string link = path + ".link";
  ASSERT_EQ(symlink(path.c_str(), link.c_str()), 0);
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(replace_file(link, fresh));
  EXPECT_EQ(contents_of(path), "new");
  struct stat status = {};
  ASSERT_EQ(lstat(link.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  unlink(link.c_str());
  unlink(path.c_str());
}

TEST(Files, ReplacingLeavesOpenReadersTheOldContents) {
  const std::string path = temporary_file("old");
  std::ifstream reader(path);
  ASSERT_TRUE(replace_file(path, fresh));
  std::string line;
  std::getline(reader, line);
  EXPECT_EQ(line, "old");
  EXPECT_EQ(contents_of(path), "new");
  unlink(path.c_str());
}

}  // namespace
}  // namespace cloche::platform

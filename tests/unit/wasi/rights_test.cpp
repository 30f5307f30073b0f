// The sets that rights.def makes, against the numbers of the documentation.
#include "wasi/rights.hpp"

#include <gmock/gmock.h>

#include "wasi/errno.hpp"

namespace cloche::wasi {
namespace {

TEST(Rights, BitsAreThoseOfPreview1) {
  EXPECT_EQ(right::fd_datasync, 1u << 0);
  EXPECT_EQ(right::fd_read, 1u << 1);
  EXPECT_EQ(right::fd_write, 1u << 6);
  EXPECT_EQ(right::path_open, 1u << 13);
  EXPECT_EQ(right::fd_filestat_set_times, 1u << 23);
  EXPECT_EQ(right::path_unlink_file, 1u << 26);
  EXPECT_EQ(right::sock_accept, 1u << 29);
  EXPECT_EQ(right::all, (1u << 30) - 1);
}

TEST(Rights, ReadOnlyLosesEverythingThatChanges) {
  const Rights left = right::all & ~right::writing;
  for (const Rights gone :
       {right::fd_write, right::fd_allocate, right::fd_filestat_set_size, right::fd_filestat_set_times,
        right::path_create_directory, right::path_create_file, right::path_link_source,
        right::path_link_target, right::path_rename_source, right::path_rename_target,
        right::path_filestat_set_size, right::path_filestat_set_times, right::path_symlink,
        right::path_remove_directory, right::path_unlink_file})
    EXPECT_EQ(left & gone, right::none) << gone;
  for (const Rights kept :
       {right::fd_read, right::fd_seek, right::fd_tell, right::fd_readdir, right::path_open,
        right::path_readlink, right::path_filestat_get, right::fd_filestat_get, right::poll_fd_readwrite})
    EXPECT_EQ(left & kept, kept) << kept;
}

TEST(Errno, NumbersAreThoseOfPreview1) {
  EXPECT_EQ(static_cast<int>(Errno::toobig), 1);
  EXPECT_EQ(static_cast<int>(Errno::badf), 8);
  EXPECT_EQ(static_cast<int>(Errno::inval), 28);
  EXPECT_EQ(static_cast<int>(Errno::noent), 44);
  EXPECT_EQ(static_cast<int>(Errno::notsup), 58);
  EXPECT_EQ(static_cast<int>(Errno::xdev), 75);
  EXPECT_EQ(static_cast<int>(Errno::notcapable), 76);
}

TEST(Errno, SystemErrorsHaveNames) {
  EXPECT_EQ(from_system(platform::Errno{ENOENT}), Errno::noent);
  EXPECT_EQ(from_system(platform::Errno{EWOULDBLOCK}), Errno::again);
  EXPECT_EQ(from_system(platform::Errno{ENOTSUP}), Errno::notsup);
  EXPECT_EQ(from_system(platform::Errno::outside()), Errno::notcapable);
  EXPECT_EQ(from_system(platform::Errno{99999}), Errno::io);
}

}  // namespace
}  // namespace cloche::wasi

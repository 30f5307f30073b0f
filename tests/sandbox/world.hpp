// A scratch tree, what of it is granted, and a guest: the setting of the sandbox tests.
#pragma once

#include <cstdlib>
#include <string>

#include "../unit/platform/scratch.hpp"
#include "guest.hpp"

namespace cloche::sandbox {

using platform::Scratch;

/// A world without grants. CLOCHE_TEST_STEP_BY_STEP=1 makes every test resolve paths without openat2.
inline Wasi make_wasi() {
  Wasi wasi;
  if (std::getenv("CLOCHE_TEST_STEP_BY_STEP")) wasi.without_openat2();
  return wasi;
}

/// Descriptor 3 is in/, 4 is other/, both to read and write; 5 is readonly/, to read. out/ is not granted.
class World {
 public:
  static constexpr uint32_t in = 3, other = 4, readonly = 5;

  World() : wasi_(grant(scratch_)), guest_(wasi_) {}

  Scratch& scratch() { return scratch_; }
  Guest& guest() { return guest_; }
  std::string out() const { return scratch_.outside().string(); }

 private:
  static Wasi grant(Scratch& scratch) {
    const auto root = scratch.root();
    std::filesystem::create_directory(root / "other");
    std::filesystem::create_directories(root / "readonly/dir");
    scratch.write("readonly/file", "read only");
    scratch.write("readonly/dir/file", "read only");
    Wasi wasi = make_wasi();
    EXPECT_TRUE(wasi.stdin_file("/dev/null"));
    wasi.inherit_stdout();
    wasi.inherit_stderr();
    EXPECT_TRUE(wasi.dir((root / "in").string(), "/in", DirAccess::read_write));
    EXPECT_TRUE(wasi.dir((root / "other").string(), "/other", DirAccess::read_write));
    EXPECT_TRUE(wasi.dir((root / "readonly").string(), "/readonly", DirAccess::read_only));
    return wasi;
  }

  Scratch scratch_;
  Wasi wasi_;
  Guest guest_;
};

}  // namespace cloche::sandbox

// Memories: growth in place up to every limit, guard pages, the fall-back without them.
#include "runtime/linear_memory.hpp"

#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/signals.hpp"

namespace cloche::runtime {
namespace {

constexpr uint64_t refused = ~uint64_t{0};

wasm::MemType mem(uint64_t min, std::optional<uint64_t> max = {}, bool is_64 = false,
                  uint32_t page_log2 = 16) {
  wasm::MemType type;
  type.limits = {min, max, is_64};
  type.page_size_log2 = page_log2;
  return type;
}

/// Address space in use; earlier tests' threads leave some behind.
uint64_t mapped_bytes() {
  unsigned long pages = 0;
  FILE* const file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  const int read = fscanf(file, "%lu", &pages);
  fclose(file);
  return read == 1 ? pages * platform::page_size() : 0;
}

TEST(LinearMemory, GrowsInPlaceAndFreshPagesAreZero) {
  const auto memory = LinearMemory::create(mem(1, 4), {});
  ASSERT_TRUE(memory);
  abi::Memory* const m = memory->abi();
  EXPECT_TRUE(m->guarded);
  uint8_t* const base = m->base;
  base[65535] = 9;
  EXPECT_EQ(memory->grow(0), 1u);
  EXPECT_EQ(memory->grow(2), 1u);
  EXPECT_EQ(m->base, base);
  EXPECT_EQ(m->size(), 3u << 16);
  EXPECT_EQ(base[65535], 9);
  EXPECT_EQ(base[65536], 0);
  EXPECT_EQ(memory->grow(2), refused);
  EXPECT_EQ(memory->grow(~uint64_t{0}), refused);
  EXPECT_EQ(memory->grow(1), 3u);
}

TEST(LinearMemory, GuardsReachTwoGibBeforeAndEightAfter) {
  const auto memory = LinearMemory::create(mem(0), {});
  ASSERT_TRUE(memory && memory->abi()->guarded);
  constexpr int64_t gib = 1 << 30;
  EXPECT_GE(memory->abi()->base - memory->reserved_begin(), 2 * gib);
  EXPECT_GE(memory->reserved_end() - memory->abi()->base, 8 * gib + 16);
}

TEST(LinearMemory, Reaches65536Pages) {
  const auto memory = LinearMemory::create(mem(65536), {});
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->abi()->size(), uint64_t{1} << 32);
  memory->abi()->base[0xFFFFFFFF] = 1;
  EXPECT_EQ(memory->grow(1), refused);
}

TEST(LinearMemory, Memory64StopsAtTheRunTimeLimit) {
  const auto memory = LinearMemory::create(mem(1, {}, true), {});
  ASSERT_TRUE(memory);
  EXPECT_FALSE(memory->abi()->guarded);
  EXPECT_EQ(memory->grow(262'144), refused);
  EXPECT_EQ(memory->grow(262'143), 1u);
  EXPECT_FALSE(LinearMemory::create(mem(262'145, {}, true), {}));
}

TEST(LinearMemory, PagesOfOneByte) {
  const auto memory = LinearMemory::create(mem(10, 5000, false, 0), {});
  ASSERT_TRUE(memory);
  EXPECT_FALSE(memory->abi()->guarded);
  EXPECT_EQ(memory->abi()->size(), 10u);
  EXPECT_EQ(memory->grow(4990), 10u);
  EXPECT_EQ(memory->grow(1), refused);
  memory->abi()->base[4999] = 1;
}

TEST(LinearMemory, TheEnginesOwnLimitCounts) {
  const auto memory = LinearMemory::create(mem(1), {.guard_pages = true, .max_bytes = 3 << 16});
  EXPECT_EQ(memory->grow(3), refused);
  EXPECT_EQ(memory->grow(2), 1u);
  EXPECT_FALSE(LinearMemory::create(mem(4), {.guard_pages = true, .max_bytes = 3 << 16}));
}

TEST(LinearMemory, WithoutGuardPagesOnRequest) {
  const auto memory = LinearMemory::create(mem(1), {.guard_pages = false});
  ASSERT_TRUE(memory);
  EXPECT_FALSE(memory->abi()->guarded);
  EXPECT_EQ(memory->grow(10), 1u);
}

TEST(LinearMemory, FallsBackWhenAddressSpaceIsScarce) {
  if (platform::faults_belong_to_sanitizer()) GTEST_SKIP() << "the sanitizer needs the address space itself";
  const pid_t child = fork();
  if (child == 0) {
    const uint64_t bytes = mapped_bytes() + (uint64_t{512} << 20);
    const rlimit limit = {bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
    const auto memory = LinearMemory::create(mem(1), {});
    if (!memory || memory->abi()->guarded) _exit(1);
    if (memory->grow(100) != 1) _exit(2);
    if (memory->grow(60'000) != refused) _exit(3);
    if (memory->abi()->size() != 101u << 16) _exit(4);
    memory->abi()->base[(101 << 16) - 1] = 1;
    if (LinearMemory::create(mem(60'000), {})) _exit(5);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LinearMemory, ManyEmptyMemoriesCostAlmostNothing) {
  std::vector<std::shared_ptr<LinearMemory>> memories;
  for (int i = 0; i < 1000; ++i) memories.push_back(LinearMemory::create(mem(16), {}));
  for (const auto& memory : memories) ASSERT_TRUE(memory);
}

}  // namespace
}  // namespace cloche::runtime

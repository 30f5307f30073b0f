#include "platform/checkpoint.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace cloche::platform {
namespace {

TEST(Channel, CarriesMessagesWhole) {
  auto ends = make_channel();
  ASSERT_TRUE(ends);
  const std::string large(50'000, 'x');
  EXPECT_TRUE(ends->first.send("first"));
  EXPECT_TRUE(ends->first.send(""));
  EXPECT_TRUE(ends->first.send(large));
  EXPECT_EQ(ends->second.receive(), "first");
  EXPECT_EQ(ends->second.receive(), "");
  EXPECT_EQ(ends->second.receive(), large);
}

TEST(Channel, PassesAnotherOn) {
  auto ends = make_channel();
  auto passed = make_channel();
  ASSERT_TRUE(ends && passed);
  EXPECT_TRUE(ends->first.send_with("take this", passed->first));
  passed->first.close();
  Channel received;
  EXPECT_EQ(ends->second.receive(&received), "take this");
  ASSERT_TRUE(received.is_open());
  EXPECT_TRUE(received.send("through it"));
  EXPECT_EQ(passed->second.receive(), "through it");
}

TEST(Channel, EndsWithItsOtherEnd) {
  auto ends = make_channel();
  ASSERT_TRUE(ends);
  ends->first.close();
  EXPECT_EQ(ends->second.receive(), std::nullopt);
  EXPECT_FALSE(ends->second.send("nobody hears this"));  // and no signal ends us
}

TEST(SharedBytes, GrowAndAreRead) {
  const auto bytes = SharedBytes::create();
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), 0u);
  EXPECT_TRUE(bytes->append(std::to_array<uint8_t>({1, 2, 3})));
  EXPECT_TRUE(bytes->append(std::to_array<uint8_t>({4})));
  EXPECT_EQ(bytes->size(), 4u);
  std::array<uint8_t, 2> part{};
  EXPECT_TRUE(bytes->read(2, part));
  EXPECT_EQ(part, (std::array<uint8_t, 2>{3, 4}));
  EXPECT_FALSE(bytes->read(3, part));
}

TEST(Channel, KnowsWithoutWaitingThatItsOtherEndIsGone) {
  auto ends = make_channel();
  ASSERT_TRUE(ends);
  EXPECT_FALSE(ends->first.is_hung_up());
  ends->second.close();
  EXPECT_TRUE(ends->first.is_hung_up());
}

TEST(SharedBytes, GiveMemoryBack) {
  const auto bytes = SharedBytes::create();
  ASSERT_TRUE(bytes);
  const std::vector<uint8_t> page(1 << 16, 7);
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(bytes->append(page));
  EXPECT_GE(bytes->used_bytes(), uint64_t{1} << 20);
  bytes->drop_before(15 << 16);
  EXPECT_LE(bytes->used_bytes(), uint64_t{2} << 16);
  EXPECT_EQ(bytes->size(), uint64_t{1} << 20);
  uint8_t last = 0;
  EXPECT_TRUE(bytes->read((16 << 16) - 1, {&last, 1}));
  EXPECT_EQ(last, 7);
}

TEST(SharedCounter, IsTheSameInAForkedProcess) {
  const auto counter = SharedCounter::create();
  ASSERT_TRUE(counter);
  const pid_t child = fork();
  if (child == 0) {
    counter->count();
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  counter->count();
  EXPECT_EQ(counter->value(), 2u);
}

}  // namespace
}  // namespace cloche::platform

#include "platform/checkpoint.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace cloche::platform

#include "debug/session/changes.hpp"

#include "machine.hpp"

namespace cloche::debug {
namespace {

constexpr std::string_view small = R"((module
  (memory 1)
  (global $g (mut i32) (i32.const 1))
  (func (export "run"))))";

Change byte_at(uint64_t address, char byte) {
  return {.kind = Change::Kind::memory, .where = {}, .address = address, .bytes = std::string(1, byte)};
}

struct Fixture {
  Fixture() : machine(small) { EXPECT_TRUE(machine.call("run")); }  // so that the instance has begun
  const abi::Context& context() { return machine.store->context(); }
  int byte(uint64_t address) { return machine.inside().mems[0]->base[address]; }
  test::Machine machine;
};

TEST(Changes, LinesAreReadBack) {
  const Change change{Change::Kind::local, {3, 4}, ~uint64_t{0}, std::string("\0\xFF", 2), 7, 1000};
  const auto found = Change::from_line(change.to_line());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->to_line(), change.to_line());
  EXPECT_EQ(found->bytes, change.bytes);
  EXPECT_EQ(found->step, 1000u);
  for (const char* wrong :
       {"", "1 2 3", "1 2 0 0 0 0 zz", "1 2 9 0 0 0 00", "1 2 0 0 0 x 00", "1 2 0 0 0 0 0"})
    EXPECT_FALSE(Change::from_line(wrong)) << wrong;
}

TEST(Changes, AreMadeAtTheirStepsAndOnlyOnce) {
  Fixture f;
  Changes maker;
  const std::string first = maker.add(byte_at(10, 1), 5, f.context());
  const std::string second = maker.add(byte_at(10, 2), 5, f.context());
  const std::string third = maker.add(byte_at(11, 3), 8, f.context());
  EXPECT_EQ(f.byte(10), 2);
  EXPECT_FALSE(maker.is_waiting());

  Changes again;
  f.machine.inside().mems[0]->base[10] = 0;
  f.machine.inside().mems[0]->base[11] = 0;
  again.set(first + "\n" + second + "\n" + third);
  again.make_due(4, f.context());
  EXPECT_EQ(f.byte(10), 0);
  again.make_due(5, f.context());
  EXPECT_EQ(f.byte(10), 2);
  EXPECT_EQ(f.byte(11), 0);
  // The list comes again, with what is made already.
  f.machine.inside().mems[0]->base[10] = 9;
  again.set(first + "\n" + second + "\n" + third);
  again.make_due(8, f.context());
  EXPECT_EQ(f.byte(10), 9);
  EXPECT_EQ(f.byte(11), 3);
  EXPECT_FALSE(again.is_waiting());
}

TEST(Changes, PlacesThatAreNotThereAreRefused) {
  Fixture f;
  Changes changes;
  EXPECT_EQ(changes.add(byte_at(65536, 1), 0, f.context()), "");
  EXPECT_EQ(changes.add(byte_at(~uint64_t{0}, 1), 0, f.context()), "");
  Change change = byte_at(0, 1);
  change.where = {0, 1};
  EXPECT_EQ(changes.add(change, 0, f.context()), "");
  change.where = {1, 0};
  EXPECT_EQ(changes.add(change, 0, f.context()), "");
  change = {Change::Kind::global, {0, 0}, 0, std::string(7, 'x'), 0, 0};  // no whole slot
  EXPECT_EQ(changes.add(change, 0, f.context()), "");
  change.bytes += 'x';
  EXPECT_NE(changes.add(change, 0, f.context()), "");
  EXPECT_EQ(f.machine.inside().globals[0]->value[0], 0x7878787878787878u);
}

}  // namespace
}  // namespace cloche::debug

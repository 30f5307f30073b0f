#include "debug/session/points.hpp"

#include "interp/probes.hpp"
#include "machine.hpp"

namespace cloche::debug {
namespace {

constexpr std::string_view program = R"wat((module
  (global $total (mut i32) (i32.const 0))
  (func $"ns::add(int)" (param $n i32)
    (local $twice i32)
    (local.set $twice (i32.mul (local.get $n) (i32.const 2)))
    (global.set $total (i32.add (global.get $total) (local.get $twice))))
  (func $__main_void
    (call $"ns::add(int)" (i32.const 1))
    (call $"ns::add(int)" (i32.const 2)))
  (func (export "run") (call $__main_void))))wat";

/// Without probes nothing can be watched.
class PointsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!interp::Probes::available) GTEST_SKIP() << "this build has no probes";
  }
};

/// Asks its points before every instruction, and notes what they say.
class Asker final : public interp::Monitor {
 public:
  explicit Asker(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {
    machine.store->probes().attach(*this, interp::all_ops());
    EXPECT_TRUE(machine.call("run"));
  }

  wasm::TrapCode before(const abi::Site& site) override {
    if (!has_begun_) {
      has_begun_ = true;
      inspector_.stop_at(site);
      for (const std::string& what : wanted_) {
        const auto added = points_.add(++last_id_, what, machine.module->symbols(), {}, false);
        answers.push_back(added ? *added : "error: " + added.error());
      }
      points_.settle(site);
    } else if (std::string reason = points_.check(site); !reason.empty()) {
      reasons.push_back(reason);
    }
    return wasm::TrapCode::none;
  }

  test::Machine machine{program};
  std::vector<std::string> answers, reasons;

 private:
  std::vector<std::string> wanted_;
  bool has_begun_ = false;
  uint32_t last_id_ = 0;
  Inspector inspector_;
  Points points_{inspector_};
};
using Lines = std::vector<std::string>;

TEST_F(PointsTest, FunctionsByName) {
  for (const char* place : {"ns::add", "$ns::add", "ns::add(int)", "ns::*", "0"}) {
    const Asker asker({place});
    EXPECT_EQ(asker.reasons, (Lines{"breakpoint 1\n", "breakpoint 1\n"})) << place;
  }
  EXPECT_EQ(Asker({"main"}).reasons, Lines{"breakpoint 1\n"});
  EXPECT_EQ(Asker({"main+2"}).reasons, Lines{"breakpoint 1\n"});
  for (const char* place : {"add", "ns::sub", "17", "0x1", "0x", "main+", "main+x", "a.c:1", ":1", ""}) {
    const Asker asker({place});
    EXPECT_EQ(asker.answers, Lines{"error: no code is found at '" + std::string(place) + "'"});
    EXPECT_TRUE(asker.reasons.empty());
  }
}

TEST_F(PointsTest, Conditions) {
  EXPECT_EQ(Asker({"ns::add if $n == 2 && $total == 2"}).reasons, Lines{"breakpoint 1\n"});
  EXPECT_TRUE(Asker({"ns::add if $n > 2"}).reasons.empty());
  EXPECT_EQ(Asker({"ns::add if $m > 2"}).reasons[0],
            "the condition of breakpoint 1: no local or global is named '$m'\nbreakpoint 1\n");
}

TEST_F(PointsTest, WatchesSayWhatHasChanged) {
  const Asker asker({"watch $total", "watch $total/4"});
  EXPECT_EQ(asker.reasons,
            (Lines{"watch 1: $total was 0 (0x0), is 2 (0x2)\n",
                   "watch 1: $total was 2 (0x2), is 6 (0x6)\nwatch 2: $total/4 was 0 (0x0), is 1 (0x1)\n"}));
  EXPECT_EQ(Asker({"watch $nobody"}).answers, Lines{"error: no local or global is named '$nobody'"});
}

}  // namespace
}  // namespace cloche::debug

#include "debug/session/timeline.hpp"

#include <sys/wait.h>

#include "machine.hpp"

namespace cloche::debug {
namespace {

/// A session with the function "run" of a module.
class Session {
 public:
  explicit Session(std::string_view source, const SessionLimits& limits = {})
      : shared(*SessionShared::create()), calls(*platform::SharedCounter::create()) {
    auto ends = platform::make_channel();
    child_ = fork();
    if (child_ == 0) {
      ends->first.close();
      platform::expect_no_children();
      test::Machine machine(source, &calls);
      {
        const Debuggee debuggee(*machine.store, std::move(ends->second), shared, limits);
        machine.call("run");
      }
      platform::vanish();
    }
    ends->second.close();
    timeline.emplace(std::move(ends->first), shared, [this] { wait(); });
    EXPECT_TRUE(timeline->start());
  }
  ~Session() {
    timeline.reset();
    wait();
  }

  Timeline* operator->() { return &*timeline; }
  std::string print(const std::string& expression) { return timeline->show("print " + expression); }

  SessionShared shared;
  platform::SharedCounter calls;
  std::optional<Timeline> timeline;

 private:
  void wait() {
    if (child_ > 0) waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  pid_t child_ = -1;
};

/// Without probes nothing can be watched.
class TimelineTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!interp::Probes::available) GTEST_SKIP() << "this build has no probes";
  }
};

// Asks its host three times, and adds up what it says: after 10, 30 and 60 it is over.
constexpr std::string_view asking = R"((module
  (import "host" "next" (func $next (param i32) (result i32)))
  (memory 1)
  (global $sum (mut i32) (i32.const 0))
  (func $ask (param $at i32)
    (global.set $sum (i32.add (global.get $sum) (call $next (local.get $at)))))
  (func (export "run")
    (call $ask (i32.const 1))
    (call $ask (i32.const 2))
    (call $ask (i32.const 3)))))";
// run: const, call, and of ask: global.get, local.get, call, add, global.set, end; three times; and end.
constexpr uint64_t asking_steps = 3 * 8 + 1;

TEST_F(TimelineTest, EveryStepIsFoundAgain) {
  Session session(asking, {.first_interval = 5});
  std::vector<std::string> digests;
  for (; !session->now().ended; session->run(RunKind::on, 1)) {
    EXPECT_EQ(session->now().step, digests.size());
    digests.push_back(session->show("digest"));
  }
  EXPECT_EQ(session->now().step, asking_steps);
  ASSERT_EQ(digests.size(), asking_steps);
  for (uint64_t step = asking_steps; step-- > 0;) {
    EXPECT_EQ(session->go_to(step).step, step);
    EXPECT_EQ(session->show("digest"), digests[step]) << step;
  }
  EXPECT_EQ(session.calls.value(), 3u);
}

TEST_F(TimelineTest, HostFunctionsAreCalledOnce) {
  Session session(asking);
  session->go_to(asking_steps - 1);
  EXPECT_EQ(session.print("$sum"), "60 (0x3c)\n");
  session->go_to(10);
  EXPECT_EQ(session.print("$sum + u8[1] + u8[2]"), "11 (0xb)\n");
  session->run(RunKind::out);
  session->run(RunKind::on);
  EXPECT_TRUE(session->now().ended);
  session->go_to(asking_steps - 1);
  EXPECT_EQ(session.print("$sum"), "60 (0x3c)\n");
  EXPECT_EQ(session.print("u8[1] + 10*u8[2] + 100*u8[3]"), "321 (0x141)\n");
  EXPECT_EQ(session.calls.value(), 3u);
}

TEST_F(TimelineTest, PointsStopBothWays) {
  Session session(asking);
  EXPECT_EQ(session->add_point("ask if $at == 2").substr(0, 23), "1: ask if $at == 2 at 0");
  EXPECT_EQ(session->add_point("watch $sum"), "2: watch $sum — $sum, now 0 (0x0)\n");
  EXPECT_TRUE(session->add_point("nothing").starts_with("error: no code"));
  const std::pair<uint64_t, const char*> stops[] = {
      {7, "watch 2: $sum was 0 (0x0), is 10 (0xa)\n"},
      {10, "breakpoint 1\n"},
      {15, "watch 2: $sum was 10 (0xa), is 30 (0x1e)\n"},
      {23, "watch 2: $sum was 30 (0x1e), is 60 (0x3c)\n"},
  };
  for (const auto& [step, why] : stops) {
    session->run(RunKind::on);
    EXPECT_EQ(session->now().step, step);
    EXPECT_EQ(session->now().why, why);
  }
  // The last is where it stands.
  for (size_t i = std::size(stops) - 1; i-- > 0;) {
    session->run_back();
    EXPECT_EQ(session->now().step, stops[i].first);
    EXPECT_EQ(session->now().why, stops[i].second);
  }
  EXPECT_EQ(session->run_back().why, "the program begins\n");
  EXPECT_TRUE(session->remove_point(1));
  EXPECT_FALSE(session->remove_point(1));
  session->run(RunKind::on);
  session->run(RunKind::on);
  EXPECT_EQ(session->now().step, 15u);
  EXPECT_EQ(session->list_points(), "2: watch $sum\n");
}

TEST_F(TimelineTest, APointAtTheFurthestStepIsMetAgain) {
  Session session(asking);
  session->add_point("watch $sum");
  session->run(RunKind::on);
  session->go_to(0);
  EXPECT_EQ(session->run(RunKind::on).step, 7u);
  EXPECT_TRUE(session->now().why.starts_with("watch 1"));
}

TEST_F(TimelineTest, ChangesArePartOfTheHistory) {
  Session session(asking);
  session->go_to(10);
  EXPECT_EQ(session->change("set $sum 1000"), "");
  EXPECT_EQ(session->change("write 100 0a0b"), "");
  EXPECT_EQ(session->change("set $at 7"), "");
  session->go_to(16);
  EXPECT_EQ(session.print("$sum"), "1020 (0x3fc)\n");
  EXPECT_EQ(session->change("set $sum 0"), "");
  session->go_to(9);
  EXPECT_EQ(session.print("$sum"), "10 (0xa)\n");
  EXPECT_EQ(session.print("u16[100]"), "0 (0x0)\n");
  EXPECT_EQ(
      session->change("set $sum 1"),
      "error: what comes next has happened already; only at step 16, the furthest, can something be changed");
  session->go_to(15);
  EXPECT_EQ(session.print("$sum"), "1020 (0x3fc)\n");
  EXPECT_EQ(session.print("u16[100] + u8[7]"), "2828 (0xb0c)\n");  // 0x0b0a, and the call's number
  session->go_to(asking_steps - 1);
  EXPECT_EQ(session.print("$sum"), "30 (0x1e)\n");
  session->go_to(asking_steps - 2);
  EXPECT_EQ(session.print("$sum"), "30 (0x1e)\n");
}

TEST_F(TimelineTest, ATrapIsAStopOfItsOwn) {
  Session session(R"((module (func (export "run") (drop (i32.div_s (i32.const 1) (i32.const 0))))))");
  session->run(RunKind::on);
  EXPECT_EQ(session->now().step, 3u);
  EXPECT_EQ(session->now().why, "trap: integer divide by zero\n");
  EXPECT_EQ(session->go_to(2).step, 2u);
  EXPECT_EQ(session->go_to(3).why, "trap: integer divide by zero\n");
  session->run(RunKind::on);
  EXPECT_TRUE(session->now().ended);
  EXPECT_EQ(session->now().step, 3u);
  EXPECT_EQ(session->go_to(3).why, "trap: integer divide by zero\n");
  EXPECT_EQ(session->run(RunKind::on).ended, true);
  EXPECT_EQ(session->run_back().why, "the program begins\n");
}

TEST_F(TimelineTest, ALongRecordIsForgottenFromItsBeginning) {
  // A call is a hundred bytes at most: four calls are too many.
  Session session(asking, {.first_interval = 1000, .record_bytes = 100});
  session->run(RunKind::on);
  ASSERT_TRUE(session->now().ended);
  const uint64_t first = session->first_step();
  EXPECT_GT(first, 8u);
  EXPECT_EQ(session->go_to(asking_steps - 1).step, asking_steps - 1);
  const std::string last = session->show("digest");
  session->go_to(first - 1);
  EXPECT_EQ(session->now().step, asking_steps - 1);
  EXPECT_TRUE(session->now().why.starts_with("step " + std::to_string(first - 1) + " is out of reach"));
  EXPECT_EQ(session->run_back().step, first);
  EXPECT_EQ(session->now().why, "the record of host calls begins\n");
  session->go_to(asking_steps - 1);
  EXPECT_EQ(session->show("digest"), last);
}

TEST_F(TimelineTest, AnInterruptStopsWhatRuns) {
  Session session(R"((module (func (export "run") (loop $forever (br $forever)))))");
  session->forget_interrupts();
  session.shared.interrupts.count();
  EXPECT_TRUE(session->is_interrupted());
  EXPECT_EQ(session->run(RunKind::on).why, "interrupted\n");
  EXPECT_EQ(session->now().step, 1u);
  session->forget_interrupts();
  EXPECT_EQ(session->run(RunKind::on, 1000).why, "step\n");
  EXPECT_EQ(session->now().step, 1001u);
  session.shared.interrupts.count();
  EXPECT_EQ(session->run_back().why, "interrupted\n");
  EXPECT_EQ(session->now().step, 1001u);
  EXPECT_EQ(session->run_back().step, 0u);
}

}  // namespace
}  // namespace cloche::debug

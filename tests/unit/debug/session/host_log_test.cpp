#include "debug/session/host_log.hpp"

#include "machine.hpp"

namespace cloche::debug {
namespace {

constexpr std::string_view asking = R"((module
  (import "host" "next" (func $next (param i32) (result i32)))
  (memory 1)
  (global $answer (export "answer") (mut i32) (i32.const 0))
  (func (export "run") (global.set $answer (call $next (i32.const 5))))))";

TEST(HostLog, AnswersFromTheRecord) {
  const auto calls = platform::SharedCounter::create();
  const auto record = platform::SharedBytes::create();
  test::Machine machine(asking, &*calls);
  HostLog first(*record);
  machine.store->set_gate(&first);
  EXPECT_TRUE(machine.call("run"));
  EXPECT_TRUE(machine.call("run"));
  EXPECT_EQ(machine.inside().globals[0]->value[0], 20u);
  EXPECT_EQ(first.at(), record->size());

  // As a process that begins again.
  machine.inside().mems[0]->base[5] = 0;
  HostLog second(*record);
  machine.store->set_gate(&second);
  EXPECT_TRUE(machine.call("run"));
  EXPECT_EQ(machine.inside().globals[0]->value[0], 10u);
  EXPECT_EQ(machine.inside().mems[0]->base[5], 1);
  EXPECT_TRUE(machine.call("run"));
  EXPECT_EQ(machine.inside().mems[0]->base[5], 2);
  EXPECT_EQ(calls->value(), 2u);
  EXPECT_EQ(second.at(), first.at());
  // Behind its end it is made again.
  EXPECT_TRUE(machine.call("run"));
  EXPECT_EQ(machine.inside().globals[0]->value[0], 30u);
  EXPECT_EQ(calls->value(), 3u);
}

TEST(HostLog, ADamagedRecordIsAnError) {
  const auto record = platform::SharedBytes::create();
  test::Machine machine(asking);
  HostLog first(*record);
  machine.store->set_gate(&first);
  EXPECT_TRUE(machine.call("run"));
  record->drop_before(4096);
  HostLog second(*record);
  machine.store->set_gate(&second);
  const auto results = machine.store->call(*machine.instance->find("run")->func(), {});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().message(), "host error: the record of host calls cannot be read");
}

TEST(HostLog, ACallThatWasInterruptedIsMadeAnew) {
  const auto record = platform::SharedBytes::create();
  test::Machine machine(asking);
  int questions = 0;
  HostLog log(*record, [&questions] { return ++questions < 3; });
  runtime::HostCall call{.store = *machine.store, .caller = nullptr, .detail = {}, .exit_status = {}};
  // Within a call of the machine, whose host function then asks another one.
  int calls = 0;
  struct Gate final : runtime::HostGate {
    HostLog& log;
    int& calls;
    Gate(HostLog& l, int& c) : log(l), calls(c) {}
    wasm::TrapCode pass(runtime::HostCall& c, abi::Slot* slots, uint32_t result_slots,
                        const runtime::HostSlots&) override {
      return log.pass(c, slots, result_slots, [this](runtime::HostCall&, abi::Slot* at) {
        EXPECT_EQ(at[0], 5u) << "the arguments of call " << calls;
        at[0] = 77;  // results of a call that gives up do not count
        return ++calls < 4 ? wasm::TrapCode::interrupted : wasm::TrapCode::none;
      });
    }
  } gate(log, calls);
  machine.store->set_gate(&gate);
  EXPECT_FALSE(machine.call("run"));  // the third time nobody wanted to look
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(machine.call("run"));
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(machine.inside().globals[0]->value[0], 77u);
}

}  // namespace
}  // namespace cloche::debug

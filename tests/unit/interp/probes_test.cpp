// Probes: what they are shown, where, and that they come and go while code runs, in original and quickened
// bytes.
#include "interp/probes.hpp"

#include "interp_fixture.hpp"

namespace cloche::interp::test {
namespace {

class EveryProbe : public EveryMode {
 protected:
  void SetUp() override {
    if (!Probes::available) GTEST_SKIP() << "built with -DCLOCHE_PROBES=OFF";
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, EveryProbe, every_mode, mode_name);

/// Notes each instruction it is shown, then does what the test wants.
struct Recorder : Monitor {
  std::vector<std::string> rows;  // "text height", the height in slots
  std::function<TrapCode(const abi::Site&)> then;
  unsigned traps = 0, throws = 0, catches = 0, entries = 0, exits = 0;

  TrapCode before(const abi::Site& site) override {
    const auto height = site.sp - site.locals - static_cast<ptrdiff_t>(site.frame->code->local_slots);
    rows.push_back(std::string(wasm::op_info(op_at(site.pc)).text) + " " + std::to_string(height));
    return then ? then(site) : TrapCode::none;
  }
  void trapped(Context*, const abi::Site*) override { ++traps; }
  void thrown(const abi::Site&) override { ++throws; }
  void caught(const abi::Site&) override { ++catches; }
  void entered(Context*) override { ++entries; }
  void left(Context*) override { ++exits; }
};

/// `sum` adds 1..n in a loop through a called function, `fib` is recursive; both become warm.
constexpr std::string_view work_text = R"((module
  (import "host" "poke" (func $poke))
  (memory (export "m") 1)
  (global $g (mut i32) (i32.const 0))
  (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "sum") (param $n i32) (result i32) (local $s i32)
    (loop $again
      (local.set $s (call $add (local.get $s) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2)) (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                     (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func (export "poked") (param $n i32) (result i32) (local $s i32)
    (loop $again
      (if (i32.eq (local.get $n) (i32.const 500)) (then (call $poke)))
      (local.set $s (i32.add (local.get $s) (local.get $n)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func (export "store") (param $at i32)
    (i32.store8 (local.get $at) (i32.const 1))
    (i64.store offset=8 (local.get $at) (i64.const -1))
    (global.set $g (local.get $at))
    (memory.fill (local.get $at) (i32.const 7) (i32.const 4))
    (drop (i32.load (local.get $at))))
  (func (export "divide") (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
  (tag $t (param i32))
  (func $thrower (param i32) (throw $t (local.get 0)))
  (func (export "catch") (param i32) (result i32)
    (block $h (result i32) (try_table (result i32) (catch $t $h) (call $thrower (local.get 0)) (i32.const 0))))
  (func $count (export "count") (param $n i64) (result i64)
    (if (result i64) (i64.eqz (local.get $n)) (then (i64.const 9))
      (else (return_call $count (i64.sub (local.get $n) (i64.const 1))))))))";

class Work {
 public:
  explicit Work(const Mode& mode) : program(work_text, mode) {
    program.define("host", "poke", program.store().make_func({}, [this](runtime::HostCall&, abi::Slot*) {
      if (poke) poke();
      return TrapCode::none;
    }));
  }
  Probes& probes() { return program.store().probes(); }
  Program program;
  std::function<void()> poke;
};

TEST_P(EveryProbe, SeesEveryInstructionWithItsOperands) {
  Work work(GetParam());
  Recorder seen;
  work.probes().attach(seen, all_ops());
  EXPECT_EQ(work.program.result("sum", {Value::i32(2)}), 3u);
  const std::vector<std::string> round = {
      "local.get 0", "local.get 1", "call 2",      "local.get 0", "local.get 1", "i32.add 2", "end 1",
      "local.set 1", "local.get 0", "i32.const 1", "i32.sub 2",   "local.tee 1", "br_if 1"};
  std::vector<std::string> expected = {"loop 0"};
  expected.insert(expected.end(), round.begin(), round.end());
  expected.insert(expected.end(), round.begin(), round.end());
  expected.insert(expected.end(), {"end 0", "local.get 0", "end 1"});
  EXPECT_EQ(seen.rows, expected);
  EXPECT_EQ(seen.entries, 1u);
  EXPECT_EQ(seen.exits, 1u);
}

TEST_P(EveryProbe, SeesOnlyTheRowsItAsksFor) {
  Work work(GetParam());
  EXPECT_EQ(work.program.result("fib", {Value::i32(20)}), 6765u);  // warm by now
  Recorder seen;
  OpSet subtractions;
  subtractions.set(static_cast<size_t>(wasm::Op::i32_sub));
  work.probes().attach(seen, subtractions);
  EXPECT_EQ(work.program.result("fib", {Value::i32(10)}), 55u);
  EXPECT_EQ(seen.rows.size(), 176u);  // two for each of the 88 calls that are not leaves
  for (const std::string& row : seen.rows) EXPECT_TRUE(row == "i32.sub 2" || row == "i32.sub 3") << row;
}

TEST_P(EveryProbe, EntriesAndExitsComeOncePerActivation) {
  Work work(GetParam());
  EXPECT_EQ(work.program.result("fib", {Value::i32(20)}), 6765u);
  Recorder entries, exits;
  work.probes().attach_entry(entries, nullptr);
  work.probes().attach_exit(exits, nullptr);
  EXPECT_EQ(work.program.result("fib", {Value::i32(10)}), 55u);
  EXPECT_EQ(entries.rows.size(), 177u);
  EXPECT_EQ(exits.rows.size(), 177u);
  entries.rows.clear();
  exits.rows.clear();
  EXPECT_EQ(work.program.result("count", {Value::i64(100)}), 9u);  // tail calls leave, too
  EXPECT_EQ(entries.rows.size(), 101u);
  EXPECT_EQ(exits.rows.size(), 101u);
}

TEST_P(EveryProbe, OneInstructionOfOneFunction) {
  Work work(GetParam());
  EXPECT_EQ(work.program.result("sum", {Value::i32(1000)}), 500500u);
  Recorder finder;  // the code and place of the addition
  const abi::FuncCode* func = nullptr;
  uint32_t offset = 0;
  finder.then = [&](const abi::Site& site) {
    if (op_at(site.pc) == wasm::Op::i32_add) func = site.frame->func->code, offset = site.offset;
    return TrapCode::none;
  };
  work.probes().attach(finder, all_ops());
  EXPECT_EQ(work.program.result("sum", {Value::i32(1)}), 1u);
  work.probes().detach(finder);
  ASSERT_NE(func, nullptr);
  Recorder seen;
  const Probes::Id id = work.probes().attach_at(seen, func, offset);
  EXPECT_EQ(work.program.result("sum", {Value::i32(1000)}), 500500u);
  EXPECT_EQ(seen.rows.size(), 1000u);
  EXPECT_EQ(work.program.result("poked", {Value::i32(10)}), 55u);  // has an i32.add of its own
  EXPECT_EQ(seen.rows.size(), 1000u);
  work.probes().detach(id);
  EXPECT_FALSE(work.probes().active());
  EXPECT_EQ(work.program.result("sum", {Value::i32(1000)}), 500500u);
  EXPECT_EQ(seen.rows.size(), 1000u);
}

TEST_P(EveryProbe, ComesAndGoesInAHostFunctionBelowRunningCode) {
  Work work(GetParam());
  Recorder seen;
  OpSet ticks;
  ticks.set(static_cast<size_t>(wasm::Op::i32_sub));
  work.poke = [&] { work.probes().attach(seen, ticks); };
  EXPECT_EQ(work.program.result("poked", {Value::i32(1000)}), 500500u);
  EXPECT_EQ(seen.rows.size(), 500u);
  work.poke = [&] { work.probes().detach(seen); };
  EXPECT_EQ(work.program.result("poked", {Value::i32(1000)}), 500500u);
  EXPECT_EQ(seen.rows.size(), 1000u);
  EXPECT_FALSE(work.probes().active());
}

TEST_P(EveryProbe, ProbesAttachAndDetachProbes) {
  Work work(GetParam());
  Recorder first, second;
  first.then = [&](const abi::Site&) {
    if (first.rows.size() == 10) {
      work.probes().attach(second, all_ops());
      work.probes().detach(first);
    }
    return TrapCode::none;
  };
  second.then = [&](const abi::Site&) {
    if (second.rows.size() == 7) work.probes().detach(second);
    return TrapCode::none;
  };
  work.probes().attach(first, all_ops());
  EXPECT_EQ(work.program.result("fib", {Value::i32(20)}), 6765u);
  EXPECT_EQ(first.rows.size(), 10u);
  EXPECT_EQ(second.rows.size(), 7u);
}

TEST_P(EveryProbe, ChangesWhatTheInstructionFinds) {
  Work work(GetParam());
  Recorder seen;
  seen.then = [](const abi::Site& site) {
    site.sp[-1] = 4;
    return TrapCode::none;
  };
  OpSet divisions;
  divisions.set(static_cast<size_t>(wasm::Op::i32_div_u));
  work.probes().attach(seen, divisions);
  EXPECT_EQ(work.program.result("divide", {Value::i32(20), Value::i32(0)}), 5u);
}

TEST_P(EveryProbe, ItsTrapIsTheInstructions) {
  Work work(GetParam());
  const runtime::Trap plain = work.program.trap("divide", {Value::i32(20), Value::i32(0)});
  Recorder seen;
  seen.then = [](const abi::Site&) { return TrapCode::interrupted; };
  OpSet divisions;
  divisions.set(static_cast<size_t>(wasm::Op::i32_div_u));
  work.probes().attach(seen, divisions);
  const runtime::Trap trap = work.program.trap("divide", {Value::i32(20), Value::i32(4)});
  EXPECT_EQ(trap.code, TrapCode::interrupted);
  EXPECT_EQ(trap.trace.at(0).module_offset, plain.trace.at(0).module_offset);
  EXPECT_EQ(seen.traps, 1u);
}

TEST_P(EveryProbe, WatchedBytesAndGlobals) {
  Work work(GetParam());
  EXPECT_TRUE(work.program.call("store", {Value::i32(0)}));
  const abi::Instance* instance = work.program.store().context().instances;
  Recorder writes, reads, globals;
  work.probes().attach_memory(writes, instance->mems[0], 100, 102, false);
  work.probes().attach_memory(reads, instance->mems[0], 100, 102, true);
  work.probes().attach_global(globals, instance->globals[0]);
  using Rows = std::vector<std::string>;
  const Rows none;
  EXPECT_TRUE(work.program.call("store", {Value::i32(102)}));  // 102..105 and 110..117
  EXPECT_EQ(writes.rows, none);
  EXPECT_EQ(reads.rows, none);
  EXPECT_EQ(globals.rows, Rows{"global.set 1"});
  EXPECT_TRUE(work.program.call("store", {Value::i32(101)}));
  EXPECT_EQ(writes.rows, (Rows{"i32.store8 2", "memory.fill 3"}));
  EXPECT_EQ(reads.rows, (Rows{"i32.store8 2", "memory.fill 3", "i32.load 1"}));
  writes.rows.clear();
  EXPECT_TRUE(work.program.call("store", {Value::i32(85)}));  // 93..100
  EXPECT_EQ(writes.rows, Rows{"i64.store 2"});
}

TEST_P(EveryProbe, AFilterSparesAccesses) {
  Work work(GetParam());
  EXPECT_TRUE(work.program.call("store", {Value::i32(0)}));
  const abi::Instance* instance = work.program.store().context().instances;
  ProbeFilter::Page page{};
  const ProbeFilter::Page* pages[] = {&page};
  page[13] = ProbeFilter::granule;  // 104..111
  page[14] = 2;                     // 112 and 113
  ProbeFilter filter;
  filter.memory = instance->mems[0];
  filter.begin = 100, filter.span = 50;
  filter.pages = pages;
  Recorder seen;
  work.probes().attach_accesses(seen, memory_ops(), filter);
  using Rows = std::vector<std::string>;
  const auto rows_of = [&](int32_t at) {
    seen.rows.clear();
    EXPECT_TRUE(work.program.call("store", {Value::i32(at)}));
    return seen.rows;
  };
  // Of a store of 1 byte at `at`, one of 8 at `at` + 8, a fill, about which filters know nothing, and a load
  // of 4 at `at`.
  EXPECT_EQ(rows_of(0), Rows{"memory.fill 3"});
  EXPECT_EQ(rows_of(92), (Rows{"i64.store 2", "memory.fill 3"}));
  EXPECT_EQ(rows_of(100), (Rows{"i32.store8 2", "i64.store 2", "memory.fill 3", "i32.load 1"}));
  EXPECT_EQ(rows_of(104), (Rows{"i64.store 2", "memory.fill 3"}));
  EXPECT_EQ(rows_of(110), (Rows{"i64.store 2", "memory.fill 3"}));  // the load ends with the last open byte
  EXPECT_EQ(rows_of(111), (Rows{"i64.store 2", "memory.fill 3", "i32.load 1"}));
  filter.span = 0;
  EXPECT_EQ(rows_of(100), Rows{"memory.fill 3"});
  filter.span = 50, filter.memory = nullptr;  // another memory
  EXPECT_EQ(rows_of(100), Rows{"memory.fill 3"});
  // With another probe on the same instructions both see theirs.
  filter.memory = instance->mems[0];
  Recorder all;
  work.probes().attach(all, memory_ops());
  EXPECT_TRUE(work.program.call("store", {Value::i32(0)}));
  EXPECT_EQ(all.rows.size(), 4u);
}

TEST_P(EveryProbe, AFilterSparesExitsButThoseOfOneActivation) {
  Work work(GetParam());
  EXPECT_EQ(work.program.result("fib", {Value::i32(20)}), 6765u);
  Recorder entries, exits;
  ProbeFilter filter;
  const abi::FuncCode* fib = nullptr;
  entries.then = [&](const abi::Site& site) {
    if (entries.rows.size() == 5) filter.frame = site.frame, fib = site.frame->func->code;
    return TrapCode::none;
  };
  exits.then = [&](const abi::Site& site) {
    EXPECT_EQ(site.frame, filter.frame);
    if (exits.rows.size() == 2) filter.frame = nullptr;
    return TrapCode::none;
  };
  work.probes().attach_entry(entries, nullptr);
  work.probes().attach_exits(exits, filter);
  EXPECT_EQ(work.program.result("fib", {Value::i32(10)}), 55u);
  EXPECT_EQ(exits.rows.size(), 2u);  // two activations that had the same place, one after the other
  exits.rows.clear();
  work.probes().detach(entries);
  entries.rows.clear();
  work.probes().attach_entry(entries, fib);
  EXPECT_EQ(work.program.result("fib", {Value::i32(10)}), 55u);
  EXPECT_EQ(entries.rows.size(), 177u);
}

TEST_P(EveryProbe, TellsOfTrapsAndExceptions) {
  Work work(GetParam());
  Recorder seen;
  work.probes().attach(seen);
  EXPECT_FALSE(work.probes().active());
  EXPECT_EQ(work.program.result("catch", {Value::i32(5)}), 5u);
  EXPECT_EQ(seen.throws, 1u);
  EXPECT_EQ(seen.catches, 1u);
  EXPECT_EQ(work.program.trap("divide", {Value::i32(1), Value::i32(0)}).code,
            TrapCode::integer_divide_by_zero);
  EXPECT_EQ(seen.traps, 1u);
  EXPECT_EQ(seen.entries, 2u);
  EXPECT_EQ(seen.exits, 2u);
  EXPECT_TRUE(seen.rows.empty());
}

TEST_P(EveryProbe, OperandsAreThereAfterATrap) {
  struct Looker : Monitor {
    abi::Slot dividend = 0, divisor = 1;
    void trapped(Context*, const abi::Site* site) override {
      const abi::Slot* operands = site->locals + site->frame->code->local_slots;
      dividend = operands[0], divisor = operands[1];
    }
  };
  Work work(GetParam());
  Looker looker;
  work.probes().attach(looker);
  for (int i = 0; i < 300; ++i)  // warm
    EXPECT_EQ(work.program.result("divide", {Value::i32(9), Value::i32(3)}), 3u);
  EXPECT_EQ(work.program.trap("divide", {Value::i32(77), Value::i32(0)}).code,
            TrapCode::integer_divide_by_zero);
  EXPECT_EQ(looker.dividend, 77u);
  EXPECT_EQ(looker.divisor, 0u);
}

TEST_P(EveryProbe, AMonitorThatGoesDetachesItself) {
  Work work(GetParam());
  {
    Recorder seen;
    work.probes().attach(seen, all_ops());
    EXPECT_TRUE(work.probes().active());
  }
  EXPECT_FALSE(work.probes().active());
  EXPECT_EQ(work.program.result("fib", {Value::i32(10)}), 55u);
}

}  // namespace
}  // namespace cloche::interp::test

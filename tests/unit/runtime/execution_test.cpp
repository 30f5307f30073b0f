// Store, interpreter and fault handler together: traps with their traces, host functions between guest
// functions, exhaustion, interruption, faults that are none of ours.
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "module_builder.hpp"
#include "platform/signals.hpp"
#include "runtime/linker.hpp"

namespace cloche::runtime {
namespace {

using namespace test;
using wasm::TrapCode;
using wasm::ValType;

/// (import "m" "host" (func)), one page of memory, exports:
/// load (i32)->(i32); recurse; bounce: calls host; spin: loops forever; wait: waits on address 0 of its
/// memory
ModuleBuilder program() {
  ModuleBuilder builder;
  builder.section(type_section, {func_type({}, {}), func_type({i32}, {i32})})
      .section(import_section, {name("m") + name("host") + Bytes{0, 0}})
      .section(func_section, {{1}, {0}, {0}, {0}, {0}})
      .section(mem_section, {Bytes{3, 1, 1}})  // shared, 1 page
      .section(export_section,
               {name("load") + Bytes{0, 1}, name("recurse") + Bytes{0, 2}, name("bounce") + Bytes{0, 3},
                name("spin") + Bytes{0, 4}, name("wait") + Bytes{0, 5}})
      .section(code_section,
               {Bytes{7, 0, 0x20, 0, 0x28, 2, 0, end}, Bytes{4, 0, 0x10, 2, end}, Bytes{4, 0, 0x10, 0, end},
                Bytes{7, 0, 0x03, 0x40, 0x0C, 0, end, end},
                // i32.const 0, i32.const 0, i64.const -1, memory.atomic.wait32, drop, loop forever
                Bytes{18, 0, 0x41, 0, 0x41, 0, 0x42, 0x7F, 0xFE, 0x01, 2, 0, 0x1A, 0x03, 0x40, 0x0C, 0, end,
                      end}});
  return builder;
}

struct Fixture {
  std::shared_ptr<Engine> engine;
  std::unique_ptr<Store> store;
  Instance* instance = nullptr;

  explicit Fixture(const Config& config = {}, HostSlots host = {}) : engine(Engine::create(config)) {
    store = std::move(*Store::create(engine));
    if (!host) host = [](HostCall&, abi::Slot*) { return TrapCode::none; };
    Linker linker(*store);
    if (!linker.define("m", "host", store->make_func({}, std::move(host)))) return;
    const auto module = program().build(engine);
    if (!module) return;
    const auto made = linker.instantiate(module);
    if (made) instance = *made;
  }
  Func func(std::string_view export_name) { return *instance->find(export_name)->func(); }
  Outcome<std::vector<Value>> load(uint32_t address) {
    const Value args[] = {Value::i32(address)};
    return store->call(func("load"), args);
  }
  std::string trap_of(std::string_view export_name) {
    const auto result = store->call(func(export_name), {});
    return result ? "returned" : result.error().message();
  }
};

void check_loads(Fixture& f) {
  ASSERT_NE(f.instance, nullptr);
  f.instance->abi()->mems[0]->base[65532] = 42;
  EXPECT_EQ((*f.load(65532))[0].as_i32(), 42u);
  for (const uint32_t address : {65533u, 65536u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu}) {
    const auto result = f.load(address);
    ASSERT_FALSE(result);
    const Trap* const trap = result.error().trap();
    ASSERT_NE(trap, nullptr);
    EXPECT_EQ(trap->code, TrapCode::out_of_bounds_memory_access);
    ASSERT_EQ(trap->trace.size(), 1u);
    EXPECT_EQ(trap->trace[0].function, "load");
    EXPECT_EQ(trap->trace[0].function_index, 1u);
    const auto bytes = f.instance->module().decoded().bytes.span();
    EXPECT_EQ(bytes[trap->trace[0].module_offset], 0x28);  // the load itself
  }
  EXPECT_TRUE(f.load(0));
}

TEST(Execution, LoadsOutOfBoundsTrapByGuardPages) {
  Fixture f;
  check_loads(f);
}

TEST(Execution, LoadsOutOfBoundsTrapByComparison) {
  Config config;
  config.guard_pages = false;
  Fixture f(config);
  check_loads(f);
  EXPECT_FALSE(f.instance->abi()->mems[0]->guarded);
}

TEST(Execution, HostFunctionsKnowTheirCallerAndStandInTraces) {
  Instance* caller = nullptr;
  Fixture f({}, [&](HostCall& call, abi::Slot*) {
    caller = call.caller;
    call.detail = "stop";
    return TrapCode::host_error;
  });
  const auto result = f.store->call(f.func("bounce"), {});
  ASSERT_FALSE(result);
  EXPECT_EQ(caller, f.instance);
  EXPECT_EQ(result.error().message(), "host error: stop");
  const auto& trace = result.error().trap()->trace;
  ASSERT_EQ(trace.size(), 2u);
  EXPECT_TRUE(trace[0].is_host);
  EXPECT_EQ(trace[1].function, "bounce");
}

TEST(Execution, InfiniteRecursionIsATrapAndTheStoreLivesOn) {
  Fixture f;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(f.trap_of("recurse"), "call stack exhausted");
  EXPECT_TRUE(f.load(0));
}

TEST(Execution, RecursionThroughTheHostIsATrapToo) {
  Fixture* self = nullptr;
  Fixture f({}, [&](HostCall&, abi::Slot* slots) {
    const auto result = self->store->call_slots(self->func("bounce"), slots);
    return result ? TrapCode::none : result.error().trap()->code;
  });
  self = &f;
  EXPECT_EQ(f.trap_of("bounce"), "call stack exhausted");
  EXPECT_TRUE(f.load(0));
}

TEST(Execution, SmallNativeStacksEndInATrapToo) {
  if (platform::faults_belong_to_sanitizer()) GTEST_SKIP() << "instrumented frames are larger than the stack";
  Fixture* self = nullptr;
  Fixture f({}, [&](HostCall&, abi::Slot* slots) {
    const auto result = self->store->call_slots(self->func("bounce"), slots);
    return result ? TrapCode::none : result.error().trap()->code;
  });
  self = &f;
  const auto body = [](void* fixture) -> void* {
    EXPECT_EQ(static_cast<Fixture*>(fixture)->trap_of("bounce"), "call stack exhausted");
    EXPECT_EQ(static_cast<Fixture*>(fixture)->trap_of("recurse"), "call stack exhausted");
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 64 << 10), 0);
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, body, &f), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

TEST(Execution, AnotherThreadInterruptsALoopAndAWait) {
  for (const char* const endless : {"spin", "wait"}) {
    Fixture f;
    std::thread other([&] {
      usleep(20'000);
      f.store->interrupt();
    });
    EXPECT_EQ(f.trap_of(endless), "interrupted");
    other.join();
  }
}

TEST(Execution, ThreadsTrapEachInTheirOwnStore) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([] {
      Fixture f;
      for (int k = 0; k < 20; ++k) {
        EXPECT_FALSE(f.load(0xFFFF0000));
        EXPECT_EQ(f.trap_of("recurse"), "call stack exhausted");
      }
    });
  for (std::thread& thread : threads) thread.join();
}

TEST(Execution, AFaultOfTheHostInsideACallStaysAFault) {
  if (platform::faults_belong_to_sanitizer()) GTEST_SKIP() << "the sanitizer reports it in its own way";
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);
    Fixture f({}, [](HostCall& call, abi::Slot*) {
      // Right behind the guest's memory, where a guest access would trap.
      volatile uint8_t* const guard = call.caller->abi()->mems[0]->base + 65536;
      *guard = 1;
      return TrapCode::none;
    });
    f.trap_of("bounce");
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
}

}  // namespace
}  // namespace cloche::runtime

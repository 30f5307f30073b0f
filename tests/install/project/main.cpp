// What a program outside this project does with the installed library: typed calls, host functions, memory
// that grows, traps and errors as values. check_install.py compares what it prints.
#include <cloche/cloche.hpp>

#include <cstdint>
#include <cstdio>

namespace {

constexpr const char* text = R"((module
  (import "host" "saw" (func $saw (param i32)))
  (memory (export "memory") 1 2)
  (func (export "calc") (param i32 i32) (result i32)
    (i32.mul (i32.add (local.get 0) (local.get 1)) (i32.const 2)))
  (func (export "tell") (call $saw (i32.const 42)))
  (global $next (mut i32) (i32.const 64))
  (func (export "malloc") (param $size i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get $size))))
  (func (export "free") (param i32) (call $saw (local.get 0)))
  (func (export "count_vowels") (param $at i32) (param $size i32) (result i32) (local $count i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $size)))
        (local.set $size (i32.sub (local.get $size) (i32.const 1)))
        (local.set $count (i32.add (local.get $count)
          (i32.and (i32.const 1) (i32.shr_u (i32.const 0x104111)
            (i32.sub (i32.load8_u (i32.add (local.get $at) (local.get $size))) (i32.const 97))))))
        (br $next)))
    (local.get $count))
  (func (export "fail") unreachable)))";

int fail(const cloche::Error& error) {
  std::printf("error: %s\n", error.message().c_str());
  return 1;
}

}  // namespace

constexpr const char* program_text = R"((module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (call $proc_exit (i32.load (i32.const 0))))))";

/// Runs a WASI program that exits with the number of its arguments.
int run_program(const cloche::Engine& engine) {
  auto module = cloche::Module::from_text(engine, program_text);
  if (!module) return fail(module.error());
  cloche::Store store(engine);
  cloche::Linker linker(store);
  cloche::Wasi wasi;
  if (auto given = wasi.args({"report", "--all"}); !given) return fail(given.error());
  wasi.inherit_stdout();
  if (auto added = wasi.add_to(linker); !added) return fail(added.error());
  auto program = linker.instantiate(*module);
  if (!program) return fail(program.error());
  auto status = wasi.run(*program);
  if (!status) return fail(status.error());
  std::printf("status %u\n", *status);
  return 0;
}

/// Passes a text to the guest, in memory that the guest's allocator gives and gets back.
int count_vowels(const cloche::Instance& instance) {
  auto heap = cloche::GuestHeap::find(instance);
  if (!heap) return fail(heap.error());
  auto name = heap->copy_in("cloche");
  if (!name) return fail(name.error());
  auto count = instance.func<int32_t(uint32_t, uint32_t)>("count_vowels");
  if (!count) return fail(count.error());
  auto vowels = (*count)(name->address32(), static_cast<uint32_t>(name->size()));
  if (!vowels) return fail(vowels.error());
  std::printf("%d vowels at %u\n", static_cast<int>(*vowels), name->address32());
  return 0;
}

int main() {
  auto engine = cloche::Engine::create();
  if (!engine) return fail(engine.error());
  auto module = cloche::Module::from_text(*engine, text);
  if (!module) return fail(module.error());

  cloche::Store store(*engine);
  cloche::Linker linker(store);
  int32_t seen = 0;
  if (auto defined = linker.func("host", "saw", [&](int32_t value) { seen = value; }); !defined) {
    return fail(defined.error());
  }
  auto instance = linker.instantiate(*module);
  if (!instance) return fail(instance.error());

  auto calc = instance->func<int32_t(int32_t, int32_t)>("calc");
  if (!calc) return fail(calc.error());
  auto result = (*calc)(3, 4);
  if (!result) return fail(result.error());
  std::printf("%d\n", static_cast<int>(*result));

  auto tell = instance->func<void()>("tell");
  if (!tell) return fail(tell.error());
  if (auto told = (*tell)(); !told) return fail(told.error());
  std::printf("host saw %d\n", static_cast<int>(seen));

  if (count_vowels(*instance) != 0) return 1;
  std::printf("freed %d\n", static_cast<int>(seen));

  auto memory = instance->memory("memory");
  if (!memory) return fail(memory.error());
  const auto before = memory->size_bytes();
  if (!memory->grow(1)) return 1;
  std::printf("%llu then %llu\n", static_cast<unsigned long long>(before),
              static_cast<unsigned long long>(memory->view().size()));

  auto broken = instance->func<void()>("fail");
  if (!broken) return fail(broken.error());
  if (auto trapped = (*broken)(); !trapped && trapped.error().trap() != nullptr) {
    std::printf("%s\n", trapped.error().trap()->reason.c_str());
  }
  store.report_traps(cloche::TrapReport::full);
  if (auto trapped = (*broken)(); !trapped && trapped.error().trap() != nullptr) {
    std::printf("%s", trapped.error().trap()->report().c_str());
  }

  auto bad = cloche::Module::from_text(*engine, "(module (func (result i32)))");
  if (!bad && bad.error().kind() == cloche::ErrorKind::invalid && bad.error().position()) {
    const auto place = *bad.error().position();
    std::printf("invalid %u:%u\n", place.line, place.column);
  }
  return run_program(*engine);
}

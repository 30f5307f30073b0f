#include <cloche/cloche.hpp>
#include <cstdio>

int main() {
  const auto engine = cloche::Engine::create();
  const auto module = cloche::Module::from_text(*engine, R"((module
    (import "host" "log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "adding up")
    (func (export "calc") (param $a i32) (param $b i32) (result i32)
      (call $log (i32.const 16) (i32.const 9))
      (i32.mul (i32.add (local.get $a) (local.get $b)) (i32.const 2)))
    (func (export "crash") unreachable)))");
  if (!module) return std::puts(module.error().message().c_str()), 1;

  cloche::Store store(*engine);
  cloche::Linker linker(store);
  const auto defined = linker.func("host", "log", [](cloche::Caller& caller, uint32_t at, uint32_t size) {
    const auto text = caller.memory()->text(at, size);  // nothing, when the guest's pointer is wrong
    if (text) std::printf("guest: %.*s\n", static_cast<int>(text->size()), text->data());
  });
  const auto instance = linker.instantiate(*module);
  if (!defined || !instance) return 1;

  const auto calc = instance->func<int32_t(int32_t, int32_t)>("calc");  // the signature is checked once, here
  if (const auto result = (*calc)(12, 7)) std::printf("calc: %d\n", *result);
  const auto crash = instance->func<void()>("crash");
  if (const auto ended = (*crash)(); !ended) std::printf("crash: %s\n", ended.error().message().c_str());
}

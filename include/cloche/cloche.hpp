// Cloche: a WebAssembly engine to embed. This header includes the whole C++ API.
//
//   auto engine = cloche::Engine::create();
//   auto module = cloche::Module::from_file(*engine, "calc.wat");
//   cloche::Store store(*engine);
//   cloche::Linker linker(store);
//   auto instance = linker.instantiate(*module);
//   auto calc = instance->func<int32_t(int32_t, int32_t)>("calc");
//   auto result = (*calc)(3, 4);   // Result<int32_t>: 14, or an Error
#pragma once

#include "cloche/config.hpp"
#include "cloche/diagnostics.hpp"
#include "cloche/engine.hpp"
#include "cloche/error.hpp"
#include "cloche/expected.hpp"
#include "cloche/guest_heap.hpp"
#include "cloche/linker.hpp"
#include "cloche/store.hpp"
#include "cloche/value.hpp"
#include "cloche/wasi.hpp"

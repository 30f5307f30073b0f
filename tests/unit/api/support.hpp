// What the API's tests share: a store to instantiate text in.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "cloche/cloche.hpp"

namespace cloche::test {

inline Engine make_engine(const Config& config = {}) {
  auto engine = Engine::create(config);
  EXPECT_TRUE(engine);
  return *engine;
}

/// An engine, a store and a linker; a test's whole world.
class World {
 public:
  explicit World(const Config& config = {}) : engine(make_engine(config)), store(engine), linker(store) {}

  Module module(std::string_view text) const {
    auto made = Module::from_text(engine, text);
    EXPECT_TRUE(made) << made.error().message();
    return *made;
  }
  Instance instance(std::string_view text) {
    auto made = linker.instantiate(module(text));
    EXPECT_TRUE(made) << made.error().message();
    return *made;
  }
  /// Why the module cannot be instantiated.
  Error failure(std::string_view text) {
    auto made = linker.instantiate(module(text));
    EXPECT_FALSE(made);
    return made.error();
  }

  Engine engine;
  Store store;
  Linker linker;
};

/// The result of calling an export, as `cloche run` prints it, one after the other; or the error's message.
inline std::string call(const Instance& instance, std::string_view name,
                        const std::vector<Value>& args = {}) {
  const auto func = instance.func(name);
  if (!func) return func.error().message();
  const auto results = func->call(args);
  if (!results) return results.error().message();
  std::string text;
  for (const Value& value : *results) text += (text.empty() ? "" : " ") + value.to_string();
  return text;
}

/// A Result that failed with a kind and a message that has a part in it.
MATCHER_P2(FailsWith, kind, part, "") {
  if (arg.has_value()) {
    *result_listener << "did not fail";
    return false;
  }
  *result_listener << "failed with: " << arg.error().message();
  return arg.error().kind() == kind && arg.error().message().find(part) != std::string::npos;
}

}  // namespace cloche::test

#include "symbols/demangle.hpp"

#include <gtest/gtest.h>

namespace cloche::symbols {
namespace {

TEST(Demangle, SymbolsOfCxxAndRust) {
  EXPECT_EQ(demangle("_ZN3foo3barEi"), "foo::bar(int)");
  EXPECT_EQ(demangle("_ZN4core3fmt5write17h0123456789abcdefE"), "core::fmt::write");
  EXPECT_EQ(demangle("main"), "main");
  EXPECT_EQ(demangle("_Znonsense"), "_Znonsense");
  const std::string long_name = "_ZN" + std::string(100'000, '1');
  EXPECT_EQ(demangle(long_name), long_name);
}

}  // namespace
}  // namespace cloche::symbols

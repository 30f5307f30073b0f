#include "cloche/value.hpp"

#include <cmath>
#include <limits>

#include "support.hpp"

namespace cloche {
namespace {

using test::FailsWith;

constexpr ValueKind i32 = ValueKind::i32;
constexpr ValueKind i64 = ValueKind::i64;
constexpr ValueKind f32 = ValueKind::f32;
constexpr ValueKind f64 = ValueKind::f64;
constexpr ValueKind v128 = ValueKind::v128;

Result<Value> parse(ValueKind kind, std::string_view text) {
  return Value::parse({kind, kind == ValueKind::ref ? "funcref" : ""}, text);
}

TEST(Value, KnowsWhatItWasMadeFrom) {
  EXPECT_EQ(Value().kind(), i32);
  EXPECT_EQ(Value(-1).i32(), -1);
  EXPECT_EQ(Value(-1).bits(), 0xFFFFFFFFu);
  EXPECT_EQ(Value(0xFFFFFFFFu).i32(), -1);
  EXPECT_EQ(Value(int64_t{-2}).i64(), -2);
  EXPECT_EQ(Value(uint64_t{1} << 63).kind(), i64);
  EXPECT_EQ(Value(1.5f).f32(), 1.5f);
  EXPECT_EQ(Value(-0.0).bits(), uint64_t{1} << 63);
  EXPECT_EQ(Value(2.5).f64(), 2.5);
  EXPECT_EQ(Value::f32_bits(0x7F800001).bits(), 0x7F800001u);
  EXPECT_EQ(Value::f64_bits(0x7FF0000000000001).kind(), f64);
  EXPECT_EQ(Value(V128{{1}}).v128().bytes[0], 1);
  EXPECT_EQ(Value(Ref()).kind(), ValueKind::ref);
  EXPECT_TRUE(Value(Ref()).ref().is_null());
}

struct Spelling {
  Value value;
  std::string text;
};

TEST(Value, IsSpelledAsItIsRead) {
  const Spelling spellings[] = {
      {19, "19"},
      {-1, "-1"},
      {std::numeric_limits<int32_t>::min(), "-2147483648"},
      {std::numeric_limits<int64_t>::min(), "-9223372036854775808"},
      {1.5f, "1.5"},
      {0.1f, "0.1"},
      {0.1, "0.1"},
      {-0.0, "-0"},
      {0.0f, "0"},
      {100000.0, "100000"},
      {1e22, "1e+22"},
      {5e-324, "5e-324"},
      {16777216.0f, "16777216"},
      {std::numeric_limits<float>::infinity(), "inf"},
      {-std::numeric_limits<double>::infinity(), "-inf"},
      {Value::f32_bits(0x7FC00001), "nan:0x7fc00001"},
      {Value::f32_bits(0xFFC00000), "nan:0xffc00000"},
      {Value::f64_bits(0x7FF0000000000001), "nan:0x7ff0000000000001"},
      {V128{{1, 0, 0, 0, 2, 0, 0, 0, 0xFD, 0xFF, 0xFF, 0xFF, 4, 0, 0, 0}}, "i32x4:1,2,-3,4"},
  };
  for (const Spelling& spelling : spellings) {
    EXPECT_EQ(spelling.value.to_string(), spelling.text);
    const auto read = parse(spelling.value.kind(), spelling.text);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->kind(), spelling.value.kind());
    EXPECT_EQ(read->bits(), spelling.value.bits()) << spelling.text;
    EXPECT_EQ(read->v128(), spelling.value.v128()) << spelling.text;
  }
}

TEST(Value, NullIsSpelled) { EXPECT_EQ(Value(Ref()).to_string(), "ref.null"); }

struct Reading {
  ValueKind kind;
  std::string text;
  uint64_t bits;
};

TEST(ValueParse, Numbers) {
  const Reading readings[] = {
      {i32, "12", 12},
      {i32, "+12", 12},
      {i32, "0x10", 16},
      {i32, "-0x10", 0xFFFFFFF0},
      {i32, "4294967295", 0xFFFFFFFF},
      {i32, "-2147483648", 0x80000000},
      {i32, "1_000", 1000},
      {i64, "18446744073709551615", ~uint64_t{0}},
      {i64, "-9223372036854775808", uint64_t{1} << 63},
      {i64, "0xffffffffffffffff", ~uint64_t{0}},
      {f32, "1.5", 0x3FC00000},
      {f32, "3", 0x40400000},
      {f32, "-0x1p-149", 0x80000001},
      {f32, "nan", 0x7FC00000},
      {f32, "-nan", 0xFFC00000},
      {f32, "nan:0x7fc00000", 0x7FC00000},
      {f32, "nan:0xff800001", 0xFF800001},
      {f32, "nan:0x200000", 0x7FA00000},
      {f32, "-nan:0x200000", 0xFFA00000},
      {f64, "nan:0x7fc00000", 0x7FF000007FC00000},
      {f64, "nan:0xfff8000000000000", 0xFFF8000000000000},
      {f64, "-inf", 0xFFF0000000000000},
      {f64, "1e3", 0x408F400000000000},
  };
  for (const Reading& reading : readings) {
    const auto value = parse(reading.kind, reading.text);
    ASSERT_TRUE(value) << value.error().message();
    EXPECT_EQ(value->bits(), reading.bits) << reading.text;
    EXPECT_EQ(value->kind(), reading.kind);
  }
}

TEST(ValueParse, VectorsInEveryShape) {
  const V128 bytes{{1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0xFF, 0xFF}};
  for (const std::string_view text :
       {"i8x16:1,0,2,0,3,0,4,0,5,0,6,0,7,0,-1,255", "i16x8:1,2,3,4,5,6,7,-1",
        "i32x4:0x20001,0x40003,0x60005,0xffff0007", "i64x2:0x4000300020001,0xffff000700060005"}) {
    const auto value = parse(v128, text);
    ASSERT_TRUE(value) << value.error().message();
    EXPECT_EQ(value->v128(), bytes) << text;
  }
  EXPECT_EQ(parse(v128, "f32x4:0,1.5,nan:0x7fc00001,-0")->v128(),
            (V128{{0, 0, 0, 0, 0, 0, 0xC0, 0x3F, 1, 0, 0xC0, 0x7F, 0, 0, 0, 0x80}}));
  EXPECT_EQ(parse(v128, "f64x2:0,-0")->v128(), (V128{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80}}));
}

TEST(ValueParse, NullIsTheOnlyReference) {
  const auto null = parse(ValueKind::ref, "null");
  ASSERT_TRUE(null);
  EXPECT_TRUE(null->ref().is_null());
  EXPECT_THAT(parse(ValueKind::ref, "5"), FailsWith(ErrorKind::usage, "'5' is not a funcref"));
}

TEST(ValueParse, RefusesTheRest) {
  const struct {
    ValueKind kind;
    std::string text;
    std::string message;
  } cases[] = {
      {i32, "", "is not an i32"},
      {i32, "twelve", "'twelve' is not an i32"},
      {i32, "4294967296", "'4294967296' is out of range for i32"},
      {i32, "-2147483649", "out of range"},
      {i32, "1.5", "is not an i32"},
      {i32, " 1", "is not an i32"},
      {i64, "18446744073709551616", "out of range for i64"},
      {f32, "1e99", "out of range for f32"},
      {f32, "one", "is not an f32"},
      {f32, "nan:0x0", "f32"},
      {f32, "nan:", "is not an f32"},
      {f32, "nan:0x1ffffffff", "f32"},
      {f64, "0x", "is not an f64"},
      {v128, "1", "is not a v128"},
      {v128, "i32x4", "is not a v128"},
      {v128, "i32x5:1,2,3,4", "is not a v128"},
      {v128, "i32x4:1,2,3", "needs 4 lanes"},
      {v128, "i32x4:1,2,3,4,5", "needs 4 lanes"},
      {v128, "i32x4:1,2,,4", "'' is not an i32"},
      {v128, "i8x16:256,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "out of range for i8"},
      {v128, "f64x2:1,x", "'x' is not an f64"},
  };
  for (const auto& each : cases)
    EXPECT_THAT(parse(each.kind, each.text), FailsWith(ErrorKind::usage, each.message));
}

TEST(FunctionType, IsSpelledLikeTheSpecification) {
  EXPECT_EQ((FunctionType{{{i32, "i32"}, {i64, "i64"}}, {{f32, "f32"}}}).to_string(), "[i32 i64] -> [f32]");
  EXPECT_EQ(FunctionType().to_string(), "[] -> []");
}

TEST(Ref, NullIsNothingElse) {
  const Ref null;
  EXPECT_TRUE(null.is_null());
  EXPECT_FALSE(null.is_i31());
  EXPECT_FALSE(null.is_extern());
  EXPECT_EQ(null.i31_value(), 0);
  EXPECT_EQ(null.extern_payload(), 0u);
  EXPECT_EQ(null, Ref());
}

}  // namespace
}  // namespace cloche

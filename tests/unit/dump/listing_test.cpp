// Listings, line by line, of whole and of damaged modules.
#include "dump/listing.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace cloche::dump {
namespace {

using namespace testing;
using ::testing::HasSubstr;

ListingOptions disassembly() {
  ListingOptions options;
  options.disassemble = true;
  return options;
}
ListingOptions details() {
  ListingOptions options;
  options.details = true;
  return options;
}

TEST(Listing, Headers) {
  ListingOptions options;
  options.headers = true;
  const auto bytes = assembled("(module (func $f) (start $f))");
  EXPECT_EQ(listing(index_of(bytes), options),
            "\nSections:\n\n"
            "     Type start=0x0000000a end=0x0000000e (size=0x00000004) count: 1\n"
            " Function start=0x00000010 end=0x00000012 (size=0x00000002) count: 1\n"
            "    Start start=0x00000014 end=0x00000015 (size=0x00000001) start: 0\n"
            "     Code start=0x00000017 end=0x0000001b (size=0x00000004) count: 1\n"
            "   Custom start=0x0000001d end=0x00000028 (size=0x0000000b) \"name\"\n");
}

TEST(Listing, Instructions) {
  const auto bytes = assembled(R"((module
    (memory 1) (global $g (mut i32) (i32.const 0))
    (func $f (export "run") (param i32) (local $x i64) (local i64 i64)
      (block (result i32) (i32.load offset=300 (i32.const -1)))
      (br_if 0) (global.set $g (i32.const 7)) (local.set $x (i64.const 1)) (call $f (i32.const 1)))))");
  EXPECT_EQ(listing(index_of(bytes), disassembly()),
            "\nCode Disassembly:\n\n"
            "00002d func[0] <f>:\n"
            " 00002e: 03 7e                      | local[1..3] type=i64\n"
            " 000030: 02 7f                      | block i32\n"
            " 000032: 41 7f                      |   i32.const 4294967295\n"
            " 000034: 28 02 ac 02                |   i32.load 2 300\n"
            " 000038: 0b                         | end\n"
            " 000039: 0d 00                      | br_if 0\n"
            " 00003b: 41 07                      | i32.const 7\n"
            " 00003d: 24 00                      | global.set 0 <g>\n"
            " 00003f: 42 01                      | i64.const 1\n"
            " 000041: 21 01                      | local.set 1 <x>\n"
            " 000043: 41 01                      | i32.const 1\n"
            " 000045: 10 00                      | call 0 <f>\n"
            " 000047: 0b                         | end\n");
}

TEST(Listing, WhatDoesNotFitIntoALineGoesOnInTheNext) {
  const auto bytes = assembled("(func (drop (v128.const i32x4 1 2 3 4)))");
  EXPECT_THAT(
      listing(index_of(bytes), disassembly()),
      HasSubstr(" fd 0c 01 00 00 00 02 00 00 | v128.const 0x00000001 0x00000002 0x00000003 0x00000004\n"
                " 000020: 00 03 00 00 00 04 00 00 00 | \n"));
}

TEST(Listing, InstructionsOf3) {
  const auto bytes = assembled(R"((module
    (type $s (struct (field i32))) (tag $e (param i32)) (func $f)
    (func (param anyref) (result anyref)
      (block (result anyref) (br_on_cast 0 anyref (ref $s) (local.get 0)))
      (drop (ref.test (ref null $s) (local.get 0)))
      (block (result i32) (try_table (catch $e 0) (catch_all 1)) (unreachable)) (drop)
      (return_call_ref 3 (ref.null 3)))
    (type (func (result anyref)))))");
  const std::string text = listing(index_of(bytes), disassembly());
  EXPECT_THAT(text, HasSubstr("br_on_cast 0 (ref null any) (ref 0)\n"));
  EXPECT_THAT(text, HasSubstr("ref.test (ref null 0)\n"));
  EXPECT_THAT(text, HasSubstr("try_table catch 0 0 catch_all 1\n"));
  EXPECT_THAT(text, HasSubstr("return_call_ref (ref null "));
}

TEST(Listing, IndirectCalls) {
  const auto bytes = assembled(
      "(module (table $t 1 funcref) (func (return_call_indirect $t (call_indirect $t (i32.const 0)) "
      "(i32.const 0))))");
  EXPECT_THAT(listing(index_of(bytes), disassembly()), HasSubstr("| call_indirect 0 <t> (type 0)\n"));
  EXPECT_THAT(listing(index_of(bytes), disassembly()), HasSubstr("| return_call_indirect 0 0\n"));
}

TEST(Listing, Details) {
  const auto bytes = assembled(R"((module
    (type $a (sub (array (mut i8)))) (type (sub final $a (array (mut i8))))
    (import "env" "f" (func (param i32) (result i64 f32)))
    (import "env" "m" (memory i64 1 2))
    (table 3 5 funcref)
    (global (mut i64) (i64.const -1)) (global i32 (i32.add (i32.const 1) (i32.const -2)))
    (elem (i32.const 1) func 0) (elem declare func 0)
    (data (i64.const 16) "hello\00") (data "p")
    (export "g" (global 1))))");
  const std::string text = listing(index_of(bytes), details());
  for (const char* line :
       {" - type[0] (array (mut i8)) open\n", " - type[1] (array (mut i8)) sub type[0] final\n",
        " - type[2] (i32) -> (i64, f32)\n", " - func[0] sig=2 <env.f> <- env.f\n",
        " - memory[0] pages: initial=1 max=2 i64 <- env.m\n", " - table[0] type=funcref initial=3 max=5\n",
        " - global[0] i64 mutable=1 - init i64=-1\n",
        " - global[1] i32 mutable=0 <g> - init (i32.const 1, i32.const -2, i32.add)\n",
        " - global[1] -> \"g\"\n",
        " - segment[0] flags=0 table=0 count=1 - init i32=1\n  - elem[1] = ref.func:0 <env.f>\n",
        " - segment[1] flags=3 table=0 count=1\n", " - segment[0] memory=0 size=6 - init i64=16\n",
        "  - 0000010: 6865 6c6c 6f00                           hello.\n", " - segment[1] passive size=1\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(Listing, ASectionAlone) {
  const auto bytes = assembled("(module (func) (memory 1))");
  const Index index = index_of(bytes);
  ListingOptions options = details();
  options.section = "mEMORY";
  EXPECT_EQ(listing(index, options), "\nSection Details:\n\nMemory[1]:\n - memory[0] pages: initial=1\n");
  options.section = "none";
  base::StringOutput out;
  EXPECT_FALSE(Listing(out, index, options).section_found());
}

TEST(Listing, NamesCannotDriveATerminal) {
  const auto bytes = assembled("(func (export \"\\1b[2J\"))");
  EXPECT_THAT(listing(index_of(bytes), disassembly()), HasSubstr("<\\1b[2J>"));
}

TEST(Listing, OnlyWantedFunctions) {
  const auto bytes = assembled("(module (func $a) (func $b))");
  ListingOptions options = disassembly();
  options.wanted = [](uint32_t func) { return func == 1; };
  const std::string text = listing(index_of(bytes), options);
  EXPECT_THAT(text, HasSubstr("<b>"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("<a>")));
}

TEST(Listing, ListsUpToADamagedInstructionAndGoesOnWithTheNextFunction) {
  auto bytes = assembled("(module (func i32.const 1 drop) (func nop))");
  const Index whole = index_of(bytes);
  const uint32_t code = whole.find(binary::code_section)->payload.offset;
  bytes[code + 5] = 0xFF;  // the drop
  const Index index = index_of(bytes);
  base::StringOutput out;
  Listing damaged(out, index, disassembly());
  damaged.write("m.wasm");
  EXPECT_THAT(out.text(), HasSubstr("| i32.const 1\n"));
  EXPECT_THAT(out.text(), HasSubstr("| nop\n"));
  ASSERT_EQ(damaged.problems().size(), 1u);
  EXPECT_EQ(damaged.problems()[0].error.code, wasm::ErrorCode::illegal_opcode);
  EXPECT_EQ(damaged.problems()[0].error.offset, code + 5u);
}

TEST(Listing, EveryTruncationIsListedAndNoted) {
  const auto whole =
      assembled(R"((module (import "a" "b" (func)) (func $f (param $x i32) (drop (local.get 0)))
    (memory 1) (data (i32.const 0) "abc") (table 1 funcref) (elem (i32.const 0) 0)))");
  const std::vector<Section> sections = index_of(whole).sections;
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::vector<uint8_t> bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    const Index index = index_of(bytes);
    base::StringOutput out;
    ListingOptions options = details();
    options.headers = options.disassemble = options.full_contents = true;
    Listing(out, index, options).write("m");
    const bool at_section_end =
        size == 8 || std::any_of(sections.begin(), sections.end(), [&](const Section& each) {
          return size == each.payload.offset + each.payload.size;
        });
    EXPECT_EQ(index.problems.empty(), at_section_end) << size;
  }
}

TEST(Listing, DeepNestingIsNotQuadratic) {
  std::string text = "(module (func ";
  for (int i = 0; i < 20'000; ++i) text += "block ";
  for (int i = 0; i < 20'000; ++i) text += "end ";
  const auto bytes = assembled(text + "))");
  EXPECT_LT(listing(index_of(bytes), disassembly()).size(), 60u << 20);
}

TEST(Listing, RelocationsStandBehindWhatTheyChange) {
  auto bytes = assembled("(module (func $f (call $f)))");
  // The symbol table: one function; then one relocation of the call's operand.
  add_custom(bytes, "linking", {2, 8, 6, 1, 0, 0, 0, 1, 'f'});
  const Index before = index_of(bytes);
  uint8_t code = 0;
  while (before.sections[code].id != binary::code_section) ++code;
  add_custom(bytes, "reloc.CODE", {code, 1, 0, 4, 0});
  ListingOptions options = disassembly();
  options.relocs = true;
  const Index index = index_of(bytes);
  EXPECT_TRUE(index.problems.empty());
  EXPECT_THAT(listing(index, options),
              HasSubstr("| call 0 <f>\n           000018: R_WASM_FUNCTION_INDEX_LEB 0 <f>\n"));
  EXPECT_THAT(listing(index, details()),
              HasSubstr("   - R_WASM_FUNCTION_INDEX_LEB offset=0x000004(file=0x000018) symbol=0 <f>\n"));
}

}  // namespace
}  // namespace cloche::dump

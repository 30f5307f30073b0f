#include "symbols/dwarf/dwarf.hpp"

#include <gtest/gtest.h>

#include <array>

#include "dwarf_builder.hpp"

namespace cloche::symbols::dwarf {
namespace {

using namespace testing;

/// Sections and their bytes.
struct Debug {
  Bytes info, abbrev, line, str, str_offsets, addr, ranges, rnglists;

  Sections sections() const {
    Sections s;
    s.info = info;
    s.abbrev = abbrev;
    s.line = line;
    s.str = str;
    s.str_offsets = str_offsets;
    s.addr = addr;
    s.ranges = ranges;
    s.rnglists = rnglists;
    return s;
  }
};

constexpr int yes = 1;
constexpr int no = 0;

/// Attributes as pairs of name and form, and the two zeros behind them.
Bytes declaration(int code, int tag, int has_children,
                  std::initializer_list<std::pair<int, int>> attributes) {
  Bytes out = bytes(code, tag, has_children);
  for (const auto& [name, form] : attributes)
    out = bytes(out, leb(static_cast<uint64_t>(name)), leb(static_cast<uint64_t>(form)));
  return bytes(out, 0, 0);
}

/// main [0x10, 0x40) has callee inlined at [0x18, 0x20), and leaf within that at [0x1A, 0x1C).
Debug version_4() {
  Debug debug;
  debug.line =
      line_unit_4(bytes(set_address(0x10), special(8, 0), lns_set_file, leb(2), special(7, 8), lns_set_file,
                        leb(1), special(5, 8), lns_advance_pc, leb(0x20), end_sequence()));
  debug.str = bytes(str("callee"), str("leaf"));
  debug.abbrev =
      bytes(declaration(1, tag_compile_unit, yes,
                        {{at_comp_dir, form_string},
                         {at_stmt_list, form_sec_offset},
                         {at_low_pc, form_addr},
                         {at_high_pc, form_data4}}),
            declaration(2, tag_subprogram, no, {{at_name, form_strp}}),
            declaration(3, tag_subprogram, yes,
                        {{at_name, form_string}, {at_low_pc, form_addr}, {at_high_pc, form_data4}}),
            declaration(4, tag_inlined_subroutine, yes,
                        {{at_abstract_origin, form_ref4},
                         {at_ranges, form_sec_offset},
                         {at_call_file, form_data1},
                         {at_call_line, form_data1},
                         {at_call_column, form_data1}}),
            declaration(5, tag_inlined_subroutine, no,
                        {{at_abstract_origin, form_ref4},
                         {at_low_pc, form_addr},
                         {at_high_pc, form_data1},
                         {at_call_file, form_data1},
                         {at_call_line, form_data1}}),
            0);
  debug.ranges = bytes(u32(0x18), u32(0x20), u32(0), u32(0));
  constexpr size_t header = 11;  // length, version, abbrev offset, address size
  const Bytes root = bytes(1, str("/code"), u32(0), u32(0), u32(0));  // low_pc 0: ranges are absolute
  const size_t callee = header + root.size();
  const size_t leaf = callee + 5;
  const Bytes entries = bytes(root, 2, u32(0), 2, u32(7), 3, str("main"), u32(0x10), u32(0x30), 4,
                              u32(callee), u32(0), 1, 12, 3, 5, u32(leaf), u32(0x1A), 2, 2, 7, 0, 0, 0);
  debug.info = unit(bytes(u16(4), u32(0), 4, entries));
  return debug;
}

/// The same through indices: .debug_str_offsets, .debug_addr, .debug_rnglists.
Debug version_5() {
  Debug debug;
  debug.line = line_unit_5(bytes(set_address(0x10), lns_set_file, leb(0), special(8, 0), lns_advance_pc,
                                 leb(0x30), end_sequence()));
  debug.str = bytes(str("main"), str("/code"));
  debug.str_offsets = bytes(u32(12), u16(5), u16(0), u32(0), u32(5));
  debug.addr = bytes(u32(12), u16(5), 4, 0, u32(0x10), u32(0x18));
  const Bytes list = bytes(rle_startx_length, 0, 0x30, rle_end_of_list);
  debug.rnglists = bytes(u32(8 + 4 + list.size()), u16(5), 4, 0, u32(1), u32(4), list);
  debug.abbrev =
      bytes(declaration(1, tag_compile_unit, yes,
                        {{at_str_offsets_base, form_sec_offset},
                         {at_addr_base, form_sec_offset},
                         {at_rnglists_base, form_sec_offset},
                         {at_comp_dir, form_strx1},
                         {at_stmt_list, form_sec_offset},
                         {at_ranges, form_rnglistx}}),
            declaration(2, tag_subprogram, no,
                        {{at_name, form_strx1}, {at_low_pc, form_addrx}, {at_high_pc, form_data4}}),
            0);
  debug.info =
      unit(bytes(u16(5), 1, 4, u32(0), 1, u32(8), u32(8), u32(12), 1, u32(0), 0, 2, 0, 0, u32(0x30), 0));
  return debug;
}

TEST(Dwarf, FindsLinesAndInlinedFunctions) {
  Debug debug = version_4();
  // The unit's range comes from its functions' addresses, so give it one.
  debug.info = version_4().info;
  for (size_t i = 0, at = 12 + 6 + 4; i < 4; ++i) debug.info[at + i] = bytes(u32(0x10))[i];
  for (size_t i = 0, at = 12 + 6 + 8; i < 4; ++i) debug.info[at + i] = bytes(u32(0x30))[i];
  // Ranges now count from the unit's low_pc.
  debug.ranges = bytes(u32(0x08), u32(0x10), u32(0), u32(0));
  Dwarf dwarf(debug.sections());

  const auto plain = dwarf.locate(0x12);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->place, (Place{"/code/main.c", 9, 0}));
  EXPECT_TRUE(plain->inlined.empty());

  const auto inlined = dwarf.locate(0x18);
  ASSERT_TRUE(inlined);
  EXPECT_EQ(inlined->place.file, "/src/lib/inner.h");
  ASSERT_EQ(inlined->inlined.size(), 1u);
  EXPECT_EQ(inlined->inlined[0], (InlinedCall{"callee", {"/code/main.c", 12, 3}}));

  const auto deeper = dwarf.locate(0x1B);
  ASSERT_TRUE(deeper);
  ASSERT_EQ(deeper->inlined.size(), 2u);
  EXPECT_EQ(deeper->inlined[0], (InlinedCall{"leaf", {"/src/lib/inner.h", 7, 0}}));
  EXPECT_EQ(deeper->inlined[1].function, "callee");

  EXPECT_EQ(dwarf.function(0x3F), "main");
  EXPECT_EQ(dwarf.function(0x40), "");
  EXPECT_FALSE(dwarf.locate(0x40));
}

TEST(Dwarf, ReadsVersion5ThroughItsIndices) {
  const Debug debug = version_5();
  Dwarf dwarf(debug.sections());
  const auto found = dwarf.locate(0x20);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->place, (Place{"/code/main.c", 9, 0}));
  EXPECT_EQ(dwarf.function(0x20), "main");
  EXPECT_FALSE(dwarf.locate(0x0F));
  EXPECT_FALSE(dwarf.locate(0x40));
}

TEST(Dwarf, LineProgramsAloneDo) {
  Debug debug;
  debug.line = line_unit_4(bytes(set_address(0x10), special(2, 0), lns_advance_pc, leb(6), end_sequence()));
  Dwarf dwarf(debug.sections());
  const auto found = dwarf.locate(0x12);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->place, (Place{"main.c", 3, 0}));
  EXPECT_EQ(dwarf.function(0x12), "");
}

TEST(Dwarf, FindsTheCodeOfALine) {
  const Debug debug = version_5();
  Dwarf dwarf(debug.sections());
  EXPECT_EQ(dwarf.addresses("main.c", 9), std::vector<uint32_t>{0x10});
  EXPECT_EQ(dwarf.addresses("/code/main.c", 9), std::vector<uint32_t>{0x10});
  EXPECT_TRUE(dwarf.addresses("ain.c", 10).empty());
  EXPECT_TRUE(dwarf.addresses("main.c", 11).empty());
}

TEST(Dwarf, NothingIsFoundWithoutSections) {
  Dwarf dwarf{Sections()};
  EXPECT_FALSE(dwarf.locate(1));
  EXPECT_EQ(dwarf.function(1), "");
  EXPECT_TRUE(dwarf.addresses("x.c", 1).empty());
}

/// Asks everything of damaged sections; that they are survived is all there is to expect.
void ask(const Debug& debug) {
  Dwarf dwarf(debug.sections());
  for (const uint32_t address : {0u, 0x10u, 0x1Bu, 0x3Fu, 0xFFFFFFFFu}) {
    static_cast<void>(dwarf.locate(address));
    static_cast<void>(dwarf.function(address));
  }
  static_cast<void>(dwarf.addresses("main.c", 9));
}

TEST(Dwarf, EveryChangedByteAndTruncationIsSurvived) {
  for (const Debug& whole : {version_4(), version_5()})
    for (Bytes Debug::* const section : {&Debug::info, &Debug::abbrev, &Debug::line, &Debug::str,
                                         &Debug::str_offsets, &Debug::addr, &Debug::ranges, &Debug::rnglists})
      for (size_t i = 0; i < (whole.*section).size(); ++i) {
        for (const uint8_t value : std::to_array<uint8_t>({0x00, 0x01, 0x21, 0x7F, 0x80, 0xFF})) {
          Debug damaged = whole;
          (damaged.*section)[i] = value;
          ask(damaged);
        }
        Debug cut = whole;
        (cut.*section).resize(i);
        ask(cut);
      }
}

// A name that refers to itself, or back and forth.
TEST(Dwarf, ReferencesInACircleEnd) {
  Debug debug;
  debug.line = version_5().line;
  debug.abbrev =
      bytes(declaration(1, tag_compile_unit, yes, {{at_low_pc, form_addr}, {at_high_pc, form_data4}}),
            declaration(2, tag_subprogram, no,
                        {{at_abstract_origin, form_ref4}, {at_low_pc, form_addr}, {at_high_pc, form_data4}}),
            0);
  constexpr size_t header = 11;
  debug.info =
      unit(bytes(u16(4), u32(0), 4, 1, u32(0x10), u32(0x30), 2, u32(header + 9), u32(0x10), u32(0x30), 0));
  Dwarf dwarf(debug.sections());
  EXPECT_EQ(dwarf.function(0x20), "");
}

// 60,000 entries of 60,000 attributes that take no bytes: 3.6 billion steps if they were taken.
TEST(Dwarf, WorkIsBounded) {
  Debug debug;
  debug.line = version_5().line;
  constexpr int many = 60'000;
  Bytes attributes;
  for (int i = 0; i < many; ++i) attributes.insert(attributes.end(), {at_call_line, form_flag_present});
  debug.abbrev =
      bytes(declaration(1, tag_compile_unit, yes, {{at_low_pc, form_addr}, {at_high_pc, form_data4}}), 2,
            tag_subprogram, no, attributes, 0, 0, 0);
  debug.info = unit(bytes(u16(4), u32(0), 4, 1, u32(0x10), u32(0x30), Bytes(many, 2)));
  Dwarf dwarf(debug.sections());
  EXPECT_EQ(dwarf.function(0x20), "");
}

TEST(Budget, EndsForGood) {
  Budget budget(0);
  EXPECT_TRUE(budget.spend(4000));
  EXPECT_FALSE(budget.spend(200));
  EXPECT_FALSE(budget.spend());
}

}  // namespace
}  // namespace cloche::symbols::dwarf

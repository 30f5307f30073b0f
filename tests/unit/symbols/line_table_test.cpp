#include "symbols/dwarf/line_table.hpp"

#include <gtest/gtest.h>

#include <array>

#include "dwarf_builder.hpp"

namespace cloche::symbols::dwarf {
namespace {

using namespace testing;

/// The table's names are views of the section.
LineTable read(const Bytes& section, std::string_view comp_dir = "/code") {
  Sections sections;
  sections.line = section;
  Budget budget(section.size());
  return LineTable::read(sections, 0, {comp_dir, {}, 0}, budget);
}

/// Line of the row that covers an address; 0 when there is none.
uint32_t line_at(const LineTable& table, uint32_t address) {
  const LineRow* const row = table.find(address);
  return row == nullptr ? 0 : row->line;
}

const Bytes program =
    bytes(set_address(0x10), special(2, 0), special(3, 4), lns_advance_pc, leb(6), end_sequence());

TEST(LineTable, RowsCoverAddressesUpToTheEndOfTheirSequence) {
  for (const int version : {2, 3, 4}) {
    const LineTable table = read(line_unit_4(program, version));
    ASSERT_EQ(table.rows().size(), 3u) << version;
    EXPECT_EQ(line_at(table, 0x0F), 0u);
    EXPECT_EQ(line_at(table, 0x10), 3u);
    EXPECT_EQ(line_at(table, 0x13), 3u);
    EXPECT_EQ(line_at(table, 0x14), 6u);
    EXPECT_EQ(line_at(table, 0x19), 6u);
    EXPECT_EQ(line_at(table, 0x1A), 0u);
  }
  EXPECT_EQ(line_at(read(line_unit_5(program)), 0x14), 6u);
}

TEST(LineTable, FilesStandInTheirDirectories) {
  const Bytes old_section = line_unit_4(program), section = line_unit_5(program);
  const LineTable old = read(old_section);
  EXPECT_EQ(old.file_name(1), "/code/main.c");
  EXPECT_EQ(old.file_name(2), "/src/lib/inner.h");
  EXPECT_EQ(old.file_name(0), "");
  EXPECT_EQ(old.file_name(3), "");
  const LineTable table = read(section);
  EXPECT_EQ(table.file_name(0), "/code/main.c");
  EXPECT_EQ(table.file_name(1), "/code/lib/inner.h");
  EXPECT_EQ(table.file_name(2), "");
}

TEST(LineTable, EveryStandardOpcodeDoesItsPart) {
  const LineTable table = read(line_unit_4(
      bytes(set_address(0x20), lns_set_file, leb(2), lns_set_column, leb(7), lns_advance_line, 0x7F /* -1 */,
            lns_advance_line, leb(9), lns_negate_stmt, lns_set_basic_block, lns_set_prologue_end,
            lns_set_epilogue_begin, lns_set_isa, leb(3), lns_copy, lns_const_add_pc, lns_copy,
            lns_fixed_advance_pc, u16(0x100), lns_copy, lns_advance_pc, leb(1), end_sequence())));
  ASSERT_EQ(table.rows().size(), 4u);
  EXPECT_EQ(table.rows()[0].file, 2u);
  EXPECT_EQ(table.rows()[0].line, 9u);
  EXPECT_EQ(table.rows()[0].column, 7u);
  EXPECT_EQ(table.rows()[1].address, 0x20u + (255 - 13) / 14);
  EXPECT_EQ(table.rows()[2].address, table.rows()[1].address + 0x100);
  EXPECT_TRUE(table.rows()[3].ends);
}

TEST(LineTable, FunctionsThatTheLinkerDroppedAreNotThere) {
  const LineTable table =
      read(line_unit_4(bytes(set_address(0), special(1, 0), special(1, 8), end_sequence(),  //
                             set_address(0xFFFFFFFF), special(1, 0), end_sequence(),        //
                             set_address(0x30), special(4, 0), lns_advance_pc, leb(2), end_sequence())));
  EXPECT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(line_at(table, 4), 0u);
  EXPECT_EQ(line_at(table, 0x31), 5u);
}

TEST(LineTable, SequencesMayComeInAnyOrderAndTouch) {
  const LineTable table =
      read(line_unit_4(bytes(set_address(0x20), special(1, 0), lns_advance_pc, leb(16), end_sequence(),  //
                             set_address(0x10), special(8, 0), lns_advance_pc, leb(16), end_sequence())));
  EXPECT_EQ(line_at(table, 0x1F), 9u);
  EXPECT_EQ(line_at(table, 0x20), 2u);
  EXPECT_EQ(line_at(table, 0x30), 0u);
}

TEST(LineTable, WhatFollowsDamageIsUnknownAndWhatCameBeforeStays) {
  const Bytes damaged = bytes(program, lns_extended, leb(100), lne_end_sequence);
  EXPECT_EQ(line_at(read(line_unit_4(damaged)), 0x14), 6u);
  // A sequence without its end says nothing.
  EXPECT_TRUE(read(line_unit_4(bytes(set_address(0x10), special(1, 0)))).rows().empty());
}

TEST(LineTable, EveryTruncationIsSurvived) {
  for (const Bytes& whole : {line_unit_4(program), line_unit_5(program)})
    for (size_t size = 0; size < whole.size(); ++size) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      EXPECT_TRUE(read(part).rows().empty()) << size;
    }
}

TEST(LineTable, EveryChangedByteIsSurvived) {
  for (const Bytes& whole : {line_unit_4(program), line_unit_5(program)})
    for (size_t i = 0; i < whole.size(); ++i)
      for (const uint8_t value : std::to_array<uint8_t>({0x00, 0x01, 0x7F, 0x80, 0xFF})) {
        Bytes damaged = whole;
        damaged[i] = value;
        const LineTable table = read(damaged);
        for (uint32_t address = 0; address < 0x40; ++address)
          if (const LineRow* const row = table.find(address)) static_cast<void>(table.file_name(row->file));
      }
}

// Two bytes that say "2^63 files without any field".
TEST(LineTable, EntriesWithoutBytesAreRefused) {
  const Bytes header = bytes(standard_fields(5), 0, leb(0), 0, leb(uint64_t{1} << 62));
  const Bytes section = unit(bytes(u16(5), 4, 0, u32(header.size()), header, program));
  EXPECT_TRUE(read(section).rows().empty());
  const Bytes flags =
      bytes(standard_fields(5), 0, leb(0), 1, lnct_path, form_flag_present, leb(uint64_t{1} << 62));
  EXPECT_TRUE(read(unit(bytes(u16(5), 4, 0, u32(flags.size()), flags, program))).rows().empty());
}

}  // namespace
}  // namespace cloche::symbols::dwarf

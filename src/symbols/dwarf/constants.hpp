// The numbers of DWARF 5 (section 7) that the reader knows, under their names there.
#pragma once

#include <cstdint>

namespace cloche::symbols::dwarf {

enum Tag : uint16_t {
  tag_compile_unit = 0x11,
  tag_inlined_subroutine = 0x1D,
  tag_subprogram = 0x2E,
  tag_partial_unit = 0x3C,
  tag_skeleton_unit = 0x4A,
};

enum Attribute : uint16_t {
  at_name = 0x03,
  at_stmt_list = 0x10,
  at_low_pc = 0x11,
  at_high_pc = 0x12,
  at_comp_dir = 0x1B,
  at_abstract_origin = 0x31,
  at_specification = 0x47,
  at_ranges = 0x55,
  at_call_column = 0x57,
  at_call_file = 0x58,
  at_call_line = 0x59,
  at_linkage_name = 0x6E,
  at_str_offsets_base = 0x72,
  at_addr_base = 0x73,
  at_rnglists_base = 0x74,
  at_mips_linkage_name = 0x2007,
};

enum Form : uint16_t {
  form_addr = 0x01,
  form_block2 = 0x03,
  form_block4 = 0x04,
  form_data2 = 0x05,
  form_data4 = 0x06,
  form_data8 = 0x07,
  form_string = 0x08,
  form_block = 0x09,
  form_block1 = 0x0A,
  form_data1 = 0x0B,
  form_flag = 0x0C,
  form_sdata = 0x0D,
  form_strp = 0x0E,
  form_udata = 0x0F,
  form_ref_addr = 0x10,
  form_ref1 = 0x11,
  form_ref2 = 0x12,
  form_ref4 = 0x13,
  form_ref8 = 0x14,
  form_ref_udata = 0x15,
  form_indirect = 0x16,
  form_sec_offset = 0x17,
  form_exprloc = 0x18,
  form_flag_present = 0x19,
  form_strx = 0x1A,
  form_addrx = 0x1B,
  form_ref_sup4 = 0x1C,
  form_strp_sup = 0x1D,
  form_data16 = 0x1E,
  form_line_strp = 0x1F,
  form_ref_sig8 = 0x20,
  form_implicit_const = 0x21,
  form_loclistx = 0x22,
  form_rnglistx = 0x23,
  form_ref_sup8 = 0x24,
  form_strx1 = 0x25,
  form_strx2 = 0x26,
  form_strx3 = 0x27,
  form_strx4 = 0x28,
  form_addrx1 = 0x29,
  form_addrx2 = 0x2A,
  form_addrx3 = 0x2B,
  form_addrx4 = 0x2C,
  form_gnu_ref_alt = 0x1F20,
  form_gnu_strp_alt = 0x1F21,
};

enum LineOpcode : uint8_t {
  lns_extended = 0,
  lns_copy = 1,
  lns_advance_pc = 2,
  lns_advance_line = 3,
  lns_set_file = 4,
  lns_set_column = 5,
  lns_negate_stmt = 6,
  lns_set_basic_block = 7,
  lns_const_add_pc = 8,
  lns_fixed_advance_pc = 9,
  lns_set_prologue_end = 10,
  lns_set_epilogue_begin = 11,
  lns_set_isa = 12,
};

enum LineExtended : uint8_t { lne_end_sequence = 1, lne_set_address = 2, lne_define_file = 3 };

enum LineContent : uint16_t { lnct_path = 1, lnct_directory_index = 2 };

enum RangeListEntry : uint8_t {
  rle_end_of_list = 0,
  rle_base_addressx = 1,
  rle_startx_endx = 2,
  rle_startx_length = 3,
  rle_offset_pair = 4,
  rle_base_address = 5,
  rle_start_end = 6,
  rle_start_length = 7,
};

}  // namespace cloche::symbols::dwarf

// A module's listing, in the format of wabt's wasm-objdump: headers of sections, their contents, disassembled
// functions, raw bytes. Written as far as the bytes allow.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/output.hpp"
#include "dump/disassembler.hpp"
#include "dump/index.hpp"

namespace cloche::dump {

struct ListingOptions {
  bool headers = false;
  bool details = false;
  bool disassemble = false;
  bool full_contents = false;
  bool relocs = false;           // beside code and data
  bool section_offsets = false;  // disassembly counts from the code section's start
  std::string section;      // details and full contents of this one only, by name, in any case; empty for all
  bool every_name = false;  // names beside all indices, also where wabt shows none
  Margin* margin = nullptr;                   // beside instructions
  std::function<bool(uint32_t func)> wanted;  // functions to disassemble; all where it is empty
};

class Listing {
 public:
  /// `index` must outlive it.
  Listing(base::Output& out, const Index& index, ListingOptions options)
      : out_(out), index_(index), options_(std::move(options)) {}

  /// Writes all parts that were asked for. `file` is what the first line calls the module.
  void write(std::string_view file);

  /// What is wrong with the function bodies that were listed; the index has the rest.
  const std::vector<Problem>& problems() const { return problems_; }
  /// Whether `section` was found, or none was asked for.
  bool section_found() const;
  /// Offset in the module of what is being listed.
  uint32_t position() const { return position_; }

 private:
  bool is_selected(const Section& section) const;
  void write_headers();
  void write_header(const Section& section);
  void write_details();
  void write_disassembly();
  void write_contents();

  base::Output& out_;
  const Index& index_;
  ListingOptions options_;
  std::vector<Problem> problems_;
  uint32_t position_ = 0;
};

}  // namespace cloche::dump

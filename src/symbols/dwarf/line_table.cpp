#include "symbols/dwarf/line_table.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "symbols/dwarf/constants.hpp"

namespace cloche::symbols::dwarf {
namespace {

bool is_absolute(std::string_view path) {
  return path.starts_with('/') || (path.size() > 1 && path[1] == ':');
}

std::string join(std::string_view directory, std::string_view name) {
  if (directory.empty() || is_absolute(name)) return std::string(name);
  std::string path(directory);
  if (!path.ends_with('/')) path += '/';
  return path.append(name);
}

/// Addresses are offsets in the code section, which begins with its count: no function is at 0. The linker
/// leaves 0 and the largest numbers where it dropped a function.
bool is_dropped(uint64_t address) {
  return address == 0 || address >= std::numeric_limits<uint32_t>::max() - 1;
}

struct EntryFormat {
  uint64_t content;
  uint64_t form;
};

}  // namespace

/// One run over one program.
class LineReader {
 public:
  LineReader(const Sections& sections, const LineContext& context, Budget& budget, LineTable& table)
      : sections_(sections), context_(context), format_(context.format), budget_(budget), table_(table) {}

  void read(uint64_t offset) {
    cursor_ = Cursor(sections_.line, offset);
    format_.offset_size = static_cast<uint8_t>(enter_unit(cursor_));
    table_.comp_dir_ = context_.comp_dir;
    table_.version_ = format_.version = cursor_.u16();
    if (format_.version < 2 || format_.version > 5) return;
    if (read_header()) run();
    sort_rows();
  }

 private:
  struct State {
    uint64_t address = 0;
    uint64_t file = 1;
    uint64_t line = 1;
    uint64_t column = 0;
  };

  /// By address. Of several rows at one address the last in the program counts, but the end of a sequence
  /// comes before the beginning of the next.
  void sort_rows() {
    const std::vector<LineRow>& rows = table_.rows_;
    std::vector<uint32_t> order(rows.size());
    for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&rows](uint32_t a, uint32_t b) {
      if (rows[a].address != rows[b].address) return rows[a].address < rows[b].address;
      if (rows[a].ends != rows[b].ends) return rows[a].ends;
      return a < b;
    });
    std::vector<LineRow> sorted;
    sorted.reserve(rows.size());
    for (const uint32_t i : order) sorted.push_back(rows[i]);
    table_.rows_ = std::move(sorted);
  }

  bool read_header() {
    if (format_.version >= 5) {
      format_.address_size = cursor_.u8();
      cursor_.skip(1);  // segment selectors
    }
    const uint64_t header_length = cursor_.fixed(format_.offset_size);
    const uint64_t program = cursor_.offset() + header_length;
    if (!cursor_.good() || header_length > cursor_.remaining() || format_.address_size > 8) return false;
    min_instruction_length_ = cursor_.u8();
    if (format_.version >= 4) cursor_.skip(1);  // operations per instruction: WebAssembly is no VLIW machine
    cursor_.skip(1);                            // default_is_stmt
    line_base_ = static_cast<int8_t>(cursor_.u8());
    line_range_ = cursor_.u8();
    opcode_base_ = cursor_.u8();
    for (unsigned i = 1; i < opcode_base_; ++i) operand_counts_[i] = cursor_.u8();
    if (!cursor_.good() || line_range_ == 0 || opcode_base_ == 0) return false;
    if (format_.version >= 5)
      read_tables();
    else
      read_old_tables();
    if (!cursor_.good()) return false;
    cursor_.seek(program);
    return true;
  }

  void read_old_tables() {
    table_.directories_.push_back(context_.comp_dir);
    for (;;) {
      const std::string_view directory = cursor_.c_string();
      if (directory.empty() || !cursor_.good()) break;
      table_.directories_.push_back(directory);
    }
    table_.files_.emplace_back();  // files count from 1
    for (;;) {
      const std::string_view name = cursor_.c_string();
      if (name.empty() || !cursor_.good()) break;
      add_old_file(name);
    }
  }

  void add_old_file(std::string_view name) {
    LineTable::File file{name, cursor_.uleb()};
    cursor_.uleb();  // time
    cursor_.uleb();  // size
    if (cursor_.good()) table_.files_.push_back(file);
  }

  void read_tables() {
    read_entries([&](const LineTable::File& entry) { table_.directories_.push_back(entry.name); });
    read_entries([&](const LineTable::File& entry) { table_.files_.push_back(entry); });
  }

  template <class Add>
  void read_entries(Add add) {
    std::vector<EntryFormat> formats(cursor_.u8());
    for (EntryFormat& format : formats) format = {cursor_.uleb(), cursor_.uleb()};
    const uint64_t count = cursor_.uleb();
    for (uint64_t i = 0; i < count && cursor_.good(); ++i) {
      const uint64_t start = cursor_.offset();
      LineTable::File entry;
      for (const EntryFormat& format : formats) read_field(format, entry);
      // Entries without bytes would let a few bytes ask for any number of them.
      if (cursor_.offset() == start || !budget_.spend()) return cursor_.fail();
      if (cursor_.good()) add(entry);
    }
  }

  void read_field(const EntryFormat& format, LineTable::File& entry) {
    const FormValue value = read_form(cursor_, format.form, 0, format_);
    if (format.content == lnct_path)
      entry.name = string_of(value, sections_, format_, context_.str_offsets_base, budget_);
    if (format.content == lnct_directory_index) entry.directory = value.number;
  }

  void run() {
    while (!cursor_.at_end() && budget_.spend()) {
      const uint8_t opcode = cursor_.u8();
      if (opcode >= opcode_base_)
        special(opcode);
      else if (opcode == lns_extended)
        extended();
      else
        standard(opcode);
    }
    drop_sequence();  // one without its end has no last address
  }

  void special(uint8_t opcode) {
    const unsigned adjusted = opcode - opcode_base_;
    advance(adjusted / line_range_);
    state_.line += static_cast<uint64_t>(int64_t{line_base_} + adjusted % line_range_);
    emit(false);
  }

  void standard(uint8_t opcode) {
    switch (opcode) {
      case lns_copy:
        emit(false);
        break;
      case lns_advance_pc:
        advance(cursor_.uleb());
        break;
      case lns_advance_line:
        state_.line += static_cast<uint64_t>(cursor_.sleb());
        break;
      case lns_set_file:
        state_.file = cursor_.uleb();
        break;
      case lns_set_column:
        state_.column = cursor_.uleb();
        break;
      case lns_const_add_pc:
        advance((255u - opcode_base_) / line_range_);
        break;
      case lns_fixed_advance_pc:
        state_.address += cursor_.u16();
        break;
      case lns_negate_stmt:
      case lns_set_basic_block:
      case lns_set_prologue_end:
      case lns_set_epilogue_begin:
        break;
      case lns_set_isa:
        cursor_.uleb();
        break;
      default:
        for (unsigned i = 0; i < operand_counts_[opcode]; ++i) cursor_.uleb();
    }
  }

  void extended() {
    const uint64_t length = cursor_.uleb();
    if (length == 0 || length > cursor_.remaining()) return cursor_.fail();
    const uint64_t end = cursor_.offset() + length;
    switch (cursor_.u8()) {
      case lne_end_sequence:
        end_sequence();
        break;
      case lne_set_address:
        if (length - 1 <= 8) state_.address = cursor_.fixed(static_cast<unsigned>(length - 1));
        break;
      case lne_define_file: {
        const std::string_view name = cursor_.c_string();
        if (format_.version < 5) add_old_file(name);
        break;
      }
      default:
        break;
    }
    cursor_.seek(end);
  }

  void advance(uint64_t operations) { state_.address += operations * min_instruction_length_; }

  void emit(bool ends) {
    constexpr uint64_t most = std::numeric_limits<uint32_t>::max();
    if (state_.address > most) return;
    table_.rows_.push_back({static_cast<uint32_t>(state_.address),
                            static_cast<uint32_t>(std::min(state_.file, most)),
                            static_cast<uint32_t>(std::min(state_.line, most)),
                            static_cast<uint16_t>(std::min<uint64_t>(state_.column, 0xFFFF)), ends});
  }

  void end_sequence() {
    emit(true);
    if (sequence_ < table_.rows_.size() && is_dropped(table_.rows_[sequence_].address)) drop_sequence();
    sequence_ = table_.rows_.size();
    state_ = State();
  }

  void drop_sequence() { table_.rows_.resize(sequence_); }

  const Sections& sections_;
  const LineContext& context_;
  UnitFormat format_;
  Budget& budget_;
  LineTable& table_;
  Cursor cursor_;
  State state_;
  size_t sequence_ = 0;  // first row of the current sequence
  uint8_t min_instruction_length_ = 1;
  int8_t line_base_ = 0;
  uint8_t line_range_ = 1;
  uint8_t opcode_base_ = 1;
  std::array<uint8_t, 256> operand_counts_{};
};

LineTable LineTable::read(const Sections& sections, uint64_t offset, const LineContext& context,
                          Budget& budget) {
  LineTable table;
  LineReader(sections, context, budget, table).read(offset);
  return table;
}

const LineRow* LineTable::find(uint32_t address) const {
  auto after = std::upper_bound(rows_.begin(), rows_.end(), address,
                                [](uint32_t place, const LineRow& row) { return place < row.address; });
  if (after == rows_.begin()) return nullptr;
  const LineRow& row = *(after - 1);
  return row.ends ? nullptr : &row;
}

std::string LineTable::file_name(uint64_t file) const {
  if (file >= files_.size() || files_[file].name.empty()) return {};
  const File& entry = files_[file];
  std::string_view directory;
  if (entry.directory < directories_.size()) directory = directories_[entry.directory];
  if (entry.directory == 0) return join(comp_dir_.empty() ? directory : comp_dir_, entry.name);
  return join(is_absolute(directory) ? std::string(directory) : join(comp_dir_, directory), entry.name);
}

}  // namespace cloche::symbols::dwarf

// The name section (spec: Appendix / Name Section, and its extension to all index spaces) of what the text
// names.
#include "base/leb128.hpp"
#include "text/draft.hpp"

namespace cloche::text {
namespace {

void put_leb(std::vector<uint8_t>& out, uint64_t value) { base::append_leb(out, value); }

void put_name(std::vector<uint8_t>& out, std::string_view name) {
  put_leb(out, name.size());
  out.insert(out.end(), name.begin(), name.end());
}

void put_subsection(std::vector<uint8_t>& out, uint8_t id, const std::vector<uint8_t>& contents) {
  out.push_back(id);
  put_leb(out, contents.size());
  out.insert(out.end(), contents.begin(), contents.end());
}

void put_names(std::vector<uint8_t>& out, uint8_t id, const std::vector<NameEntry>& names) {
  if (names.empty()) return;
  std::vector<uint8_t> contents;
  put_leb(contents, names.size());
  for (const NameEntry& entry : names) {
    put_leb(contents, entry.index);
    put_name(contents, entry.name);
  }
  put_subsection(out, id, contents);
}

void put_inner_names(std::vector<uint8_t>& out, uint8_t id, const std::vector<InnerNameEntry>& names) {
  if (names.empty()) return;
  std::vector<uint8_t> contents;
  size_t outers = 0;
  for (size_t i = 0; i < names.size(); ++i) outers += i == 0 || names[i].outer != names[i - 1].outer;
  put_leb(contents, outers);
  for (size_t i = 0; i < names.size();) {
    size_t end = i;
    while (end < names.size() && names[end].outer == names[i].outer) ++end;
    put_leb(contents, names[i].outer);
    put_leb(contents, end - i);
    for (; i < end; ++i) {
      put_leb(contents, names[i].inner);
      put_name(contents, names[i].name);
    }
  }
  put_subsection(out, id, contents);
}

}  // namespace

std::vector<uint8_t> write_names(const DraftNames& names) {
  std::vector<uint8_t> out;
  if (names.has_module) {
    std::vector<uint8_t> contents;
    put_name(contents, names.module);
    put_subsection(out, 0, contents);
  }
  put_names(out, 1, names.funcs);
  put_inner_names(out, 2, names.locals);
  put_inner_names(out, 3, names.labels);
  put_names(out, 4, names.types);
  put_names(out, 5, names.tables);
  put_names(out, 6, names.mems);
  put_names(out, 7, names.globals);
  put_names(out, 8, names.elems);
  put_names(out, 9, names.datas);
  put_inner_names(out, 10, names.fields);
  put_names(out, 11, names.tags);
  return out;
}

}  // namespace cloche::text

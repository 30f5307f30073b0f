#include "dump/json.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "dump/immediates.hpp"
#include "dump/items.hpp"

namespace cloche::dump {
namespace {

using binary::InstrReader;

/// Commas between the members of an object or list.
class Members {
 public:
  explicit Members(Output& out) : out_(out) {}
  void next() {
    if (!first_) out_.put(',');
    first_ = false;
  }
  void name(std::string_view name) {
    next();
    out_.put('"', name, "\":");
  }
  void number(std::string_view name_text, uint64_t value) {
    name(name_text);
    out_.decimal(value);
  }
  void text(std::string_view name_text, std::string_view value) {
    name(name_text);
    base::put_json_string(out_, value);
  }

 private:
  Output& out_;
  bool first_ = true;
};

class JsonListing {
 public:
  JsonListing(Output& out, const Index& index, const JsonOptions& options)
      : out_(out), index_(index), options_(options), immediates_(out, nameless_, false) {}

  void write(std::string_view file) {
    out_.put('{');
    Members members(out_);
    members.text("file", file);
    if (!index_.names.module.empty()) members.text("module", index_.names.module);
    members.name("sections");
    put_sections();
    members.name("imports");
    put_items(binary::import_section);
    members.name("exports");
    put_items(binary::export_section);
    members.name("functions");
    put_functions();
    members.name("problems");
    put_problems();
    out_.put("}\n");
  }

 private:
  void put_sections() {
    out_.put('[');
    Members list(out_);
    for (const Section& section : index_.sections) {
      list.next();
      out_.put('{');
      Members members(out_);
      members.text("kind", section_kind(section.id));
      if (section.id == binary::custom_section) members.text("name", section.name);
      members.number("offset", section.payload.offset);
      members.number("size", section.payload.size);
      out_.put('}');
    }
    out_.put(']');
  }

  void put_items(uint8_t id) {
    out_.put('[');
    Members list(out_);
    if (const Section* const section = index_.find(id)) {
      binary::Reader reader = index_.reader(section->payload);
      (void)for_each_item(id, reader, index_.features, [&](const auto& item) { put_item(list, item); });
    }
    out_.put(']');
  }

  template <class Item>
  void put_item(Members&, const Item&) {}
  void put_item(Members& list, const wasm::Import& import) {
    list.next();
    out_.put('{');
    Members members(out_);
    members.text("module", import.module);
    members.text("name", import.name);
    members.text("kind", wasm::extern_kind_name(import.kind));
    if (import.kind == wasm::ExternKind::func) members.number("type", import.func_type.value);
    out_.put('}');
  }
  void put_item(Members& list, const wasm::Export& item) {
    list.next();
    out_.put('{');
    Members members(out_);
    members.text("name", item.name);
    members.text("kind", wasm::extern_kind_name(item.kind));
    members.number("index", item.index);
    out_.put('}');
  }

  void put_functions() {
    out_.put('[');
    Members list(out_);
    uint32_t func = index_.imported_funcs;
    if (const Section* const code = index_.find(binary::code_section)) {
      binary::Reader reader = index_.reader(code->payload);
      (void)for_each_item(code->id, reader, index_.features, [&](const auto& item) {
        if constexpr (std::is_same_v<std::decay_t<decltype(item)>, BodyItem>)
          put_function(list, func++, item.body);
      });
    }
    out_.put(']');
  }

  void put_function(Members& list, uint32_t func, wasm::ByteRange body) {
    if (options_.wanted && !options_.wanted(func)) return;
    list.next();
    out_.put("\n{");
    Members members(out_);
    members.number("index", func);
    if (const auto name = index_.names.funcs.get(func); !name.empty()) members.text("name", name);
    if (func < index_.func_types.size()) members.number("type", index_.func_types[func]);
    members.number("offset", body.offset);
    members.number("size", body.size);
    if (options_.instructions) {
      members.name("instructions");
      put_instructions(body);
    }
    out_.put('}');
  }

  void put_instructions(wasm::ByteRange body) {
    out_.put('[');
    if (auto read = put_body(body); !read) body_problems_.push_back({std::move(read).error()});
    out_.put(']');
  }

  wasm::Result<void> put_body(wasm::ByteRange body) {
    binary::Reader reader = index_.reader(body);
    const uint32_t groups = TRY(reader.length());
    for (uint32_t i = 0; i < groups; ++i) {
      TRY(reader.u32());
      TRY(binary::read_val_type(reader, index_.features));
    }
    InstrReader instrs(reader, index_.features);
    Members list(out_);
    while (!instrs.at_end()) {
      const binary::Instr instr = TRY(instrs.next());
      list.next();
      out_.put("\n{\"offset\":", instr.offset, ",\"text\":\"", wasm::op_info(instr.op).text);
      immediates_.put(instr, instrs);  // without names: nothing in it needs an escape
      out_.put("\"}");
    }
    return {};
  }

  void put_problems() {
    out_.put('[');
    Members list(out_);
    for (const std::vector<Problem>* const problems : {&index_.problems, &std::as_const(body_problems_)}) {
      for (const Problem& problem : *problems) {
        list.next();
        out_.put('{');
        Members members(out_);
        members.text("severity", problem.is_warning ? "warning" : "error");
        if (problem.error.offset != wasm::no_offset) members.number("offset", problem.error.offset);
        members.text("message", problem.error.message());
        out_.put('}');
      }
    }
    out_.put(']');
  }

  Output& out_;
  const Index& index_;
  const JsonOptions& options_;
  Index nameless_;
  ImmediatePrinter immediates_;
  std::vector<Problem> body_problems_;
};

}  // namespace

void put_json_listing(Output& out, const Index& index, std::string_view file, const JsonOptions& options) {
  JsonListing(out, index, options).write(file);
}

}  // namespace cloche::dump

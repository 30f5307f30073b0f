#include "binary/encoder.hpp"

#include <array>

namespace cloche::binary {
namespace {

using wasm::Module;

class Encoder {
 public:
  Encoder(const Module& module, std::vector<EncodeEvent>* events) : module_(module), events_(events) {}

  Bytes encode() {
    put_bytes(out_, std::array<uint8_t, 8>{0, 'a', 's', 'm', 1, 0, 0, 0});
    put_customs_after(0);
    section(1, module_.rec_groups.size(), [&] { put_types(); });
    section(2, module_.imports.size(), [&] {
      for (const auto& import : module_.imports) put_import(import);
    });
    section(3, defined(module_.funcs, module_.imported_funcs), [&] {
      for (size_t i = module_.imported_funcs; i < module_.funcs.size(); ++i) {
        note(module_.funcs[i].offset);
        put_u32(body_, module_.funcs[i].type.value);
      }
    });
    section(4, defined(module_.tables, module_.imported_tables), [&] {
      for (size_t i = module_.imported_tables; i < module_.tables.size(); ++i) put_table(module_.tables[i]);
    });
    section(5, defined(module_.mems, module_.imported_mems), [&] {
      for (size_t i = module_.imported_mems; i < module_.mems.size(); ++i) {
        note(module_.mems[i].offset);
        put_mem_type(body_, module_.mems[i].type);
      }
    });
    section(13, defined(module_.tags, module_.imported_tags), [&] {
      for (size_t i = module_.imported_tags; i < module_.tags.size(); ++i) {
        note(module_.tags[i].offset);
        put_tag_type(body_, module_.tags[i].type);
      }
    });
    section(6, defined(module_.globals, module_.imported_globals), [&] {
      for (size_t i = module_.imported_globals; i < module_.globals.size(); ++i) {
        note(module_.globals[i].offset);
        put_global_type(body_, module_.globals[i].type);
        copy(module_.globals[i].init);
      }
    });
    section(7, module_.exports.size(), [&] {
      for (const auto& item : module_.exports) {
        note(item.offset);
        put_name(body_, item.name);
        put_u8(body_, static_cast<uint8_t>(item.kind));
        put_u32(body_, item.index);
      }
    });
    if (module_.start) {
      note(module_.start_offset);
      put_u32(body_, module_.start->value);
    }
    flush(8);
    section(9, module_.elems.size(), [&] {
      for (const auto& elem : module_.elems) put_elem(elem);
    });
    if (module_.data_count) put_u32(body_, *module_.data_count);
    flush(12);
    section(10, module_.codes.size(), [&] {
      for (size_t i = 0; i < module_.codes.size(); ++i) {
        note(module_.funcs[module_.imported_funcs + i].offset);
        put_u32(body_, module_.codes[i].body.size);
        copy(module_.codes[i].body);
      }
    });
    section(11, module_.datas.size(), [&] {
      for (const auto& data : module_.datas) put_data(data);
    });
    return std::move(out_);
  }

 private:
  template <class Items>
  static size_t defined(const Items& items, uint32_t imported) {
    return items.size() - imported;
  }

  void copy(wasm::ByteRange range) {
    if (range.size != 0) record(range.size, range.offset);
    put_bytes(body_, module_.slice(range));
  }

  /// Records that the item with this `offset` member comes next.
  void note(uint64_t offset) { record(0, offset); }
  /// Offsets count in the section's contents until it is flushed.
  void record(uint32_t size, uint64_t source) {
    if (events_ != nullptr) events_->push_back({static_cast<uint32_t>(body_.size()), size, source});
  }
  void rebase_events() {
    if (events_ == nullptr) return;
    for (; based_events_ < events_->size(); ++based_events_)
      (*events_)[based_events_].at += static_cast<uint32_t>(out_.size());
  }

  /// A section that is a vector of `count` items; left out when there is none.
  template <class Put>
  void section(uint8_t id, size_t count, Put put) {
    if (count != 0) {
      put_u32(body_, static_cast<uint32_t>(count));
      put();
    }
    flush(id);
  }

  /// Writes the gathered contents as a section, then the custom sections that stood behind it.
  void flush(uint8_t id) {
    if (!body_.empty()) {
      put_u8(out_, id);
      put_u32(out_, static_cast<uint32_t>(body_.size()));
      rebase_events();
      put_bytes(out_, body_);
      body_.clear();
    }
    put_customs_after(id);
  }

  void put_customs_after(uint8_t id) {
    for (const wasm::CustomSection& custom : module_.customs) {
      if (custom.after_section_id != id) continue;
      note(custom.whole.offset);
      put_name(body_, custom.name);
      copy(custom.contents);
      put_u8(out_, 0);
      put_u32(out_, static_cast<uint32_t>(body_.size()));
      rebase_events();
      put_bytes(out_, body_);
      body_.clear();
    }
  }

  void put_types() {
    for (const wasm::RecGroup& group : module_.rec_groups) {
      if (group.size != 1 || group.explicit_rec) {
        put_u8(body_, 0x4E);
        put_u32(body_, group.size);
      }
      for (uint32_t i = 0; i < group.size; ++i) {
        note(module_.types[group.first.value + i].offset);
        put_sub_type(body_, module_.types[group.first.value + i]);
      }
    }
  }

  void put_import(const wasm::Import& import) {
    note(import.offset);
    put_name(body_, import.module);
    put_name(body_, import.name);
    put_u8(body_, static_cast<uint8_t>(import.kind));
    switch (import.kind) {
      case wasm::ExternKind::func:
        return put_u32(body_, import.func_type.value);
      case wasm::ExternKind::table:
        return put_table_type(body_, import.table);
      case wasm::ExternKind::mem:
        return put_mem_type(body_, import.mem);
      case wasm::ExternKind::global:
        return put_global_type(body_, import.global);
      case wasm::ExternKind::tag:
        return put_tag_type(body_, import.tag);
    }
  }

  void put_table(const wasm::Table& table) {
    note(table.offset);
    if (table.init) put_bytes(body_, std::array<uint8_t, 2>{0x40, 0x00});
    put_table_type(body_, table.type);
    if (table.init) copy(*table.init);
  }

  /// The shortest of the eight forms that says the same; see the decoder for the flag bits.
  void put_elem(const wasm::Elem& elem) {
    const bool active = elem.mode == wasm::SegmentMode::active;
    const bool default_type = elem.has_exprs ? elem.type == wasm::ValType::funcref()
                                             : elem.type == wasm::ValType::ref(wasm::AbsHeap::func, false);
    const bool explicit_table = active && (elem.table.value != 0 || !default_type);
    const uint32_t flags = (active ? 0 : 1) |
                           (explicit_table || elem.mode == wasm::SegmentMode::declarative ? 2 : 0) |
                           (elem.has_exprs ? 4 : 0);
    note(elem.offset);
    put_u32(body_, flags);
    if (explicit_table) put_u32(body_, elem.table.value);
    if (active) copy(elem.table_offset);
    if ((flags & 3) != 0) {
      if (elem.has_exprs)
        put_val_type(body_, elem.type);
      else
        put_u8(body_, 0);
    }
    put_u32(body_, elem.count);
    copy(elem.items);
  }

  void put_data(const wasm::Data& data) {
    const bool active = data.mode == wasm::SegmentMode::active;
    note(data.offset);
    put_u32(body_, !active ? 1 : data.mem.value != 0 ? 2 : 0);
    if (active && data.mem.value != 0) put_u32(body_, data.mem.value);
    if (active) copy(data.mem_offset);
    put_u32(body_, data.bytes.size);
    copy(data.bytes);
  }

  const Module& module_;
  std::vector<EncodeEvent>* events_;  // or null
  size_t based_events_ = 0;           // events with offsets in out_
  Bytes out_;
  Bytes body_;  // contents of the section being written
};

}  // namespace

Bytes encode(const Module& module, std::vector<EncodeEvent>* events) {
  return Encoder(module, events).encode();
}

}  // namespace cloche::binary

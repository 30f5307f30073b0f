// Writes binary modules section by section, right or wrong, so that byte-level tests can be read.
#pragma once

#include <initializer_list>
#include <string_view>

#include "binary/instr_encoder.hpp"

namespace cloche::binary::testing {

/// Section ids (spec: Binary Format / Modules / Sections).
enum Id : uint8_t {
  custom_id,
  type_id,
  import_id,
  func_id,
  table_id,
  mem_id,
  global_id,
  export_id,
  start_id,
  elem_id,
  code_id,
  data_id,
  data_count_id,
  tag_id,
};

/// Bytes one after another: `bytes(1, 0x60, name("f"), leb(300))`. Numbers are single bytes.
inline void append_part(Bytes& out, int byte) { out.push_back(static_cast<uint8_t>(byte)); }
inline void append_part(Bytes& out, const Bytes& part) { put_bytes(out, part); }
template <class... Parts>
Bytes bytes(const Parts&... parts) {
  Bytes out;
  (append_part(out, parts), ...);
  return out;
}

inline Bytes leb(uint64_t value) {
  Bytes out;
  put_u64(out, value);
  return out;
}
inline Bytes name(std::string_view text) {
  Bytes out;
  put_name(out, text);
  return out;
}
inline Bytes op(wasm::Op op) {
  Bytes out;
  put_op(out, op);
  return out;
}
/// Number of items, then the items.
template <class... Items>
Bytes vec(const Items&... items) {
  return bytes(static_cast<int>(sizeof...(items)), items...);
}
/// Size, then the contents.
template <class... Parts>
Bytes sized(const Parts&... parts) {
  const Bytes contents = bytes(parts...);
  return bytes(leb(contents.size()), contents);
}
template <class... Parts>
Bytes section(Id id, const Parts&... parts) {
  return bytes(static_cast<int>(id), sized(parts...));
}
template <class... Parts>
Bytes custom(std::string_view text, const Parts&... parts) {
  return section(custom_id, name(text), parts...);
}
/// A module of the sections. The first one's id stands at offset 8, its size at 9, its contents at 10.
template <class... Sections>
Bytes module(const Sections&... sections) {
  return bytes(0, 'a', 's', 'm', 1, 0, 0, 0, sections...);
}

/// A valid module with every section, every form of segments, types of every kind, and custom sections in
/// several places, canonically encoded.
inline Bytes module_of_everything() {
  const Bytes i32_0 = bytes(0x41, 0, 0x0B);
  const Bytes i64_0 = bytes(0x42, 0, 0x0B);
  const Bytes ref_func_0 = bytes(0xD2, 0, 0x0B);
  return module(
      custom("first", 1, 2, 3),
      section(type_id,
              vec(bytes(0x60, 0, 0),                        // 0: [] -> []
                  bytes(0x60, vec(0x7F, 0x7E), vec(0x7D)),  // 1
                  bytes(0x4E, vec(bytes(0x50, 0, 0x5F, vec(bytes(0x78, 1), bytes(0x64, 2, 0))),  // 2: struct
                                  bytes(0x4F, 1, 2, 0x5F,
                                        vec(bytes(0x78, 1), bytes(0x64, 2, 0),
                                            bytes(0x63, 3, 1))))),           // 3: its subtype
                  bytes(0x4E, vec(bytes(0x5E, 0x77, 1))),                    // 4: array, group of one
                  bytes(0x60, vec(0x7F), 0))),                               // 5: [i32] -> []
      section(import_id, vec(bytes(name("m"), name("f"), 0, 0),              // func 0
                             bytes(name("m"), name("t"), 1, 0x70, 1, 1, 2),  // table 0
                             bytes(name("m"), name("m"), 2, 0, 1),           // memory 0
                             bytes(name("m"), name("g"), 3, 0x7F, 0),        // global 0
                             bytes(name("m"), name("e"), 4, 0, 5))),         // tag 0
      section(func_id, vec(0, 1)),                                           // funcs 1, 2
      custom("middle"),
      section(table_id, vec(bytes(0x6F, 0, 2),                                     // table 1
                            bytes(0x40, 0, 0x64, 0x70, 5, 1, 1, ref_func_0))),     // table 2, 64-bit
      section(mem_id, vec(bytes(5, 0, 2))),                                        // memory 1, 64-bit
      section(tag_id, vec(bytes(0, 0))),                                           // tag 1
      section(global_id, vec(bytes(0x7F, 1, i32_0), bytes(0x70, 0, ref_func_0))),  // globals 1, 2
      section(export_id, vec(bytes(name("f"), 0, 1), bytes(name("t"), 1, 0), bytes(name("m"), 2, 0),
                             bytes(name("g"), 3, 0), bytes(name("e"), 4, 0))),
      section(start_id, 1),
      section(elem_id, vec(bytes(0, i32_0, vec(0)),                       // active
                           bytes(1, 0, vec(0, 1)),                        // passive
                           bytes(2, 2, i64_0, 0, vec(1)),                 // active, table 2
                           bytes(3, 0, vec(1)),                           // declarative
                           bytes(4, i32_0, vec(ref_func_0)),              // the same with expressions
                           bytes(5, 0x6F, vec(bytes(0xD0, 0x6F, 0x0B))),  //
                           bytes(6, 1, i32_0, 0x6F, 0),                   //
                           bytes(7, 0x70, vec(ref_func_0)))),             //
      section(data_count_id, 3),
      section(code_id, vec(sized(vec(bytes(2, 0x7F), bytes(1, 0x70)),          // func 1, three locals
                                 0x41, 0, 0x41, 1, 0x41, 2, 0xFC, 8, 1, 0,     // memory.init 1
                                 0x02, 0x40, 0x41, 0, 0x0E, 2, 0, 1, 0, 0x0B,  // block br_table 0 1 0 end
                                 0x1F, 0x40, 2, 0, 1, 0, 2, 0, 0x0B,  // try_table catch 1 0, catch_all 0
                                 0x42, 0, 0x28, 0x42, 1, 4, 0x1A,     // i32.load of memory 1
                                 0x0B),
                           sized(0, 0x43, 0, 0, 0x80, 0x3F, 0x43, 0, 0, 0, 0, 0x41, 1,  // func 2
                                 0x1C, 1, 0x7D, 0x0B))),                                // select (result f32)
      section(data_id, vec(bytes(0, i32_0, sized('a', 'b')),                            // active
                           bytes(1, sized('c')),                                        // passive
                           bytes(2, 1, i64_0, sized('d')))),                            // active, memory 1
      custom("name", 0, sized(name("everything")), 1, sized(vec(bytes(1, name("start"))))));
}

}  // namespace cloche::binary::testing

// Values in heap objects, as their storage types lay them out.
#pragma once

#include "interp/decode.hpp"
#include "interp/slots.hpp"

namespace cloche::interp {

/// Writes the value at `from` into a field or element.
inline void write_field(uint8_t* field, wasm::StorageType type, const Slot* from) {
  std::memcpy(field, from, type.size_bytes());
}

/// Writes what a field or element holds to `to`; packed integers are extended by their sign if `is_signed`.
inline void read_field(const uint8_t* field, wasm::StorageType type, bool is_signed, Slot* to) {
  switch (type.size_bytes()) {
    case 1:
      *to = is_signed ? static_cast<uint32_t>(read_raw<int8_t>(field)) : read_raw<uint8_t>(field);
      return;
    case 2:
      *to = is_signed ? static_cast<uint32_t>(read_raw<int16_t>(field)) : read_raw<uint16_t>(field);
      return;
    case 4:
      *to = read_raw<uint32_t>(field);
      return;
    case 8:
      *to = read_raw<uint64_t>(field);
      return;
    default:
      write_slot(to, read_raw<V128>(field));
      return;
  }
}

}  // namespace cloche::interp

// What a monitor lets pass without being asked: a question of a few machine instructions that stands before
// it.
#pragma once

#include <array>
#include <cstdint>

#include "abi/context.hpp"

namespace cloche::interp {

/// Owned by a monitor, which changes it at any time; what it says holds from the next instruction on. It only
/// spares questions: a monitor may be asked although its filter would have let the instruction pass.
///
/// Accesses are judged by a map of the memory, a byte for each granule of 8: how many bytes of the granule,
/// from its beginning, may be touched. Pages of the map that are missing let nothing pass.
struct ProbeFilter {
  static constexpr unsigned granule_bits = 3;
  static constexpr uint64_t granule = uint64_t{1} << granule_bits;
  static constexpr unsigned page_bits = 15;  // of memory, for each page of the map
  static constexpr uint64_t page_granules = uint64_t{1} << (page_bits - granule_bits);
  using Page = std::array<uint8_t, page_granules>;

  /// Accesses to other memories pass, and those that begin outside of [begin, begin + span).
  const abi::Memory* memory = nullptr;
  uint64_t begin = 0;
  uint64_t span = 0;
  /// The page of `begin` comes first, and there is one for each in the span.
  const Page* const* pages = nullptr;

  /// Exits of activations other than this one pass.
  const abi::Frame* frame = nullptr;

  /// How much of the granule at an address may be touched. The address lies in the span.
  uint8_t open_bytes(uint64_t address) const {
    const Page* page = pages[(address >> page_bits) - (begin >> page_bits)];
    return page ? (*page)[address >> granule_bits & (page_granules - 1)] : 0;
  }

  /// Whether an access passes that touches at most 8 bytes, at least one.
  bool passes(uint64_t address, uint64_t bytes) const {
    if (address - begin >= span) return true;
    const uint64_t last = address + bytes - 1;
    if (last - begin >= span) return false;
    if (open_bytes(last) <= (last & (granule - 1))) return false;
    return address >> granule_bits == last >> granule_bits || open_bytes(address) == granule;
  }
};

}  // namespace cloche::interp

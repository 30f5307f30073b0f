// Guest memory: one access, either plain over guard pages or compared with the memory's size.
//
// A plain access that faults goes on at a label of the same function: the access and the label stand as a
// pair in the section cloche_fixups, which the fault handler looks the faulting instruction up in (see
// fault.hpp). So the compiler knows both ways out, and nothing has to be pinned to a register.
#pragma once

#include "interp/decode.hpp"
#include "interp/slots.hpp"

#if defined(__x86_64__) && defined(__linux__)
#define CLOCHE_GUARDED_ACCESS 1
#else
#define CLOCHE_GUARDED_ACCESS 0
#endif

namespace cloche::interp {

/// Whether this build can run on guard pages at all.
inline constexpr bool guarded_access = CLOCHE_GUARDED_ACCESS;

/// An address operand: 32 bits, or 64 in memories and tables with 64-bit addresses.
CLOCHE_INLINE uint64_t read_address(const Slot* slot, bool is_64) { return is_64 ? *slot : u32(*slot); }

/// Where an access of `bytes` bytes at `address` + `offset` goes, or null when it does not fit.
CLOCHE_INLINE uint8_t* checked_address(const abi::Memory* memory, uint64_t address, uint64_t offset,
                                       uint64_t bytes) {
  const uint64_t size = memory->size();
  uint64_t at;
  if (__builtin_add_overflow(address, offset, &at) || at > size || size - at < bytes) [[unlikely]]
    return nullptr;
  return memory->base + at;
}

#if CLOCHE_GUARDED_ACCESS

/// Bytes of guest memory as an operand of an instruction: any alignment, any type.
template <size_t Size>
struct [[gnu::packed, gnu::may_alias]] GuestBytes {
  uint8_t bytes[Size];
};

#define CLOCHE_FIXUP                   \
  ".pushsection cloche_fixups,\"a\"\n" \
  ".balign 4\n"                        \
  ".long 1b - ., %l[fault] - .\n"      \
  ".popsection"

// Loads give 64 bits: the number extended as its type says, the rest zero.
#define CLOCHE_LOAD_AS(instruction, width)                                       \
  asm goto("1: " instruction " %[at], %" width "[value]\n" CLOCHE_FIXUP          \
           : [value] "=r"(value)                                                 \
           : [at] "m"(reinterpret_cast<const GuestBytes<sizeof(M)>*>(at)->bytes) \
           :                                                                     \
           : fault)

/// Loads M at `at`, widened to R if it is narrower; false when it faults.
template <class M, class R>
CLOCHE_INLINE bool guarded_load(const uint8_t* at, uint64_t& value) {
  constexpr bool is_signed = std::is_signed_v<M>;
  constexpr bool wide = sizeof(R) == 8;
  if constexpr (sizeof(M) == 8)
    CLOCHE_LOAD_AS("movq", "q");
  else if constexpr (sizeof(M) == 4 && is_signed && wide)
    CLOCHE_LOAD_AS("movslq", "q");
  else if constexpr (sizeof(M) == 4)
    CLOCHE_LOAD_AS("movl", "k");
  else if constexpr (sizeof(M) == 2 && !is_signed)
    CLOCHE_LOAD_AS("movzwl", "k");
  else if constexpr (sizeof(M) == 2 && wide)
    CLOCHE_LOAD_AS("movswq", "q");
  else if constexpr (sizeof(M) == 2)
    CLOCHE_LOAD_AS("movswl", "k");
  else if constexpr (!is_signed)
    CLOCHE_LOAD_AS("movzbl", "k");
  else if constexpr (wide)
    CLOCHE_LOAD_AS("movsbq", "q");
  else
    CLOCHE_LOAD_AS("movsbl", "k");
  return true;
fault:
  return false;
}

// (The operand is an input because it may not be written at all; the clobber tells the compiler the rest.)
#define CLOCHE_STORE_AS(instruction, constraint, width)                                                     \
  asm goto("1: " instruction " %" width "[value], %[at]\n" CLOCHE_FIXUP                                     \
           :                                                                                                \
           : [value] constraint(value), [at] "m"(reinterpret_cast<const GuestBytes<sizeof(M)>*>(at)->bytes) \
           : "memory"                                                                                       \
           : fault)

/// Stores the low bytes of `value` as an M; false, with nothing written, when it faults.
template <class M>
CLOCHE_INLINE bool guarded_store(uint8_t* at, uint64_t value) {
  if constexpr (sizeof(M) == 8)
    CLOCHE_STORE_AS("movq", "r", "q");
  else if constexpr (sizeof(M) == 4)
    CLOCHE_STORE_AS("movl", "r", "k");
  else if constexpr (sizeof(M) == 2)
    CLOCHE_STORE_AS("movw", "r", "w");
  else
    CLOCHE_STORE_AS("movb", "q", "b");
  return true;
fault:
  return false;
}

#undef CLOCHE_LOAD_AS
#undef CLOCHE_STORE_AS

#else

template <class M, class R>
bool guarded_load(const uint8_t*, uint64_t&) = delete;
template <class M>
bool guarded_store(uint8_t*, uint64_t) = delete;

#endif

/// `raw`, widened to R and then with zeros.
template <class M, class R>
CLOCHE_INLINE uint64_t widen(M raw) {
  return static_cast<std::make_unsigned_t<R>>(static_cast<R>(raw));
}

}  // namespace cloche::interp

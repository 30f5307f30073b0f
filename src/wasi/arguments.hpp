// The types that stand in functions.def for what WASI functions take. Each says how many values of which
// WebAssembly type it is made of, and how it is made from them: a number becomes an open descriptor with the
// right it needs, two numbers a path or a piece of memory. What cannot be made ends the call with an errno
// before its function is entered.
#pragma once

#include <sys/uio.h>

#include <array>
#include <memory>
#include <span>
#include <string>

#include "wasi/call.hpp"
#include "wasi/descriptor.hpp"
#include "wasi/limits.hpp"
#include "wasm/types.hpp"

namespace cloche::wasi {

constexpr uint32_t low32(abi::Slot slot) { return static_cast<uint32_t>(slot); }

/// A number as it is: uint32_t, int32_t and smaller unsigned flags as i32, uint64_t and int64_t as i64.
template <class T>
struct Argument {
  static constexpr size_t slots = 1;
  static void add_types(wasm::ResultType& types) {
    types.push_back(sizeof(T) == 8 ? wasm::ValType::i64() : wasm::ValType::i32());
  }
  static Or<T> take(Call&, const abi::Slot* slot) { return static_cast<T>(*slot); }
};

/// Adds `count` times i32.
inline void add_i32(wasm::ResultType& types, size_t count) {
  for (size_t i = 0; i < count; ++i) types.push_back(wasm::ValType::i32());
}

/// Why a descriptor lacks rights: badf (a directory is no file), notdir (a file no directory), notsock, or
/// notcapable.
Errno missing_rights(const Descriptor& descriptor, Rights rights);

/// An open descriptor that has the rights. Fails: badf, and as missing_rights says.
template <Rights rights>
struct Fd {
  static constexpr size_t slots = 1;
  DescriptorPtr descriptor;
  uint32_t number = 0;

  Descriptor* operator->() const { return descriptor.get(); }
  Descriptor& operator*() const { return *descriptor; }
  static void add_types(wasm::ResultType& types) { add_i32(types, slots); }
  static Or<Fd> take(Call& call, const abi::Slot* slot) {
    DescriptorPtr descriptor = TRY(call.process().descriptors().get(low32(*slot)));
    if (!descriptor->has(rights)) [[unlikely]]
      return fail(missing_rights(*descriptor, rights));
    return Fd{std::move(descriptor), low32(*slot)};
  }
};

/// A path, copied. Fails: fault, nametoolong, ilseq (not UTF-8), inval (a NUL in it).
struct Path {
  static constexpr size_t slots = 2;
  std::string text;

  static void add_types(wasm::ResultType& types) { add_i32(types, slots); }
  static Or<Path> take(Call& call, const abi::Slot* slot);
};

/// Where a result goes. Fails: fault.
template <class T>
struct Out {
  static constexpr size_t slots = 1;
  uint8_t* at = nullptr;

  void set(const T& value) const { memcpy(at, &value, sizeof(T)); }
  static void add_types(wasm::ResultType& types) { add_i32(types, slots); }
  static Or<Out> take(Call& call, const abi::Slot* slot) {
    const GuestMemory memory = TRY(call.memory());
    return Out{TRY(memory.bytes(low32(*slot), sizeof(T))).data()};
  }
};

/// Memory to be filled: address and size in bytes. Fails: fault.
struct Buffer {
  static constexpr size_t slots = 2;
  std::span<uint8_t> bytes;

  static void add_types(wasm::ResultType& types) { add_i32(types, slots); }
  static Or<Buffer> take(Call& call, const abi::Slot* slot) {
    const GuestMemory memory = TRY(call.memory());
    return Buffer{TRY(memory.bytes(low32(slot[0]), low32(slot[1])))};
  }
};

/// Pieces of memory to be read into or written from: address and number of the list. Each piece is checked.
/// Fails: fault; inval, for more than limits::io_vecs.
class IoVecList {
 public:
  static constexpr size_t slots = 2;
  std::span<const iovec> pieces() const { return {many_ ? many_.get() : few_.data(), count_}; }

  static void add_types(wasm::ResultType& types) { add_i32(types, slots); }
  static Or<IoVecList> take(Call& call, const abi::Slot* slot);

 private:
  static constexpr size_t few = 4;
  size_t count_ = 0;
  std::array<iovec, few> few_;
  std::unique_ptr<iovec[]> many_;
};

template <class T>
  requires requires { T::slots; }
struct Argument<T> : T {};

}  // namespace cloche::wasi

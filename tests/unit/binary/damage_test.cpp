// Damaged and hostile binaries: every cut, every changed byte, and small files that declare huge things end
// in an error or a module, quickly and in little memory.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "binary/decoder.hpp"
#include "binary/encoder.hpp"
#include "binary/instr_reader.hpp"
#include "binary/names.hpp"
#include "module_builder.hpp"

// The thread sanitizer's runtime has these operators itself: there nothing is counted, and that refusing is
// cheap is left to the other builds.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLOCHE_OWN_OPERATOR_NEW 0
#endif
#endif
#ifndef CLOCHE_OWN_OPERATOR_NEW
#define CLOCHE_OWN_OPERATOR_NEW 1
#endif

namespace {
std::atomic<size_t> allocated_bytes = 0;

#if CLOCHE_OWN_OPERATOR_NEW
void* counted(size_t size) {
  allocated_bytes += size;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  std::abort();
}
#endif
}  // namespace

#if CLOCHE_OWN_OPERATOR_NEW
void* operator new(size_t size) { return counted(size); }
void* operator new[](size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
#endif

namespace cloche::binary {
namespace {

using namespace testing;
using wasm::FeatureSet;

/// Decodes and, if that works, reads all there is to read and encodes it again.
void read_all(const Bytes& data) {
  const auto decoded = decode(wasm::ModuleBytes(std::span(data), nullptr), FeatureSet::all());
  if (!decoded) {
    ASSERT_LE(decoded.error().offset, data.size());
    ASSERT_FALSE(decoded.error().message().empty());
    return;
  }
  for (const wasm::Code& code : decoded->codes) {
    const bool checked = check_body(*decoded, code).has_value();
    const uint32_t end = code.body.offset + code.body.size;
    ASSERT_LE(code.expr_offset, end);
    InstrReader instrs(*decoded, {code.expr_offset, end - code.expr_offset});
    while (!instrs.at_end()) {
      const auto instr = instrs.next();
      if (!instr) {
        ASSERT_FALSE(checked);
        break;
      }
      size_t items = 0;
      using wasm::Imm;
      const Imm immediate = wasm::op_info(instr->op).immediate;
      if (immediate == Imm::label_table)
        for ([[maybe_unused]] const uint32_t label : instrs.labels(*instr)) ++items;
      if (immediate == Imm::select_types)
        for ([[maybe_unused]] const wasm::ValType type : instrs.types(*instr)) ++items;
      if (immediate == Imm::try_table)
        for ([[maybe_unused]] const Catch& clause : instrs.catches(*instr)) ++items;
      ASSERT_EQ(items, instr->vector.count);
    }
  }
  const NameSection names = decode_names(*decoded);
  for (const wasm::CustomSection& custom : decoded->customs)
    static_cast<void>(decode_branch_hints(*decoded, custom));
  encode_names(names);
  const Bytes encoded = encode(*decoded);
  const auto again = decode(wasm::ModuleBytes(std::span(encoded), nullptr), FeatureSet::all());
  ASSERT_TRUE(again.has_value()) << again.error().message() << " at " << again.error().offset;
  ASSERT_EQ(encode(*again), encoded);
}

TEST(Damage, EveryTruncation) {
  const Bytes whole = module_of_everything();
  for (size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    read_all(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)));
  }
}

TEST(Damage, EverySingleByteChange) {
  const Bytes whole = module_of_everything();
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      Bytes damaged = whole;
      damaged[at] = static_cast<uint8_t>(byte);
      read_all(damaged);
      ASSERT_FALSE(HasFailure()) << "byte " << at << " is " << byte;
    }
  }
}

TEST(Damage, EverySingleByteRemovedOrDoubled) {
  const Bytes whole = module_of_everything();
  for (size_t at = 0; at < whole.size(); ++at) {
    SCOPED_TRACE(at);
    Bytes removed = whole;
    removed.erase(removed.begin() + static_cast<ptrdiff_t>(at));
    read_all(removed);
    Bytes doubled = whole;
    doubled.insert(doubled.begin() + static_cast<ptrdiff_t>(at), doubled[at]);
    read_all(doubled);
  }
}

/// Bytes allocated by decoding, which must fail.
size_t cost_of_refusing(const Bytes& data) {
  const size_t before = allocated_bytes;
  const auto decoded = decode(wasm::ModuleBytes(std::span(data), nullptr), FeatureSet::all());
  EXPECT_FALSE(decoded.has_value());
  return allocated_bytes - before;
}

TEST(Damage, SmallFilesThatDeclareFourBillionOfAnything) {
  const Bytes huge = leb(0xFFFFFFFF);
  const struct {
    const char* what;
    Bytes bytes;
  } bombs[] = {
      {"section size", module(bytes(1, huge))},
      {"custom section name", module(section(custom_id, huge))},
      {"types", module(section(type_id, huge))},
      {"types of a group", module(section(type_id, 1, 0x4E, huge))},
      {"supertypes", module(section(type_id, 1, 0x50, huge))},
      {"fields", module(section(type_id, 1, 0x5F, huge))},
      {"parameters", module(section(type_id, 1, 0x60, huge))},
      {"results", module(section(type_id, 1, 0x60, 0, huge))},
      {"imports", module(section(import_id, huge))},
      {"import name", module(section(import_id, 1, huge))},
      {"functions", module(section(func_id, huge))},
      {"tables", module(section(table_id, huge))},
      {"memories", module(section(mem_id, huge))},
      {"globals", module(section(global_id, huge))},
      {"exports", module(section(export_id, huge))},
      {"tags", module(section(tag_id, huge))},
      {"element segments", module(section(elem_id, huge))},
      {"function indices", module(section(elem_id, 1, 1, 0, huge))},
      {"element expressions", module(section(elem_id, 1, 5, 0x70, huge))},
      {"data segments", module(section(data_id, huge))},
      {"data bytes", module(section(data_id, 1, 1, huge))},
      {"data count", module(section(data_count_id, huge))},
      {"bodies", module(section(code_id, huge))},
      {"body size", module(section(code_id, 1, huge))},
      {"local groups", module(section(code_id, 1, 9, huge))},
      {"locals", module(section(code_id, 1, 7, 1, huge, 0x7F))},
      {"labels of br_table", module(section(global_id, 1, 0x7F, 0, 0x0E, huge))},
      {"types of select", module(section(global_id, 1, 0x7F, 0, 0x1C, huge))},
      {"catch clauses", module(section(global_id, 1, 0x7F, 0, 0x1F, 0x40, huge))},
  };
  for (const auto& bomb : bombs) {
    SCOPED_TRACE(bomb.what);
    EXPECT_LE(bomb.bytes.size(), 24u);
    EXPECT_LT(cost_of_refusing(bomb.bytes), size_t{64} << 10);
  }
}

TEST(Damage, MillionsOfOpenBlocksInAConstantExpression) {
  Bytes blocks(4'000'000, 0x02);
  for (size_t i = 1; i < blocks.size(); i += 2) blocks[i] = 0x40;
  const Bytes data = module(section(global_id, 1, 0x7F, 0, blocks));
  EXPECT_LT(cost_of_refusing(data), size_t{4} << 20);
}

TEST(Damage, NamesThatDeclareFourBillionEntries) {
  const Bytes huge = leb(0xFFFFFFFF);
  const Bytes data = module(custom("name", 0, huge), custom("name", 1, sized(huge)),
                            custom("metadata.code.branch_hint", huge));
  const auto decoded = decode(wasm::ModuleBytes(data), FeatureSet::wasm3());
  ASSERT_TRUE(decoded.has_value());
  const size_t before = allocated_bytes;
  EXPECT_EQ(decode_names(*decoded).problems.size(), 1u);
  EXPECT_FALSE(decode_branch_hints(*decoded, decoded->customs[2]).has_value());
  EXPECT_LT(allocated_bytes - before, 4096u);
}

}  // namespace
}  // namespace cloche::binary

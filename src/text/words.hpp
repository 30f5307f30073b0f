// Every word of the text format as a number: the instructions of the opcode table first, then the keywords of
// words.def. find_word turns a spelling into it by one probe of a hash table built at compile time.
#pragma once

#include <cstdint>
#include <string_view>

#include "wasm/opcode.hpp"

namespace cloche::text {

enum class Word : uint16_t {
  first_keyword_ = static_cast<uint16_t>(wasm::op_count) - 1,
#define WORD(name, text) name,
#include "text/words.def"
#undef WORD
  unknown,  // a word that nothing of the text format is called
};

constexpr bool is_op(Word word) { return static_cast<size_t>(word) < wasm::op_count; }
/// The instruction of a word for which is_op holds. Where instructions share a name, the one with the lowest
/// opcode.
constexpr wasm::Op word_op(Word word) { return static_cast<wasm::Op>(word); }
constexpr Word op_word(wasm::Op op) { return static_cast<Word>(op); }

/// The word spelled `text`, or Word::unknown.
Word find_word(std::string_view text);

/// The most bytes that find_short_word takes.
inline constexpr size_t max_short_word = 15;
/// The word of `size` bytes (1 to max_short_word) at `at`, or Word::unknown. Sixteen bytes from `at` on are
/// readable.
Word find_short_word(const char* at, size_t size);

/// How a word is spelled; empty for Word::unknown.
std::string_view word_text(Word word);

}  // namespace cloche::text

// The hash tables behind find_word and find_short_word.
#include "text/words.hpp"

#include <array>
#include <cstring>
#include <type_traits>

#include "base/byte_block.hpp"

namespace cloche::text {
namespace {

constexpr std::array keyword_texts = {
#define WORD(name, text) std::string_view(text),
#include "text/words.def"
#undef WORD
};

constexpr size_t word_count = wasm::op_count + keyword_texts.size();
static_assert(word_count == static_cast<size_t>(Word::unknown));

constexpr std::string_view text_of(size_t word) {
  return word < wasm::op_count ? wasm::op_table[word].text : keyword_texts[word - wasm::op_count];
}

constexpr uint64_t load(const char* at, size_t size) {
  uint64_t value = 0;
  if (std::is_constant_evaluated()) {
    for (size_t i = 0; i < size; ++i) value |= uint64_t{static_cast<uint8_t>(at[i])} << (8 * i);
  } else {
    std::memcpy(&value, at, size);
  }
  return value;
}

// Reads the first and the last eight bytes (or all, of short words), which tell nearly all words apart.
constexpr uint64_t hash(std::string_view text) {
  const char* at = text.data();
  const size_t size = text.size();
  uint64_t a = 0;
  uint64_t b = 0;
  if (size >= 8) {
    a = load(at, 8);
    b = load(at + size - 8, 8);
  } else if (size >= 4) {
    a = load(at, 4);
    b = load(at + size - 4, 4);
  } else if (size > 0) {
    a = load(at, 1) | load(at + size / 2, 1) << 8;
    b = load(at + size - 1, 1);
  }
  uint64_t h = a * 0x9E3779B97F4A7C15u ^ (b + size) * 0xC2B2AE3D27D4EB4Fu;
  h ^= h >> 29;
  return h * 0xBF58476D1CE4E5B9u >> 40;
}

constexpr size_t slot_count = 4096;
constexpr uint16_t empty_slot = 0xFFFF;

consteval std::array<uint16_t, slot_count> make_slots() {
  std::array<uint16_t, slot_count> slots{};
  for (auto& slot : slots) slot = empty_slot;
  for (size_t word = 0; word < word_count; ++word) {
    size_t at = hash(text_of(word)) % slot_count;
    while (slots[at] != empty_slot && text_of(slots[at]) != text_of(word)) at = (at + 1) % slot_count;
    if (slots[at] == empty_slot) slots[at] = static_cast<uint16_t>(word);
  }
  return slots;
}

constexpr auto slots = make_slots();

// ---- Words of at most fifteen bytes, which nearly all are: compared as two numbers

struct ShortKey {
  uint64_t low = 0;
  uint64_t high = 0;
  constexpr size_t slot() const {
    const uint64_t mixed = low * 0x9E3779B97F4A7C15u ^ high * 0xC2B2AE3D27D4EB4Fu;
    return static_cast<size_t>((mixed ^ mixed >> 32) * 0xBF58476D1CE4E5B9u >> 52);
  }
  friend constexpr bool operator==(const ShortKey&, const ShortKey&) = default;
};
static_assert(slot_count == 1 << 12);

constexpr ShortKey short_key(std::string_view text) {
  ShortKey key;
  for (size_t i = 0; i < text.size(); ++i)
    (i < 8 ? key.low : key.high) |= uint64_t{static_cast<uint8_t>(text[i])} << (8 * (i % 8));
  return key;
}

// Beside each slot's word its key; longer words and empty slots have the key 0, which is no word's.
struct ShortWords {
  std::array<ShortKey, word_count + 1> keys{};
  std::array<uint16_t, slot_count> slots{};
};

consteval ShortWords make_short_words() {
  ShortWords table;
  for (auto& slot : table.slots) slot = word_count;
  for (size_t word = 0; word < word_count; ++word) {
    if (text_of(word).size() > max_short_word) continue;
    const ShortKey key = short_key(text_of(word));
    size_t at = key.slot();
    while (table.slots[at] != word_count && table.keys[table.slots[at]] != key) at = (at + 1) % slot_count;
    if (table.slots[at] != word_count) continue;  // of instructions that share a name, the first
    table.slots[at] = static_cast<uint16_t>(word);
    table.keys[word] = key;
  }
  return table;
}

constexpr ShortWords short_words = make_short_words();

// The lowest `size` bytes of a number, for 0 to 8.
constexpr std::array<uint64_t, 9> low_bytes = [] {
  std::array<uint64_t, 9> masks{};
  for (size_t size = 1; size <= 8; ++size) masks[size] = ~uint64_t{0} >> (64 - 8 * size);
  return masks;
}();

}  // namespace

Word find_word(std::string_view text) {
  for (size_t at = hash(text) % slot_count; slots[at] != empty_slot; at = (at + 1) % slot_count)
    if (text_of(slots[at]) == text) return static_cast<Word>(slots[at]);
  return Word::unknown;
}

Word find_short_word(const char* at, size_t size) {
  const ShortKey key{base::load_little_endian(at) & low_bytes[size < 8 ? size : 8],
                     base::load_little_endian(at + 8) & low_bytes[size < 8 ? 0 : size - 8]};
  for (size_t slot = key.slot();; slot = (slot + 1) % slot_count) {
    const uint16_t word = short_words.slots[slot];
    if (short_words.keys[word] == key || word == word_count) return static_cast<Word>(word);
  }
}

std::string_view word_text(Word word) {
  return word == Word::unknown ? std::string_view() : text_of(static_cast<size_t>(word));
}

}  // namespace cloche::text

// What a guest may send to a terminal. A terminal obeys escape sequences: some set the title or the
// clipboard, some make it type an answer into the shell that runs next. Colors, cursor movement and erasing
// are harmless and pass.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cloche::wasi {

enum class TerminalPolicy : uint8_t {
  safe,   ///< colors, cursor and erasing pass; all other sequences and control characters are taken out
  plain,  ///< no sequences at all
  raw,    ///< everything passes
};

/// Filters a stream of bytes in pieces of any size; a sequence may begin in one and end in another.
class TerminalFilter {
 public:
  explicit TerminalFilter(TerminalPolicy policy) : policy_(policy) {}

  /// Appends what may pass of `bytes` to `out`.
  void filter(std::span<const uint8_t> bytes, std::string& out);

 private:
  enum class State : uint8_t { text, escape, charset, csi, string, string_escape };

  void take(uint8_t byte, std::string& out);
  void take_text(uint8_t byte, std::string& out);
  void take_escape(uint8_t byte);
  void take_csi(uint8_t byte, std::string& out);

  TerminalPolicy policy_;
  State state_ = State::text;
  bool is_after_c2_ = false;  // the first byte of a C1 control in UTF-8, held back
  std::string sequence_;      // of the CSI sequence at hand, at most max_sequence bytes
};

}  // namespace cloche::wasi

#include "debug/call_cycle.hpp"

#include "debug/value_text.hpp"

namespace cloche::debug {
namespace {

/// Longer cycles are not looked for.
constexpr size_t longest_cycle = 64;

/// How many of the innermost frames repeat with this period.
size_t repeating(const abi::Frame* innermost, size_t depth, size_t period) {
  size_t count = period;
  while (count < depth && innermost[-static_cast<ptrdiff_t>(count)].func ==
                              innermost[-static_cast<ptrdiff_t>(count - period)].func)
    ++count;
  return count;
}

}  // namespace

std::string describe_depth(const abi::Context& context) {
  const auto depth = static_cast<size_t>(context.frame - context.frames_base + 1);
  const auto bytes = static_cast<uint64_t>(context.stack_limit - context.stack_base) * sizeof(abi::Slot);
  std::string text = std::to_string(depth) + " calls are active";
  const bool frames_full = context.frame + 1 >= context.frames_limit;
  text += frames_full
              ? ", as many as --max-frames allows"
              : ", and the next one does not fit in the value stack of " + std::to_string(bytes) + " bytes";
  for (size_t period = 1; period <= longest_cycle && 3 * period <= depth; ++period) {
    const size_t count = repeating(context.frame, depth, period);
    if (count < 3 * period) continue;
    text += "\nthe last " + std::to_string(count) + " are ";
    for (size_t i = period; i-- > 0;) {
      text += func_text(*context.frame[-static_cast<ptrdiff_t>(i)].func);
      text += i > 0 ? " -> " : "";
    }
    text += ", again and again";
    break;
  }
  return text + "\n";
}

}  // namespace cloche::debug

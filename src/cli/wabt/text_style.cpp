#include "cli/wabt/text_style.hpp"

namespace cloche::cli {

text::PrintOptions wabt_text_style() {
  text::PrintOptions print;
  print.style = text::PrintStyle::wabt;
  print.custom_sections = false;
  return print;
}

void add_text_style_options(Options& options, text::PrintOptions& print) {
  options.flag("-f, --fold-exprs", "Write operands within their operators", print.folded);
  options.flag("--inline-exports", "Write exports within what they export", print.inline_exports);
  options.flag("--inline-imports", "Write imports within what they import", print.inline_imports);
  options.flag("--generate-names", "Make up names for what has none", print.generate_names);
}

}  // namespace cloche::cli

// Explanations as aligned text, Markdown, JSON and HTML.
#pragma once

#include "base/output.hpp"
#include "debug/explanation.hpp"

namespace cloche::debug {

enum class ExplainFormat : uint8_t { text, markdown, json, html };

/// Writes explanations one after another. `title` is the module's name as the user gave it.
class ExplainWriter {
 public:
  ExplainWriter(base::Output& out, ExplainFormat format, std::string title);

  /// What stands before, for each function, and behind.
  void begin();
  void function(const Explanation& explanation);
  void end();

 private:
  void text(const Explanation& explanation);
  void markdown(const Explanation& explanation);
  void json(const Explanation& explanation);
  void html(const Explanation& explanation);

  base::Output& out_;
  ExplainFormat format_;
  std::string title_;
  bool first_ = true;
};

}  // namespace cloche::debug

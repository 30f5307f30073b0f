// Scripts in the JSON form of wast2json, read back into commands.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "text/script.hpp"

namespace cloche::script {

/// The contents of a module's file, by the name that the JSON has; fails with a message.
using ModuleSource = std::function<base::Expected<std::string, std::string>(std::string_view name)>;

/// A script whose commands have their line numbers and whose modules are complete.
struct JsonScript {
  std::string source_filename;
  text::Script script;
};

/// Fails: text that is not JSON, commands or values that the form does not know, files that cannot be read;
/// the offset counts in the text.
base::Expected<JsonScript, base::JsonError> from_json(std::string_view text, const ModuleSource& source);

}  // namespace cloche::script

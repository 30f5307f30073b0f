// Any bytes as source text: lexer, assembler and script parser fail cleanly or give a module that decodes,
// that is printed, and that comes back from its text as the same bytes.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "binary/decoder.hpp"
#include "text/printer.hpp"
#include "text/script.hpp"

namespace {

using namespace cloche;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void check_printed(const wasm::Module& module, const std::vector<uint8_t>& bytes, bool folded) {
  const auto printed = text::print(module, {.folded = folded, .max_bytes = 1 << 20});
  if (!printed) return;  // a body that does not nest, or a text that would be too long
  const auto again = text::assemble(*printed, wasm::FeatureSet::all());
  require(again.has_value(), "the printed module does not assemble");
  require(again->bytes == bytes, "the printed module assembles to other bytes");
}

void check_assembled(const wasm::Result<text::Assembled>& assembled, bool canonical) {
  if (!assembled) {
    static_cast<void>(assembled.error().message());
    return;
  }
  const auto module = binary::decode(wasm::ModuleBytes(assembled->bytes), wasm::FeatureSet::all());
  if (!module || !canonical) return;
  check_printed(*module, assembled->bytes, false);
  check_printed(*module, assembled->bytes, true);
}

void check_commands(const std::vector<text::Command>& commands, std::string_view source) {
  for (const text::Command& command : commands) {
    check_commands(command.commands, source);
    if (command.module == nullptr) continue;
    const bool canonical = command.module->form != text::ModuleForm::binary;
    check_assembled(text::assemble(*command.module, source, wasm::FeatureSet::all()), canonical);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  if (const auto script = text::parse_script(source)) check_commands(script->commands, source);
  const bool binary = source.find("binary") != std::string_view::npos;
  check_assembled(text::assemble(source, wasm::FeatureSet::all()), !binary);
  return 0;
}

// Whatever is wrong with a file can be said: diagnostics of any bytes, as text, script and binary, are made,
// rendered and written as JSON; the first of a text is the error that assembling fails with, and none means
// that it is valid.
#include <cstdlib>
#include <string_view>

#include "binary/decoder.hpp"
#include "diagnostics/check.hpp"
#include "diagnostics/json.hpp"
#include "diagnostics/render.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace {

using namespace cloche;

void require(bool condition) {
  if (!condition) std::abort();
}

bool is_valid(std::span<const uint8_t> bytes) {
  auto module = binary::decode(wasm::ModuleBytes(bytes, nullptr), wasm::FeatureSet::all());
  if (!module) return false;
  validate::TypeRegistry registry;
  return validate::validate(std::make_shared<const wasm::Module>(std::move(*module)), registry).has_value();
}

void show(const diagnostics::Report& report, std::string_view source) {
  for (const diagnostics::Diagnostic& each : report.diagnostics) require(!each.message.empty());
  const std::string text = diagnostics::render(report, "file", source, {.color = true});
  require(report.ok() || !text.empty());
  const std::string as_wabt =
      diagnostics::render(report, "file", source, {.style = diagnostics::RenderStyle::wabt});
  require(report.ok() == as_wabt.empty());
  static_cast<void>(diagnostics::to_json(report, "file", source));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const diagnostics::CheckOptions options{.features = wasm::FeatureSet::all(), .max_errors = 10};
  if (binary::has_magic({data, size})) {
    const auto report = diagnostics::check_binary({data, size}, options);
    require(report.ok() == is_valid({data, size}));
    show(report, {});
    return 0;
  }
  const auto report = diagnostics::check_text(source, options);
  show(report, source);
  const auto assembled = text::assemble(source, options.features);
  require(report.ok() == (assembled && is_valid(assembled->bytes)));
  show(diagnostics::check_script(source, options), source);
  return 0;
}

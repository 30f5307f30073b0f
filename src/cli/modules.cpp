#include "cli/modules.hpp"

#include "api/config.hpp"
#include "binary/decoder.hpp"
#include "cli/cli.hpp"
#include "cli/diagnose.hpp"
#include "cli/io.hpp"
#include "cli/progress.hpp"
#include "diagnostics/check.hpp"
#include "validate/parallel.hpp"

namespace cloche::cli {
namespace {

wasm::Result<void> check_valid(const std::shared_ptr<const wasm::Module>& module) {
  validate::TypeRegistry registry;
  return validate::check_module(module, registry, validate::useful_threads(*module));
}

/// Says all that is wrong with the input, of which `error` is the first.
[[noreturn]] void explain(const Input& input, const Config& config, bool is_text, bool validate,
                          const wasm::Error& error) {
  diagnostics::CheckOptions options = usual_check(config, input.file.bytes.size());
  options.validate = validate;
  const diagnostics::Report report = [&] {
    const Progress progress("looking for errors in", input.file.bytes.size());
    return is_text ? diagnostics::check_text(input.text(), options)
                   : diagnostics::check_binary(input.file.bytes, options);
  }();
  if (report.ok()) fail_at(input, error, is_text);
  print_report(report, input.name, input.text(), {});
  finish(exit_failure);
}

/// An error in what the input was assembled to, as one in the input. Assembles once more, for the map of
/// offsets.
wasm::Error in_source(const Input& input, const Config& config, text::AssembleOptions options,
                      const wasm::Error& error) {
  options.offsets = true;
  const auto assembled = text::assemble(input.text(), features_of(config), options);
  return assembled ? assembled->offsets.to_source(error) : error;
}

}  // namespace

wasm::FeatureSet features_of(const Config& config) { return detail::runtime_config(config).features; }

Input read_module_input(const std::string& file) {
  return {input_name(file), read_input(file, text::max_source_bytes)};
}

Input read_text_input(const std::string& file) {
  return {input_name(file), read_source(file, text::max_source_bytes)};
}

void fail_at(const Input& input, const wasm::Error& error, bool is_text) {
  Progress::end_all();
  print_report(diagnostics::report_of(error, input.text(), is_text), input.name, input.text(), {});
  finish(exit_failure);
}

std::shared_ptr<const wasm::Module> load_binary(const Input& input, const Config& config, bool check) {
  const Progress progress("checking", input.file.bytes.size());
  auto decoded = binary::decode(wasm::ModuleBytes(input.file.bytes, input.file.owner), features_of(config));
  if (!decoded) explain(input, config, false, check, decoded.error());
  const auto module = std::make_shared<const wasm::Module>(std::move(*decoded));
  if (!check) return module;
  if (const auto valid = check_valid(module); !valid) explain(input, config, false, check, valid.error());
  return module;
}

std::shared_ptr<const wasm::Module> decode_assembled(const text::Assembled& assembled, const Config& config) {
  auto decoded = binary::decode(wasm::ModuleBytes(assembled.bytes, nullptr), features_of(config));
  if (!decoded) return nullptr;
  return std::make_shared<const wasm::Module>(std::move(*decoded));
}

text::Assembled assemble_input(const Input& input, const Config& config, text::AssembleOptions options,
                               bool check) {
  auto assembled = [&] {
    const Progress progress("assembling", input.file.bytes.size());
    return text::assemble(input.text(), features_of(config), options);
  }();
  check_source_file(input.name);
  if (!assembled) explain(input, config, true, check, assembled.error());
  if (!check) return std::move(*assembled);
  const Progress progress("checking", assembled->bytes.size());
  auto decoded = binary::decode(wasm::ModuleBytes(assembled->bytes, nullptr), features_of(config));
  if (!decoded) explain(input, config, true, check, in_source(input, config, options, decoded.error()));
  const auto valid = check_valid(std::make_shared<const wasm::Module>(std::move(*decoded)));
  if (!valid) explain(input, config, true, check, in_source(input, config, options, valid.error()));
  return std::move(*assembled);
}

text::Script parse_script_input(const Input& input, const Config& config) {
  const Progress progress("reading", input.file.bytes.size());
  auto script = text::parse_script(input.text());
  if (script) return std::move(*script);
  diagnostics::CheckOptions options = usual_check(config, input.file.bytes.size());
  options.validate = false;
  const diagnostics::Report report = diagnostics::check_script(input.text(), options);
  Progress::end_all();
  if (report.ok()) fail_at(input, script.error(), true);
  print_report(report, input.name, input.text(), {});
  finish(exit_failure);
}

}  // namespace cloche::cli

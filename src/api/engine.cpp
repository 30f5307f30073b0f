// Engine, and the three ways to make a Module.
#include "cloche/engine.hpp"

#include <algorithm>
#include <array>

#include "api/access.hpp"
#include "api/config.hpp"
#include "api/error.hpp"
#include "platform/files.hpp"
#include "text/parser.hpp"
#include "text/source_text.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;
using detail::public_error;

/// Files may be text of the largest size the text format allows; modules have their own, lower limit.
constexpr uint64_t max_file_bytes = text::max_source_bytes;

constexpr std::array<uint8_t, 4> magic = {0, 'a', 's', 'm'};

bool is_binary(const std::string& path, std::span<const uint8_t> bytes) {
  return path.ends_with(".wasm") ||
         (bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin()));
}

SourcePosition position_of(std::string_view source, uint64_t offset) {
  const text::LineColumn place = text::line_column(source, offset);
  return {static_cast<uint32_t>(place.line), static_cast<uint32_t>(place.column)};
}

/// An error of the text itself: its offset counts in the source.
Error text_error(const wasm::Error& error, std::string_view source) {
  const Error plain = public_error(error);
  if (!plain.offset()) return plain;
  return {plain.kind(), plain.message(), std::nullopt, position_of(source, *plain.offset())};
}

/// An error of the module made from text: its offset counts in the bytes.
Error assembled_error(const wasm::Error& error, std::string_view source, const text::OffsetMap& offsets) {
  const Error plain = public_error(error);
  if (!plain.offset()) return plain;
  const uint64_t place = offsets.source_offset(*plain.offset());
  if (place == wasm::no_offset) return plain;
  return {plain.kind(), plain.message(), plain.offset(), position_of(source, place)};
}

Result<Module> compile(const Engine& engine, wasm::ModuleBytes bytes) {
  auto module = runtime::Module::compile(ApiAccess::of(engine), std::move(bytes));
  if (!module) return Unexpected{public_error(module.error())};
  return ApiAccess::module(*std::move(module));
}

/// Assembles a text; the module keeps it, to say where its instructions stand.
Result<Module> compile_text(const Engine& engine, symbols::TextSource source) {
  auto assembled = text::assemble(source.text, ApiAccess::of(engine)->config().features);
  if (!assembled) return Unexpected{text_error(assembled.error(), source.text)};
  source.offsets = std::move(assembled->offsets);
  const auto kept = std::make_shared<const symbols::TextSource>(std::move(source));
  auto module =
      runtime::Module::compile(ApiAccess::of(engine), wasm::ModuleBytes(std::move(assembled->bytes)), kept);
  if (!module) return Unexpected{assembled_error(module.error(), kept->text, kept->offsets)};
  return ApiAccess::module(*std::move(module));
}

}  // namespace

Result<Engine> Engine::create(const Config& config) {
  return detail::ApiAccess::engine(runtime::Engine::create(detail::runtime_config(config)));
}

Result<Module> Module::from_binary(const Engine& engine, std::span<const uint8_t> bytes) {
  return compile(engine, wasm::ModuleBytes(std::vector<uint8_t>(bytes.begin(), bytes.end())));
}

Result<Module> Module::from_text(const Engine& engine, std::string_view source) {
  auto copy = std::make_shared<const std::string>(source);
  const std::string_view text = *copy;
  return compile_text(engine, {{}, text, std::move(copy), {}});
}

Result<Module> Module::from_file(const Engine& engine, const std::string& path) {
  const auto file = platform::read_file(path, max_file_bytes);
  if (!file) return Unexpected{Error(ErrorKind::io, "cannot read the file: " + file.error())};
  if (is_binary(path, file->bytes)) return compile(engine, wasm::ModuleBytes(file->bytes, file->owner));
  const std::string_view text(reinterpret_cast<const char*>(file->bytes.data()), file->bytes.size());
  return compile_text(engine, {path, text, file->owner, {}});
}

}  // namespace cloche

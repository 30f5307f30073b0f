// Entry of the assembler, and what all its parts share: the current token, errors, names.
#include "text/assembler.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "text/message.hpp"

namespace cloche::text {

using wasm::ErrorCode;

uint64_t OffsetMap::source_offset(uint64_t module_offset) const {
  const auto after =
      std::upper_bound(entries_.begin(), entries_.end(), module_offset,
                       [](uint64_t offset, const Entry& entry) { return offset < entry.module_offset; });
  if (module_offset == wasm::no_offset || entries_.empty()) return wasm::no_offset;
  return after == entries_.begin() ? entries_.front().source_offset : (after - 1)->source_offset;
}

wasm::Error OffsetMap::to_source(wasm::Error error) const {
  error.offset = source_offset(error.offset);
  return error;
}

wasm::Result<Assembled> assemble(std::string_view source, wasm::FeatureSet features,
                                 AssembleOptions options) {
  TRY(check_source(source));
  return assemble(source, {0, static_cast<uint32_t>(source.size())}, features, options);
}

wasm::Result<Assembled> assemble(std::string_view source, SourceRange range, wasm::FeatureSet features,
                                 AssembleOptions options) {
  return Assembler(source, range, features, options).run();
}

Assembler::Assembler(std::string_view source, SourceRange range, wasm::FeatureSet features,
                     AssembleOptions options)
    : source_(source), range_(range), features_(features), lexer_(source, range.begin, range.end, errors_) {
  draft_.writes_names = options.names;
  draft_.keeps_layout = options.layout;
  draft_.keeps_offsets = options.offsets;
}

wasm::Result<Assembled> Assembler::run() {
  Assembled binary;
  bool is_binary = false;
  const auto parse = [&]() -> Status {
    TRY(parse_binary_module(binary, is_binary));
    if (is_binary) return {};
    TRY(collect());
    TRY(parse_types());
    draft_.explicit_rec_groups = static_cast<uint32_t>(draft_.module.rec_groups.size());
    return parse_module();
  };
  if (!parse().has_value()) return errors_.take();
  if (is_binary) return binary;
  return write_module(draft_);
}

base::Unexpected<Failed> Assembler::unexpected() {
  const Token token = tok_.kind == TokenKind::open && tok_.size == 0 ? lexer_.held() : tok_;
  return report_unexpected(lexer_, tok_, token, errors_);
}

Status Assembler::expect_close() {
  if (tok_.kind != TokenKind::close) return unexpected();
  return advance();
}

std::string_view Assembler::keep(std::string text) {
  draft_.strings.push_back(std::move(text));
  return draft_.strings.back();
}

Parsed<std::string_view> Assembler::identifier(const Token& token) {
  std::string_view spelled = lexer_.text(token).substr(1);
  if (!spelled.starts_with('"')) return spelled;
  if (is_plain_string(spelled)) return spelled.substr(1, spelled.size() - 2);
  std::string decoded;
  append_string(spelled, decoded);
  if (!base::is_valid_utf8(decoded)) return fail(ErrorCode::malformed_utf8, token.offset);
  return keep(std::move(decoded));
}

Parsed<std::string_view> Assembler::expect_name() {
  if (tok_.kind != TokenKind::string) return unexpected();
  const std::string_view spelled = text();
  const uint32_t offset = tok_.offset;
  TRY(advance());
  if (is_plain_string(spelled)) return spelled.substr(1, spelled.size() - 2);
  std::string decoded;
  append_string(spelled, decoded);
  if (!base::is_valid_utf8(decoded)) return fail(ErrorCode::malformed_utf8, offset);
  return keep(std::move(decoded));
}

Parsed<Assembler::Binding> Assembler::parse_binding() {
  Binding binding;
  binding.offset = tok_.offset;
  if (tok_.kind == TokenKind::id) {
    binding.id = binding.name = TRY(identifier(tok_));
    TRY(advance());
  }
  if (!lexer_.pending().empty()) [[unlikely]] {
    const std::string_view annotated = TRY(take_name_annotation(false));
    if (annotated.data() != nullptr) binding.name = annotated;
  }
  return binding;
}

void Assembler::name(binary::NameMap& names, uint32_t index, const Binding& binding) {
  if (binding.name.data() != nullptr) names.push_back({index, binding.name});
}

// Enters the name of a local, label or field. Outer indices come in increasing order.
void Assembler::inner_name(binary::IndirectNameMap& names, uint32_t outer, uint32_t inner,
                           std::string_view name) {
  if (names.empty() || names.back().index != outer) names.push_back({outer, {}});
  names.back().names.push_back({inner, name});
}

}  // namespace cloche::text

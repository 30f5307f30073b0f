// Modules in text form for tests of validation.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "binary/decoder.hpp"
#include "text/parser.hpp"
#include "validate/validate.hpp"

namespace cloche {

inline wasm::Result<wasm::Module> decode_wat(std::string_view source,
                                             wasm::FeatureSet features = wasm::FeatureSet::all()) {
  text::Assembled assembled = TRY(text::assemble(source, features));
  return binary::decode(wasm::ModuleBytes(std::move(assembled.bytes)), features);
}

inline wasm::Result<validate::ValidatedModule> validate_wat(
    std::string_view source, validate::TypeRegistry& registry,
    wasm::FeatureSet features = wasm::FeatureSet::all()) {
  return validate::validate(std::make_shared<const wasm::Module>(TRY(decode_wat(source, features))),
                            registry);
}

/// The message of the error, with the offset of the instruction it is about; empty when the module is valid.
inline std::string error_of(std::string_view source, wasm::FeatureSet features = wasm::FeatureSet::all()) {
  validate::TypeRegistry registry;
  const auto result = validate_wat(source, registry, features);
  return result ? std::string() : result.error().message();
}

}  // namespace cloche

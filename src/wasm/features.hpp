// Feature switches: which instructions and module items are accepted.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cloche::wasm {

enum class Feature : uint8_t {
#define FEATURE(name, text, standard, description) name,
#include "wasm/features.def"
#undef FEATURE
};

class FeatureSet {
 public:
  constexpr FeatureSet() = default;
  constexpr bool has(Feature feature) const { return (bits_ >> static_cast<unsigned>(feature)) & 1; }
  constexpr FeatureSet with(Feature feature, bool on = true) const {
    FeatureSet set = *this;
    const uint32_t bit = uint32_t{1} << static_cast<unsigned>(feature);
    set.bits_ = on ? (set.bits_ | bit) : (set.bits_ & ~bit);
    return set;
  }
  friend constexpr bool operator==(FeatureSet, FeatureSet) = default;

  /// Exactly WebAssembly 3.0.
  static constexpr FeatureSet wasm3() {
    FeatureSet set;
#define FEATURE(name, text, standard, description) set = set.with(Feature::name, standard);
#include "wasm/features.def"
#undef FEATURE
    return set;
  }
  /// What commands accept by default: 3.0, and threads and legacy exceptions, since shipped modules use them.
  static constexpr FeatureSet standard() {
    return wasm3().with(Feature::threads).with(Feature::legacy_exceptions);
  }
  static constexpr FeatureSet all() {
    return standard().with(Feature::custom_page_sizes).with(Feature::wide_arithmetic);
  }

 private:
  uint32_t bits_ = 0;
};

/// The feature of a command-line name such as "tail-call".
constexpr std::optional<Feature> find_feature(std::string_view name) {
#define FEATURE(enumerator, text, standard, description) \
  if (name == text) return Feature::enumerator;
#include "wasm/features.def"
#undef FEATURE
  return std::nullopt;
}

constexpr std::string_view feature_name(Feature feature) {
  switch (feature) {
#define FEATURE(name, text, standard, description) \
  case Feature::name:                              \
    return text;
#include "wasm/features.def"
#undef FEATURE
  }
  return "";
}

}  // namespace cloche::wasm

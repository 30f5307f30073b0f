#include "api/config.hpp"

#include "api/access.hpp"
#include "wasm/features.hpp"

namespace cloche {
namespace {

using wasm::Feature;
using wasm::FeatureSet;

constexpr Feature features[] = {
#define FEATURE(name, text, standard, description) Feature::name,
#include "wasm/features.def"
#undef FEATURE
};

constexpr uint32_t bit_of(Feature feature) { return uint32_t{1} << static_cast<unsigned>(feature); }

/// The default set with the features of `flipped` the other way round.
FeatureSet feature_set(uint32_t flipped) {
  FeatureSet set = FeatureSet::standard();
  for (const Feature feature : features)
    if ((flipped & bit_of(feature)) != 0) set = set.with(feature, !set.has(feature));
  return set;
}

uint32_t difference(FeatureSet wanted) {
  uint32_t bits = 0;
  for (const Feature feature : features)
    if (wanted.has(feature) != FeatureSet::standard().has(feature)) bits |= bit_of(feature);
  return bits;
}

abi::Quicken quicken(Quickening mode) {
  switch (mode) {
    case Quickening::never:
      return abi::Quicken::never;
    case Quickening::warm:
      return abi::Quicken::warm;
    case Quickening::always:
      return abi::Quicken::always;
  }
  return abi::Quicken::warm;
}

}  // namespace

bool Config::set_feature(std::string_view name, bool on) {
  const auto feature = wasm::find_feature(name);
  if (!feature) return false;
  feature_bits_ = difference(feature_set(feature_bits_).with(*feature, on));
  return true;
}

bool Config::has_feature(std::string_view name) const {
  const auto feature = wasm::find_feature(name);
  return feature && feature_set(feature_bits_).has(*feature);
}

std::vector<std::string_view> Config::feature_names() {
  std::vector<std::string_view> names;
  for (const Feature feature : features) names.push_back(wasm::feature_name(feature));
  return names;
}

Config& Config::strict_3_0() {
  feature_bits_ = difference(FeatureSet::wasm3());
  return *this;
}

namespace detail {

runtime::Config runtime_config(const Config& config) {
  runtime::Config result;
  result.features = feature_set(ApiAccess::feature_bits(config));
  result.quicken = quicken(config.quickening);
  result.guard_pages = config.guard_pages;
  result.deterministic = config.deterministic;
  result.value_stack_bytes = config.value_stack_bytes;
  result.max_frames = config.max_frames;
  result.max_memory_bytes = config.max_memory_bytes;
  result.gc_heap_limit_bytes = config.gc_heap_limit_bytes;
  result.gc_stress = config.gc_stress;
  return result;
}

}  // namespace detail
}  // namespace cloche

// The specification's test scripts, for tests that go through all of them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "wasm/features.hpp"

namespace cloche::text {

struct CorpusFile {
  std::string path;
  wasm::FeatureSet features;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Every .wast file of the folders that Cloche passes; empty when the shared folder is absent.
inline std::vector<CorpusFile> corpus() {
  using wasm::Feature;
  using wasm::FeatureSet;
  const auto base = FeatureSet::wasm3();
  const std::vector<std::pair<std::string, FeatureSet>> folders = {
      {"core", base},
      {"custom", base},
      {"legacy", base.with(Feature::legacy_exceptions)},
      {"proposals/threads", base.with(Feature::threads)},
      {"proposals/custom-page-sizes", base.with(Feature::custom_page_sizes)},
      {"proposals/wide-arithmetic", base.with(Feature::wide_arithmetic)},
  };
  std::vector<CorpusFile> files;
  for (const auto& [folder, features] : folders) {
    const auto root = std::filesystem::path(CLOCHE_SHARED_DIR) / "spec" / folder;
    if (!std::filesystem::exists(root)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
      if (entry.path().extension() == ".wast") files.push_back({entry.path().string(), features});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace cloche::text

#include "debug/opcode_coverage.hpp"

#include <cstdio>

namespace cloche::debug {

class OpcodeCoverage::Counter final : public interp::Monitor {
 public:
  Counter(OpcodeCoverage& coverage, runtime::Store& store) : counts_(coverage.counts_) {
    store.probes().attach(*this, interp::all_ops());
  }
  wasm::TrapCode before(const abi::Site& site) override {
    counts_[static_cast<size_t>(interp::op_at(site.pc))].fetch_add(1, std::memory_order_relaxed);
    return wasm::TrapCode::none;
  }

 private:
  std::array<std::atomic<uint64_t>, wasm::op_count>& counts_;
};

std::shared_ptr<void> OpcodeCoverage::watch(runtime::Store& store) {
  return std::make_shared<Counter>(*this, store);
}

std::string OpcodeCoverage::lines() const {
  std::string lines;
  for (size_t i = 0; i < wasm::op_count; ++i) {
    const wasm::OpInfo& info = wasm::op_table[i];
    char code[16];
    if (info.prefix != 0)
      std::snprintf(code, sizeof code, "%02x%03x ", info.prefix, info.code);
    else
      std::snprintf(code, sizeof code, "%02x ", info.code);
    lines += code;
    lines += info.text;
    lines += " " + std::to_string(counts_[i].load(std::memory_order_relaxed)) + "\n";
  }
  return lines;
}

}  // namespace cloche::debug

#include "interp/prepare.hpp"

#include <cstring>
#include <memory>

#include "interp/side_table.hpp"

namespace cloche::interp {
namespace {

/// Dispatch reads the byte behind an opcode too. Behind the final `end` of the module's last body there may be none.
void keep_reads_in_bounds(const wasm::Module& module, abi::PreparedCode& code) {
  if (code.end != module.bytes.data() + module.bytes.size()) return;
  const size_t size = static_cast<size_t>(code.end - code.begin);
  code.body_copy = std::make_unique<uint8_t[]>(size + 1);
  std::memcpy(code.body_copy.get(), code.begin, size);
  code.begin = code.body_copy.get();
  code.end = code.begin + size;
}

}  // namespace

abi::PreparedCode* prepare(abi::FuncCode& func) {
  abi::PreparedCode* present = func.prepared.load(std::memory_order_acquire);
  if (present) return present;
  auto code = std::make_unique<abi::PreparedCode>();
  build_side_table(*func.module, func.defined_index, *code);
  keep_reads_in_bounds(func.module->module(), *code);
  code->entry.store(code->begin, std::memory_order_relaxed);
  // Of two threads one wins; the other takes the winner's.
  if (!func.prepared.compare_exchange_strong(present, code.get(), std::memory_order_acq_rel)) return present;
  return code.release();
}

}  // namespace cloche::interp

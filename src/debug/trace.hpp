// The tracer: a row for each executed instruction, with the symbolic stack beside the live one and what else
// the instruction did. Memory is bounded by the longest row, by the functions entered, and by `last` rows.
#pragma once

#include <bitset>
#include <functional>
#include <memory>
#include <optional>

#include "debug/trace_row.hpp"
#include "interp/probes.hpp"
#include "runtime/store.hpp"

namespace cloche::debug {

/// Kinds of instructions to choose from. Each row of the opcode table is of exactly one.
enum class TraceClass : uint8_t {
  control,
  call,
  local,
  global,
  memory,
  table,
  constant,
  numeric,
  vector,
  reference,
  count_
};
std::string_view trace_class_name(TraceClass kind);
TraceClass trace_class(wasm::Op op);

struct TraceOptions {
  struct Range {
    uint64_t begin = 0;
    uint64_t end = ~uint64_t{0};
  };
  TraceFormat format = TraceFormat::text;
  std::optional<uint64_t> first;  // only so many rows; then execution goes on unwatched
  std::optional<uint64_t> last;   // only the last so many, written when the trace ends
  uint32_t max_depth = ~uint32_t{0};
  std::vector<std::string> funcs;  // as symbols::func_matches takes them; empty for all
  std::optional<Range> memory;     // only instructions that read or write these addresses of memory 0
  std::optional<Range> offsets;    // only instructions at these offsets in the module
  std::bitset<static_cast<size_t>(TraceClass::count_)> classes =
      ~std::bitset<static_cast<size_t>(TraceClass::count_)>();
};

class Tracer final : public interp::Monitor {
 public:
  /// Where finished text goes; called with a few tens of kilobytes at a time.
  using Output = std::function<void(std::string_view)>;

  /// Traces the store from now on until the tracer goes.
  Tracer(runtime::Store& store, TraceOptions options, Output output);
  ~Tracer() override;

  /// Writes what is still held back: the last rows, the end of the format. The trace is over then.
  void finish();
  uint64_t steps() const { return steps_; }
  /// Whether a function that `funcs` names was entered so far.
  bool met_chosen() const { return met_chosen_; }

  wasm::TrapCode before(const abi::Site& site) override;
  void trapped(abi::Context* context, const abi::Site* site) override;
  void thrown(const abi::Site& site) override;
  void caught(const abi::Site& site) override;
  void left(abi::Context* context) override;

 private:
  TracedFunction& function_of(const abi::FuncObject& func);
  bool is_chosen(const TracedFunction& func) const;
  bool passes(const abi::Site& site, const Step& step) const;
  void begin_row(const abi::Site& site);
  void note_before(const abi::Site& site, const Step& step);
  void note_call(const abi::Site& site, const Step& step);
  void finish_row(const abi::Site* next);
  void note_after(const abi::Site* next);
  void take_stack(uint32_t top);
  void emit();
  void write(const Row& row);
  void flush();

  runtime::Store& store_;
  TraceOptions options_;
  Output output_;
  std::unique_ptr<RowWriter> writer_;
  std::string buffer_;
  std::unordered_map<const wasm::Module*, std::unique_ptr<Labels>> labels_;
  std::unordered_map<const abi::FuncCode*, std::unique_ptr<TracedFunction>> functions_;
  const abi::FuncCode* latest_code_ = nullptr;
  TracedFunction* latest_ = nullptr;
  uint64_t steps_ = 0;
  uint64_t rows_ = 0;
  bool met_chosen_ = false;
  // The row of the instruction that is being executed.
  bool pending_ = false;
  Row row_;
  const abi::FuncCode* row_code_ = nullptr;
  const abi::Slot* row_locals_ = nullptr;
  const abi::Instance* row_instance_ = nullptr;
  std::vector<Row> ring_;  // the last rows, the oldest at rows_ % size
  bool finished_ = false;
};

}  // namespace cloche::debug

#include "debug/stack_report.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "debug/value_text.hpp"

namespace cloche::debug {
namespace {

using wasm::Op;

unsigned long long number(uint64_t value) { return value; }

}  // namespace

StackReport::StackReport(runtime::Store& store) : entries_(*this) {
  interp::OpSet sets;
  sets.set(static_cast<size_t>(Op::global_set));
  store.probes().attach(*this, sets);
  store.probes().attach_entry(entries_, nullptr);
  for (const abi::Instance* instance = store.context().instances; instance; instance = instance->next)
    stacks_.add(instance);
}

void StackReport::instance_ready(abi::Instance* instance) { stacks_.add(instance); }

wasm::TrapCode StackReport::before(const abi::Site& site) {
  moves_pointer(site);
  return wasm::TrapCode::none;
}

void StackReport::entered_function(const abi::Site& site) {
  Marks& marks = functions_[site.frame->func];
  const abi::Context& context = *site.context;
  const auto frames = static_cast<uint64_t>(site.frame - context.frames_base + 1);
  const uint64_t own = uint64_t{site.frame->code->max_slots} * sizeof(abi::Slot);
  const auto below = static_cast<uint64_t>(site.locals - context.stack_base) * sizeof(abi::Slot);
  ++marks.calls;
  ++total_.calls;
  marks.own_bytes = own;
  for (Marks* each : {&marks, &total_}) {
    each->frames = std::max(each->frames, frames);
    each->value_bytes = std::max(each->value_bytes, below + own);
  }
}

void StackReport::moves_pointer(const abi::Site& site) {
  const WatchedStack* stack = stacks_.written_at(site);
  if (!stack) return;
  const uint64_t now = stack->now(), next = stack->read(site.sp - 1);
  if (next >= now || now > stack->high) return;
  Marks& marks = functions_[site.frame->func];
  for (Marks* each : {&marks, &total_}) {
    each->shadow_bytes = std::max(each->shadow_bytes, stack->high - next);
    each->shadow_frame = std::max(each->shadow_frame, now - next);
  }
}

std::string StackReport::text() const {
  std::vector<std::pair<const abi::FuncObject*, Marks>> order(functions_.begin(), functions_.end());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second.shadow_bytes != b.second.shadow_bytes) return a.second.shadow_bytes > b.second.shadow_bytes;
    if (a.second.value_bytes != b.second.value_bytes) return a.second.value_bytes > b.second.value_bytes;
    return a.first->func_index < b.first->func_index;
  });
  char line[200];
  std::string text = "stacks: high-water marks\n";
  std::snprintf(line, sizeof line, "  value stack   %12llu bytes\n  frames        %12llu\n",
                number(total_.value_bytes), number(total_.frames));
  text += line;
  if (stacks_.empty())
    text += "  shadow stack  none was found\n";
  else {
    std::snprintf(line, sizeof line, "  shadow stack  %12llu bytes\n", number(total_.shadow_bytes));
    text += line;
  }
  std::snprintf(line, sizeof line, "%12s %12s %12s %12s %12s %10s  %s\n", "shadow", "its frame", "value",
                "its own", "calls", "frames", "function");
  text += line;
  for (const auto& [func, marks] : order) {
    std::snprintf(line, sizeof line, "%12llu %12llu %12llu %12llu %12llu %10llu  ",
                  number(marks.shadow_bytes), number(marks.shadow_frame), number(marks.value_bytes),
                  number(marks.own_bytes), number(marks.calls), number(marks.frames));
    text += line + func_text(*func) + "\n";
  }
  return text;
}

}  // namespace cloche::debug

// The table of guest accesses that may fault; access.hpp writes it, one entry with each access.
#include "interp/fault.hpp"

#include "interp/access.hpp"

#if CLOCHE_GUARDED_ACCESS

namespace {

/// Both relative to the field itself.
struct Fixup {
  int32_t access;
  int32_t resume;
};

uintptr_t resolve(const int32_t& field) {
  return reinterpret_cast<uintptr_t>(&field) + static_cast<intptr_t>(field);
}

}  // namespace

// The linker provides these for sections whose names are C identifiers.
extern "C" {
[[gnu::visibility("hidden")]] extern const Fixup __start_cloche_fixups[];
[[gnu::visibility("hidden")]] extern const Fixup __stop_cloche_fixups[];
}

namespace cloche::interp {

uintptr_t resume_after_fault(uintptr_t pc) {
  // A few hundred entries, and a fault costs microseconds anyway.
  for (const Fixup* fixup = __start_cloche_fixups; fixup != __stop_cloche_fixups; ++fixup)
    if (resolve(fixup->access) == pc) return resolve(fixup->resume);
  return 0;
}

}  // namespace cloche::interp

#else

namespace cloche::interp {

uintptr_t resume_after_fault(uintptr_t) { return 0; }

}  // namespace cloche::interp

#endif

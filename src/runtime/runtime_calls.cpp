#include "runtime/runtime_calls.hpp"

namespace cloche::runtime {

const abi::RuntimeCalls runtime_calls = {
    .memory_grow = calls::memory_grow,
    .memory_init = calls::memory_init,
    .memory_copy = calls::memory_copy,
    .memory_fill = calls::memory_fill,
    .data_drop = calls::data_drop,
    .table_grow = calls::table_grow,
    .table_init = calls::table_init,
    .table_copy = calls::table_copy,
    .table_fill = calls::table_fill,
    .elem_drop = calls::elem_drop,
    .struct_new = calls::struct_new,
    .array_new = calls::array_new,
    .array_new_data = calls::array_new_data,
    .array_new_elem = calls::array_new_elem,
    .array_init_data = calls::array_init_data,
    .array_init_elem = calls::array_init_elem,
    .exception_new = calls::exception_new,
    .ref_matches = calls::ref_matches,
    .atomic_wait32 = calls::atomic_wait32,
    .atomic_wait64 = calls::atomic_wait64,
    .atomic_notify = calls::atomic_notify,
};

}  // namespace cloche::runtime

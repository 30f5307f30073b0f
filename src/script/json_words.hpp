// How values are called in the JSON form of scripts, for writing and for reading it.
#pragma once

#include <array>
#include <string_view>

#include "text/script.hpp"

namespace cloche::script {

/// A reference type's name. "value": "null" makes it that type's null; without a value it is any reference of
/// the type but null, and for bottom types their null.
struct HeapName {
  std::string_view name;
  wasm::AbsHeap heap;
  bool is_bottom;
};
inline constexpr std::array<HeapName, 12> heap_names = {{
    {"funcref", wasm::AbsHeap::func, false},
    {"externref", wasm::AbsHeap::extern_, false},
    {"exnref", wasm::AbsHeap::exn, false},
    {"anyref", wasm::AbsHeap::any, false},
    {"eqref", wasm::AbsHeap::eq, false},
    {"i31ref", wasm::AbsHeap::i31, false},
    {"structref", wasm::AbsHeap::struct_, false},
    {"arrayref", wasm::AbsHeap::array, false},
    {"nullref", wasm::AbsHeap::none, true},
    {"nullfuncref", wasm::AbsHeap::nofunc, true},
    {"nullexternref", wasm::AbsHeap::noextern, true},
    {"nullexnref", wasm::AbsHeap::noexn, true},
}};

struct LaneName {
  std::string_view name;
  text::LaneShape shape;
};
inline constexpr std::array<LaneName, 6> lane_names = {{
    {"i8", text::LaneShape::i8x16},
    {"i16", text::LaneShape::i16x8},
    {"i32", text::LaneShape::i32x4},
    {"i64", text::LaneShape::i64x2},
    {"f32", text::LaneShape::f32x4},
    {"f64", text::LaneShape::f64x2},
}};

}  // namespace cloche::script

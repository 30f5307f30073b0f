#include "wasm/types.hpp"

namespace cloche::wasm {
namespace {

struct AbstractName {
  AbsHeap heap;
  std::string_view name;       // as a heap type
  std::string_view shorthand;  // of the nullable reference
};

constexpr AbstractName abstract_names[] = {
    {AbsHeap::noexn, "noexn", "nullexnref"},
    {AbsHeap::nofunc, "nofunc", "nullfuncref"},
    {AbsHeap::noextern, "noextern", "nullexternref"},
    {AbsHeap::none, "none", "nullref"},
    {AbsHeap::func, "func", "funcref"},
    {AbsHeap::extern_, "extern", "externref"},
    {AbsHeap::any, "any", "anyref"},
    {AbsHeap::eq, "eq", "eqref"},
    {AbsHeap::i31, "i31", "i31ref"},
    {AbsHeap::struct_, "struct", "structref"},
    {AbsHeap::array, "array", "arrayref"},
    {AbsHeap::exn, "exn", "exnref"},
    {AbsHeap::bot, "bot", "botref"},
};

const AbstractName& abstract_name(AbsHeap heap) {
  for (const AbstractName& row : abstract_names)
    if (row.heap == heap) return row;
  return abstract_names[std::size(abstract_names) - 1];
}

}  // namespace

std::string_view extern_kind_name(ExternKind kind) {
  constexpr std::string_view names[] = {"func", "table", "memory", "global", "tag"};
  return names[static_cast<size_t>(kind)];
}

std::string to_string(HeapType type) {
  return type.is_concrete() ? std::to_string(type.index().value)
                            : std::string(abstract_name(type.abstract()).name);
}

std::string to_string(ValType type) {
  if (type == ValType::i32()) return "i32";
  if (type == ValType::i64()) return "i64";
  if (type == ValType::f32()) return "f32";
  if (type == ValType::f64()) return "f64";
  if (type == ValType::v128()) return "v128";
  if (type.is_bot()) return "bot";
  if (type.is_nullable() && !type.heap().is_concrete())
    return std::string(abstract_name(type.heap().abstract()).shorthand);
  return std::string("(ref ") + (type.is_nullable() ? "null " : "") + to_string(type.heap()) + ")";
}

std::string to_string(StorageType type) {
  if (!type.is_packed()) return to_string(type.unpacked());
  return type.size_bytes() == 1 ? "i8" : "i16";
}

std::string to_string(const ResultType& types) {
  std::string text = "[";
  for (const ValType type : types) {
    if (text.size() > 1) text += ' ';
    text += to_string(type);
  }
  return text + "]";
}

std::string to_string(const FuncType& type) {
  return to_string(type.params) + " -> " + to_string(type.results);
}

}  // namespace cloche::wasm

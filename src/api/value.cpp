// Values and references: what they are and how they are spelled.
#include "cloche/value.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

#include "api/access.hpp"

namespace cloche {
namespace {

using detail::ApiAccess;

std::string hexadecimal(uint64_t bits) {
  char digits[16];
  const auto [end, status] = std::to_chars(digits, digits + sizeof digits, bits, 16);
  return {digits, end};
}

/// The shortest digits that read back as the same number, without exponent for numbers of a handy size.
template <class Float, class Bits>
std::string spell(Float value, Bits bits) {
  if (std::isnan(value)) return "nan:0x" + hexadecimal(bits);
  const Float size = std::fabs(value);
  const bool handy = size == 0 || (size >= Float(1e-5) && size < Float(1e16));
  char digits[32];
  const auto [end, status] =
      handy ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
            : std::to_chars(digits, digits + sizeof digits, value);
  return {digits, end};
}

std::string spell(const V128& vector) {
  std::string text = "i32x4:";
  for (size_t lane = 0; lane < 4; ++lane) {
    int32_t value = 0;
    std::memcpy(&value, vector.bytes.data() + 4 * lane, sizeof value);
    text += (lane == 0 ? "" : ",") + std::to_string(value);
  }
  return text;
}

std::string spell_object(const runtime::Value& value) {
  switch (abi::as_object(value.as_ref())->rtt->kind) {
    case abi::GcKind::struct_:
      return "ref.struct";
    case abi::GcKind::array:
      return "ref.array";
    case abi::GcKind::exception:
      return "ref.exn";
    case abi::GcKind::extern_:
      break;
    case abi::GcKind::func:
      return "ref.func";
  }
  return "ref.extern " + std::to_string(runtime::Store::extern_payload(value).value_or(0));
}

/// True when the object behind the value may be looked at.
bool is_object(const runtime::Value* value) {
  return value != nullptr && !abi::is_i31(value->as_ref()) && value->store() != nullptr;
}

std::string spell(const Ref& ref) {
  if (ref.is_null()) return "ref.null";
  if (ref.is_i31()) return "ref.i31 " + std::to_string(ref.i31_value());
  const runtime::Value* value = ApiAccess::value_of(ref);
  return is_object(value) ? spell_object(*value) : "ref.dead";
}

std::string join(const std::vector<ValueType>& types) {
  std::string text = "[";
  for (const ValueType& type : types) text += (text.size() == 1 ? "" : " ") + type.text;
  return text + "]";
}

}  // namespace

std::string FunctionType::to_string() const { return join(params) + " -> " + join(results); }

bool Ref::is_i31() const { return handle_ != nullptr && abi::is_i31(handle_->value.as_ref()); }

int32_t Ref::i31_value() const {
  return is_i31() ? static_cast<int32_t>(abi::i31_get_s(handle_->value.as_ref())) : 0;
}

bool Ref::is_extern() const {
  return is_object(ApiAccess::value_of(*this)) && runtime::Store::extern_payload(handle_->value).has_value();
}

uint64_t Ref::extern_payload() const {
  return is_extern() ? *runtime::Store::extern_payload(handle_->value) : 0;
}

bool operator==(const Ref& a, const Ref& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  // Addresses of objects in different stores differ, but for a store that is gone.
  return a.handle_->value.as_ref() == b.handle_->value.as_ref() &&
         a.handle_->value.store() == b.handle_->value.store();
}

std::string Value::to_string() const {
  switch (kind_) {
    case ValueKind::i32:
      return std::to_string(i32());
    case ValueKind::i64:
      return std::to_string(i64());
    case ValueKind::f32:
      return spell(f32(), static_cast<uint32_t>(bits_));
    case ValueKind::f64:
      return spell(f64(), bits_);
    case ValueKind::v128:
      return spell(vector_);
    case ValueKind::ref:
      return spell(ref_);
  }
  return {};
}

}  // namespace cloche

// Types: definitions, and types where they are used.
#include "text/printer_core.hpp"

namespace cloche::text {

void Printer::print_rec_group(const wasm::RecGroup& group) {
  const bool wrapped = group.size != 1 || group.explicit_rec;
  if (wrapped) {
    line(1);
    out_ += "(rec";
  }
  for (uint32_t i = 0; i < group.size; ++i) {
    line(wrapped ? 2 : 1);
    print_type(group.first.value + i);
  }
  if (wrapped) out_ += ')';
}

void Printer::print_type(uint32_t index) {
  const wasm::SubType& type = module_.types[index];
  out_ += "(type";
  put_binding(types_, index);
  const bool sub = !type.final_ || !type.supers.empty();
  if (sub) {
    out_ += type.final_ ? " (sub final" : " (sub";
    for (const wasm::TypeIdx super : type.supers) {
      out_ += ' ';
      put_ref(out_, types_, super.value);
    }
  }
  switch (type.comp.kind) {
    case wasm::CompKind::func:
      out_ += " (func";
      put_types(out_, "param", type.comp.func.params);
      put_types(out_, "result", type.comp.func.results);
      break;
    case wasm::CompKind::struct_:
      out_ += " (struct";
      print_fields(index, type.comp);
      break;
    case wasm::CompKind::array:
      out_ += " (array ";
      put_storage(type.comp.fields[0]);
      break;
  }
  out_ += sub ? ")))" : "))";
}

void Printer::print_fields(uint32_t type_index, const wasm::CompType& comp) {
  const uint32_t entry = type_index < field_ids_.size() ? field_ids_[type_index] : 0;
  for (uint32_t i = 0; i < comp.fields.size(); ++i) {
    out_ += " (field";
    if (entry != 0 && fields_[entry - 1].name(i).data() != nullptr) put_binding(fields_[entry - 1], i);
    out_ += ' ';
    put_storage(comp.fields[i]);
    out_ += ')';
  }
}

void Printer::put_heap_type(std::string& out, wasm::HeapType type) {
  if (!type.is_concrete())
    out += wasm::to_string(type);
  else if (wabt())
    put_number(out, type.index().value);
  else
    put_ref(out, types_, type.index().value);
}

void Printer::put_val_type(std::string& out, wasm::ValType type) {
  if (!type.is_ref() || !type.heap().is_concrete()) {
    out += wasm::to_string(type);
    return;
  }
  put_ref_type(out, type.heap(), type.is_nullable());
}

void Printer::put_storage(wasm::FieldType type) {
  if (type.mutable_) out_ += "(mut ";
  if (type.storage.is_packed())
    out_ += type.storage.size_bytes() == 1 ? "i8" : "i16";
  else
    put_val_type(out_, type.storage.unpacked());
  if (type.mutable_) out_ += ')';
}

// " (param i32 i64)", or nothing for no types.
void Printer::put_types(std::string& out, std::string_view keyword, std::span<const wasm::ValType> types) {
  if (types.empty()) return;
  out += " (";
  out += keyword;
  for (const wasm::ValType type : types) {
    out += ' ';
    put_val_type(out, type);
  }
  out += ')';
}

void Printer::put_type_ref(std::string& out, wasm::TypeIdx type) {
  out += " (type ";
  put_ref(out, types_, type.value);
  out += ')';
}

// Whether a block whose text gives only parameters and results has this type. Where these fit into the short
// binary form of a block type, it is that form.
bool Printer::is_implied(wasm::TypeIdx type) {
  if (!func_types_entered_) {
    for (uint32_t i = 0; i < module_.types.size(); ++i) func_types_.add(module_, i);
    func_types_entered_ = true;
  }
  const wasm::FuncType* func = func_type(type);
  const bool is_short = func != nullptr && func->params.empty() && func->results.size() <= 1;
  return func != nullptr && !is_short && func_types_.find(module_, func->params, func->results) == type;
}

// The function type of an index, or null when it is none.
const wasm::FuncType* Printer::func_type(wasm::TypeIdx type) const {
  if (type.value >= module_.types.size()) return nullptr;
  const wasm::CompType& comp = module_.types[type.value].comp;
  return comp.kind == wasm::CompKind::func ? &comp.func : nullptr;
}

void Printer::put_limits(const wasm::Limits& limits) {
  if (limits.is_64) out_ += " i64";
  out_ += ' ';
  put_number(out_, limits.min);
  if (!limits.max.has_value()) return;
  out_ += ' ';
  put_number(out_, *limits.max);
}

void Printer::put_table_type(const wasm::TableType& type) {
  put_limits(type.limits);
  out_ += ' ';
  put_val_type(out_, type.elem);
}

void Printer::put_mem_type(const wasm::MemType& type) {
  put_limits(type.limits);
  if (type.shared) out_ += " shared";
  if (type.page_size_log2 == wasm::default_page_size_log2) return;
  out_ += " (pagesize ";
  put_number(out_, uint64_t{1} << (type.page_size_log2 & 63));
  out_ += ')';
}

void Printer::put_global_type(const wasm::GlobalType& type) {
  out_ += ' ';
  if (type.mutable_) out_ += "(mut ";
  put_val_type(out_, type.type);
  if (type.mutable_) out_ += ')';
}

}  // namespace cloche::text

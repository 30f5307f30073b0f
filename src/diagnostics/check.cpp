#include "diagnostics/check.hpp"

#include <algorithm>

#include "base/stable_order.hpp"
#include "binary/decoder.hpp"
#include "diagnostics/explain.hpp"
#include "diagnostics/explain_text.hpp"
#include "diagnostics/scan.hpp"
#include "diagnostics/suggest.hpp"
#include "text/lexer.hpp"
#include "text/script.hpp"
#include "validate/parallel.hpp"
#include "validate/validate.hpp"

namespace cloche::diagnostics {
namespace {

using validate::ModuleTypes;

/// Collects diagnostics up to a limit.
class Collector {
 public:
  Collector(Report& report, size_t most) : report_(report), most_(most) {}
  void add(Diagnostic diagnostic) {
    if (full())
      report_.has_more = true;
    else
      report_.diagnostics.push_back(std::move(diagnostic));
  }
  bool has_more() const { return report_.has_more; }
  bool full() const { return report_.diagnostics.size() >= most_; }
  size_t left() const { return full() ? 0 : most_ - report_.diagnostics.size(); }
  /// One more than there is room for, so that it is known whether there are more.
  size_t wanted() const { return left() + 1; }

 private:
  Report& report_;
  size_t most_;
};

void sort(Report& report) {
  base::stable_order(report.diagnostics, [](const Diagnostic& each) { return each.span.begin; });
}

/// A constant expression that an offset lies in, and the type it must leave.
struct ConstantPlace {
  wasm::Expr expr;
  wasm::ValType type;
};
std::optional<ConstantPlace> constant_at(const ModuleTypes& types, uint64_t offset) {
  const wasm::Module& module = types.module();
  const auto holds = [&](wasm::Expr expr) {
    return offset >= expr.offset && offset < expr.offset + expr.size;
  };
  for (size_t i = 0; i < module.globals.size(); ++i)
    if (holds(module.globals[i].init)) return ConstantPlace{module.globals[i].init, types.globals()[i].type};
  for (size_t i = 0; i < module.tables.size(); ++i)
    if (module.tables[i].init && holds(*module.tables[i].init))
      return ConstantPlace{*module.tables[i].init, types.tables()[i]};
  for (const wasm::Elem& elem : module.elems)
    if (elem.mode == wasm::SegmentMode::active && holds(elem.table_offset) &&
        elem.table.value < module.tables.size())
      return ConstantPlace{elem.table_offset, types.table_addr(elem.table.value)};
  for (const wasm::Data& data : module.datas)
    if (data.mode == wasm::SegmentMode::active && holds(data.mem_offset) &&
        data.mem.value < module.mems.size())
      return ConstantPlace{data.mem_offset, types.mem_addr(data.mem.value)};
  return std::nullopt;
}

/// Validates a decoded module and explains what is wrong with it.
class ModuleCheck {
 public:
  ModuleCheck(std::shared_ptr<const wasm::Module> module, const Subject& subject, Trial* trial,
              Collector& out, size_t max_in_function)
      : module_(std::move(module)),
        subject_(subject),
        trial_(trial),
        out_(out),
        max_in_function_(max_in_function) {}

  /// `broken`: functions whose bodies are not the text's.
  void run(const std::vector<uint32_t>& broken) {
    auto types = ModuleTypes::build(module_, registry_);
    if (!types) return out_.add(explain_definition(subject_, types.error()));
    const std::vector<wasm::Error> errors = validate::all_definition_errors(*types, out_.wanted());
    if (trial_) trial_->set_definition_errors(errors.size());
    for (const wasm::Error& error : errors) out_.add(explain(*types, error));
    validate::NoSink no_sink;
    validate::ValidatorPass pass(*types, no_sink);
    for (uint32_t i = 0; i < module_->codes.size() && !out_.has_more(); ++i) {
      const uint32_t func = module_->imported_funcs + i;
      if (std::ranges::binary_search(broken, func)) continue;
      if (!validate::validate_function(*types, i, pass)) explain_function(*types, i);
    }
  }

 private:
  Diagnostic explain(const ModuleTypes& types, const wasm::Error& error) const {
    const auto place = constant_at(types, error.offset);
    if (error.code == wasm::ErrorCode::type_mismatch && place) {
      const auto failures = record_expr(types, place->expr, place->type, 1);
      if (!failures.empty()) {
        const CodeContext context{subject_, types, std::nullopt, place->expr};
        Diagnostic diagnostic = explain_code(context, failures[0]);
        add_advice(context, failures, 0, trial_, diagnostic);
        return diagnostic;
      }
    }
    return explain_definition(subject_, error);
  }

  void explain_function(const ModuleTypes& types, uint32_t defined) {
    if (out_.full()) return out_.add({});
    const wasm::Code& code = module_->codes[defined];
    const CodeContext context{subject_,
                              types,
                              module_->imported_funcs + defined,
                              {code.expr_offset, code.body.offset + code.body.size - code.expr_offset}};
    const auto failures = record_function(types, defined, max_in_function_);
    for (size_t k = 0; k < failures.size(); ++k) {
      Diagnostic diagnostic = explain_code(context, failures[k]);
      if (!out_.full()) add_advice(context, failures, k, trial_, diagnostic);
      out_.add(std::move(diagnostic));
    }
  }

  std::shared_ptr<const wasm::Module> module_;
  const Subject& subject_;
  Trial* trial_;
  Collector& out_;
  size_t max_in_function_;
  validate::TypeRegistry registry_;
};

/// Whether a module is good, at full speed.
bool is_valid(const std::shared_ptr<const wasm::Module>& module, const CheckOptions& options) {
  validate::TypeRegistry registry;
  const unsigned threads = options.threads ? options.threads : validate::useful_threads(*module);
  return validate::check_module(module, registry, threads).has_value();
}

bool is_valid(const std::vector<uint8_t>& bytes, const CheckOptions& options) {
  auto module = binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(bytes), nullptr), options.features);
  if (!module) return false;
  return is_valid(std::make_shared<const wasm::Module>(std::move(*module)), options);
}

void check_assembled(std::string_view source, text::SourceRange range, const text::Assembled& assembled,
                     const std::vector<uint32_t>& broken, size_t text_errors, const CheckOptions& options,
                     Collector& out) {
  auto module =
      binary::decode(wasm::ModuleBytes(std::span<const uint8_t>(assembled.bytes), nullptr), options.features);
  if (!module) {
    const wasm::Error error = assembled.offsets.to_source(module.error());
    return out.add(explain_text(source, {error, {}}, options.features));
  }
  const auto shared = std::make_shared<const wasm::Module>(std::move(*module));
  const Subject subject(source, assembled.offsets, *shared);
  Trial trial(source, range, options.features, text_errors);
  ModuleCheck(shared, subject, &trial, out, options.max_in_function).run(broken);
}

/// A module whose text gives its bytes: the text has no places for what is wrong with them.
void check_bytes(std::string_view source, text::SourceRange range, const std::vector<uint8_t>& bytes,
                 const CheckOptions& options, Collector& out) {
  Report report = check_binary(bytes, options);
  text::ErrorSlot errors;
  const uint64_t begin = text::Lexer(source, range.begin, range.end, errors).next().paren;
  for (Diagnostic& diagnostic : report.diagnostics) {
    if (diagnostic.span.exists())
      diagnostic.notes.push_back("counted from 0, it is byte " + std::to_string(diagnostic.span.begin) +
                                 " of the module");
    diagnostic.span = {begin, atoms_at(source, begin + 1).end};
    diagnostic.labels.clear();
    diagnostic.label.clear();
    diagnostic.listing = nullptr;
    out.add(std::move(diagnostic));
  }
}

/// Whether a clause of a head, such as (param …), is only wrong because what stands right before it, which is
/// the previous error, is no part of a head.
bool follows(std::string_view source, Span previous, const Diagnostic& diagnostic) {
  if (!previous.exists() || diagnostic.code != wasm::ErrorCode::unexpected_token ||
      previous.end > diagnostic.span.begin)
    return false;
  const auto group = group_at(source, diagnostic.span.begin);
  if (!group) return false;
  const std::string_view word = group_word(source, *group);
  if (word != "param" && word != "result" && word != "local" && word != "type") return false;
  const auto before = group_at(source, previous.begin);
  const uint64_t end = before ? before->end : previous.end;
  return end <= diagnostic.span.begin &&
         source.substr(end, diagnostic.span.begin - end).find_first_not_of(" \t\r\n") ==
             std::string_view::npos;
}

void check_range(std::string_view source, text::SourceRange range, const CheckOptions& options,
                 Collector& out) {
  const auto assembled = text::assemble(source, range, options.features);
  if (assembled) {
    if (assembled->offsets.entries().empty())
      return check_bytes(source, range, assembled->bytes, options, out);
    if (options.validate && !is_valid(assembled->bytes, options))
      check_assembled(source, range, *assembled, {}, 0, options, out);
    return;
  }
  text::Recovered recovered = text::assemble_all(source, range, options.features, out.wanted());
  if (recovered.errors.empty()) recovered.errors.push_back({assembled.error(), {}});
  Span previous;
  for (const text::SourceError& error : recovered.errors) {
    Diagnostic diagnostic = explain_text(source, error, options.features);
    const bool is_consequence = follows(source, previous, diagnostic);
    previous = diagnostic.span;
    if (!is_consequence) out.add(std::move(diagnostic));
  }
  if (recovered.module && options.validate)
    check_assembled(source, range, *recovered.module, recovered.broken, recovered.errors.size(), options,
                    out);
}

/// An error that makes it pointless to look further.
Report only(const wasm::Error& error, std::string_view source, wasm::FeatureSet features) {
  Report report;
  report.diagnostics.push_back(explain_text(source, {error, {}}, features));
  return report;
}

void check_commands(std::string_view source, const std::vector<text::Command>& commands,
                    const CheckOptions& options, Collector& out) {
  for (const text::Command& command : commands) {
    if (out.has_more()) return;
    check_commands(source, command.commands, options, out);
    const bool is_defined = command.kind == text::CommandKind::module && command.module != nullptr;
    if (is_defined && command.module->form != text::ModuleForm::quote)
      check_range(source, command.module->range, options, out);
  }
}

}  // namespace

Report check_text(std::string_view source, const CheckOptions& options) {
  if (const auto good = text::check_source(source); !good)
    return only(good.error(), source, options.features);
  Report report;
  Collector out(report, options.max_errors);
  check_range(source, {0, static_cast<uint32_t>(source.size())}, options, out);
  sort(report);
  return report;
}

Report check_binary(std::span<const uint8_t> bytes, const CheckOptions& options) {
  Report report;
  report.is_binary = true;
  Collector out(report, options.max_errors);
  auto module = binary::decode(wasm::ModuleBytes(bytes, nullptr), options.features);
  if (!module) {
    out.add(explain_malformed(bytes, module.error()));
    return report;
  }
  if (!options.validate) return report;
  const auto shared = std::make_shared<const wasm::Module>(std::move(*module));
  if (is_valid(shared, options)) return report;
  const Subject subject(*shared);
  ModuleCheck(shared, subject, nullptr, out, options.max_in_function).run({});
  sort(report);
  return report;
}

Report check_script(std::string_view source, const CheckOptions& options) {
  const auto script = text::parse_script(source);
  if (!script) {
    // A module with an unclosed parenthesis is the only thing that a script is not split at.
    Report report = only(script.error(), source, options.features);
    return report;
  }
  Report report;
  Collector out(report, options.max_errors);
  check_commands(source, script->commands, options, out);
  sort(report);
  return report;
}

bool is_binary_module(std::string_view file_name, std::span<const uint8_t> bytes) {
  return file_name.ends_with(".wasm") || binary::has_magic(bytes);
}

Report check_file(std::string_view file_name, std::span<const uint8_t> bytes, const CheckOptions& options) {
  if (is_binary_module(file_name, bytes)) return check_binary(bytes, options);
  const std::string_view source(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return file_name.ends_with(".wast") ? check_script(source, options) : check_text(source, options);
}

Report report_of(const wasm::Error& error, std::string_view contents, bool is_text) {
  if (is_text) return only(error, contents, wasm::FeatureSet::all());
  Report report;
  report.is_binary = true;
  report.diagnostics.push_back(
      explain_malformed({reinterpret_cast<const uint8_t*>(contents.data()), contents.size()}, error));
  return report;
}

Report explain_error(std::string_view file_name, std::span<const uint8_t> bytes, const wasm::Error& error,
                     const CheckOptions& options) {
  Report report;
  report.is_binary = is_binary_module(file_name, bytes);
  const std::string_view source(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  text::Assembled assembled;
  if (!report.is_binary) {
    auto made = text::assemble(source, options.features);
    if (!made) return report;
    assembled = std::move(*made);
  }
  const std::span<const uint8_t> module_bytes =
      report.is_binary ? bytes : std::span<const uint8_t>(assembled.bytes);
  const auto module = binary::decode(wasm::ModuleBytes(module_bytes, nullptr), options.features);
  if (!module) return report;
  const Subject subject = report.is_binary ? Subject(*module) : Subject(source, assembled.offsets, *module);
  report.diagnostics.push_back(explain_definition(subject, error));
  return report;
}

}  // namespace cloche::diagnostics

#include "debug/session/points.hpp"

#include "debug/session/words.hpp"
#include "symbols/demangle.hpp"
#include "symbols/func_pattern.hpp"

namespace cloche::debug {
namespace {

uint32_t depth_of(const abi::Site& site) {
  return static_cast<uint32_t>(site.frame - site.context->frames_base);
}

}  // namespace

/// Offsets in the module of the instructions that a place means.
std::vector<uint32_t> Points::resolve(std::string_view place, const symbols::Symbols& symbols) const {
  const wasm::Module& module = symbols.module();
  const auto first_instruction = [&](uint32_t func) -> std::vector<uint32_t> {
    if (func < module.imported_funcs || func >= module.funcs.size()) return {};
    return {module.codes[func - module.imported_funcs].expr_offset};
  };
  const auto named = [&](std::string_view name) {
    if (name.starts_with('$')) name.remove_prefix(1);
    auto func = symbols.names().find_index(symbols::Space::func, name);
    // A C library calls the program's main by other names.
    if (name == "main")
      for (const std::string_view other : {"__original_main", "__main_argc_argv", "__main_void"})
        if (!func) func = symbols.names().find_index(symbols::Space::func, other);
    return func ? first_instruction(*func) : std::vector<uint32_t>();
  };
  /// An index, or names of C++ functions without their parameters: all of that name.
  const auto meant = [&](std::string_view name) {
    std::vector<uint32_t> offsets;
    for (uint32_t func = module.imported_funcs; func < module.funcs.size(); ++func)
      if (symbols::func_matches(
              name, symbols::demangle(symbols.names().find(symbols::Space::func, func).text), func))
        offsets.push_back(first_instruction(func)[0]);
    return offsets;
  };
  if (place.starts_with("0x")) {
    const auto offset = to_number<uint32_t>(place);
    if (!offset || !symbols::func_at(module, *offset)) return {};
    return {*offset};
  }
  if (auto found = named(place); !found.empty()) return found;
  if (const size_t plus = place.rfind('+'); plus != std::string_view::npos) {
    auto found = named(place.substr(0, plus));
    const auto offset = to_number<uint32_t>(place.substr(plus + 1));
    if (!found.empty() && offset) {
      found[0] += *offset;
      return found;
    }
  }
  if (const size_t colon = place.rfind(':'); colon != std::string_view::npos)
    if (const auto line = to_number<uint32_t>(place.substr(colon + 1)))
      return symbols.offsets_of_line(place.substr(0, colon), *line);
  return meant(place);
}

bool Points::is_visible(const Watch& watch, const abi::Site& site) const {
  return watch.scope.depth == Scope::any ||
         (depth_of(site) == watch.scope.depth && site.frame->func->func_index == watch.scope.func);
}

base::Expected<std::string, std::string> Points::add(uint32_t id, std::string_view what,
                                                     const symbols::Symbols& symbols, Scope scope,
                                                     bool again) {
  module_ = &symbols.module();
  if (what.starts_with("watch ")) {
    Watch watch{id, std::string(what.substr(6)), scope, {}, false};
    ExpressionWorld world = inspector_.world();
    bool uses_local = false;
    world.variable = [&, variable = world.variable](std::string_view name) {
      uses_local |= inspector_.is_local(name);
      return variable(name);
    };
    const auto value = evaluate(watch.expression, world);
    if (!value && !again) return base::Unexpected{value.error()};
    if (!uses_local && !again) watch.scope.depth = Scope::any;
    watches_.push_back(watch);
    return std::string(watch.scope.depth == Scope::any ? "g " : "l ") + watch.expression +
           (value ? ", now " + value->to_string() : "");
  }
  const size_t condition = what.find(" if ");
  const std::string_view place = what.substr(0, condition);
  const std::vector<uint32_t> offsets = resolve(place, symbols);
  if (offsets.empty()) return base::Unexpected{"no code is found at '" + std::string(place) + "'"};
  std::string text = "g";
  for (const uint32_t offset : offsets) {
    offsets_[offset].push_back(
        {id, condition == std::string_view::npos ? std::string() : std::string(what.substr(condition + 4))});
    char hex[16];
    std::snprintf(hex, sizeof hex, "0x%x", offset);
    text += " " + std::string(hex);
  }
  return text;
}

void Points::clear() {
  offsets_.clear();
  watches_.clear();
}

std::string Points::value_of(const Watch& watch) {
  const auto value = evaluate(watch.expression, inspector_.world());
  return value ? value->to_string() : "(" + value.error() + ")";
}

void Points::settle(const abi::Site& site) {
  if (site.instance->module != module_) return;
  for (Watch& watch : watches_) {
    watch.is_known = is_visible(watch, site);
    if (!watch.is_known) continue;
    inspector_.glance_at(site);
    watch.value = value_of(watch);
  }
}

std::string Points::check_watches(const abi::Site& site) {
  std::string reason;
  inspector_.glance_at(site);
  for (Watch& watch : watches_) {
    if (!is_visible(watch, site)) continue;
    std::string now = value_of(watch);
    if (watch.is_known && now != watch.value)
      reason += "watch " + std::to_string(watch.id) + ": " + watch.expression + " was " + watch.value +
                ", is " + now + "\n";
    watch.is_known = true;
    watch.value = std::move(now);
  }
  return reason;
}

std::string Points::check(const abi::Site& site) {
  if (site.instance->module != module_) return {};
  std::string reason = watches_.empty() ? std::string() : check_watches(site);
  const auto found = offsets_.find(site.frame->code->module_offset + site.offset);
  if (found == offsets_.end()) return reason;
  for (const Break& point : found->second) {
    if (!point.condition.empty()) {
      inspector_.glance_at(site);
      const auto value = evaluate(point.condition, inspector_.world());
      if (value && !value->is_true()) continue;
      if (!value)
        reason += "the condition of breakpoint " + std::to_string(point.id) + ": " + value.error() + "\n";
    }
    reason += "breakpoint " + std::to_string(point.id) + "\n";
  }
  return reason;
}

}  // namespace cloche::debug

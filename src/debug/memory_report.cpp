#include "debug/memory_report.hpp"

#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "debug/markup.hpp"

namespace cloche::debug {

using base::put_json_string;

namespace {

/// The letter that stands for a region in the bar, its color in the picture.
struct Look {
  char letter;
  std::string_view color;
};
constexpr std::array<Look, 5> looks = {
    {{'0', "#9aa0a6"}, {'d', "#4285f4"}, {'s', "#e8710a"}, {'h', "#34a853"}, {'.', "#dadce0"}}};
const Look& look_of(RegionKind kind) { return looks[static_cast<size_t>(kind)]; }

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

std::string counted(uint64_t count, std::string_view word) {
  return std::to_string(count) + " " + std::string(word) + (count == 1 ? "" : "s");
}

std::string what(const Region& region) {
  std::string text(region_kind_name(region.kind));
  if (!region.name.empty()) text += " " + region.name;
  return text;
}

std::string used(const MemoryMap& map, size_t index) {
  if (map.uses.empty()) return {};
  const RegionUse& use = map.uses[index];
  if (use.changed_bytes == 0) return "unchanged";
  return counted(use.changed_bytes, "byte") + " changed, " + hex(use.first) + " to " + hex(use.last);
}

/// Regions as a bar shows them: data segments with little between them are one.
struct Stretch {
  Region region;
  RegionUse use;
};
std::vector<Stretch> stretches(const MemoryMap& map) {
  constexpr uint64_t largest_gap = 4096;
  const auto& regions = map.layout.regions;
  std::vector<Stretch> merged;
  for (size_t i = 0; i < regions.size(); ++i) {
    const RegionUse use = map.uses.empty() ? RegionUse() : map.uses[i];
    const bool is_gap = regions[i].kind == RegionKind::unclaimed &&
                        regions[i].end - regions[i].begin <= largest_gap && i + 1 < regions.size() &&
                        regions[i + 1].kind == RegionKind::data;
    const bool joins = !merged.empty() && merged.back().region.kind == RegionKind::data &&
                       (is_gap || regions[i].kind == RegionKind::data);
    if (!joins) {
      merged.push_back({regions[i], use});
      continue;
    }
    Stretch& last = merged.back();
    last.region.end = regions[i].end;
    last.region.name = "segments";
    if (use.changed_bytes == 0) continue;
    if (last.use.changed_bytes == 0) last.use.first = use.first;
    last.use.last = use.last;
    last.use.changed_bytes += use.changed_bytes;
  }
  return merged;
}

/// Cells of a bar for regions of these sizes: in proportion, but each region is seen. With more regions than
/// cells, those that come first get one each.
std::vector<size_t> proportions(const std::vector<Stretch>& regions, uint64_t total, size_t cells) {
  std::vector<size_t> widths(regions.size());
  size_t left = cells;
  for (size_t i = 0; i < regions.size() && left > 0; ++i, --left) widths[i] = 1;
  const double spare = static_cast<double>(left);
  for (size_t i = 0; i < regions.size() && left > 0; ++i) {
    const double part =
        static_cast<double>(regions[i].region.end - regions[i].region.begin) / static_cast<double>(total);
    const size_t more = std::min(left, static_cast<size_t>(part * spare + 0.5));
    widths[i] += more;
    left -= more;
  }
  if (left > 0 && !regions.empty()) *std::max_element(widths.begin(), widths.end()) += left;
  return widths;
}

constexpr size_t bar_cells = 72;

/// "[0dddssssshhhhhh]", and below it where a run has changed something.
std::string bar(const MemoryMap& map) {
  const std::vector<Stretch> parts = stretches(map);
  if (parts.empty()) return "[]\n";
  const std::vector<size_t> widths = proportions(parts, map.layout.size_bytes, bar_cells);
  std::string cells, marks;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto& [region, use] = parts[i];
    cells.append(widths[i], look_of(region.kind).letter);
    std::string mark(widths[i], ' ');
    if (use.changed_bytes != 0) {
      const double scale = static_cast<double>(mark.size()) / static_cast<double>(region.end - region.begin);
      const auto cell = [&](uint64_t address) {
        return static_cast<size_t>(static_cast<double>(address - region.begin) * scale);
      };
      for (size_t at = cell(use.first); at < mark.size() && at <= cell(use.last); ++at) mark[at] = '^';
    }
    marks += mark;
  }
  marks.erase(marks.find_last_not_of(' ') + 1);
  return "[" + cells + "]\n" + (marks.empty() ? "" : " " + marks + "\n");
}

std::string size_text(const MemoryLayout& layout) {
  std::string text = counted(layout.size_bytes, "byte") + " (" +
                     counted(layout.size_bytes / layout.page_bytes, "page") + " of " +
                     std::to_string(layout.page_bytes) + ")";
  if (layout.size_bytes != layout.initial_bytes)
    text += ", grown from " + counted(layout.initial_bytes / layout.page_bytes, "page");
  if (layout.max_bytes != 0) text += ", at most " + counted(layout.max_bytes / layout.page_bytes, "page");
  return text;
}

std::string headline(const MemoryMap& map) {
  return "Memory " + map.name + " of " + map.module +
         (map.run.empty() ? ", as the module begins" : ", " + map.run) + ": " + size_text(map.layout);
}

std::string stack_line(const MemoryMap& map) {
  const auto& stack = map.layout.stack;
  if (map.layout.memory != 0) return {};
  if (!stack)
    return "No shadow stack was found: no global is named __stack_pointer, and no function begins by "
           "lowering one.\n";
  std::string text = "Shadow stack: its pointer is global " + map.pointer_name + " (" +
                     std::string(certainty_name(stack->certainty)) + ": " + stack->reason + ")";
  if (stack->low && stack->high)
    text += ", from " + hex(stack->high->address) + " (" +
            std::string(certainty_name(stack->high->certainty)) + ": " + stack->high->reason + ") down to " +
            hex(stack->low->address) + " (" + std::string(certainty_name(stack->low->certainty)) + ": " +
            stack->low->reason + ")";
  text += ".\n";
  if (map.run.empty() || !stack->high) return text;
  if (!map.lowest_pointer) return text + "The pointer never moved.\n";
  const uint64_t high = stack->high->address;
  text += "Its lowest value was " + hex(*map.lowest_pointer) + ": " +
          (*map.lowest_pointer <= high ? counted(high - *map.lowest_pointer, "byte") + " in use at most"
                                       : "above its beginning");
  if (stack->low && *map.lowest_pointer < stack->low->address)
    text += ", " + counted(stack->low->address - *map.lowest_pointer, "byte") + " below its end";
  else if (stack->low && high > stack->low->address)
    text += " of " + std::to_string(high - stack->low->address);
  if (map.pointer_now) text += "; now " + hex(*map.pointer_now);
  return text + ".\n";
}

std::string legend(const MemoryMap& map) {
  std::string text;
  for (size_t kind = 0; kind < looks.size(); ++kind) {
    const bool is_there =
        std::any_of(map.layout.regions.begin(), map.layout.regions.end(),
                    [&](const Region& region) { return static_cast<size_t>(region.kind) == kind; });
    if (is_there)
      text += (text.empty() ? "" : ", ") + std::string(1, looks[kind].letter) + " " +
              std::string(region_kind_name(static_cast<RegionKind>(kind)));
  }
  const bool any_change = std::any_of(map.uses.begin(), map.uses.end(),
                                      [](const RegionUse& use) { return use.changed_bytes != 0; });
  return text + (any_change ? ", ^ changed" : "");
}

void put_bound(std::string& out, std::string_view name, const std::optional<Bound>& bound) {
  if (!bound) return;
  out += ", \"" + std::string(name) + "\": {\"address\": " + std::to_string(bound->address) +
         ", \"certainty\": ";
  put_json_string(out, certainty_name(bound->certainty));
  out += ", \"reason\": ";
  put_json_string(out, bound->reason);
  out += "}";
}

void put_stack(std::string& out, const MemoryMap& map) {
  const auto& stack = map.layout.stack;
  if (!stack) return;
  out += ", \"shadow_stack\": {\"global\": " + std::to_string(stack->pointer_global) + ", \"name\": ";
  put_json_string(out, map.pointer_name);
  out += ", \"certainty\": ";
  put_json_string(out, certainty_name(stack->certainty));
  out += ", \"reason\": ";
  put_json_string(out, stack->reason);
  put_bound(out, "low", stack->low);
  put_bound(out, "high", stack->high);
  if (map.lowest_pointer) out += ", \"lowest_pointer\": " + std::to_string(*map.lowest_pointer);
  if (map.pointer_now) out += ", \"pointer\": " + std::to_string(*map.pointer_now);
  out += "}";
}

void put_region(std::string& out, const MemoryMap& map, size_t index) {
  const Region& region = map.layout.regions[index];
  out += "{\"kind\": ";
  put_json_string(out, region_kind_name(region.kind));
  out += ", \"begin\": " + std::to_string(region.begin) + ", \"end\": " + std::to_string(region.end);
  if (!region.name.empty()) {
    out += ", \"name\": ";
    put_json_string(out, region.name);
  }
  if (!region.reason.empty()) {
    out += ", \"certainty\": ";
    put_json_string(out, certainty_name(region.certainty));
    out += ", \"reason\": ";
    put_json_string(out, region.reason);
  }
  if (!map.uses.empty()) {
    const RegionUse& use = map.uses[index];
    out += ", \"changed_bytes\": " + std::to_string(use.changed_bytes);
    if (use.changed_bytes != 0)
      out += ", \"first_changed\": " + std::to_string(use.first) +
             ", \"last_changed\": " + std::to_string(use.last);
  }
  out += "}";
}

}  // namespace

std::string memory_text(const MemoryMap& map) {
  const MemoryLayout& layout = map.layout;
  std::string out = headline(map) + "\n\n" + bar(map) + legend(map) + "\n\n";
  std::vector<std::array<std::string, 5>> rows = {
      {"from", "to", "bytes", "what", map.uses.empty() ? "known from" : "use"}};
  for (size_t i = 0; i < layout.regions.size(); ++i) {
    const Region& region = layout.regions[i];
    std::string last = used(map, i);
    if (map.uses.empty() && !region.reason.empty())
      last = std::string(certainty_name(region.certainty)) + ": " + region.reason;
    if (map.uses.empty() && region.kind == RegionKind::stack)
      last = std::string(certainty_name(region.certainty)) + ", see below";
    rows.push_back(
        {hex(region.begin), hex(region.end), std::to_string(region.end - region.begin), what(region), last});
  }
  std::array<size_t, 5> widths{};
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], std::min<size_t>(row[i].size(), 40));
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(row[i].size() < widths[i] ? widths[i] - row[i].size() : 0, ' ');
      if (i != 0) line += "  ";
      line += i < 3 ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  const std::string stack = stack_line(map);
  return stack.empty() ? out : out + "\n" + stack;
}

std::string memory_json(const MemoryMap& map) {
  const MemoryLayout& layout = map.layout;
  std::string out = "{\"module\": ";
  put_json_string(out, map.module);
  out += ", \"memory\": " + std::to_string(layout.memory) + ", \"name\": ";
  put_json_string(out, map.name);
  out += ", \"page_bytes\": " + std::to_string(layout.page_bytes) +
         ", \"initial_bytes\": " + std::to_string(layout.initial_bytes) +
         ", \"size_bytes\": " + std::to_string(layout.size_bytes);
  if (layout.max_bytes != 0) out += ", \"max_bytes\": " + std::to_string(layout.max_bytes);
  if (!map.run.empty()) {
    out += ", \"run\": ";
    put_json_string(out, map.run);
  }
  put_stack(out, map);
  put_bound(out, "heap_base", layout.heap_base);
  out += ", \"regions\": [";
  for (size_t i = 0; i < layout.regions.size(); ++i) {
    if (i != 0) out += ", ";
    put_region(out, map, i);
  }
  return out + "]}";
}

namespace {

constexpr size_t svg_width = 960, svg_margin = 16, svg_bar_top = 48, svg_bar_height = 56, svg_row_height = 20;

std::string rect(size_t x, size_t y, size_t width, size_t height, std::string_view color,
                 const std::string& title) {
  const auto number = [](std::string_view name, size_t value) {
    return " " + std::string(name) + "=\"" + std::to_string(value) + "\"";
  };
  return "<rect" + number("x", x) + number("y", y) + number("width", width) + number("height", height) +
         " fill=\"" + std::string(color) + "\"><title>" + title + "</title></rect>\n";
}

std::string svg_title(const Region& region) {
  return markup_text(what(region)) + ", " + hex(region.begin) + " to " + hex(region.end) + ", " +
         counted(region.end - region.begin, "byte");
}

std::string changes_text(const RegionUse& use) {
  return counted(use.changed_bytes, "byte") + " changed, " + hex(use.first) + " to " + hex(use.last);
}

std::string svg_bar(const MemoryMap& map) {
  const std::vector<Stretch> parts = stretches(map);
  const std::vector<size_t> widths = proportions(parts, map.layout.size_bytes, svg_width);
  std::string out;
  size_t x = svg_margin;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto& [region, use] = parts[i];
    out += rect(x, svg_bar_top, widths[i], svg_bar_height, look_of(region.kind).color, svg_title(region));
    if (use.changed_bytes != 0) {
      const double scale = static_cast<double>(widths[i]) / static_cast<double>(region.end - region.begin);
      const auto from = static_cast<size_t>(static_cast<double>(use.first - region.begin) * scale);
      const auto to = static_cast<size_t>(static_cast<double>(use.last + 1 - region.begin) * scale);
      out += rect(x + from, svg_bar_top + svg_bar_height - 8, std::max<size_t>(1, to - from), 8, "#202124",
                  changes_text(use));
    }
    x += widths[i];
  }
  return out;
}

}  // namespace

std::string memory_svg(const MemoryMap& map) {
  const auto& regions = map.layout.regions;
  constexpr size_t rows_top = svg_bar_top + svg_bar_height + 24;
  const size_t height = rows_top + regions.size() * svg_row_height + 12;
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
                    std::to_string(svg_width + 2 * svg_margin) + "\" height=\"" + std::to_string(height) +
                    "\" font-family=\"sans-serif\" font-size=\"13\">\n" +
                    "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"16\" y=\"28\">" +
                    markup_text(headline(map)) + "</text>\n";
  out += svg_bar(map);
  for (size_t i = 0; i < regions.size(); ++i) {
    const size_t y = rows_top + i * svg_row_height;
    out += rect(svg_margin, y, 12, 12, look_of(regions[i].kind).color, {});
    out += "<text x=\"36\" y=\"" + std::to_string(y + 11) + "\">" + svg_title(regions[i]) +
           (map.uses.empty() ? "" : ": " + used(map, i)) + "</text>\n";
  }
  return out + "</svg>\n";
}

}  // namespace cloche::debug

// Bodies in folded form: instructions become nodes of a tree, an operator taking the nodes before it as
// children where these leave exactly its operands. The tree is built and printed with explicit stacks.
#include <algorithm>

#include "text/arity.hpp"
#include "text/printer_core.hpp"

namespace cloche::text {

using binary::Instr;
using binary::InstrReader;
using wasm::Op;

namespace {

constexpr uint32_t no_node = ~uint32_t{0};

// A parenthesis: its head ("i32.add", "then"), and what stands within, in order.
struct Node {
  uint32_t head_begin = 0;
  uint32_t head_size = 0;
  uint32_t first = no_node;  // child
  uint32_t next = no_node;   // sibling
  uint32_t width = 0;        // of the whole node on one line
  uint32_t results = 0;
  bool one_line = true;
  bool comment_ends_line = false;  // nothing may follow the head on its line
  bool ends_operands = false;      // nothing up to here can be anybody's operand
  int8_t hint = -1;
};

// An open block. Its instructions so far are the last entries of the sequence, from `start` on.
struct Open {
  uint32_t node;
  uint32_t
      last_clause;  // (then, (else, (do, (catch: the last child so far; no_node for a block without clauses
  size_t start;
  size_t sealed;  // entries before this one are nobody's operands
};

}  // namespace

class Folder {
 public:
  Folder(const wasm::Module& module, const wasm::FuncType* func, PrintStyle style)
      : module_(module), func_(func), wabt_(style == PrintStyle::wabt) {}

  std::string& text() { return text_; }
  // Begins a head; what is appended to text() until the node is made belongs to it.
  void begin_head() { head_ = text_.size(); }
  size_t entries() const { return sequence_.size(); }

  void start() { opens_.assign(1, {no_node, no_node, 0, 0}); }

  void operation(const Instr& instr, int hint) {
    Arity arity = instr_arity({module_, func_, labels_}, instr);
    if (wabt_) arity.results = wabt_results(instr, arity.results);
    add(make(arity, static_cast<int8_t>(hint)));
  }

  void open(const Instr& instr, int hint) {
    const Arity arity = block_arity(module_, instr.block);
    const bool is_if = instr.op == Op::if_;
    // Parameters of a block are on the stack before it: nothing before it can be anything else's operand.
    const bool takes_condition = is_if && (arity.operands == 0 || wabt_);
    const uint32_t node = make({takes_condition ? 1u : 0u, arity.results}, static_cast<int8_t>(hint));
    if (arity.operands != 0 && !wabt_) seal();
    nodes_[node].one_line = false;
    nodes_[node].comment_ends_line = wabt_;
    const bool clauses = is_if || instr.op == Op::try_;
    uint32_t last = no_node;
    if (clauses) {
      for (uint32_t child = nodes_[node].first; child != no_node; child = nodes_[child].next) last = child;
    }
    opens_.push_back({node, last, sequence_.size(), sequence_.size()});
    labels_.push_back(instr.op == Op::loop ? arity.operands : arity.results);
    has_clause_.push_back(false);
    if (clauses) begin_clause(is_if ? "then" : "do");
  }

  void begin_clause(std::string_view head) {
    begin_head();
    text_ += head;
    clause_from_head();
  }

  // A child of the block just opened, before everything in it; its head has been appended since begin_head().
  void leading_child() {
    const uint32_t child = make({}, -1);
    Open& top = opens_.back();
    append_child(top.node, top.last_clause, child);
    top.last_clause = child;
  }

  // The head of the clause has been appended since begin_head().
  void clause_from_head() {
    end_clause();
    const uint32_t clause = make({}, -1);
    nodes_[clause].one_line = false;
    Open& top = opens_.back();
    append_child(top.node, top.last_clause, clause);
    top.last_clause = clause;
    has_clause_.back() = true;
  }

  // Closes the innermost block and makes it an entry of the sequence around it.
  void close() {
    end_clause();
    const uint32_t node = opens_.back().node;
    opens_.pop_back();
    labels_.pop_back();
    has_clause_.pop_back();
    add(node);
  }

  // Appends every entry, in order, on lines of its own (but for what fits on one), the first one perhaps on
  // the line that is there. Calls line(depth) for a new one.
  template <class Line>
  void print(std::string& out, size_t depth, bool first_on_line, const Line& line) const {
    struct Step {
      uint32_t node;
      size_t depth;
      bool one_line;
      bool bare_comment;  // still nothing behind a comment
    };
    std::vector<Step> steps;
    const auto enter = [&](uint32_t index, size_t at, bool one_line, bool on_this_line) {
      const Node& node = nodes_[index];
      if (one_line || on_this_line)
        out += ' ';
      else
        line(at);
      if (node.hint >= 0) {
        out += node.hint == 1 ? "(@metadata.code.branch_hint \"\\01\")"
                              : "(@metadata.code.branch_hint \"\\00\")";
        out += ' ';
      }
      out += '(';
      out.append(text_, node.head_begin, node.head_size);
      steps.push_back({node.first, at + 1, one_line || (node.one_line && node.width <= most_width),
                       node.comment_ends_line && node.first == no_node});
    };
    for (const uint32_t entry : sequence_) {
      enter(entry, depth, false, first_on_line && entry == sequence_.front());
      while (!steps.empty()) {
        Step& step = steps.back();
        if (step.node == no_node) {
          if (step.bare_comment) line(step.depth - 1);
          out += ')';
          steps.pop_back();
          continue;
        }
        const uint32_t child = step.node;
        step.node = nodes_[child].next;
        enter(child, step.depth, step.one_line, false);
      }
    }
  }

 private:
  static constexpr uint32_t most_width = 80;

  // A node of the head begun last, with the operands it takes off the sequence.
  uint32_t make(Arity arity, int8_t hint) {
    const auto index = static_cast<uint32_t>(nodes_.size());
    Node node;
    node.head_begin = static_cast<uint32_t>(head_);
    node.head_size = static_cast<uint32_t>(text_.size() - head_);
    node.width = std::min<uint32_t>(node.head_size + 3, most_width + 1);
    node.results = arity.results;
    node.hint = hint;
    node.one_line = hint < 0 && !wabt_;
    node.ends_operands = wabt_ && arity.results == 0;
    nodes_.push_back(node);
    if (arity.operands != 0) take_operands(index, arity.operands);
    return index;
  }

  void take_operands(uint32_t index, uint32_t operands) {
    if (wabt_) return take_operands_like_wabt(index, operands);
    uint32_t found = 0;
    size_t from = sequence_.size();
    while (found < operands && from > opens_.back().sealed && nodes_[sequence_[from - 1]].results != 0)
      found += nodes_[sequence_[--from]].results;
    if (found != operands) return seal();
    link(index, no_node, from);
  }

  // Where the entries before do not leave exactly the operands, none is taken; if they leave more, none can
  // be later, either.
  void take_operands_like_wabt(uint32_t index, uint32_t operands) {
    uint32_t found = 0;
    size_t from = sequence_.size();
    while (found < operands && from > opens_.back().sealed) found += nodes_[sequence_[--from]].results;
    if (found == operands) return link(index, no_node, from);
    nodes_[index].ends_operands |= found > operands;
  }

  // Makes the entries from `from` on children of a node, behind its child `last`.
  void link(uint32_t parent, uint32_t last, size_t from) {
    for (size_t i = from; i < sequence_.size(); ++i) {
      append_child(parent, last, sequence_[i]);
      last = sequence_[i];
    }
    sequence_.resize(from);
  }

  void append_child(uint32_t parent, uint32_t last, uint32_t child) {
    (last == no_node ? nodes_[parent].first : nodes_[last].next) = child;
    nodes_[parent].width = std::min(nodes_[parent].width + nodes_[child].width, most_width + 1);
    nodes_[parent].one_line &= nodes_[child].one_line;
  }

  void end_clause() {
    Open& top = opens_.back();
    const bool clause = has_clause_.back();
    if (clause)
      link(top.last_clause, no_node, top.start);
    else
      link(top.node, top.last_clause, top.start);
    top.sealed = top.start;
  }

  void seal() { opens_.back().sealed = sequence_.size(); }
  void add(uint32_t node) {
    sequence_.push_back(node);
    if (nodes_[node].ends_operands) seal();
  }

  // wabt lets whatever comes after a branch take it for an operand.
  uint32_t wabt_results(const Instr& instr, uint32_t results) const {
    switch (instr.op) {
      case Op::br:
      case Op::br_table:
      case Op::return_:
      case Op::unreachable:
      case Op::throw_ref:
        return 1;
      case Op::return_call:
      case Op::return_call_ref:
      case Op::return_call_indirect:
        return callee_results(instr);
      default:
        return results;
    }
  }

  uint32_t callee_results(const Instr& instr) const {
    Instr call = instr;
    call.op = instr.op == Op::return_call ? Op::call : Op::call_ref;
    return instr_arity({module_, func_, labels_}, call).results;
  }

  const wasm::Module& module_;
  const wasm::FuncType* func_;
  bool wabt_;
  std::string text_;
  size_t head_ = 0;
  std::vector<Node> nodes_;
  std::vector<uint32_t> sequence_;
  std::vector<Open> opens_;
  std::vector<uint32_t> labels_;
  std::vector<bool> has_clause_;
};

wasm::Result<void> Printer::print_folded_body(uint32_t func, const wasm::Code& code) {
  Folder folder(module_, func_type(module_.funcs[func].type), options_.style);
  folder.start();
  const uint32_t end = code.body.offset + code.body.size;
  InstrReader reader(module_, {code.expr_offset, end - code.expr_offset});
  while (!reader.at_end()) {
    const Instr instr = TRY(reader.next());
    if (instr.op == Op::end && labels_.empty()) break;
    const int hint = take_hint(func, code, instr);
    TRY(fold(folder, reader, instr, hint));
    if (folder.text().size() > options_.max_bytes) return check_size();
  }
  if (!reader.at_end() || !labels_.empty()) return wasm::fail(wasm::ErrorCode::end_expected, reader.offset());
  folder.print(out_, 2, false, [&](size_t depth) { line(depth); });
  return {};
}

// A constant expression in folded form, if that is one parenthesis.
wasm::Result<bool> Printer::put_folded_expr(wasm::Expr expr) {
  Folder folder(module_, nullptr, options_.style);
  folder.start();
  InstrReader reader(module_, expr);
  while (!reader.at_end()) {
    const Instr instr = TRY(reader.next());
    if (instr.op == Op::end && labels_.empty()) break;
    TRY(fold(folder, reader, instr, -1));
    if (folder.text().size() > options_.max_bytes)
      return wasm::fail_limit("bytes of text", folder.text().size(), options_.max_bytes, wasm::no_offset);
  }
  const bool single = folder.entries() == 1 && labels_.empty();
  if (single) folder.print(out_, 2, true, [&](size_t depth) { line(depth); });
  begin_blocks(~uint32_t{0});
  return single;
}

wasm::Result<void> Printer::fold(Folder& folder, const InstrReader& reader, const Instr& instr, int hint) {
  const wasm::Imm immediate = wasm::op_info(instr.op).immediate;
  folder.begin_head();
  if (immediate == wasm::Imm::block || immediate == wasm::Imm::try_table) {
    const Label label = next_label(instr.op);
    put_instr(folder.text(), reader, instr, label.id);
    folder.open(instr, hint);
    if (wabt() && instr.op == Op::try_table) fold_catches(folder, reader, instr);
    push_label(label);
    fold_kinds_.push_back(instr.op);
    return {};
  }
  const bool closes = instr.op == Op::end || instr.op == Op::delegate;
  const bool divides = instr.op == Op::else_ || instr.op == Op::catch_ || instr.op == Op::catch_all;
  if (!closes && !divides) {
    put_instr(folder.text(), reader, instr, {});
    folder.operation(instr, hint);
    return {};
  }
  if (labels_.empty()) return wasm::fail(wasm::ErrorCode::end_expected, instr.offset);
  // What divides a block of another kind has no folded form; such code is not valid.
  const Op kind = fold_kinds_.back();
  const Op wanted = instr.op == Op::else_ ? Op::if_ : Op::try_;
  if (instr.op != Op::end && kind != wanted) return wasm::fail(wasm::ErrorCode::end_expected, instr.offset);
  if (closes) {
    pop_label();
    fold_kinds_.pop_back();
  } else if (instr.op == Op::else_ || instr.op == Op::catch_all) {
    fold_kinds_.back() = Op::end;  // nothing may divide it any more
  }
  if (instr.op != Op::end) {
    put_instr(folder.text(), reader, instr, {});
    folder.clause_from_head();
  }
  if (closes) folder.close();
  return {};
}

// The clauses of a try_table as children, each on its line.
void Printer::fold_catches(Folder& folder, const InstrReader& reader, const Instr& instr) {
  for (const binary::Catch& clause : reader.catches(instr)) {
    std::string text;
    put_catch(text, clause);
    folder.begin_head();
    folder.text().append(text, 1, text.size() - 2);  // without the parentheses, which every node has
    folder.leading_child();
  }
}

}  // namespace cloche::text

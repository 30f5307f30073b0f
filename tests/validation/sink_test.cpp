// What a sink is shown: values that it gave come back, dead code stays hidden, heights count operands and
// slots.
#include <gtest/gtest.h>

#include "wat.hpp"

namespace cloche {
namespace {

using validate::FunctionPass;
using validate::Instr;
using wasm::Op;

/// Writes every call as text. Each result gets a number of its own.
class Recorder : public validate::SinkBase<Recorder, int, int> {
 public:
  static constexpr bool slots = true;
  std::string log;

  void finish(uint32_t max_height_slots, bool vectors) {
    log += "max " + std::to_string(max_height_slots) + (vectors ? " v" : "");
  }
  void plain(const Instr& i, Operands in, Operands out) { note(i, in, out); }
  void call(const Instr& i, Operands in, Operands out) { note(i, in, out); }
  void block(const Instr& i, Block& b, Operands params) { open(i, b, params); }
  void loop(const Instr& i, Block& b, Operands params) {
    for (uint32_t k = 0; k < params.size(); ++k) params[k] = ++next_;
    open(i, b, params);
  }
  void if_(const Instr& i, Block& b, Operands condition, Operands params) {
    line(i, condition);
    list(params);
    b.label = ++labels_;
    log += " #" + std::to_string(b.label) + "\n";
  }
  void else_(const Instr& i, Block& b, bool falls, Operands results, Operands params) {
    line(i, results);
    log += falls ? " falls" : " dead";
    list(params);
    log += " #" + std::to_string(b.label) + "\n";
  }
  void end(const Instr& i, Block& b, bool falls, Operands results, bool goes_on, Operands out) {
    line(i, results);
    log += std::string(falls ? " falls" : " dead") + (goes_on ? " on" : " off");
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = ++next_;
    list(out);
    log += " #" + std::to_string(b.label) + "\n";
  }
  void br(const Instr& i, Branch to, Operands carried) { branch(i, to, carried); }
  void br_if(const Instr& i, Branch to, Operands condition, Operands carried) {
    line(i, condition);
    log += ":";
    target(to, carried);
  }
  void br_table(const Instr& i, std::span<const Branch> targets, Operands index, Operands carried) {
    line(i, index);
    for (const Branch& to : targets) log += " #" + std::to_string(to.frame->label);
    list(carried);
    log += "\n";
  }
  void br_on(const Instr& i, Branch to, Operands in, Operands out) {
    line(i, in);
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = ++next_;
    list(out);
    log += " #" + std::to_string(to.frame->label) + "\n";
  }
  void return_(const Instr& i, Operands results) {
    line(i, results);
    log += "\n";
  }
  void unreachable(const Instr& i) {
    line(i, {});
    log += "\n";
  }

 private:
  void list(Operands operands) {
    log += " [";
    for (uint32_t k = 0; k < operands.size(); ++k) log += (k ? " " : "") + std::to_string(operands[k]);
    log += "]";
  }
  void line(const Instr& i, Operands in) {
    log += wasm::op_info(i.op).text;
    list(in);
  }
  void note(const Instr& i, Operands in, Operands out) {
    line(i, in);
    for (uint32_t k = 0; k < out.size(); ++k) out[k] = ++next_;
    list(out);
    log += "\n";
  }
  void open(const Instr& i, Block& b, Operands params) {
    b.label = ++labels_;
    line(i, params);
    log += " #" + std::to_string(b.label) + " at " + std::to_string(b.height) + "/" +
           std::to_string(b.height_slots) + "\n";
  }
  void branch(const Instr& i, Branch to, Operands carried) {
    log += wasm::op_info(i.op).text;
    target(to, carried);
  }
  void target(Branch to, Operands carried) {
    list(carried);
    log += " #" + std::to_string(to.frame->label) + " slots " + std::to_string(to.arity_slots()) + "\n";
  }

  int next_ = 0;
  int labels_ = 0;
};

/// The log of the module's first function.
std::string record(std::string_view wat) {
  validate::TypeRegistry registry;
  const auto valid = validate_wat(wat, registry);
  if (!valid) return valid.error().message();
  Recorder recorder;
  FunctionPass<Recorder> pass(valid->types(), recorder);
  const auto result = pass.run(0);
  return result ? recorder.log : result.error().message();
}

TEST(Sink, values_come_back_as_operands) {
  EXPECT_EQ(record("(func (param i32) (result i32) (i32.sub (local.get 0) (i32.const 7)))"),
            "local.get [] [1]\ni32.const [] [2]\ni32.sub [1 2] [3]\nend [3] falls on [4] #0\nmax 2");
}

TEST(Sink, dead_code_is_not_shown) {
  EXPECT_EQ(
      record("(func (block (br 0) (drop (i32.const 1)) (block (loop (br 0)))) (return) (unreachable))"),
      "block [] #1 at 0/0\nbr [] #1 slots 0\nend [] dead on [] #1\nreturn []\nend [] dead off [] #0\nmax 0");
}

TEST(Sink, code_behind_a_block_that_nothing_leaves_is_dead) {
  EXPECT_EQ(record("(func (block (loop (br 0))) (drop (i32.const 1)))"),
            "block [] #1 at 0/0\nloop [] #2 at 0/0\nbr [] #2 slots 0\nend [] dead off [] #2\nend [] dead off "
            "[] #1\n"
            "end [] dead off [] #0\nmax 0");
}

TEST(Sink, else_begins_with_the_values_of_the_if) {
  EXPECT_EQ(
      record("(type $t (func (param i32) (result i32))) (func (result i32) i32.const 5 i32.const 1 "
             "if (type $t) drop i32.const 8 else i32.eqz end)"),
      "i32.const [] [1]\ni32.const [] [2]\nif [2] [1] #1\ndrop [1] []\ni32.const [] [3]\n"
      "else [3] falls [1] #1\ni32.eqz [1] [4]\nend [4] falls on [5] #1\nend [5] falls on [6] #0\nmax 2");
}

TEST(Sink, loop_parameters_can_be_replaced) {
  EXPECT_EQ(
      record("(type $t (func (param i64) (result i64))) (func (result i64) i64.const 5 loop (type $t) "
             "i64.const 1 i64.add end)"),
      "i64.const [] [1]\nloop [2] #1 at 0/0\ni64.const [] [3]\ni64.add [2 3] [4]\nend [4] falls on [5] #1\n"
      "end [5] falls on [6] #0\nmax 2");
}

TEST(Sink, vectors_take_two_slots) {
  EXPECT_EQ(
      record(
          "(func (result v128) (v128.const i64x2 1 2) (block (result v128) (br_if 0 (v128.const i64x2 3 4) "
          "(i32.const 1))) (v128.and))"),
      "v128.const [] [1]\nblock [] #1 at 1/2\nv128.const [] [2]\ni32.const [] [3]\nbr_if [3]: [2] #1 slots "
      "2\n"
      "end [2] falls on [4] #1\nv128.and [1 4] [5]\nend [5] falls on [6] #0\nmax 5 v");
}

TEST(Sink, tables_of_labels_show_every_label) {
  EXPECT_EQ(record("(func (block (block (br_table 1 0 1 (i32.const 3)))))"),
            "block [] #1 at 0/0\nblock [] #2 at 0/0\ni32.const [] [1]\nbr_table [1] #1 #2 #1 []\n"
            "end [] dead on [] #2\nend [] falls on [] #1\nend [] falls on [] #0\nmax 1");
}

TEST(Sink, branches_on_references_leave_the_other_operands) {
  EXPECT_EQ(record("(func (param funcref) (result i32) (i32.const 4) (br_on_null 0 (local.get 0)) drop)"),
            "i32.const [] [1]\nlocal.get [] [2]\nbr_on_null [1 2] [3] #0\ndrop [3] []\nend [1] falls on [4] "
            "#0\nmax 2");
}

TEST(Sink, calls_show_arguments_and_results) {
  EXPECT_EQ(record("(func (drop (call 1 (i32.const 1) (i64.const 2)))) (func (param i32 i64) (result f32) "
                   "unreachable)"),
            "i32.const [] [1]\ni64.const [] [2]\ncall [1 2] [3]\ndrop [3] []\nend [] falls on [] #0\nmax 2");
}

}  // namespace
}  // namespace cloche

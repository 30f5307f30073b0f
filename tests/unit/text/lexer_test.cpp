// Tokens, comments, annotations, strings.
#include "text/lexer.hpp"

#include <gtest/gtest.h>

#include "text/source_text.hpp"

namespace cloche::text {
namespace {

// The kinds of a source's tokens as letters: ( open, with the word after it; ) w n s i r, and ! for an error.
std::string kinds(std::string_view source) {
  ErrorSlot errors;
  Lexer lexer(source, 0, static_cast<uint32_t>(source.size()), errors);
  std::string result;
  for (;;) {
    const Token token = lexer.next();
    switch (token.kind) {
      case TokenKind::end:
        return result;
      case TokenKind::error:
        return result + "!";
      case TokenKind::open:
        result += token.size != 0 ? "(w" : "(";
        break;
      case TokenKind::close:
        result += ')';
        break;
      case TokenKind::word:
        result += 'w';
        break;
      case TokenKind::number:
        result += 'n';
        break;
      case TokenKind::string:
        result += 's';
        break;
      case TokenKind::id:
        result += 'i';
        break;
      case TokenKind::reserved:
        result += 'r';
        break;
    }
  }
}

// Everything about a source's tokens, one a line.
std::string tokens(std::string_view source) {
  ErrorSlot errors;
  Lexer lexer(source, 0, static_cast<uint32_t>(source.size()), errors);
  std::string result;
  for (Token token;;) {
    token = lexer.next();
    if (token.kind == TokenKind::end) return result;
    result += std::to_string(static_cast<int>(token.kind)) + " " +
              std::to_string(static_cast<int>(token.word)) + " " + std::to_string(token.offset) + " " +
              std::to_string(token.paren) + " " + std::string(lexer.text(token)) + "\n";
    if (token.kind == TokenKind::error)
      return result + std::string(wasm::error_text(errors.error().code)) + errors.error().detail;
  }
}

// Far from the end of its source the lexer looks at many bytes together; close to it, at each one.
TEST(Lexer, TokensAreTheSameFarFromTheEnd) {
  const std::string long_name(40, 'n');
  const std::string cases[] = {"local.get 0",
                               "(local.get $x)",
                               "i32.add",
                               "i64.extend_i32_u",
                               "i32.atomic.rmw16.cmpxchg_u",
                               "unknown.word",
                               "offset=16",
                               "align=4 ",
                               "a,b",
                               "a[b]",
                               "a{b",
                               "a}b",
                               "a\"b\"",
                               "a;b",
                               "a;;b",
                               "a(;b;)c",
                               "1;;2",
                               "1\"2\"",
                               "1,2",
                               "$",
                               "$ $a",
                               "$a,b",
                               "$(",
                               "$a;;b",
                               "$\"a b\"",
                               "12345678",
                               "123456789012345678901234567890",
                               "+1",
                               "-",
                               "1_000",
                               "nan:0x1",
                               "inf",
                               "((",
                               "( nop",
                               "(nop",
                               "(;a;)(nop)",
                               "(@a b)(nop)",
                               "())",
                               "nop)nop(nop",
                               "nop\tnop\rnop\r\nnop",
                               "nop\x7F",
                               "nop\x01",
                               "nop\xC3\xA9",
                               "\xC3\xA9",
                               "$\xC3\xA9",
                               "1\xC3\xA9",
                               "a\x1F b",
                               "\"string\"",
                               "\"a\\\"b\"",
                               "\"open",
                               "(;open",
                               "i32" + long_name,
                               "$" + long_name,
                               "1" + long_name,
                               "$" + long_name + ",",
                               "i32.add" + long_name + "\"\"",
                               "{",
                               "]",
                               ",",
                               ";",
                               "!",
                               "0x",
                               "A",
                               "a.b!#$%&'*+-./:<=>?@\\^_`|~"};
  for (const std::string& source : cases)
    for (const std::string_view end : {" ", "\n", ")", "("})
      for (size_t before = 0; before < 3; ++before) {
        const std::string close = std::string(before, ' ') + source + std::string(end);
        const std::string far = close + std::string(100, ' ');
        EXPECT_EQ(tokens(far), tokens(close)) << source;
      }
}

TEST(Lexer, BlanksOfEveryLengthArePassed) {
  for (size_t size = 0; size < 200; ++size) {
    const std::string source =
        "nop" + std::string(1, size % 2 == 0 ? '\n' : ' ') + std::string(size, ' ') + "7 ";
    for (const size_t padding : {0, 100}) EXPECT_EQ(kinds(source + std::string(padding, ' ')), "wn") << size;
    EXPECT_EQ(kinds(source + "\t" + source + std::string(100, '\n') + "\x02"), "wnwn!") << size;
  }
}

TEST(Lexer, ShortWordsAreThoseOfTheTable) {
  const auto expect_found = [](std::string_view text) {
    std::string padded(text);
    padded.resize(padded.size() + 16, 'x');
    if (text.size() > max_short_word) return;
    EXPECT_EQ(find_short_word(padded.data(), text.size()), find_word(text)) << text;
  };
  for (uint16_t word = 0; word < static_cast<uint16_t>(Word::unknown); ++word) {
    const std::string text(word_text(static_cast<Word>(word)));
    EXPECT_NE(find_word(text), Word::unknown) << text;
    for (size_t size = 1; size <= text.size(); ++size) expect_found(text.substr(0, size));
    expect_found(text + "x");
    expect_found("x" + text);
  }
}

// Groups are skipped by counting parentheses in many bytes together.
TEST(Lexer, SkipsGroupsWhereverTheirPartsStand) {
  const std::string_view groups[] = {
      "(a)",          "(a(b)(c))",       "(\")\")", "(\"\\\")\")",      "(\"\\\\\")",
      "(;)\"(;;));)", "(;(;;)(;)\";);)", "(a;b)",   "(((((((())))))))", "(\"(\"\";;\")",
      ";;)(\"\n"};
  for (const std::string_view group : groups)
    for (size_t padding = 0; padding < 140; ++padding) {
      const std::string inner =
          std::string(padding, ' ') + std::string(group) + std::string(padding % 70, '\n');
      const std::string source = "(f " + inner + ") nop" + std::string(padding, ' ');
      ErrorSlot errors;
      Lexer lexer(source, 0, static_cast<uint32_t>(source.size()), errors);
      ASSERT_TRUE(lexer.next().kind == TokenKind::open);
      ASSERT_TRUE(lexer.skip_group()) << source;
      EXPECT_TRUE(lexer.next().is_word(op_word(wasm::Op::nop))) << source;
      EXPECT_EQ(lexer.next().kind, TokenKind::end);
    }
}

TEST(Lexer, Kinds) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {" \t\r\n", ""},
      {"(module)", "(w)"},
      {"((func $x)(nop)\"a\" 1)", "((wi)(w)sn)"},
      {"( ;; comment\n func)", "(w)"},
      {"((;x;)func(;y(;z;);))", "(w)"},
      {"local.get 0 -1 +0x1 1.5e-3", "wnnnn"},
      {"inf nan:0x1 -inf", "wwn"},
      {"$a $\"b c\" $a.b!#", "iii"},
      {"0$x", "n"},  // and no number
      {"\"a\"\"b\"", "r"},
      {"a\"b\"", "r"},
      {"$l\"a\"", "r"},
      {"$\"l\"0", "r"},
      {"a,b [ ] { } ;", "rrrrrr"},
      {"A @x #", "rrr"},
      {"nop;;comment", "w"},
      {"(@a (b) \"c)\" (;);) ;;)\n )nop", "w"},
      {"(@a @ , ; ] [ }} }x{ ({) ,{{};}] ;) nop", "w"},
      {"(@\"quoted id\" x)", ""},
      {"( @a)", "(r)"},
      {"(@a", "!"},
      {"(@)", "!"},
      {"(;", "!"},
      {"(;(;;)", "!"},
      {"\"", "!"},
      {"\"\\q\"", "!"},
      {"\"a\nb\"", "!"},
      {"$ x", "!"},
      {"$\"\"", "!"},
      {"\x01", "!"},
      {"\"\x7f\"", "!"},
      {"nop \xC3\xA4", "w!"},
      {"\"\xC3\xA4\" ;; \xC3\xA4", "s"},
  };
  for (const auto& [source, expected] : cases) EXPECT_EQ(kinds(source), expected) << source;
}

TEST(Lexer, ErrorsNameCodeAndPlace) {
  using wasm::ErrorCode;
  struct Case {
    std::string_view source;
    ErrorCode code;
    uint64_t offset;
  };
  const Case cases[] = {
      {"  (@x (y", ErrorCode::unclosed_annotation, 2},   {" (@ x)", ErrorCode::empty_annotation_id, 1},
      {"(@\"\" x)", ErrorCode::empty_annotation_id, 0},  {"(@\"\\ef\")", ErrorCode::malformed_utf8, 2},
      {"nop (; (; ;)", ErrorCode::unclosed_comment, 4},  {"nop \"abc", ErrorCode::unclosed_string, 4},
      {"\"ab\\x\"", ErrorCode::malformed_escape, 3},     {"\"\\u{110000}\"", ErrorCode::malformed_escape, 1},
      {"\"\\u{d800}\"", ErrorCode::malformed_escape, 1}, {"\"\\u{}\"", ErrorCode::malformed_escape, 1},
      {"\"\\", ErrorCode::unclosed_string, 0},           {"x $ y", ErrorCode::empty_identifier, 2},
      {"a \x02", ErrorCode::illegal_character, 2},       {"\"a\tb\"", ErrorCode::illegal_character, 2},
  };
  for (const Case& c : cases) {
    ErrorSlot errors;
    Lexer lexer(c.source, 0, static_cast<uint32_t>(c.source.size()), errors);
    TokenKind kind;
    do kind = lexer.next().kind;
    while (kind != TokenKind::end && kind != TokenKind::error);
    ASSERT_TRUE(errors.failed()) << c.source;
    EXPECT_EQ(errors.error().code, c.code) << c.source;
    EXPECT_EQ(errors.error().offset, c.offset) << c.source;
    EXPECT_EQ(lexer.next().kind, TokenKind::error) << c.source;
  }
}

TEST(Lexer, KeepsAnnotationsWithAMeaning) {
  const std::string_view source = "(@custom \"a\" \"b\") (@other) (@name \"n\") (func";
  ErrorSlot errors;
  Lexer lexer(source, 0, static_cast<uint32_t>(source.size()), errors);
  EXPECT_TRUE(lexer.next().is_open(Word::func));
  ASSERT_EQ(lexer.pending().size(), 2u);
  const Annotation& custom = lexer.pending()[0];
  EXPECT_EQ(custom.kind, AnnotationKind::custom);
  EXPECT_EQ(custom.offset, 0u);
  EXPECT_EQ(source.substr(custom.contents_begin, custom.contents_end - custom.contents_begin),
            " \"a\" \"b\"");
  EXPECT_EQ(lexer.pending()[1].kind, AnnotationKind::name);
}

TEST(Lexer, SkipsGroups) {
  const std::string_view source = "(func ((x) \")\" (;);) ;;)\n \"\\\")\") ) after";
  ErrorSlot errors;
  Lexer lexer(source, 0, static_cast<uint32_t>(source.size()), errors);
  EXPECT_TRUE(lexer.next().is_open(Word::func));
  EXPECT_TRUE(lexer.skip_group());
  EXPECT_TRUE(lexer.next().is_word(Word::after));
  const std::string_view unclosed = "(func (x)";
  Lexer other(unclosed, 0, static_cast<uint32_t>(unclosed.size()), errors);
  other.next();
  EXPECT_FALSE(other.skip_group());
}

TEST(Strings, Denote) {
  std::string out;
  append_string(R"("a\t\n\r\"\'\\\41\c3\a4\u{1F600}\u{4_1}")", out);
  EXPECT_EQ(out,
            "a\t\n\r\"'\\A\xC3\xA4\xF0\x9F\x98\x80"
            "A");
}

TEST(Words, AreFound) {
  for (size_t i = 0; i < wasm::op_count; ++i) {
    const std::string_view text = wasm::op_table[i].text;
    const Word word = find_word(text);
    ASSERT_TRUE(is_op(word)) << text;
    EXPECT_EQ(wasm::op_info(word_op(word)).text, text);
  }
  for (auto word = wasm::op_count; word < static_cast<size_t>(Word::unknown); ++word)
    EXPECT_EQ(find_word(word_text(static_cast<Word>(word))), static_cast<Word>(word));
  for (const std::string_view text : {"", "i32.ad", "i32.addd", "anyfunc", "get_local", "x", "offset="})
    EXPECT_EQ(find_word(text), Word::unknown) << text;
}

TEST(SourceText, LinesAndColumns) {
  const std::string_view text = "a\n\xC3\xA4\tb\r\nc\rd";
  const SourceText source(text);
  const std::pair<uint64_t, LineColumn> cases[] = {
      {0, {1, 1}}, {1, {1, 2}}, {2, {2, 1}},  {4, {2, 2}},  {5, {2, 3}},
      {8, {3, 1}}, {9, {3, 2}}, {10, {4, 1}}, {99, {4, 2}},
  };
  for (const auto& [offset, place] : cases) {
    EXPECT_EQ(source.line_column(offset), place) << offset;
    EXPECT_EQ(line_column(text, offset), place) << offset;
  }
  EXPECT_EQ(source.line(2), "\xC3\xA4\tb");
  EXPECT_EQ(source.line(3), "c");
  EXPECT_EQ(source.line(9), "");
}

TEST(SourceText, FindsWhatIsNotUtf8) {
  EXPECT_FALSE(find_invalid_utf8("plain ascii text of some length"));
  EXPECT_FALSE(find_invalid_utf8("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_EQ(find_invalid_utf8("0123456789\xFF"), 10u);
  EXPECT_EQ(find_invalid_utf8("\xC0\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xED\xA0\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("\xF4\x90\x80\x80"), 0u);
  EXPECT_EQ(find_invalid_utf8("a\xE2\x82"), 1u);
}

}  // namespace
}  // namespace cloche::text

// Errors about tokens that stand where they may not.
#pragma once

#include <string>
#include <string_view>

#include "text/lexer.hpp"

namespace cloche::text {

/// Reports that `token` is not expected: "unknown operator" for what is no token of the text format at all,
/// "unexpected token" for the rest. `place` is the token the parser is at: `token` itself, or the parenthesis
/// before.
base::Unexpected<Failed> report_unexpected(const Lexer& lexer, const Token& place, const Token& token,
                                           ErrorSlot& errors);

/// True for a token that is none of the text format's: a word without a meaning, a malformed number, a
/// reserved token.
bool is_unknown_token(const Lexer& lexer, const Token& token);

/// Source text for a message: at most 60 bytes of it.
std::string excerpt(std::string_view text);

}  // namespace cloche::text

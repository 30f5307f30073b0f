// Names as C++ and Rust programs wrote them. Linkers put such into a module's name section by themselves;
// object files, and modules linked with --no-demangle, have the symbols.
#pragma once

#include <string>
#include <string_view>

namespace cloche::symbols {

/// The C++ name, or the Rust one of the older scheme, that a linker symbol stands for; the symbol itself when
/// it is none, or longer than 4096 bytes.
std::string demangle(std::string_view symbol);

}  // namespace cloche::symbols

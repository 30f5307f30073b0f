// The contents of custom sections, item by item.
#pragma once

#include "base/output.hpp"
#include "dump/index.hpp"

namespace cloche::dump {

/// Writes the custom section at a place of the index, as far as it can be read; the index has noted why no
/// further.
void put_custom_details(base::Output& out, const Index& index, size_t position);

/// A relocation, as it stands behind what it changes.
void put_reloc(base::Output& out, const Index& index, const Reloc& reloc, uint64_t offset);

}  // namespace cloche::dump

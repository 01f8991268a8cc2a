// src/segment/name.h: what a segment, list or tag may be called.
//
// NFKC, without blanks at the ends, 1 to 60 characters, no quotes, backslashes or control characters: it stands
// between quotes in expressions, segment("高价值"). Nothing that is itself an expression, since commands take either.
//
// Error  name.invalid
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace shuke::segment {

Result<std::string> checked_name(std::string_view text);

}  // namespace shuke::segment

// src/segment/definitions.h: every expression the record keeps, and who of them names a segment or a list.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "segment/references.h"

namespace shuke::segment {

struct Definition {
    std::string owner;  // "segment 'x'", "the rule of tag 'y'"
    References references;
};
std::vector<Definition> all_definitions(soci::session& session, const KeyRing& keys);

inline std::string segment_owner(const std::string& name) { return "segment '" + name + "'"; }

// "segment 'a', the rule of tag 'b'": those that name it, but for `own`; empty when none does.
enum class Named : std::uint8_t { kSegment, kList };
std::string users_of(const std::vector<Definition>& definitions, Named what, const std::string& name,
                     const std::string& own = {});

}  // namespace shuke::segment

#include "segment/definitions.h"

#include "record/segments.h"
#include "record/tags.h"

namespace shuke::segment {

std::vector<Definition> all_definitions(soci::session& session, const KeyRing& keys) {
    std::vector<Definition> definitions;
    for (const auto& segment : record::all_segments(session, keys))
        definitions.push_back({segment_owner(segment.name), references_of(segment.expression)});
    for (const auto& rule : record::all_tag_rules(session, keys))
        definitions.push_back({"the rule of tag '" + rule.name + "'", references_of(rule.expression)});
    return definitions;
}

std::string users_of(const std::vector<Definition>& definitions, Named what, const std::string& name,
                     const std::string& own) {
    std::string users;
    for (const Definition& one : definitions) {
        const References& named = one.references;
        const bool uses = what == Named::kList ? named.lists.contains(name)
                                               : named.segments.contains(name) || named.was_in.contains(name);
        if (uses && one.owner != own) users += (users.empty() ? "" : ", ") + one.owner;
    }
    return users;
}

}  // namespace shuke::segment

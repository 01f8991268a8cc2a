// src/record/tags.h: tags and the rules that keep them. Who has a tag when is in spans.h (kTagSpans); its rows say who
// put it there: kByHand, kByRule.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"

namespace shuke::record {

using TagId = Id<struct TagTag>;

inline constexpr std::string_view kByHand = "hand";
inline constexpr std::string_view kByRule = "rule";

struct StoredTag {
    TagId id;
    std::string name;
    std::int64_t by_hand = 0, by_rule = 0;  // rows that hold now, merged ids counted apart
};

struct TagRule {
    TagId tag;
    std::string name, expression, owner;
    Instant changed_at = kNever, applied_at = kNever;  // kNever: not applied yet
};

std::vector<StoredTag> all_tags(soci::session& session);  // by name
std::optional<TagId> find_tag(soci::session& session, std::string_view name);
TagId ensure_tag(soci::session& session, std::string_view name);

std::vector<TagRule> all_tag_rules(soci::session& session, const KeyRing& keys);  // by tag name
void put_tag_rule(soci::session& session, const KeyRing& keys, const TagRule& rule);
void mark_applied(soci::session& session, TagId tag, Instant at);
void delete_tag_rule(soci::session& session, TagId tag);
// Rows of a rule become rows of a hand: somebody gave the tag as well, so the rule no longer takes it away.
void claim_by_hand(soci::session& session, TagId tag, const std::vector<CustomerId>& customers);

}  // namespace shuke::record

// src/segment/tags.h
//
// Tags given by hand, and rules that keep a tag up to date: whoever satisfies the rule's expression has the tag, whoever
// no longer does loses it. A hand and a rule do not undo each other: the rule takes away only what it gave, and a tag
// that a hand takes away from somebody the rule names comes back when the rule is applied again.
//
// Errors   tag.unknown, tag.no_rule, tag.rule_changed (while it was applied), name.invalid, those of binding and of the record
// Threads  any; writes take the record's turn
// Cost     as a refresh (membership.h)
#pragma once

#include <string_view>
#include <vector>

#include "audience/evaluate.h"
#include "record/database.h"
#include "record/tags.h"

namespace shuke::segment {

struct TagChange {
    std::int64_t given = 0, taken = 0;
};

// Makes the tag if there is none.
Result<TagChange> add_tag(record::Database& database, std::string_view tag, const std::vector<CustomerId>& customers,
                          std::string_view actor);
Result<TagChange> remove_tag(record::Database& database, std::string_view tag, const std::vector<CustomerId>& customers,
                             std::string_view actor);
Result<std::vector<record::StoredTag>> all_tags(record::Database& database);
Result<std::vector<CustomerId>> tagged(record::Database& database, std::string_view tag, Instant at);  // ascending

// Makes or replaces the tag's rule; the tag follows when it is applied.
Result<record::TagRule> set_tag_rule(record::Database& database, std::string_view tag, std::string_view expression,
                                     std::string_view actor, const audience::BindOptions& bind);
// Takes the rule away, and with it what it gave.
Result<TagChange> remove_tag_rule(record::Database& database, std::string_view tag, std::string_view actor);
Result<std::vector<record::TagRule>> all_tag_rules(record::Database& database);

// As of now: a rule speaks of the present.
Result<TagChange> apply_tag_rule(record::Database& database, const audience::Version& version,
                                 const record::TagRule& rule, const audience::BoundExpression& bound,
                                 std::string_view actor, audience::WorkerPool* pool = nullptr);

}  // namespace shuke::segment

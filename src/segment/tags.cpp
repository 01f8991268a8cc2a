#include "segment/tags.h"

#include <algorithm>

#include "base/text.h"
#include "record/changes.h"
#include "record/spans.h"
#include "segment/name.h"

namespace shuke::segment {
namespace {

using record::kByHand;
using record::kByRule;
using record::kTagSpans;
using record::TagRule;

record::TagId found_tag(soci::session& session, std::string_view name) {
    const std::string wanted = nfkc(trim(name));
    if (const auto tag = record::find_tag(session, wanted)) return *tag;
    const auto tags = record::all_tags(session);
    std::vector<std::string_view> names;
    for (const auto& tag : tags) names.push_back(tag.name);
    const std::string_view near = nearest(wanted, names);
    throw Failure{{Code::kNotFound, "tag.unknown",
                   "there is no tag '" + std::string(cut(name, 80)) +
                       (near.empty() ? "'; see: shuke tag list" : "'; did you mean '" + std::string(near) + "'?")}};
}

void audit(soci::session& session, std::string_view actor, const char* action, std::string_view tag,
           const std::string& detail, Instant now) {
    record::AuditEntry entry;
    entry.actor = actor;
    entry.action = action;
    entry.subject = "tag " + std::string(tag);
    entry.detail = detail;
    record::append_audit(session, entry, now);
}

TagChange counted(const record::SpanChanges& changes) {
    TagChange change;
    change.given = static_cast<std::int64_t>(changes.entered.size());
    change.taken = static_cast<std::int64_t>(changes.left.size());
    return change;
}

std::string in_words(const TagChange& change) {
    return "given to " + std::to_string(change.given) + ", taken from " + std::to_string(change.taken);
}

// Runs work in a write transaction and hands on what changed.
Result<TagChange> write(record::Database& database, const char* name,
                        const std::function<TagChange(soci::session&, Instant now)>& work) {
    TagChange change;
    auto written =
        database.write(name, [&](soci::session& session) { change = work(session, database.clock().now()); });
    if (!written) return std::unexpected(written.error());
    return change;
}

}  // namespace

Result<TagChange> add_tag(record::Database& database, std::string_view tag, const std::vector<CustomerId>& customers,
                          std::string_view actor) {
    const auto name = checked_name(tag);
    if (!name) return std::unexpected(name.error());
    return write(database, "tag.add", [&](soci::session& session, Instant now) {
        const record::TagId id = record::ensure_tag(session, *name);
        record::claim_by_hand(session, id, customers);
        const TagChange change = counted(record::add_members(session, kTagSpans, id.value, customers, now, kByHand));
        audit(session, actor, "tag.add", *name, in_words(change), now);
        return change;
    });
}

Result<TagChange> remove_tag(record::Database& database, std::string_view tag, const std::vector<CustomerId>& customers,
                             std::string_view actor) {
    return write(database, "tag.remove", [&](soci::session& session, Instant now) {
        const record::TagId id = found_tag(session, tag);
        const TagChange change = counted(record::remove_members(session, kTagSpans, id.value, customers, now));
        audit(session, actor, "tag.remove", nfkc(trim(tag)), in_words(change), now);
        return change;
    });
}

Result<std::vector<record::StoredTag>> all_tags(record::Database& database) {
    std::vector<record::StoredTag> tags;
    auto read = database.read([&](soci::session& session) { tags = record::all_tags(session); });
    if (!read) return std::unexpected(read.error());
    return tags;
}

Result<std::vector<CustomerId>> tagged(record::Database& database, std::string_view tag, Instant at) {
    std::vector<CustomerId> customers;
    auto read = database.read([&](soci::session& session) {
        const record::TagId id = found_tag(session, tag);
        customers = record::members_at(session, kTagSpans, id.value, record::Survivors(session), at);
    });
    if (!read) return std::unexpected(read.error());
    return customers;
}

Result<TagRule> set_tag_rule(record::Database& database, std::string_view tag, std::string_view expression,
                             std::string_view actor, const audience::BindOptions& bind) {
    const auto name = checked_name(tag);
    if (!name) return std::unexpected(name.error());
    const auto bound = audience::parse_and_bind(expression, bind);
    if (!bound) return std::unexpected(bound.error());
    TagRule rule;
    rule.name = *name;
    rule.expression = audience::print(bound->expression());
    rule.owner = actor;
    auto written = database.write("tag.rule", [&](soci::session& session) {
        rule.tag = record::ensure_tag(session, *name);
        rule.changed_at = database.clock().now();
        record::put_tag_rule(session, database.keys(), rule);
        audit(session, actor, "tag.rule", *name, "set", rule.changed_at);
    });
    if (!written) return std::unexpected(written.error());
    return rule;
}

Result<TagChange> remove_tag_rule(record::Database& database, std::string_view tag, std::string_view actor) {
    return write(database, "tag.rule.remove", [&](soci::session& session, Instant now) {
        const record::TagId id = found_tag(session, tag);
        const auto rules = record::all_tag_rules(session, database.keys());
        if (std::ranges::find(rules, id, &TagRule::tag) == rules.end()) {
            throw Failure{{Code::kNotFound, "tag.no_rule",
                           "the tag '" + std::string(cut(tag, 80)) + "' has no rule; see: shuke tag rules"}};
        }
        record::delete_tag_rule(session, id);
        const TagChange change = counted(record::set_members(session, kTagSpans, id.value, {}, now, kByRule));
        audit(session, actor, "tag.rule.remove", nfkc(trim(tag)), in_words(change), now);
        return change;
    });
}

Result<std::vector<TagRule>> all_tag_rules(record::Database& database) {
    std::vector<TagRule> rules;
    auto read = database.read([&](soci::session& session) { rules = record::all_tag_rules(session, database.keys()); });
    if (!read) return std::unexpected(read.error());
    return rules;
}

Result<TagChange> apply_tag_rule(record::Database& database, const audience::Version& version, const TagRule& rule,
                                 const audience::BoundExpression& bound, std::string_view actor,
                                 audience::WorkerPool* pool) {
    const Instant as_of = database.clock().now();
    const auto customers = audience::customers(version, audience::evaluate(version, bound, as_of, pool));
    return write(database, "tag.apply", [&](soci::session& session, Instant now) {
        const auto rules = record::all_tag_rules(session, database.keys());
        const auto same = std::ranges::find(rules, rule.tag, &TagRule::tag);
        if (same == rules.end() || same->expression != rule.expression) {
            throw Failure{{Code::kConflict, "tag.rule_changed",
                           "the rule of '" + rule.name + "' was changed while it was evaluated; apply it again"}};
        }
        const TagChange change =
            counted(record::set_members(session, kTagSpans, rule.tag.value, customers, now, kByRule));
        record::mark_applied(session, rule.tag, now);
        if (change.given != 0 || change.taken != 0)
            audit(session, actor, "tag.apply", rule.name, in_words(change), now);
        return change;
    });
}

}  // namespace shuke::segment

#include "record/tags.h"

#include <algorithm>

#include "base/error.h"
#include "record/database.h"
#include "record/statement_batch.h"

namespace shuke::record {

std::vector<StoredTag> all_tags(soci::session& session) {
    std::vector<StoredTag> tags;
    StoredTag one;
    long long id = 0, by_hand = 0, by_rule = 0;
    const std::string rule(kByRule);
    soci::statement select =
        (session.prepare
             << "SELECT t.id, t.name, (SELECT count(*) FROM customer_tags c WHERE c.tag_id = t.id AND c.removed_at IS "
                "NULL AND c.source <> :rule), (SELECT count(*) FROM customer_tags c WHERE c.tag_id = t.id AND "
                "c.removed_at IS NULL AND c.source = :rule2) FROM tags t ORDER BY t.name",
         soci::use(rule), soci::use(rule), soci::into(id), soci::into(one.name), soci::into(by_hand),
         soci::into(by_rule));
    select.execute();
    while (select.fetch()) {
        one.id = TagId{id};
        one.by_hand = by_hand;
        one.by_rule = by_rule;
        tags.push_back(one);
    }
    std::ranges::sort(tags, {}, &StoredTag::name);
    return tags;
}

std::optional<TagId> find_tag(soci::session& session, std::string_view name) {
    const std::string text(name);
    long long id = 0;
    session << "SELECT id FROM tags WHERE name = :name", soci::use(text), soci::into(id);
    if (!session.got_data()) return std::nullopt;
    return TagId{id};
}

TagId ensure_tag(soci::session& session, std::string_view name) {
    if (const auto known = find_tag(session, name)) return *known;
    const std::string text(name);
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM tags", soci::into(id);
    session << "INSERT INTO tags (id, name) VALUES (:id, :name)", soci::use(id), soci::use(text);
    return TagId{id};
}

std::vector<TagRule> all_tag_rules(soci::session& session, const KeyRing& keys) {
    std::vector<TagRule> rules;
    TagRule one;
    std::string sealed;
    long long id = 0, changed = 0;
    Nullable applied;
    soci::statement select =
        (session.prepare << "SELECT r.tag_id, t.name, r.expression_sealed, r.owner, r.changed_at, r.applied_at FROM "
                            "tag_rules r JOIN tags t ON t.id = r.tag_id ORDER BY t.name",
         soci::into(id), soci::into(one.name), soci::into(sealed), soci::into(one.owner), soci::into(changed),
         soci::into(applied.value, applied.indicator));
    select.execute();
    while (select.fetch()) {
        one.tag = TagId{id};
        one.expression = or_throw(keys.unseal(sealed));
        one.changed_at = Instant{changed};
        one.applied_at = Instant{applied.or_else(kNever.us_since_epoch)};
        rules.push_back(one);
    }
    std::ranges::sort(rules, {}, &TagRule::name);
    return rules;
}

void put_tag_rule(soci::session& session, const KeyRing& keys, const TagRule& rule) {
    const long long tag = rule.tag.value, at = rule.changed_at.us_since_epoch;
    const std::string sealed = keys.seal(rule.expression);
    delete_tag_rule(session, rule.tag);
    session << "INSERT INTO tag_rules (tag_id, expression_sealed, owner, changed_at) VALUES (:tag, :expression, "
               ":owner, :at)",
        soci::use(tag), soci::use(sealed), soci::use(rule.owner), soci::use(at);
}

void mark_applied(soci::session& session, TagId tag, Instant at) {
    const long long id = tag.value, when = at.us_since_epoch;
    session << "UPDATE tag_rules SET applied_at = :at WHERE tag_id = :tag", soci::use(when), soci::use(id);
}

void delete_tag_rule(soci::session& session, TagId tag) {
    const long long id = tag.value;
    session << "DELETE FROM tag_rules WHERE tag_id = :tag", soci::use(id);
}

void claim_by_hand(soci::session& session, TagId tag, const std::vector<CustomerId>& customers) {
    StatementBatch update(session,
                          "UPDATE customer_tags SET source = '" + std::string(kByHand) +
                              "' WHERE tag_id = :tag AND customer_id = :customer AND removed_at IS NULL",
                          {Type::kInteger, Type::kInteger});
    for (const CustomerId customer : customers) update.integer(tag.value).integer(customer.value);
    update.flush();
}

}  // namespace shuke::record

// src/api/resources/tags.cpp: tags by hand and by rule; many at once, and back again.
#include "record/tags.h"

#include <algorithm>
#include <map>

#include "api/refresher.h"
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "base/crypto.h"
#include "record/changes.h"
#include "record/spans.h"
#include "segment/name.h"
#include "segment/tags.h"

namespace shuke::api {
namespace {

using Given = std::map<std::string, std::vector<CustomerId>>;

struct Changed {
    Given given, taken;
    std::int64_t given_count = 0, taken_count = 0;
    std::int64_t customers = 0;  // each once
};

std::vector<std::string> names(const Call& call, const char* field) {
    std::vector<std::string> checked;
    for (const auto& name : call.body.value(field, std::vector<std::string>{}))
        checked.push_back(or_throw(segment::checked_name(name)));
    return checked;
}

Json ids_json(const Given& given) {
    Json json = Json::object();
    for (const auto& [tag, customers] : given) {
        Json& ids = json[tag] = Json::array();
        for (const CustomerId one : customers) ids.push_back(one.value);
    }
    return json;
}

Given parse_ids(const std::string& text) {
    Given given;
    const Json json = Json::parse(text);
    for (const auto& [tag, ids] : json.items()) {
        for (const auto& id : ids) given[tag].push_back(CustomerId{id.get<std::int64_t>()});
    }
    return given;
}

void count(Changed& changed) {
    std::vector<CustomerId> all;
    for (const auto* part : {&changed.given, &changed.taken}) {
        for (const auto& [tag, customers] : *part) {
            (part == &changed.given ? changed.given_count : changed.taken_count) +=
                static_cast<std::int64_t>(customers.size());
            all.insert(all.end(), customers.begin(), customers.end());
        }
    }
    std::ranges::sort(all);
    changed.customers = std::unique(all.begin(), all.end()) - all.begin();
}

// All of it in one transaction, with what takes it back.
Changed change(soci::session& session, const Given& add, const Given& remove, const std::string& actor, Instant now) {
    Changed changed;
    for (const auto& [tag, customers] : add) {
        const auto id = record::ensure_tag(session, tag);
        auto spans = record::add_members(session, record::kTagSpans, id.value, customers, now, record::kByHand);
        record::claim_by_hand(session, id, customers);
        if (!spans.entered.empty()) changed.given[tag] = std::move(spans.entered);
    }
    for (const auto& [tag, customers] : remove) {
        const auto id = record::find_tag(session, tag);
        if (!id) continue;
        auto spans = record::remove_members(session, record::kTagSpans, id->value, customers, now);
        if (!spans.left.empty()) changed.taken[tag] = std::move(spans.left);
    }
    count(changed);
    for (const auto& [tag, customers] : changed.given)
        record::append_audit(session, {actor, "tag.add", "tag " + tag, "given to " + std::to_string(customers.size())},
                             now);
    for (const auto& [tag, customers] : changed.taken)
        record::append_audit(
            session, {actor, "tag.remove", "tag " + tag, "taken from " + std::to_string(customers.size())}, now);
    return changed;
}

Json keep_undo(soci::session& session, const Changed& changed, const std::string& actor, Instant now) {
    if (changed.given.empty() && changed.taken.empty()) return {};
    const std::string token = random_name();
    const std::string given = ids_json(changed.given).dump(), taken = ids_json(changed.taken).dump();
    const long long at = now.us_since_epoch, old = at - std::int64_t{7} * 86'400 * 1'000'000;
    session << "DELETE FROM tag_changes WHERE at < :old", soci::use(old);
    session << "INSERT INTO tag_changes (token, actor, at, given, taken) VALUES (:token, :actor, :at, :given, :taken)",
        soci::use(token), soci::use(actor), soci::use(at), soci::use(given), soci::use(taken);
    return token;
}

Given all_of(const std::vector<std::string>& tags, const std::vector<CustomerId>& customers) {
    Given given;
    for (const auto& tag : tags) given[tag] = customers;
    return given;
}

Reply tag_customer(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const Given add = all_of(names(call, "add"), {*id}), remove = all_of(names(call, "remove"), {*id});
    Json undo;
    std::vector<std::string> tags;
    auto written = call.at.database.write("tag.change", [&](soci::session& session) {
        const Instant now = call.at.clock.now();
        undo = keep_undo(session, change(session, add, remove, call.who.actor(), now), call.who.actor(), now);
        tags = record::customer_cards(session, call.at.database.keys(), {*id}).front().tags;
    });
    if (!written) return std::unexpected(written.error());
    return json({{"tags", tags}, {"undo", undo}});
}

Result<std::vector<CustomerId>> chosen(Call& call) {
    const bool by_where = call.body.contains("where"), by_ids = call.body.contains("ids");
    if (by_where == by_ids) return fail(Code::kInvalid, "tag.nobody_named", "say either where or ids");
    const auto asked = question(call, "");
    std::vector<CustomerId> ids;
    if (by_where) {
        const auto bound = bind_expression(call, *asked, call.text("where"));
        if (!bound) return std::unexpected(bound.error());
        return audience::customers(asked->version(), evaluate(call, *asked, *bound));
    }
    auto read = call.at.database.read([&](soci::session& session) {
        for (const auto& one : call.body.at("ids")) {
            const auto id = record::living_customer(session, CustomerId{one.get<std::int64_t>()});
            if (!id)
                throw Failure{{Code::kNotFound, "customer.not_found",
                               "there is no customer " + std::to_string(one.get<std::int64_t>())}};
            ids.push_back(id);
        }
    });
    if (!read) return std::unexpected(read.error());
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

Json change_json(const Changed& changed, const Json& undo) {
    return {
        {"changed", changed.customers}, {"given", changed.given_count}, {"taken", changed.taken_count}, {"undo", undo}};
}

Reply bulk_tag(Call& call) {
    const auto add = names(call, "add"), remove = names(call, "remove");
    if (add.empty() && remove.empty()) return fail(Code::kInvalid, "tag.no_tag", "say which tags to add or remove");
    const auto customers = chosen(call);
    if (!customers) return std::unexpected(customers.error());
    struct DryRun {};
    Changed changed;
    Json undo;
    Status written;
    try {
        written = call.at.database.write("tag.change", [&](soci::session& session) {
            const Instant now = call.at.clock.now();
            changed = change(session, all_of(add, *customers), all_of(remove, *customers), call.who.actor(), now);
            if (call.body.value("dry_run", false)) throw DryRun{};  // counted, and taken back
            undo = keep_undo(session, changed, call.who.actor(), now);
        });
    } catch (const DryRun&) {
    }
    if (!written) return std::unexpected(written.error());
    return json(change_json(changed, undo));
}

Reply undo_bulk_tag(Call& call) {
    const std::string token = call.text("undo");
    Changed changed;
    auto written = call.at.database.write("tag.undo", [&](soci::session& session) {
        std::string given, taken;
        session << "SELECT given, taken FROM tag_changes WHERE token = :token", soci::use(token), soci::into(given),
            soci::into(taken);
        if (!session.got_data())
            throw Failure{{Code::kNotFound, "tag.no_undo",
                           "there is no such change to take back; it was taken back, or is older than a week"}};
        changed = change(session, parse_ids(taken), parse_ids(given), call.who.actor(), call.at.clock.now());
        session << "DELETE FROM tag_changes WHERE token = :token", soci::use(token);
    });
    if (!written) return std::unexpected(written.error());
    return json(change_json(changed, Json()));
}

Json rule_json(const record::TagRule& rule) {
    return {{"id", rule.tag.value},
            {"tag", rule.name},
            {"expression", rule.expression},
            {"owner", rule.owner},
            {"changed_at", instant_json(rule.changed_at)},
            {"applied_at", instant_json(rule.applied_at)}};
}

Reply list_tags(Call& call) {
    const auto tags = segment::all_tags(call.at.database);
    if (!tags) return std::unexpected(tags.error());
    const auto rules = segment::all_tag_rules(call.at.database);
    if (!rules) return std::unexpected(rules.error());
    Json items = Json::array();
    for (const auto& tag : *tags) {
        const bool has_rule = std::ranges::any_of(*rules, [&](const auto& rule) { return rule.tag == tag.id; });
        items.push_back(
            {{"name", tag.name}, {"by_hand", tag.by_hand}, {"by_rule", tag.by_rule}, {"has_rule", has_rule}});
    }
    return json({{"items", items}});
}

Reply list_tag_rules(Call& call) {
    const auto rules = segment::all_tag_rules(call.at.database);
    if (!rules) return std::unexpected(rules.error());
    Json items = Json::array();
    for (const auto& rule : *rules) items.push_back(rule_json(rule));
    return json({{"items", items}});
}

Reply set_tag_rule(Call& call) {
    const auto asked = question(call, "");
    call.expression = call.text("expression");
    const auto rule = segment::set_tag_rule(call.at.database, call.text("tag"), call.text("expression"),
                                            call.who.actor(), bind_options(call, *asked));
    if (!rule) return std::unexpected(rule.error());
    return json(rule_json(*rule), 201);
}

Reply delete_tag_rule(Call& call) {
    const auto rules = segment::all_tag_rules(call.at.database);
    if (!rules) return std::unexpected(rules.error());
    for (const auto& rule : *rules) {
        if (rule.tag.value != call.id()) continue;
        const auto change = segment::remove_tag_rule(call.at.database, rule.name, call.who.actor());
        if (!change) return std::unexpected(change.error());
        return json({{"given", change->given}, {"taken", change->taken}});
    }
    return fail(Code::kNotFound, "tag.no_rule", "there is no rule of this number");
}

Reply apply_tag_rules(Call& call) {
    if (auto fresh = call.at.refresher.catch_up(); !fresh) return std::unexpected(fresh.error());
    const auto rules = segment::all_tag_rules(call.at.database);
    if (!rules) return std::unexpected(rules.error());
    std::int64_t given = 0, taken = 0;
    for (const auto& rule : *rules) {
        const auto asked = question(call, "");
        const auto bound = bind_expression(call, *asked, rule.expression);
        if (!bound) return std::unexpected(bound.error());
        const auto change =
            segment::apply_tag_rule(call.at.database, asked->version(), rule, *bound, call.who.actor(), &call.at.pool);
        if (!change) return std::unexpected(change.error());
        given += change->given;
        taken += change->taken;
    }
    return json({{"rules", rules->size()}, {"given", given}, {"taken", taken}});
}

}  // namespace

void add_tags(Handlers& handlers) {
    handlers.add("tag_customer", tag_customer);
    handlers.add("bulk_tag", bulk_tag);
    handlers.add("undo_bulk_tag", undo_bulk_tag);
    handlers.add("list_tags", list_tags);
    handlers.add("list_tag_rules", list_tag_rules);
    handlers.add("set_tag_rule", set_tag_rule);
    handlers.add("delete_tag_rule", delete_tag_rule);
    handlers.add("apply_tag_rules", apply_tag_rules);
}

}  // namespace shuke::api

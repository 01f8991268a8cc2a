// src/api/resources/identities.cpp: who is who: merging, splitting, and pairs that a person should look at.
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "auth/masking.h"
#include "identity/customer_sets.h"
#include "identity/reviews.h"
#include "record/changes.h"

namespace shuke::api {
namespace {

// The reason is kept in the log beside the decision.
void note_reason(soci::session& session, const Call& call, const char* action, CustomerId customer) {
    record::append_audit(session,
                         {call.who.actor(), action, "customer " + std::to_string(customer.value), call.text("reason")},
                         call.at.clock.now());
}

Reply merge_customer(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    const auto other = living(call, call.body.at("other").get<std::int64_t>());
    if (!other) return std::unexpected(other.error());
    CustomerId survivor;
    Json merge;
    auto written = call.at.database.write("customer.merge", [&](soci::session& session) {
        survivor = identity::merge_customers(session, *id, *other, {call.who.actor(), call.at.clock.now()});
        note_reason(session, call, "customer.merge.reason", survivor);
        for (const auto& one : record::merges_of(session, survivor)) merge = one.id;
    });
    if (!written) return std::unexpected(written.error());
    return json({{"customer_id", survivor.value}, {"merge_id", merge}});
}

Json ids_json(const std::vector<CustomerId>& ids) {
    Json list = Json::array();
    for (const CustomerId one : ids) list.push_back(one.value);
    return {{"customer_ids", list}};
}

Reply split_customer(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    std::optional<std::int64_t> merge;
    if (call.body.contains("merge_id")) merge = call.body.at("merge_id").get<std::int64_t>();
    std::vector<CustomerId> ids;
    auto written = call.at.database.write("customer.split", [&](soci::session& session) {
        ids = identity::split_customer(session, *id, merge, {call.who.actor(), call.at.clock.now()});
        note_reason(session, call, "customer.split.reason", *id);
    });
    if (!written) return std::unexpected(written.error());
    return json(ids_json(ids));
}

Reply list_identity_reviews(Call& call) {
    const auto from = number_cursor(call);
    if (!from) return std::unexpected(from.error());
    const auto limit = call.query.at("limit").get<std::size_t>();
    std::vector<identity::Review> reviews;
    auto read = call.at.database.read([&](soci::session& session) {
        reviews = identity::open_reviews(session, call.at.database.keys(), call.at.clock.now(), *from, limit + 1);
    });
    if (!read) return std::unexpected(read.error());
    const bool more = reviews.size() > limit;
    if (more) reviews.pop_back();
    std::vector<CustomerId> ids;
    for (const auto& one : reviews) ids.insert(ids.end(), {one.a, one.b});
    const auto asked = question(call, "");
    const auto rows = rows_json(call, *asked, ids);
    if (!rows) return std::unexpected(rows.error());
    const auth::Masking masking;
    Json items = Json::array();
    for (std::size_t i = 0; i < reviews.size(); ++i) {
        const auto& one = reviews[i];
        const auto kind = static_cast<identity::IdentifierKind>(one.kind);
        const std::string name(identity::to_string(kind));
        items.push_back(
            {{"id", one.id},
             {"a", (*rows)[2 * i]},
             {"b", (*rows)[2 * i + 1]},
             {"shared", {{{"kind", name}, {"value", masking.identifier(kind, one.value)}}}},
             {"why", call.who.speaks_chinese ? "两位客户使用同一 " + name + "，该标识不足以自动合并"
                                             : "both have the same " + name + ", which does not unite by itself"}});
    }
    return json({{"items", items}, {"next_cursor", more ? Json(std::to_string(reviews.back().id)) : Json()}});
}

Reply decide_identity_review(Call& call) {
    const std::string decision = call.text("decision");
    const auto how = decision == "same"        ? identity::Verdict::kSame
                     : decision == "different" ? identity::Verdict::kDifferent
                                               : identity::Verdict::kLater;
    std::vector<CustomerId> ids;
    auto written = call.at.database.write("identity.review", [&](soci::session& session) {
        ids = identity::decide_review(session, call.at.database.keys(), call.id(), how, call.text("reason"),
                                      {call.who.actor(), call.at.clock.now()});
        note_reason(session, call, ("identity.review." + decision).c_str(), ids.front());
    });
    if (!written) return std::unexpected(written.error());
    return json(ids_json(ids));
}

}  // namespace

void add_identities(Handlers& handlers) {
    handlers.add("merge_customer", merge_customer);
    handlers.add("split_customer", split_customer);
    handlers.add("list_identity_reviews", list_identity_reviews);
    handlers.add("decide_identity_review", decide_identity_review);
}

}  // namespace shuke::api

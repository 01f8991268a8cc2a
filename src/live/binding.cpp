#include "live/binding.h"

#include <algorithm>

#include "base/text.h"
#include "identity/identifiers.h"
#include "identity/lookup.h"
#include "record/custom_attributes.h"
#include "record/lists.h"
#include "record/segments.h"
#include "record/settings.h"
#include "record/tags.h"
#include "record/tiers.h"
#include "segment/saved_segments.h"

namespace shuke::live {
namespace {

// What segment(), was_in(), list() and tag() may name; of channels every word is one.
std::vector<std::string> known_names(record::Database& database, audience::Membership::Kind kind) {
    std::vector<std::string> names;
    or_throw(database.read([&](soci::session& session) {
        using enum audience::Membership::Kind;
        if (kind == kSegment || kind == kWasIn) {
            for (const auto& segment : record::all_segments(session, database.keys())) names.push_back(segment.name);
        } else if (kind == kList) {
            for (const auto& list : record::all_lists(session)) names.push_back(list.name);
        } else if (kind == kTag) {
            for (const auto& tag : record::all_tags(session)) names.push_back(tag.name);
        }
    }));
    return names;
}

audience::Type type_of(record::AttributeType type) {
    switch (type) {
        case record::AttributeType::kText: return audience::Type::kText;
        case record::AttributeType::kChoice: return audience::Type::kChoice;
        case record::AttributeType::kNumber: return audience::Type::kNumber;
        case record::AttributeType::kMoney: return audience::Type::kMoney;
        case record::AttributeType::kDate: break;
    }
    return audience::Type::kDate;
}

}  // namespace

audience::BindOptions bind_options(record::Database& database, Currency base_currency) {
    audience::BindOptions options;
    options.base_currency = base_currency;
    options.find_external_ids = [&database](const std::vector<std::string>& external_ids) {
        std::vector<CustomerId> found;
        or_throw(database.read([&](soci::session& session) {
            found = identity::find_by_external_ids(session, database.keys(), external_ids);
        }));
        return found;
    };
    options.find_segment = [&database](const std::string& name) {
        std::optional<std::string> expression;
        or_throw(database.read([&](soci::session& session) {
            if (const auto saved = record::find_segment(session, database.keys(), name)) expression = saved->expression;
        }));
        return expression;
    };
    options.tiers = [&database] {
        std::vector<std::string> names;
        or_throw(database.read([&](soci::session& session) {
            for (const auto& tier : record::all_tiers(session)) names.push_back(tier.name);
        }));
        return names;
    };
    options.custom_attributes = [&database] {
        std::vector<audience::CustomAttribute> attributes;
        or_throw(database.read([&](soci::session& session) {
            for (auto& one : record::attribute_definitions(session))
                attributes.push_back({std::move(one.name), type_of(one.type), std::move(one.choices)});
        }));
        return attributes;
    };
    options.known_names = [&database](audience::Membership::Kind kind) { return known_names(database, kind); };
    return options;
}

Result<audience::BindOptions> bind_options(record::Database& database) {
    Currency currency = Currency::kCNY;
    auto read = database.read([&](soci::session& session) { currency = record::base_currency(session); });
    if (!read) return std::unexpected(read.error());
    return bind_options(database, currency);
}

Result<audience::BoundExpression> bind_question(record::Database& database, const std::string& expression,
                                                const audience::BindOptions& options) {
    const auto saved = segment::all_segments(database);
    if (!saved) return std::unexpected(saved.error());
    const std::string name = nfkc(trim(expression));
    for (const auto& segment : *saved) {
        if (segment.name == name) return audience::parse_and_bind(segment.expression, options);
    }
    return audience::parse_and_bind(expression, options);
}

Result<std::vector<record::ExternalId>> external_ids(record::Database& database) {
    std::vector<record::ExternalId> ids;
    auto read = database.read([&](soci::session& session) {
        ids = record::external_ids(session, database.keys(), static_cast<int>(identity::IdentifierKind::kExternalId));
    });
    if (!read) return std::unexpected(read.error());
    return ids;
}

std::string external_id_of(const std::vector<record::ExternalId>& ids, CustomerId customer) {
    const auto at = std::lower_bound(ids.begin(), ids.end(), customer,
                                     [](const auto& one, CustomerId wanted) { return one.customer < wanted; });
    return at != ids.end() && at->customer == customer ? at->value : std::string();
}

Result<CustomerId> one_customer(soci::session& session, const KeyRing& keys, const std::string& text) {
    auto found = identity::find_customers(session, keys, text);
    if (!found) return std::unexpected(found.error());
    if (found->size() == 1) return found->front();
    std::string ids;
    for (std::size_t i = 0; i < found->size() && i < 20; ++i)
        ids += (ids.empty() ? "" : ", ") + std::to_string((*found)[i].value);
    return fail(Code::kConflict, "customer.ambiguous",
                "this belongs to " + std::to_string(found->size()) + " customers: " + ids + "; name one by its id");
}

}  // namespace shuke::live

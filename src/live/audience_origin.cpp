#include "live/audience_origin.h"

#include "base/hash.h"
#include "identity/identifiers.h"
#include "record/changes.h"
#include "record/custom_attributes.h"
#include "record/products.h"
#include "record/settings.h"
#include "record/tiers.h"

namespace shuke::live {

audience::Config read_config(soci::session& session) {
    audience::Config config;
    config.base_currency = record::base_currency(session);
    config.zone = record::configured_zone(session);
    config.lifecycle.silent_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.active_days"));
    config.lifecycle.sleeping_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.silent_days"));
    config.lifecycle.lost_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.sleeping_days"));
    return config;
}

audience::SnapshotOrigin read_origin(soci::session& session) {
    const audience::Config config = read_config(session);
    FieldHasher settings;
    settings.add(code(config.base_currency)).add(config.zone.name());
    settings.add(config.lifecycle.silent_after_days).add(config.lifecycle.sleeping_after_days);
    settings.add(config.lifecycle.lost_after_days);
    for (const Shop& shop : record::all_shops(session)) {
        settings.add(shop.id.value).add(shop.platform).add(shop.name).add(code(shop.currency)).add(shop.time_zone);
    }
    for (const record::Rate& rate : record::all_rates(session)) {
        settings.add(code(rate.from)).add(code(rate.to)).add(rate.day.days_since_epoch).add(rate.rate_e7);
    }
    for (const record::Tier& tier : record::all_tiers(session)) settings.add(tier.name).add(tier.rank);
    for (const record::AttributeDefinition& attribute : record::attribute_definitions(session))
        settings.add(attribute.name).add(static_cast<std::int64_t>(attribute.type));
    settings.add(record::product_terms_fingerprint(session));
    const Hash128 hash = settings.finish();
    return {record::record_id(session), std::to_string(hash.high) + "." + std::to_string(hash.low),
            record::last_change(session)};
}

const std::multimap<int, std::string>& channels() {
    using enum identity::IdentifierKind;
    static const std::multimap<int, std::string> kChannels = {
        {static_cast<int>(kPhone), "sms"}, {static_cast<int>(kPhone), "phone"}, {static_cast<int>(kEmail), "email"}};
    return kChannels;
}

}  // namespace shuke::live

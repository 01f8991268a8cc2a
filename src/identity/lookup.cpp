#include "identity/lookup.h"

#include <charconv>
#include <optional>

#include "base/text.h"
#include "record/customers.h"
#include "record/shops.h"

namespace shuke::identity {
namespace {

constexpr IdentifierKind kKinds[] = {
    IdentifierKind::kExternalId,   IdentifierKind::kOpenId,       IdentifierKind::kUnionId, IdentifierKind::kNick,
    IdentifierKind::kMemberNo,     IdentifierKind::kPhone,        IdentifierKind::kEmail,   IdentifierKind::kTelephone,
    IdentifierKind::kPayerAccount, IdentifierKind::kPrivacyNumber};

std::optional<Identifier> read_as(IdentifierKind kind, std::string_view text) {
    switch (kind) {
        case IdentifierKind::kPhone:
        case IdentifierKind::kTelephone:
        case IdentifierKind::kPrivacyNumber: {
            auto phone = normalise_phone(text, "CN");
            return phone && (phone->kind == kind) ? phone : std::nullopt;
        }
        case IdentifierKind::kEmail: return normalise_email(text);
        case IdentifierKind::kNick: return normalise_nick(text);
        case IdentifierKind::kExternalId:
        case IdentifierKind::kOpenId:
        case IdentifierKind::kUnionId:
        case IdentifierKind::kMemberNo:
        case IdentifierKind::kPayerAccount: return normalise_id(kind, text);
    }
    return std::nullopt;
}

struct Wanted {
    std::optional<IdentifierKind> kind;
    bool shuke_id_only = false;
    std::string_view value;
};

Wanted split_kind(std::string_view text) {
    if (text.starts_with("id:")) return {std::nullopt, true, text.substr(3)};
    for (const IdentifierKind kind : kKinds) {
        const std::string prefix = std::string(to_string(kind)) + ":";
        if (text.starts_with(prefix)) return {kind, false, text.substr(prefix.size())};
    }
    return {std::nullopt, false, text};
}

void add_fingerprints(const std::vector<Shop>& shops, const KeyRing& keys, const Wanted& wanted,
                      std::vector<Hash128>& fingerprints) {
    for (const Shop& shop : shops) {
        for (const IdentifierKind kind : kKinds) {
            if (wanted.kind && *wanted.kind != kind) continue;
            if (const auto identifier = read_as(kind, wanted.value))
                fingerprints.push_back(fingerprint_of(keys, *identifier, shop));
        }
    }
}

std::vector<CustomerId> by_identifier(soci::session& session, const KeyRing& keys, const Wanted& wanted) {
    std::vector<Hash128> fingerprints;
    add_fingerprints(record::all_shops(session), keys, wanted, fingerprints);
    return record::customers_with_identifier(session, fingerprints);
}

}  // namespace

bool is_of_one_shop(IdentifierKind kind) {
    return kind == IdentifierKind::kExternalId || kind == IdentifierKind::kOpenId;
}

Hash128 fingerprint_of(const KeyRing& keys, const Identifier& identifier, const Shop& shop) {
    std::string place(to_string(identifier.kind));
    switch (identifier.kind) {
        case IdentifierKind::kExternalId:
        case IdentifierKind::kOpenId: place += "|shop " + std::to_string(shop.id.value); break;
        case IdentifierKind::kNick:
        case IdentifierKind::kUnionId:
        case IdentifierKind::kPayerAccount: place += "|platform " + shop.platform; break;
        default: break;
    }
    return keys.fingerprint(place, identifier.value);
}

std::vector<Hash128> fingerprints_of(const KeyRing& keys, const std::vector<Shop>& shops, std::string_view text) {
    std::vector<Hash128> fingerprints;
    add_fingerprints(shops, keys, {std::nullopt, false, text}, fingerprints);
    return fingerprints;
}

Result<std::vector<CustomerId>> find_customers(soci::session& session, const KeyRing& keys, std::string_view text) {
    text = trim(text);
    const Wanted wanted = split_kind(text);
    if (!wanted.kind) {
        std::int64_t number = 0;
        const auto [end, problem] =
            std::from_chars(wanted.value.data(), wanted.value.data() + wanted.value.size(), number);
        const bool canonical = problem == std::errc() && end == wanted.value.data() + wanted.value.size() &&
                               std::to_string(number) == wanted.value;
        if (canonical) {
            if (const CustomerId living = record::living_customer(session, CustomerId{number}))
                return std::vector{living};
        }
    }
    auto found = wanted.shuke_id_only ? std::vector<CustomerId>{} : by_identifier(session, keys, wanted);
    if (found.empty()) {
        return fail(Code::kNotFound, "customer.not_found",
                    "no customer has this id, phone, e-mail or account name; ids are found whole, not in parts. "
                    "To look for one kind write phone:…, email:…, nick:…, external_id:… or id:…");
    }
    return found;
}

std::vector<CustomerId> find_by_external_ids(soci::session& session, const KeyRing& keys,
                                             const std::vector<std::string>& external_ids) {
    const std::vector<Shop> shops = record::all_shops(session);
    std::vector<Hash128> fingerprints;
    fingerprints.reserve(shops.size() * external_ids.size());
    for (const std::string& id : external_ids)
        add_fingerprints(shops, keys, {IdentifierKind::kExternalId, false, id}, fingerprints);
    return record::customers_with_identifier(session, fingerprints);
}

}  // namespace shuke::identity

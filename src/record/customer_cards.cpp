#include "record/customer_cards.h"

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "record/bulk_select.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
// Numbers of identity::IdentifierKind, which this room does not know.
constexpr std::int64_t kExternalId = 1, kPhone = 6, kEmail = 7;

using Places = std::unordered_map<std::int64_t, std::size_t>;

void read_names(soci::session& session, const KeyRing& keys, const std::string& ids, const Places& places,
                std::vector<CustomerCard>& cards) {
    BulkSelect select(session,
                      "SELECT customer_id, name_sealed FROM accounts WHERE customer_id IN (" + ids +
                          ") AND name_sealed IS NOT NULL ORDER BY profile_at DESC, id",
                      {kInt, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            auto& name = cards[places.at(select.integer(0, i))].name;
            if (name.reveal().empty()) name = Personal<std::string>(or_throw(keys.unseal(select.text(1, i))));
        }
    }
}

void read_identifiers(soci::session& session, const KeyRing& keys, const std::string& ids, const Places& places,
                      std::vector<CustomerCard>& cards) {
    BulkSelect select(session,
                      "SELECT a.customer_id, i.kind, i.value_sealed FROM accounts a JOIN account_identifiers l ON "
                      "l.account_id = a.id JOIN identifiers i ON i.id = l.identifier_id WHERE a.customer_id IN (" +
                          ids + ") AND i.kind IN (1, 6, 7) ORDER BY a.id, i.id",
                      {kInt, kInt, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            auto& card = cards[places.at(select.integer(0, i))];
            const auto kind = select.integer(1, i);
            auto& value = kind == kExternalId ? card.external_id : kind == kPhone ? card.phone : card.email;
            static_assert(kEmail == 7);
            if (value.reveal().empty()) value = Personal<std::string>(or_throw(keys.unseal(select.text(2, i))));
        }
    }
}

void read_tags(soci::session& session, const std::vector<CustomerId>& ids, const Places& places,
               std::vector<CustomerCard>& cards) {
    // Rows keep the id they were written with.
    std::unordered_map<std::int64_t, std::int64_t> today;
    std::string all;
    for (const CustomerId id : ids) {
        for (const CustomerId one : all_ids_of(session, id)) {
            today[one.value] = id.value;
            all += (all.empty() ? "" : ",") + std::to_string(one.value);
        }
    }
    BulkSelect select(
        session,
        "SELECT c.customer_id, t.name FROM customer_tags c JOIN tags t ON t.id = c.tag_id WHERE c.removed_at "
        "IS NULL AND c.customer_id IN (" +
            all + ") ORDER BY t.name",
        {kInt, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            auto& tags = cards[places.at(today.at(select.integer(0, i)))].tags;
            const std::string name(select.text(1, i));
            if (std::ranges::find(tags, name) == tags.end()) tags.push_back(name);
        }
    }
}

}  // namespace

namespace {

std::vector<std::string> texts_of(soci::session& session, const std::string& sql) {
    std::vector<std::string> texts;
    BulkSelect select(session, sql, {kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) texts.emplace_back(select.text(0, i));
    }
    return texts;
}

}  // namespace

Belongings belongings_of(soci::session& session, const KeyRing& keys, const std::vector<CustomerId>& ids) {
    const std::string list = in_list(ids);
    Belongings found;
    found.lists =
        texts_of(session,
                 "SELECT DISTINCT l.name FROM list_members m JOIN lists l ON l.id = m.list_id WHERE m.removed_at "
                 "IS NULL AND m.customer_id IN (" +
                     list + ") ORDER BY l.name");
    found.segments =
        texts_of(session,
                 "SELECT DISTINCT s.name FROM segment_members m JOIN segments s ON s.id = m.segment_id WHERE "
                 "m.left_at IS NULL AND m.customer_id IN (" +
                     list + ") ORDER BY s.name");
    BulkSelect custom(session,
                      "SELECT name, value_sealed FROM custom_attributes WHERE customer_id IN (" + list +
                          ") ORDER BY name, changed_at DESC",
                      {kText, kText});
    while (const std::size_t rows = custom.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            if (!found.custom.empty() && found.custom.back().name == custom.text(0, i)) continue;  // the newest holds
            found.custom.push_back({std::string(custom.text(0, i)), or_throw(keys.unseal(custom.text(1, i)))});
        }
    }
    BulkSelect accounts(session, "SELECT id, shop_id FROM accounts WHERE customer_id IN (" + list + ") ORDER BY id",
                        {kInt, kInt});
    while (const std::size_t rows = accounts.fetch()) {
        for (std::size_t i = 0; i < rows; ++i)
            found.accounts.push_back({accounts.integer(0, i), ShopId{accounts.integer(1, i)}});
    }
    return found;
}

std::string in_list(const std::vector<CustomerId>& ids) {
    std::string text;
    for (const CustomerId id : ids) text += (text.empty() ? "" : ",") + std::to_string(id.value);
    return text.empty() ? "0" : text;
}

std::vector<CustomerId> all_ids_of(soci::session& session, CustomerId customer) {
    std::vector<CustomerId> all{customer};
    for (std::size_t at = 0; at < all.size(); ++at) {
        const long long into = all[at].value;
        long long id = 0;
        soci::statement select =
            (session.prepare << "SELECT id FROM customers WHERE merged_into = :id", soci::use(into), soci::into(id));
        select.execute();
        while (select.fetch()) {
            if (std::ranges::find(all, CustomerId{id}) == all.end()) all.push_back(CustomerId{id});
        }
    }
    std::ranges::sort(all);
    return all;
}

std::vector<CustomerCard> customer_cards(soci::session& session, const KeyRing& keys,
                                         const std::vector<CustomerId>& ids) {
    std::vector<CustomerCard> cards(ids.size());
    Places places;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        cards[i].id = ids[i];
        places[ids[i].value] = i;
    }
    if (ids.empty()) return cards;
    const std::string list = in_list(ids);
    read_names(session, keys, list, places, cards);
    read_identifiers(session, keys, list, places, cards);
    read_tags(session, ids, places, cards);
    return cards;
}

}  // namespace shuke::record

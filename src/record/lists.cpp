#include "record/lists.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "record/bulk_select.h"
#include "record/database.h"
#include "record/spans.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::string_view kReasons[] = {"unknown", "ambiguous", "empty"};

Hash128 fingerprint_of(const KeyRing& keys, std::string_view value) { return keys.fingerprint("list row", value); }

UnknownReason parse_reason(std::string_view text) {
    const auto found = std::ranges::find(kReasons, text);
    return found == std::end(kReasons) ? UnknownReason::kUnknown
                                       : static_cast<UnknownReason>(found - std::begin(kReasons));
}

}  // namespace

std::string_view to_string(UnknownReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::vector<StoredList> all_lists(soci::session& session) {
    std::vector<StoredList> lists;
    StoredList one;
    long long id = 0, created = 0, members = 0, unknowns = 0;
    soci::statement select =
        (session.prepare << "SELECT l.id, l.name, l.owner, l.description, l.created_at, (SELECT count(*) FROM "
                            "list_members m WHERE m.list_id = l.id AND m.removed_at IS NULL), (SELECT count(*) FROM "
                            "list_unknowns u WHERE u.list_id = l.id) FROM lists l ORDER BY l.name",
         soci::into(id), soci::into(one.name), soci::into(one.owner), soci::into(one.description), soci::into(created),
         soci::into(members), soci::into(unknowns));
    select.execute();
    while (select.fetch()) {
        one.id = ListId{id};
        one.created_at = Instant{created};
        one.members = members;
        one.unknowns = unknowns;
        lists.push_back(one);
    }
    std::ranges::sort(lists, {}, &StoredList::name);
    return lists;
}

std::optional<StoredList> find_list(soci::session& session, std::string_view name) {
    auto lists = all_lists(session);
    const auto found = std::ranges::find(lists, name, &StoredList::name);
    if (found == lists.end()) return std::nullopt;
    return std::move(*found);
}

ListId insert_list(soci::session& session, const StoredList& list, Instant now) {
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM lists", soci::into(id);
    const long long at = now.us_since_epoch;
    session << "INSERT INTO lists (id, name, owner, description, created_at) VALUES (:id, :name, :owner, :description, "
               ":at)",
        soci::use(id), soci::use(list.name), soci::use(list.owner), soci::use(list.description), soci::use(at);
    return ListId{id};
}

void delete_list(soci::session& session, ListId id) {
    const long long list = id.value;
    delete_spans(session, kListSpans, list);
    session << "DELETE FROM list_unknowns WHERE list_id = :id", soci::use(list);
    session << "DELETE FROM lists WHERE id = :id", soci::use(list);
}

std::int64_t add_unknowns(soci::session& session, const KeyRing& keys, ListId id, const std::vector<UnknownRow>& rows) {
    std::set<std::pair<std::uint64_t, std::uint64_t>> known;
    {
        BulkSelect select(session,
                          "SELECT value_high, value_low FROM list_unknowns WHERE list_id = " + std::to_string(id.value),
                          {kInt, kInt});
        while (const std::size_t count = select.fetch()) {
            for (std::size_t i = 0; i < count; ++i) {
                known.emplace(static_cast<std::uint64_t>(select.integer(0, i)),
                              static_cast<std::uint64_t>(select.integer(1, i)));
            }
        }
    }
    StatementBatch insert(session,
                          insert_into("list_unknowns", {"list_id", "value_high", "value_low", "value_sealed", "reason",
                                                        "row_number", "at"}),
                          {kInt, kInt, kInt, kText, kText, kInt, kInt});
    std::int64_t added = 0;
    for (const UnknownRow& row : rows) {
        const Hash128 fingerprint = fingerprint_of(keys, row.value.reveal());
        if (!known.emplace(fingerprint.high, fingerprint.low).second) continue;
        insert.integer(id.value).integer(static_cast<std::int64_t>(fingerprint.high));
        insert.integer(static_cast<std::int64_t>(fingerprint.low)).text(keys.seal(row.value.reveal()));
        insert.text(to_string(row.reason)).integer(row.row_number).integer(row.at.us_since_epoch);
        ++added;
    }
    insert.flush();
    return added;
}

void remove_unknowns(soci::session& session, const KeyRing& keys, ListId id, const std::vector<std::string>& values) {
    if (values.empty()) return;
    StatementBatch remove(session,
                          "DELETE FROM list_unknowns WHERE list_id = :id AND value_high = :high AND value_low = :low",
                          {kInt, kInt, kInt});
    for (const std::string& value : values) {
        const Hash128 fingerprint = fingerprint_of(keys, value);
        remove.integer(id.value).integer(static_cast<std::int64_t>(fingerprint.high));
        remove.integer(static_cast<std::int64_t>(fingerprint.low));
    }
    remove.flush();
}

void for_each_unknown(soci::session& session, const KeyRing& keys, ListId id,
                      const std::function<void(const UnknownRow&)>& visit) {
    BulkSelect select(session,
                      "SELECT value_sealed, reason, row_number, at FROM list_unknowns WHERE list_id = " +
                          std::to_string(id.value) + " ORDER BY row_number, value_high, value_low",
                      {kText, kText, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            UnknownRow row;
            row.value = Personal<std::string>(or_throw(keys.unseal(select.text(0, i))));
            row.reason = parse_reason(select.text(1, i));
            row.row_number = select.integer(2, i);
            row.at = Instant{select.integer(3, i)};
            visit(row);
        }
    }
}

}  // namespace shuke::record

#include "segment/static_lists.h"

#include <algorithm>

#include "base/text.h"
#include "record/changes.h"
#include "record/spans.h"
#include "segment/definitions.h"
#include "segment/name.h"

namespace shuke::segment {
namespace {

using record::UnknownReason;
using record::UnknownRow;

struct LookedUp {
    std::vector<CustomerId> customers;  // ascending, each once
    std::vector<UnknownRow> unknowns;
    std::vector<std::string> named;  // values that name somebody
    ListReport report;
};

void count(ListReport& report, UnknownReason reason) {
    switch (reason) {
        case UnknownReason::kUnknown: ++report.unknown; break;
        case UnknownReason::kAmbiguous: ++report.ambiguous; break;
        case UnknownReason::kEmpty: ++report.empty; break;
    }
}

LookedUp look_up(soci::session& session, const std::vector<std::string>& rows, const Resolve& resolve, Instant now) {
    LookedUp result;
    for (const std::string& row : rows) {
        ++result.report.rows;
        const std::string_view text = trim(row);
        const auto found = text.empty() ? std::vector<CustomerId>{} : resolve(session, text);
        if (found.size() == 1) {
            ++result.report.named;
            result.customers.push_back(found.front());
            result.named.emplace_back(text);
            continue;
        }
        UnknownRow unknown;
        unknown.value = Personal<std::string>(std::string(text));
        unknown.reason = text.empty()    ? UnknownReason::kEmpty
                         : found.empty() ? UnknownReason::kUnknown
                                         : UnknownReason::kAmbiguous;
        unknown.row_number = result.report.rows;
        unknown.at = now;
        count(result.report, unknown.reason);
        // An empty row says nothing that could be tried again.
        if (!text.empty()) result.unknowns.push_back(std::move(unknown));
    }
    std::ranges::sort(result.customers);
    result.customers.erase(std::unique(result.customers.begin(), result.customers.end()), result.customers.end());
    result.report.customers = static_cast<std::int64_t>(result.customers.size());
    return result;
}

record::StoredList found_list(soci::session& session, std::string_view name) {
    const auto lists = record::all_lists(session);
    const std::string wanted = nfkc(trim(name));
    const auto found = std::ranges::find(lists, wanted, &record::StoredList::name);
    if (found != lists.end()) return *found;
    std::vector<std::string_view> names;
    for (const auto& list : lists) names.push_back(list.name);
    const std::string_view near = nearest(wanted, names);
    throw Failure{{Code::kNotFound, "list.unknown",
                   "there is no list '" + std::string(cut(name, 80)) +
                       (near.empty() ? "'; see: shuke lists" : "'; did you mean '" + std::string(near) + "'?")}};
}

void audit(soci::session& session, std::string_view actor, const char* action, std::string_view name,
           const std::string& detail, Instant now) {
    record::AuditEntry entry;
    entry.actor = actor;
    entry.action = action;
    entry.subject = "list " + std::string(name);
    entry.detail = detail;
    record::append_audit(session, entry, now);
}

void write_list(soci::session& session, record::Database& database, const ListDraft& draft, LookedUp& found) {
    const Instant now = database.clock().now();
    auto list = record::find_list(session, draft.name);
    if (!list) {
        list.emplace();
        list->name = draft.name;
        list->owner = draft.actor;
        list->description = draft.description;
        list->id = record::insert_list(session, *list, now);
        found.report.is_new = true;
    }
    if (draft.replace) {
        std::vector<std::string> kept;
        record::for_each_unknown(session, database.keys(), list->id,
                                 [&](const UnknownRow& row) { kept.push_back(row.value.reveal()); });
        record::remove_unknowns(session, database.keys(), list->id, kept);
    }
    const auto changes = draft.replace
                             ? record::set_members(session, record::kListSpans, list->id.value, found.customers, now)
                             : record::add_members(session, record::kListSpans, list->id.value, found.customers, now);
    found.report.added = static_cast<std::int64_t>(changes.entered.size());
    found.report.removed = static_cast<std::int64_t>(changes.left.size());
    record::remove_unknowns(session, database.keys(), list->id, found.named);
    record::add_unknowns(session, database.keys(), list->id, found.unknowns);
    audit(session, draft.actor, draft.replace ? "list.replace" : "list.import", draft.name,
          std::to_string(found.report.rows) + " rows, " + std::to_string(found.report.added) + " added, " +
              std::to_string(found.report.removed) + " removed, " + std::to_string(found.report.unknown) +
              " unknown, " + std::to_string(found.report.ambiguous) + " ambiguous",
          now);
}

}  // namespace

Result<ListReport> import_list(record::Database& database, const ListDraft& draft, const std::vector<std::string>& rows,
                               const Resolve& resolve) {
    const auto name = checked_name(draft.name);
    if (!name) return std::unexpected(name.error());
    ListDraft checked = draft;
    checked.name = *name;
    LookedUp found;
    auto read =
        database.read([&](soci::session& session) { found = look_up(session, rows, resolve, database.clock().now()); });
    if (!read) return std::unexpected(read.error());
    auto written =
        database.write("list.import", [&](soci::session& session) { write_list(session, database, checked, found); });
    if (!written) return std::unexpected(written.error());
    return found.report;
}

Result<ListReport> retry_unknowns(record::Database& database, std::string_view name, std::string_view actor,
                                  const Resolve& resolve) {
    const auto list = find_list(database, name);
    if (!list) return std::unexpected(list.error());
    const auto kept = unknown_rows(database, name);
    if (!kept) return std::unexpected(kept.error());
    std::vector<std::string> rows;
    for (const UnknownRow& row : *kept) rows.push_back(row.value.reveal());
    ListDraft draft;
    draft.name = list->name;
    draft.actor = actor;
    return import_list(database, draft, rows, resolve);
}

Result<std::vector<record::StoredList>> all_lists(record::Database& database) {
    std::vector<record::StoredList> lists;
    auto read = database.read([&](soci::session& session) { lists = record::all_lists(session); });
    if (!read) return std::unexpected(read.error());
    return lists;
}

Result<record::StoredList> find_list(record::Database& database, std::string_view name) {
    record::StoredList list;
    auto read = database.read([&](soci::session& session) { list = found_list(session, name); });
    if (!read) return std::unexpected(read.error());
    return list;
}

Result<std::vector<CustomerId>> list_members(record::Database& database, std::string_view name, Instant at) {
    std::vector<CustomerId> members;
    auto read = database.read([&](soci::session& session) {
        const auto list = found_list(session, name);
        members = record::members_at(session, record::kListSpans, list.id.value, record::Survivors(session), at);
    });
    if (!read) return std::unexpected(read.error());
    return members;
}

Result<std::vector<UnknownRow>> unknown_rows(record::Database& database, std::string_view name) {
    std::vector<UnknownRow> rows;
    auto read = database.read([&](soci::session& session) {
        const auto list = found_list(session, name);
        record::for_each_unknown(session, database.keys(), list.id,
                                 [&](const UnknownRow& row) { rows.push_back(row); });
    });
    if (!read) return std::unexpected(read.error());
    return rows;
}

Status delete_list(record::Database& database, std::string_view name, std::string_view actor) {
    return database.write("list.delete", [&](soci::session& session) {
        const auto list = found_list(session, name);
        const std::string users = users_of(all_definitions(session, database.keys()), Named::kList, list.name);
        if (!users.empty()) {
            throw Failure{
                {Code::kConflict, "list.in_use", "'" + list.name + "' is named by " + users + "; change those first"}};
        }
        record::delete_list(session, list.id);
        audit(session, actor, "list.delete", list.name, "with its recorded membership", database.clock().now());
    });
}

}  // namespace shuke::segment

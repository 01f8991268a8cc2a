#include "record/spans.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>

#include "record/bulk_select.h"
#include "record/changes.h"
#include "record/statement_batch.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::int64_t kStill = kNever.us_since_epoch;

// The names are ours (SpanTable), the owner a number: nothing here comes from outside.
std::string of_owner(const SpanTable& table, std::int64_t owner) {
    return std::string(" FROM ") + table.table + " WHERE " + table.owner + " = " + std::to_string(owner);
}

struct OpenSpan {
    CustomerId customer, stored;
    Instant from;
    bool closable = true;  // of the source that may close it
};

// Of all who belong now, by (customer, stored).
std::vector<OpenSpan> open_spans(soci::session& session, const SpanTable& table, std::int64_t owner,
                                 const Survivors& survivors, std::string_view source) {
    const std::string source_column = table.has_source ? "source" : "''";
    BulkSelect select(session,
                      "SELECT customer_id, " + std::string(table.from) + ", " + source_column + of_owner(table, owner) +
                          " AND " + table.until + " IS NULL",
                      {kInt, kInt, kText});
    std::vector<OpenSpan> open;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId stored{select.integer(0, i)};
            open.push_back({survivors.of(stored), stored, Instant{select.integer(1, i)},
                            source.empty() || select.text(2, i) == source});
        }
    }
    std::ranges::sort(open, {}, [](const OpenSpan& span) { return std::tuple(span.customer, span.stored); });
    return open;
}

void open_new(soci::session& session, const SpanTable& table, std::int64_t owner,
              const std::vector<CustomerId>& customers, Instant at, std::string_view source) {
    if (customers.empty()) return;
    if (table.has_source) {
        StatementBatch insert(session, insert_into(table.table, {table.owner, "customer_id", table.from, "source"}),
                              {kInt, kInt, kInt, kText});
        for (const CustomerId customer : customers)
            insert.integer(owner).integer(customer.value).integer(at.us_since_epoch).text(source);
        insert.flush();
        return;
    }
    StatementBatch insert(session, insert_into(table.table, {table.owner, "customer_id", table.from}),
                          {kInt, kInt, kInt});
    for (const CustomerId customer : customers)
        insert.integer(owner).integer(customer.value).integer(at.us_since_epoch);
    insert.flush();
}

void close(soci::session& session, const SpanTable& table, std::int64_t owner, const std::vector<OpenSpan>& spans,
           Instant at) {
    if (spans.empty()) return;
    StatementBatch update(session,
                          std::string("UPDATE ") + table.table + " SET " + table.until + " = :until WHERE " +
                              table.owner + " = :owner AND customer_id = :customer AND " + table.from + " = :since",
                          {kInt, kInt, kInt, kInt});
    for (const OpenSpan& span : spans) {
        // A clock that was set back must not end a span before it began.
        update.integer(std::max(at, span.from).us_since_epoch).integer(owner).integer(span.stored.value);
        update.integer(span.from.us_since_epoch);
    }
    update.flush();
}

void stamp(soci::session& session, const SpanChanges& changes) {
    std::vector<CustomerId> all;
    std::ranges::set_union(changes.entered, changes.left, std::back_inserter(all));
    append_changes(session, all);
}

SpanChanges write_difference(soci::session& session, const SpanTable& table, std::int64_t owner,
                             const std::vector<OpenSpan>& open, const std::vector<CustomerId>& wanted,
                             const std::vector<OpenSpan>& leaving, Instant at, std::string_view source) {
    SpanChanges changes;
    std::vector<CustomerId> present;
    for (const OpenSpan& span : open) present.push_back(span.customer);
    std::ranges::set_difference(wanted, present, std::back_inserter(changes.entered));
    // Who has several rows leaves when all of them are closed; both lists are by customer.
    for (auto first = leaving.begin(); first != leaving.end();) {
        const CustomerId customer = first->customer;
        const auto last =
            std::find_if(first, leaving.end(), [&](const auto& span) { return span.customer != customer; });
        const auto [begin, end] = std::ranges::equal_range(present, customer);
        if (std::distance(first, last) == end - begin) changes.left.push_back(customer);
        first = last;
    }
    open_new(session, table, owner, changes.entered, at, source);
    close(session, table, owner, leaving, at);
    stamp(session, changes);
    return changes;
}

// Ids of today, ascending, each once: somebody may have been merged since the caller looked.
std::vector<CustomerId> living(const std::vector<CustomerId>& customers, const Survivors& survivors) {
    std::vector<CustomerId> living;
    for (const CustomerId customer : customers) living.push_back(survivors.of(customer));
    std::ranges::sort(living);
    living.erase(std::unique(living.begin(), living.end()), living.end());
    return living;
}

}  // namespace

void for_each_named_span(soci::session& session, const SpanTable& table, const Survivors& survivors, const Whose& whose,
                         const std::function<void(std::string_view, const Span&)>& visit) {
    const std::string owner = table.owner;
    BulkSelect select(session,
                      "SELECT o.name, m.customer_id, m." + std::string(table.from) + ", m." + table.until + " FROM " +
                          table.table + " m JOIN " + table.owners + " o ON o.id = m." + owner + " WHERE " +
                          whose.condition("m.customer_id") + " ORDER BY m." + owner + ", m.customer_id, m." +
                          table.from,
                      {kText, kInt, kInt, kInt});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId stored{select.integer(1, i)};
            visit(select.text(0, i),
                  {survivors.of(stored), stored, Instant{select.integer(2, i)}, Instant{select.integer(3, i, kStill)}});
        }
    }
}

std::vector<Span> spans_of(soci::session& session, const SpanTable& table, std::int64_t owner,
                           const Survivors& survivors) {
    BulkSelect select(session,
                      "SELECT customer_id, " + std::string(table.from) + ", " + table.until + of_owner(table, owner),
                      {kInt, kInt, kInt});
    std::vector<Span> rows_found;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const CustomerId stored{select.integer(0, i)};
            rows_found.push_back(
                {survivors.of(stored), stored, Instant{select.integer(1, i)}, Instant{select.integer(2, i, kStill)}});
        }
    }
    std::ranges::sort(rows_found, {}, [](const Span& span) { return std::tuple(span.customer, span.from); });
    std::vector<Span> joined;
    for (const Span& span : rows_found) {
        const bool goes_on = !joined.empty() && joined.back().customer == span.customer &&
                             (joined.back().until == kNever || span.from <= joined.back().until);
        if (!goes_on) {
            joined.push_back(span);
        } else if (joined.back().until != kNever) {
            joined.back().until = span.until == kNever ? kNever : std::max(joined.back().until, span.until);
        }
    }
    return joined;
}

std::vector<CustomerId> members_at(soci::session& session, const SpanTable& table, std::int64_t owner,
                                   const Survivors& survivors, Instant at) {
    std::vector<CustomerId> members;
    for (const Span& span : spans_of(session, table, owner, survivors)) {
        if (span.from <= at && (span.until == kNever || at < span.until)) members.push_back(span.customer);
    }
    return members;
}

SpanChanges set_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                        const std::vector<CustomerId>& members, Instant at, std::string_view source) {
    const Survivors survivors(session);
    const auto wanted = living(members, survivors);
    const auto open = open_spans(session, table, owner, survivors, source);
    std::vector<OpenSpan> leaving;
    std::ranges::copy_if(open, std::back_inserter(leaving), [&](const OpenSpan& span) {
        return span.closable && !std::ranges::binary_search(wanted, span.customer);
    });
    return write_difference(session, table, owner, open, wanted, leaving, at, source);
}

SpanChanges add_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                        const std::vector<CustomerId>& members, Instant at, std::string_view source) {
    const Survivors survivors(session);
    const auto open = open_spans(session, table, owner, survivors, {});
    return write_difference(session, table, owner, open, living(members, survivors), {}, at, source);
}

SpanChanges remove_members(soci::session& session, const SpanTable& table, std::int64_t owner,
                           const std::vector<CustomerId>& leaving, Instant at) {
    const Survivors survivors(session);
    const auto gone = living(leaving, survivors);
    const auto open = open_spans(session, table, owner, survivors, {});
    std::vector<OpenSpan> closing;
    std::ranges::copy_if(open, std::back_inserter(closing),
                         [&](const OpenSpan& span) { return std::ranges::binary_search(gone, span.customer); });
    return write_difference(session, table, owner, open, {}, closing, at, {});
}

void stamp_members(soci::session& session, const SpanTable& table, std::int64_t owner) {
    std::vector<CustomerId> customers;
    for (const Span& span : spans_of(session, table, owner, Survivors(session))) {
        if (customers.empty() || customers.back() != span.customer) customers.push_back(span.customer);
    }
    append_changes(session, customers);
}

void delete_spans(soci::session& session, const SpanTable& table, std::int64_t owner) {
    stamp_members(session, table, owner);
    const long long id = owner;
    session << std::string("DELETE FROM ") + table.table + " WHERE " + table.owner + " = :owner", soci::use(id);
}

}  // namespace shuke::record

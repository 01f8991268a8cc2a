// src/api/resources/ingest_events.cpp: customers, interactions, reviews, refunds, shipments, one or many.
#include "api/resources/row_stream.h"
#include "api/resources/rows_body.h"
#include "ingest/event_intake.h"

namespace shuke::api {
namespace {

ingest::IncomingEvent event_of(const Json& json) {
    ingest::IncomingEvent event;
    for (const auto& [name, value] : json.items()) {
        if (name == "tags") {
            event.tags = value.get<std::vector<std::string>>();
        } else if (name == "custom") {
            for (const auto& [attribute, said] : value.items()) event.custom[attribute] = text_of(said);
        } else {
            event.fields[name] = text_of(value);
        }
    }
    return event;
}

Json result_json(std::size_t index, const ingest::OrderOutcome& outcome) {
    constexpr const char* kNames[] = {"new", "changed", "unchanged", "rejected"};
    Json row{{"index", index}, {"result", kNames[static_cast<std::size_t>(outcome.kind)]}};
    if (!outcome.order_no.empty()) row["key"] = outcome.order_no;
    if (outcome.kind == ingest::OrderOutcome::Kind::kRejected)
        row["problem"] = {{"key", outcome.problem}, {"detail", outcome.detail}};
    return row;
}

Result<std::vector<Json>> take_rows(Call& call, ingest::EventTable table, std::vector<BodyRow> rows,
                                    std::size_t first) {
    std::vector<Json> results(rows.size());
    std::vector<std::size_t> places;
    std::vector<ingest::IncomingEvent> events;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (const auto fault = fault_of(*call.operation.row, rows[i])) {
            results[i] = rejected_json(first + i, *fault);
            continue;
        }
        events.push_back(event_of(rows[i].value));
        places.push_back(i);
    }
    if (events.empty()) return results;
    const auto outcomes = ingest::take_events(call.at.database, table, events, call.who.actor());
    if (!outcomes) return std::unexpected(outcomes.error());
    for (std::size_t i = 0; i < places.size(); ++i) results[places[i]] = result_json(first + places[i], (*outcomes)[i]);
    return results;
}

Reply take(Call& call, ingest::EventTable table) {
    if (auto fits = fits_memory(call); !fits) return std::unexpected(fits.error());
    if (is_row_stream(call)) {
        return take_row_stream(call, [&](std::vector<BodyRow> part, std::size_t first) {
            return take_rows(call, table, std::move(part), first);
        });
    }
    auto rows = rows_of(call.request);
    if (!rows) return std::unexpected(rows.error());
    auto results = take_rows(call, table, std::move(*rows), 0);
    if (!results) return std::unexpected(results.error());
    return report_of(std::move(*results));
}

}  // namespace

void add_event_ingest(Handlers& handlers) {
    const auto add = [&](const char* operation, ingest::EventTable table) {
        handlers.add(operation, [table](Call& call) { return take(call, table); });
    };
    add("ingest_customers", ingest::EventTable::kCustomers);
    add("ingest_interactions", ingest::EventTable::kInteractions);
    add("ingest_reviews", ingest::EventTable::kReviews);
    add("ingest_refunds", ingest::EventTable::kRefunds);
    add("ingest_shipments", ingest::EventTable::kShipments);
}

}  // namespace shuke::api

// src/api/resources/ingest_events.cpp: customers, interactions, reviews, refunds, shipments, one or many.
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

Reply take(Call& call, ingest::EventTable table) {
    const auto rows = rows_of(call.request);
    if (!rows) return std::unexpected(rows.error());
    std::vector<Json> results(rows->size());
    std::vector<std::size_t> places;
    std::vector<ingest::IncomingEvent> events;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if (const auto fault = fault_of(*call.operation.row, (*rows)[i])) {
            results[i] = rejected_json(i, *fault);
            continue;
        }
        events.push_back(event_of((*rows)[i].value));
        places.push_back(i);
    }
    if (!events.empty()) {
        const auto outcomes = ingest::take_events(call.at.database, table, events, call.who.actor());
        if (!outcomes) return std::unexpected(outcomes.error());
        for (std::size_t i = 0; i < places.size(); ++i) results[places[i]] = result_json(places[i], (*outcomes)[i]);
    }
    return report_of(std::move(results));
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

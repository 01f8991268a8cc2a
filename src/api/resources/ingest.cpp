// src/api/resources/ingest.cpp: orders, one or many, JSON or NDJSON, each answered for itself. Customers, interactions, reviews,
// refunds and shipments are in ingest_events.cpp.
#include <future>
#include <thread>

#include "api/resources.h"
#include "api/resources/row_stream.h"
#include "api/resources/rows_body.h"
#include "ingest/format/native.h"
#include "ingest/order_intake.h"

namespace shuke::api {
namespace {

using ingest::IncomingOrder;
using ingest::OrderOutcome;

// Where each field of an order or line stands in the native form.
const std::map<std::string, std::size_t, std::less<>>& columns() {
    static const auto kColumns = [] {
        std::map<std::string, std::size_t, std::less<>> map;
        std::size_t at = 0;
        for (const auto& column : ingest::native_columns()) map[std::string(column.name)] = at++;
        return map;
    }();
    return kColumns;
}

void put(const Json& object, ingest::NativeTexts& texts) {
    for (const auto& [name, value] : object.items()) {
        const auto at = columns().find(name);
        if (at != columns().end()) texts[at->second] = text_of(value);
    }
}

IncomingOrder order_of(const Json& json) {
    IncomingOrder order;
    ingest::NativeTexts head(columns().size());
    put(json, head);
    const auto lines = json.find("lines");
    if (lines == json.end() || lines->empty()) {
        order.rows.push_back(std::move(head));
        return order;
    }
    for (const auto& line : *lines) {
        order.rows.push_back(head);
        put(line, order.rows.back());
    }
    return order;
}

Json result_json(std::size_t index, const OrderOutcome& outcome) {
    constexpr const char* kNames[] = {"new", "changed", "unchanged", "rejected"};
    Json row{{"index", index}, {"result", kNames[static_cast<std::size_t>(outcome.kind)]}};
    if (!outcome.order_no.empty()) row["order_no"] = outcome.order_no;
    if (outcome.kind == OrderOutcome::Kind::kRejected) {
        row["problem"] = {{"key", outcome.problem}, {"detail", outcome.detail}};
        if (!outcome.field.empty()) row["problem"]["field"] = outcome.field;
    }
    return row;
}

// A part of a stream: written before the next part is read.
Result<std::vector<Json>> take_orders(const Call& call, std::vector<BodyRow> rows, std::size_t first) {
    std::vector<Json> results(rows.size());
    std::vector<std::size_t> places;
    std::vector<IncomingOrder> orders;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (auto fault = fault_of(*call.operation.row, rows[i])) {
            results[i] = rejected_json(first + i, *fault);
        } else {
            orders.push_back(order_of(rows[i].value));
            places.push_back(i);
        }
    }
    if (orders.empty()) return results;
    const auto written = std::make_shared<std::promise<std::vector<OrderOutcome>>>();
    const auto done = [written](std::vector<OrderOutcome> outcomes) { written->set_value(std::move(outcomes)); };
    while (!call.at.intake.submit(orders, done)) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto outcomes = written->get_future().get();
    for (std::size_t i = 0; i < outcomes.size(); ++i) results[places[i]] = result_json(first + places[i], outcomes[i]);
    return results;
}

// Rows that are not as declared never reach the intake; the others keep their places.
void ingest_orders(const std::shared_ptr<Call>& call, const std::function<void(Reply)>& answer) {
    if (auto fits = fits_memory(*call); !fits) return answer(std::unexpected(fits.error()));
    if (is_row_stream(*call)) {
        return answer(take_row_stream(*call, [&](std::vector<BodyRow> part, std::size_t first) {
            return take_orders(*call, std::move(part), first);
        }));
    }
    auto rows = rows_of(call->request);
    if (!rows) return answer(std::unexpected(rows.error()));
    auto results = std::make_shared<std::vector<Json>>(rows->size());
    auto places = std::make_shared<std::vector<std::size_t>>();
    std::vector<IncomingOrder> orders;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if (auto fault = fault_of(*call->operation.row, (*rows)[i])) {
            (*results)[i] = rejected_json(i, *fault);
        } else {
            orders.push_back(order_of((*rows)[i].value));
            places->push_back(i);
        }
    }
    rows->clear();
    if (orders.empty()) return answer(report_of(std::move(*results)));
    const auto put_outcomes = [results, places](const std::vector<OrderOutcome>& outcomes) {
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            (*results)[(*places)[i]] = result_json((*places)[i], outcomes[i]);
    };
    ingest::OrderIntake::Along keep;
    if (call->keep_answer) {
        keep = [call, results, put_outcomes](soci::session& session, const std::vector<OrderOutcome>& outcomes) {
            put_outcomes(outcomes);
            call->keep_answer(session, *report_of(*results));
        };
    }
    const auto done = [results, put_outcomes, answer](const std::vector<OrderOutcome>& outcomes) {
        put_outcomes(outcomes);
        answer(report_of(std::move(*results)));
    };
    const bool taken = call->at.intake.submit(orders, done, std::move(keep));
    if (!taken)
        answer(fail(Code::kExhausted, "server.busy", "too many orders wait to be written; try again in a second"));
}

}  // namespace

void add_ingest(Handlers& handlers) {
    handlers.add_later("ingest_orders", ingest_orders);
    add_event_ingest(handlers);
}

}  // namespace shuke::api

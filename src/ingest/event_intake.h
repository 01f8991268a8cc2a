// src/ingest/event_intake.h
//
// What happens around orders, as programs tell it row by row: customers, interactions, reviews, refunds, shipments. A row names
// whose it is by customer number, identifier or order; the same row again is unchanged, a newer one replaces what it says.
//
//   in   fields by name, as texts; "" = not said
//   out  one outcome a row
//
// Errors   of a row: field.missing, customer.not_found, customer.ambiguous, order.unknown, time.*, number.*; each row is for
//          itself, in one transaction of all
// Threads  any
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ingest/order_intake.h"

namespace shuke::ingest {

enum class EventTable : std::uint8_t { kCustomers, kInteractions, kReviews, kRefunds, kShipments };

struct IncomingEvent {
    std::map<std::string, std::string, std::less<>> fields;
    std::map<std::string, std::string, std::less<>> custom;  // of customers
    std::vector<std::string> tags;                           // of customers
};
Result<std::vector<OrderOutcome>> take_events(record::Database& database, EventTable table,
                                              const std::vector<IncomingEvent>& events, const std::string& actor);

}  // namespace shuke::ingest

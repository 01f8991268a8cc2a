// src/record/facts.h
//
// Everything the record knows of customers, row by row, in the shape the audience engine takes: a few ordered scans,
// in bulk. Call all of them in one read transaction, in the order of this page.
//
// Errors   driver exceptions
// Cost     about 0.5 µs an order line, 1 µs an order (docs/benchmarks.md)
#pragma once

#include <soci/soci.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/crypto.h"
#include "domain/events.h"
#include "domain/facts.h"
#include "record/shops.h"
#include "record/survivors.h"
#include "record/whose.h"

namespace shuke::record {

// Remembers what lines and refunds need of orders in other currencies.
class FactReader {
public:
    FactReader(soci::session& session, Converter& converter, Whose whose = Whose::everybody());

    void customers(const std::function<void(const CustomerFact&)>& visit);                // ascending id
    void labels(const std::function<void(const LabelFact&)>& visit, LabelId after = {});  // with greater ids
    void orders(const std::function<void(const OrderFact&)>& visit);                      // ascending id
    // By (order, line number), in batches, so that they can be handed to another thread.
    void lines(const std::function<void(std::vector<LineFact>)>& visit);
    void refunds(const std::function<void(const RefundFact&)>& visit);
    // Recorded membership, lists and tags; agreement to marketing and its refusal; and addresses: `channels` says which
    // channel an identifier of which kind is an address of.
    void spans(const std::multimap<int, std::string>& channels, const std::function<void(const SpanFact&)>& visit);
    // Shipments, reviews, messages …, each kind in turn.
    void events(const std::function<void(const EventFact&)>& visit);
    // Tiers and scores with their history, custom attributes as of today.
    void traits(const KeyRing& keys, const std::function<void(const TraitFact&)>& visit);

private:
    struct Rating {
        Currency currency;
        Day day;
    };
    std::int64_t convert(std::int64_t amount, OrderId order);
    void consents(const Survivors& survivors, const std::function<void(const SpanFact&)>& visit);
    void events_of(EventKind kind, const Survivors& survivors, const std::function<void(const EventFact&)>& visit);
    void tiers(const Survivors& survivors, const std::function<void(const TraitFact&)>& visit);
    void scores(const Survivors& survivors, const std::function<void(const TraitFact&)>& visit);
    void custom_attributes(const KeyRing& keys, const Survivors& survivors,
                           const std::function<void(const TraitFact&)>& visit);
    void addresses(const std::multimap<int, std::string>& channels, const std::function<void(const SpanFact&)>& visit);

    std::string where(std::string_view column) const;  // " WHERE …", or nothing

    soci::session& session_;
    Converter& converter_;
    Whose whose_;
    std::unordered_map<std::int64_t, Rating> foreign_orders_;
};

}  // namespace shuke::record

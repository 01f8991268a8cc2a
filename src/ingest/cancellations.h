// src/ingest/cancellations.h
//
// Which purchase a cancelled invoice takes back. An invoice is a refund of the newest earlier purchase of the same
// customer that holds all its lines: the product, at least the quantity and the amount, not yet taken back by an
// earlier cancellation. Where no purchase holds the whole invoice, each line looks for its own. What is left is a
// refund without an order, at its own date.
//
// Worked out anew for a whole shop, in order of (time, invoice number), so the answer depends on what is in the
// record and not on the order in which files came. Writes only what differs.
//
// Call inside a write transaction. Cost: one pass over the lines of customers who ever cancelled.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "base/id.h"
#include "record/side_documents.h"

namespace shuke::ingest {

struct Settled {
    std::vector<CustomerId> customers;  // whose refunds changed
    std::int64_t documents = 0;         // cancelled invoices whose refunds changed
};

Settled settle_cancellations(soci::session& session, ShopId shop, ImportId import);

// The pure part: refunds by (refund_no, order).
std::vector<record::CancellationRefund> match_cancellations(const std::vector<record::CancelledLine>& cancelled,
                                                            std::vector<record::PurchasedLine> purchased);

}  // namespace shuke::ingest

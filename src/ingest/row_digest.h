// src/ingest/row_digest.h: hashes by which rows are grouped into orders and found unchanged. Computed beside the
// reading, so that the writer compares numbers instead of texts.
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "ingest/order_row.h"

namespace shuke::ingest {

struct RowDigest {
    Hash128 document;         // which order or side document of which shop
    std::int64_t header = 0;  // everything the row says of the order and its buyer
    std::int64_t line = 0;    // what the line is; its refunded amount, which changes later, left out
};

RowDigest digest(const OrderRow& row);
// What an order's lines add up to: order of lines does not matter, their number does.
std::int64_t line_sum_term(std::int64_t line, std::int64_t refunded);

}  // namespace shuke::ingest

// src/ingest/format/online_retail.h
//
// UCI "Online Retail" and "Online Retail II": the order lines of a British web shop, one row each. Pounds, London time.
//
//   invoice C…            a cancelled invoice: kCancelledLine, quantity and amount turned positive
//   invoice A…            bad debt and the like: kAdjustment
//   quantity 0 or less    (no C) stock corrections: kAdjustment, quantity as it stands
//   price 0               a gift: a line with amount 0
//   all others            kLine of an order that was paid when it was made; nothing else is known of it
//
// Country is the widest region the source has and goes to buyer.province. No CustomerID: a guest.
//
// Rejects  order_no.*, quantity.missing, quantity.sign, price.missing, price.negative, time.*, number.*
// Source   Chen, Sain, Guo (2012), Journal of Database Marketing & Customer Strategy Management 19(3); UCI data set 352.
#pragma once

#include <span>

#include "ingest/format/row_format.h"

namespace shuke::ingest {

std::span<const ColumnName> online_retail_columns();
std::span<const int> online_retail_required_columns();
std::unique_ptr<RowFormat> make_online_retail_format(ColumnMap columns, const SourceInfo& info);

}  // namespace shuke::ingest

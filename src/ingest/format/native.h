// src/ingest/format/native.h
//
// Shuke's own form: CSV with these headings, or NDJSON with these names; one row an order line, the order's columns
// repeated; what is missing is missing. Described for users in docs/guide/formats.md.
//
// Rejects  order_no.missing, order_no.scientific, time.*, number.*, currency.unknown, status.unknown,
//          amount.negative, price.negative, quantity.negative, line_no.invalid, cell.too_large, json.*
#pragma once

#include <span>

#include "ingest/format/row_format.h"

namespace shuke::ingest {

std::span<const ColumnName> native_columns();
std::span<const int> native_required_columns();

// For CSV: cells stand where `columns` says.
std::unique_ptr<RowFormat> make_native_format(ColumnMap columns, const SourceInfo& info);
// For NDJSON: each record is one line of JSON.
std::unique_ptr<RowFormat> make_native_json_format(const SourceInfo& info);

}  // namespace shuke::ingest

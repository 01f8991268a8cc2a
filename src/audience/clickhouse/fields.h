// src/audience/clickhouse/fields.h
//
// A field of a fact as an expression over the mirror's columns, as of the query's instant. The definitions are those of
// engine/block.h and engine/block_run.h. A new stored field is one row of the table in fields.cpp.
//
// Errors   Failure clickhouse.not_mirrored
// Threads  one
#pragma once

#include <string>

#include "audience/clickhouse/row_scope.h"
#include "audience/schema.h"

namespace shuke::audience::clickhouse {

enum class Form : std::uint8_t {
    kValue,   // what the language sees: a time after the instant is missing
    kNormal,  // of a text: NFKC
    kDay,     // of a time, uncut: its local day
    kUncut,   // of a time: also one after the instant
};

// For a row of the scope, which may be a line or a refund while the field is its order's. Choices are their number
// from 1 on, 0 missing; yes and no are 1 and 0.
std::string field_value(RowScope& scope, FieldKey field, Form form = Form::kValue);

// A stored column in one of its forms. `is_past`: a time that is not known before it has come.
std::string stored_text(RowScope& scope, std::string_view column, Form form);
std::string stored_time(RowScope& scope, std::string_view column, Form form, bool is_past);

// The conditions behind `paid` and `kept`, for an order.
std::string is_paid(RowScope& orders);
std::string is_kept(RowScope& orders);
std::string is_known(const std::string& number);

// Arrays with one value a purchase, as named parts of the query: see purchases.cpp.
std::string purchase_array(Query& query, FieldKey field, Form form);

}  // namespace shuke::audience::clickhouse

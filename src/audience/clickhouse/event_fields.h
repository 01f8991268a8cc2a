// src/audience/clickhouse/event_fields.h: the fields of shipments, reviews, messages … from the columns that
// event_rows.cpp writes; both follow domain/events.h.
#pragma once

#include <string>
#include <vector>

#include "audience/clickhouse/fields.h"
#include "audience/clickhouse/row_scope.h"
#include "audience/engine/block.h"
#include "audience/schema.h"

namespace shuke::audience::clickhouse {

std::string event_prefix(EventKind kind);  // "shipments."

// What an event knows of the product it is about.
struct ProductField {
    EventPlace place;
    std::string_view name;
    TextDomain domain;
};
std::vector<ProductField> product_fields(EventKind kind);

std::string event_value(RowScope& scope, FieldKey field, Form form);

}  // namespace shuke::audience::clickhouse

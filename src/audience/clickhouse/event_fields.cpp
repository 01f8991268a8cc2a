#include "audience/clickhouse/event_fields.h"

#include <algorithm>

#include "audience/clickhouse/sql_text.h"

namespace shuke::audience::clickhouse {
namespace {

constexpr ProductField kProductFields[] = {{EventPlace::kProduct, "product", TextDomain::kProduct},
                                           {EventPlace::kTitle, "title", TextDomain::kTitle},
                                           {EventPlace::kSku, "sku", TextDomain::kSku},
                                           {EventPlace::kCategory, "category", TextDomain::kCategory},
                                           {EventPlace::kBrand, "brand", TextDomain::kBrand}};

const Fact& fact_of(EventKind kind) {
    const auto number = static_cast<unsigned>(FactKind::kShipments) + static_cast<unsigned>(kind);
    return *std::ranges::find(facts(), static_cast<FactKind>(number), &Fact::kind);
}

std::string reached(RowScope& scope, const std::string& column) {
    const std::string at = scope.column(column);
    return all_of({is_known(at), at + " <= " + literal(scope.now())});
}

// The last of its states that has been reached; before any, the first choice.
std::string status(RowScope& scope, EventKind kind) {
    std::vector<std::string> states;
    for (const EventColumn& column : event_columns(kind)) {
        if (!column.state.empty()) states.push_back(event_prefix(kind) + std::string(column.name));
    }
    std::vector<std::string> cases;
    for (std::size_t i = states.size(); i > 0; --i) {
        cases.push_back(reached(scope, states[i - 1]));
        cases.push_back(std::to_string(i + 1));
    }
    cases.emplace_back("1");
    return call("multiIf", cases);
}

std::string column_value(RowScope& scope, EventField field, Form form) {
    const EventColumn& column = event_columns(field.kind)[field.column];
    const std::string name = event_prefix(field.kind) + std::string(column.name);
    switch (column.value) {
        case EventValue::kText: return stored_text(scope, name, form);
        case EventValue::kTime: return stored_time(scope, name, form, true);
        case EventValue::kPlanned: return stored_time(scope, name, form, false);
        case EventValue::kFlag: return "(" + scope.column(name) + " = 1)";
        case EventValue::kNumber:
        case EventValue::kMoney:
        case EventValue::kChoice: break;
    }
    return scope.column(name);
}

}  // namespace

std::string event_prefix(EventKind kind) { return std::string(fact_of(kind).name) + "."; }

std::vector<ProductField> product_fields(EventKind kind) {
    std::vector<ProductField> fields;
    for (const ProductField& product : kProductFields) {
        const Field* field = find_field(fact_of(kind), product.name);
        if (field != nullptr && event_field(field->key).place == product.place) fields.push_back(product);
    }
    return fields;
}

std::string event_value(RowScope& scope, FieldKey key, Form form) {
    const EventField field = event_field(key);
    const std::string prefix = event_prefix(field.kind);
    switch (field.place) {
        case EventPlace::kAt: return stored_time(scope, prefix + "at", form, true);
        case EventPlace::kShop: return stored_text(scope, prefix + "shop", form);
        case EventPlace::kPlatform: return stored_text(scope, prefix + "platform", form);
        case EventPlace::kStatus: return status(scope, field.kind);
        case EventPlace::kColumn: return column_value(scope, field, form);
        case EventPlace::kReached:
            return reached(scope, prefix + std::string(event_columns(field.kind)[field.column].name));
        case EventPlace::kLeft:
            return "arrayElement(arrayPushFront(arrayFilter((left, since) -> since <= " + literal(scope.now()) + ", " +
                   scope.column("points_left") + ", " + scope.column("points_left_from") + "), toInt64(0)), -1)";
        default: break;
    }
    const auto product = std::ranges::find(kProductFields, field.place, &ProductField::place);
    return stored_text(scope, prefix + std::string(product->name), form);
}

}  // namespace shuke::audience::clickhouse

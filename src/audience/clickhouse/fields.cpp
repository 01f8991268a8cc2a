#include "audience/clickhouse/fields.h"

#include <algorithm>

#include "audience/clickhouse/event_fields.h"
#include "audience/clickhouse/sql_text.h"
#include "audience/engine/facts_plan.h"
#include "base/error.h"

namespace shuke::audience::clickhouse {
namespace {

using enum FieldKey;

struct StoredField {
    FieldKey key;
    std::string_view column;  // with COLUMN_day for a time and COLUMN_nfkc for a text beside it
};
constexpr StoredField kStored[] = {
    {kAt, "orders.at"},
    {kPaidAt, "orders.paid_at"},
    {kShippedAt, "orders.shipped_at"},
    {kSignedAt, "orders.signed_at"},
    {kFinishedAt, "orders.finished_at"},
    {kClosedAt, "orders.closed_at"},
    {kAmount, "orders.amount"},
    {kDiscount, "orders.discount"},
    {kItems, "orders.items"},
    {kShop, "orders.shop"},
    {kPlatform, "orders.platform"},
    {kChannel, "orders.channel"},
    {kProvince, "orders.province"},
    {kCity, "orders.city"},
    {kCoupon, "orders.coupon"},
    {kHour, "orders.hour"},
    {kDay, "orders.at_day"},
    {kProduct, "lines.product"},
    {kTitle, "lines.title"},
    {kSku, "lines.sku"},
    {kCategory, "lines.category"},
    {kBrand, "lines.brand"},
    {kListPrice, "lines.list_price"},
    {kCost, "lines.cost"},
    {kListedAt, "lines.listed_at"},
    {kQuantity, "lines.quantity"},
    {kPrice, "lines.price"},
    {kLineAmount, "lines.amount"},
    {kLineDiscount, "lines.discount"},
    {kLineRefunded, "lines.refunded"},
    {kRefundAt, "refunds.at"},
    {kRefundDoneAt, "refunds.done_at"},
    {kRefundAmount, "refunds.amount"},
    {kRefundKind, "refunds.kind"},
    {kRefundReason, "refunds.reason"},
    {kRefundDated, "refunds.dated"},
    {kRefundShop, "refunds.shop"},
    {kRefundPlatform, "refunds.platform"},
};
const StoredField* find_stored(FieldKey field) {
    const auto found = std::ranges::find(kStored, field, &StoredField::key);
    return found == std::end(kStored) ? nullptr : found;
}

std::string reached(RowScope& orders, std::string_view from) {
    const std::string at = orders.column(from);
    return all_of({is_known(at), at + " <= " + literal(orders.now())});
}

// The furthest state reached; closed ends them all.
std::string status(RowScope& orders) {
    std::vector<std::string> cases;
    int number = 6;
    for (const std::string_view state : {"closed", "finished", "signed", "shipped", "paid"}) {
        cases.push_back(reached(orders, "orders." + std::string(state) + "_from"));
        cases.push_back(std::to_string(number--));
    }
    cases.emplace_back("1");
    return call("multiIf", cases);
}

std::string refunded(RowScope& orders) {
    return "arraySum((from, amount) -> if(from <= " + literal(orders.now()) + ", amount, 0), " +
           orders.column("order_refunded_from") + ", " + orders.column("order_refunded_amount") + ")";
}

std::string kept_flags(Query& query) {
    RowScope orders(query, Level::kOrder);
    const std::string kept = is_kept(orders);
    return query.define("kept", orders.array_of(kept));
}

// Number among the kept orders.
std::string nth(Query& query) {
    const std::string kept = kept_flags(query);
    return query.define("nth", "arrayMap((kept, number) -> if(kept, toInt64(number), " + std::string(kMissingNumber) +
                                   "), " + kept + ", arrayCumSum(" + kept + "))");
}

// Days since the kept order before it: computed among the kept ones, then put back to their places.
std::string gap_days(Query& query) {
    const std::string missing(kMissingNumber);
    const std::string kept = kept_flags(query);
    const std::string days =
        query.define("kept_days", "arrayFilter((day, kept) -> kept, `orders.at_day`, " + kept + ")");
    const std::string gaps =
        query.define("kept_gaps", "arrayMap((day, before) -> if(day > " + missing + " AND before > " + missing +
                                      ", greatest(day - before, toInt64(0)), " + missing + "), " + days +
                                      ", arrayPopBack(arrayPushFront(" + days + ", " + missing + ")))");
    const std::string places = "arrayEnumerate(" + kept + ")";
    return query.define("gap_days", "arraySort((gap, place) -> place, arrayConcat(" + gaps + ", arrayMap(other -> " +
                                        missing + ", arrayFilter(kept -> NOT kept, " + kept +
                                        "))), arrayConcat(arrayFilter((place, kept) -> " + "kept, " + places + ", " +
                                        kept + "), arrayFilter((place, kept) -> NOT kept, " + places + ", " + kept +
                                        ")))");
}

std::string computed(RowScope& orders, FieldKey field) {
    switch (field) {
        case kStatus: return status(orders);
        case kPaid: return is_paid(orders);
        case kKept: return is_kept(orders);
        case kRefunded: return refunded(orders);
        case kWeekday: {
            const std::string day = orders.column("orders.at_day");
            return "if(" + is_known(day) + ", ((" + day + " + 3) % 7 + 7) % 7 + 1, " + std::string(kMissingNumber) +
                   ")";
        }
        case kNth: return orders.parameter("nth", nth(orders.query()));
        case kGapDays: return orders.parameter("gap_days", gap_days(orders.query()));
        default:
            throw Failure{{Code::kInvalid, "clickhouse.not_mirrored",
                           "a field of this expression is not in the ClickHouse mirror yet"}};
    }
}

// It is known once the refund is done; of one without that time always.
std::string refund_status(RowScope& refunds, Form form) {
    return "if(" + refunds.column("refunds.done_at") + " <= " + literal(refunds.now()) + ", " +
           stored_text(refunds, "refunds.status", form) + ", '')";
}

// A field of the scope's own level.
std::string own_value(RowScope& scope, FieldKey field, Form form) {
    if (level_of(field) == Level::kPurchase)
        return scope.parameter("purchase_value", purchase_array(scope.query(), field, form));
    if (is_event_field(field)) return event_value(scope, field, form);
    if (field == kRefundStatus) return refund_status(scope, form);
    const StoredField* stored = find_stored(field);
    if (stored == nullptr) return computed(scope, field);
    if (is_text_field(field)) return stored_text(scope, stored->column, form);
    if (form != Form::kValue || is_past_time(field)) return stored_time(scope, stored->column, form, true);
    return scope.column(stored->column);
}

std::string_view missing_of(FieldKey field) {
    if (is_text_field(field)) return "''";
    const bool is_code = field == kStatus || field == kPaid || field == kKept;
    return is_code ? "0" : kMissingNumber;
}

}  // namespace

std::string is_known(const std::string& number) { return number + " > " + std::string(kMissingNumber); }

std::string is_paid(RowScope& orders) { return reached(orders, "orders.paid_from"); }

std::string is_kept(RowScope& orders) {
    return all_of({orders.column("orders.at") + " <= " + literal(orders.now()), is_paid(orders),
                   orders.column("orders.lost_from") + " > " + literal(orders.now())});
}

std::string stored_text(RowScope& scope, std::string_view column, Form form) {
    const std::string value = scope.column(column);
    if (form != Form::kNormal) return value;
    const std::string normal = scope.column(std::string(column) + "_nfkc");
    return "if(" + normal + " = '', " + value + ", " + normal + ")";
}

std::string stored_time(RowScope& scope, std::string_view column, Form form, bool is_past) {
    if (form == Form::kDay) return scope.column(std::string(column) + "_day");
    const std::string value = scope.column(column);
    if (form == Form::kUncut || !is_past) return value;
    return "if(" + value + " <= " + literal(scope.now()) + ", " + value + ", " + std::string(kMissingNumber) + ")";
}

std::string field_value(RowScope& scope, FieldKey field, Form form) {
    if (level_of(field) == scope.level()) return own_value(scope, field, form);
    RowScope orders(scope.query(), Level::kOrder);
    const std::string value = own_value(orders, field, form);
    return scope.parameter("of_order", spread(scope.query(), scope.level(), orders.array_of(value), missing_of(field)));
}

}  // namespace shuke::audience::clickhouse

// Purchases: the kept orders of one shop and local day, in the order of their first ones. An order's purchase is told
// by a key of shop and day; sums over a purchase are differences of running sums over the orders sorted by key.
#include "audience/clickhouse/fields.h"
#include "audience/clickhouse/sql_text.h"
#include "base/check.h"

namespace shuke::audience::clickhouse {
namespace {

using enum FieldKey;

class PurchaseArrays {
public:
    explicit PurchaseArrays(Query& query) : query_(query) {
        keys_ = query_.define("order_keys", of_timed_kept("arrayMap((shop, day) -> shop * 4294967296 + day, "
                                                          "`orders.shop_number`, `orders.at_day`)"));
        marks_ = query_.define("order_marks", "arrayEnumerateUniq(" + keys_ + ")");  // 1: the first of its purchase
    }

    std::string firsts(const std::string& of_orders) { return firsts_of_kept(of_timed_kept(of_orders)); }
    std::string text(const std::string& column, Form form) {
        if (form != Form::kNormal) return firsts("`orders." + column + "`");
        return firsts("arrayMap((text, normal) -> if(normal = '', text, normal), `orders." + column + "`, `orders." +
                      column + "_nfkc`)");
    }
    std::string days() { return query_.define("purchase_days", firsts("`orders.at_day`")); }
    std::string numbers() { return "arrayMap(number -> toInt64(number), arrayEnumerate(" + days() + "))"; }
    std::string gaps() {
        const std::string missing(kMissingNumber);
        return "arrayMap((day, before) -> if(before > " + missing + ", greatest(day - before, toInt64(0)), " + missing +
               "), " + days() + ", arrayPopBack(arrayPushFront(" + days() + ", " + missing + ")))";
    }
    std::string counts() { return sums(query_.define("order_ones", "arrayMap(key -> toInt64(1), " + keys_ + ")")); }
    // The sum of what is known; missing where nothing is.
    std::string known_sums(const std::string& column) {
        const std::string values = query_.define("kept_" + column, of_timed_kept("`orders." + column + "`"));
        const std::string known = "arrayMap(value -> toInt64(" + is_known("value") + "), " + values + ")";
        const std::string zeroed = "arrayMap(value -> if(" + is_known("value") + ", value, 0), " + values + ")";
        return "arrayMap((sum, known) -> if(known > 0, sum, " + std::string(kMissingNumber) + "), " + sums(zeroed) +
               ", " + sums(known) + ")";
    }

private:
    std::string of_timed_kept(const std::string& of_orders) {
        RowScope orders(query_, Level::kOrder);
        const std::string timed = all_of({is_known(orders.column("orders.at")), is_kept(orders)});
        return orders.filtered(of_orders, timed);
    }
    std::string firsts_of_kept(const std::string& of_kept) {
        return "arrayFilter((value, mark) -> mark = 1, " + of_kept + ", " + marks_ + ")";
    }
    std::string sums(const std::string& values) {
        const std::string sorted = query_.define("sorted_keys", "arraySort(" + keys_ + ")");
        const std::string running =
            query_.define("running_sums", "arrayCumSum(arraySort((value, key) -> key, " + values + ", " + keys_ + "))");
        const std::string ends = query_.define(
            "sums_at_ends", "arrayFilter((sum, key, next) -> key != next, " + running + ", " + sorted +
                                ", arrayPopFront(arrayPushBack(" + sorted + ", " + std::string(kMissingNumber) + ")))");
        const std::string by_key =
            query_.define("sums_by_key", "arrayMap((sum, before) -> sum - before, " + ends +
                                             ", arrayPopBack(arrayPushFront(" + ends + ", toInt64(0))))");
        const std::string purchase_keys = query_.define("purchase_keys", firsts_of_kept(keys_));
        return "arraySort((sum, place) -> place, " + by_key + ", arraySort((place, key) -> key, arrayEnumerate(" +
               purchase_keys + "), " + purchase_keys + "))";
    }

    Query& query_;
    std::string keys_, marks_;
};

}  // namespace

std::string purchase_array(Query& query, FieldKey field, Form form) {
    PurchaseArrays arrays(query);
    switch (field) {
        case kPurchaseAt: return form == Form::kDay ? arrays.days() : arrays.firsts("`orders.at`");
        case kPurchaseDay: return arrays.days();
        case kPurchaseShop: return arrays.text("shop", form);
        case kPurchasePlatform: return arrays.text("platform", form);
        case kPurchaseAmount: return arrays.known_sums("amount");
        case kPurchaseItems: return arrays.known_sums("items");
        case kPurchaseOrders: return arrays.counts();
        case kPurchaseGapDays: return arrays.gaps();
        case kPurchaseNth: return arrays.numbers();
        default: break;
    }
    throw_bug(__FILE__, __LINE__, "field", "is not a purchase's");
}

}  // namespace shuke::audience::clickhouse

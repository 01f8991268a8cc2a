#include "audience/schema.h"

#include <algorithm>

namespace shuke::audience {
namespace {

using enum FieldKey;
using enum Type;

constexpr Choice kOrderStatuses[] = {
    {"created", {"待付款", "created"}, {}},     {"paid", {"已付款", "paid"}, {}},
    {"shipped", {"已发货", "shipped"}, {}},     {"signed", {"已签收", "signed"}, "delivered"},
    {"finished", {"交易成功", "finished"}, {}}, {"closed", {"交易关闭", "closed"}, {}},
};
constexpr Choice kGenders[] = {{"male", {"男", "male"}, {}}, {"female", {"女", "female"}, {}}};
constexpr Choice kLifecycles[] = {
    {"active", {"活跃", "active"}, {}},
    {"silent", {"沉默", "silent"}, {}},
    {"sleeping", {"睡眠", "sleeping"}, {}},
    {"lost", {"流失", "lost"}, {}},
};

constexpr Field kOrderFields[] = {
    {kAt, "at", kTime, {"下单时间", "ordered at"}},
    {kPaidAt, "paid_at", kTime, {"付款时间", "paid at"}},
    {kShippedAt, "shipped_at", kTime, {"发货时间", "shipped at"}},
    {kSignedAt, "signed_at", kTime, {"签收时间", "signed at"}},
    {kFinishedAt, "finished_at", kTime, {"完成时间", "finished at"}},
    {kClosedAt, "closed_at", kTime, {"关闭时间", "closed at"}},
    {kStatus, "status", kChoice, {"订单状态", "status"}, kOrderStatuses},
    {kPaid, "paid", kFlag, {"已付款", "paid"}},
    {kKept, "kept", kFlag, {"已付款且未全额退款", "paid and not wholly refunded"}},
    {kAmount, "amount", kMoney, {"订单金额", "order amount"}},
    {kDiscount, "discount", kMoney, {"优惠金额", "discount"}},
    {kRefunded, "refunded", kMoney, {"已退金额", "refunded so far"}},
    {kItems, "items", kPieces, {"件数", "pieces"}},
    {kShop, "shop", kText, {"店铺", "shop"}},
    {kPlatform, "platform", kText, {"平台", "platform"}},
    {kChannel, "channel", kText, {"渠道", "channel"}},
    {kProvince, "province", kText, {"收货省份", "delivery province"}},
    {kCity, "city", kText, {"收货城市", "delivery city"}},
    {kCoupon, "coupon", kText, {"优惠券", "coupon"}},
    {kWeekday, "weekday", kNumber, {"星期几(1为周一)", "weekday, 1 = Monday"}},
    {kHour, "hour", kNumber, {"下单小时(0-23)", "hour of the day, 0 to 23"}},
    {kDay, "day", kDate, {"下单日期", "shop-local day"}},
    {kNth, "nth", kNumber, {"第几单", "number among the customer's kept orders"}},
    {kGapDays, "gap_days", kNumber, {"距上一单天数", "days since the previous kept order"}},
};

constexpr Field kLineFields[] = {
    {kProduct, "product", kText, {"商品", "product"}},
    {kTitle, "title", kText, {"商品标题", "title"}},
    {kSku, "sku", kText, {"规格", "SKU"}},
    {kCategory, "category", kText, {"类目", "category"}},
    {kBrand, "brand", kText, {"品牌", "brand"}},
    {kQuantity, "quantity", kPieces, {"数量", "quantity"}},
    {kPrice, "price", kMoney, {"单价", "price of a piece"}},
    {kLineAmount, "amount", kMoney, {"行金额", "line amount"}},
    {kLineDiscount, "line_discount", kMoney, {"行优惠", "line discount"}},
    {kLineRefunded, "line_refunded", kMoney, {"行退款", "line refunded"}},
    {kNotAvailable, "list_price", kMoney, {"吊牌价", "list price"}},
    {kNotAvailable, "cost", kMoney, {"成本", "cost"}},
    {kNotAvailable, "listed_at", kTime, {"上架时间", "listed at"}},
};

constexpr Field kRefundFields[] = {
    {kRefundAt, "at", kTime, {"申请时间", "asked at"}},
    {kRefundDoneAt, "done_at", kTime, {"退款完成时间", "done at"}},
    {kRefundAmount, "amount", kMoney, {"退款金额", "refund amount"}},
    {kRefundKind, "kind", kText, {"退款类型", "kind"}},
    {kRefundReason, "reason", kText, {"退款原因", "reason"}},
    {kRefundStatus, "status", kText, {"退款状态", "status"}},
    {kRefundDated, "dated", kFlag, {"退款时间已知", "its own time is known"}},
    {kRefundShop, "shop", kText, {"店铺", "shop"}},
    {kRefundPlatform, "platform", kText, {"平台", "platform"}},
};

constexpr Field kPurchaseFields[] = {
    {kPurchaseAt, "at", kTime, {"购买时间", "first order at"}},
    {kPurchaseDay, "day", kDate, {"购买日期", "shop-local day"}},
    {kPurchaseShop, "shop", kText, {"店铺", "shop"}},
    {kPurchasePlatform, "platform", kText, {"平台", "platform"}},
    {kPurchaseAmount, "amount", kMoney, {"购买金额", "amount"}},
    {kPurchaseOrders, "orders", kNumber, {"订单数", "orders"}},
    {kPurchaseItems, "items", kPieces, {"件数", "pieces"}},
    {kPurchaseGapDays, "gap_days", kNumber, {"距上次购买天数", "days since the previous purchase"}},
    {kPurchaseNth, "nth", kNumber, {"第几次购买", "number among the customer's purchases"}},
};

constexpr Fact kFacts[] = {
    {FactKind::kOrders, "orders", {"订单", "orders"}, kAt, kOrderFields, {}},
    {FactKind::kLines, "lines", {"订单行", "order lines"}, kAt, kLineFields, kOrderFields},
    {FactKind::kRefunds, "refunds", {"退款", "refunds"}, kRefundAt, kRefundFields, kOrderFields},
    {FactKind::kPurchases, "purchases", {"购买", "purchases"}, kPurchaseAt, kPurchaseFields, {}},
    {FactKind::kOrders, "shipments", {"包裹", "shipments"}, kAt, {}, {}, false},
    {FactKind::kOrders, "reviews", {"评价", "reviews"}, kAt, {}, {}, false},
    {FactKind::kOrders, "messages", {"消息", "messages"}, kAt, {}, {}, false},
    {FactKind::kOrders, "interactions", {"互动", "interactions"}, kAt, {}, {}, false},
    {FactKind::kOrders, "points", {"积分", "points"}, kAt, {}, {}, false},
    {FactKind::kOrders, "coupons", {"优惠券", "coupons"}, kAt, {}, {}, false},
    {FactKind::kOrders, "tickets", {"工单", "tickets"}, kAt, {}, {}, false},
};

constexpr Attribute kAttributes[] = {
    {AttributeKey::kId, "id", kNumber, {"客户编号", "customer id"}},
    {AttributeKey::kExternalId, "external_id", kText, {"外部编号", "external id"}},
    {AttributeKey::kGender, "gender", kChoice, {"性别", "gender"}, kGenders},
    {AttributeKey::kAge, "age", kNumber, {"年龄", "age"}},
    {AttributeKey::kBirthday, "birthday", kDate, {"生日", "birthday"}},
    {AttributeKey::kProvince, "province", kText, {"省份", "province"}},
    {AttributeKey::kCity, "city", kText, {"城市", "city"}},
    {AttributeKey::kDistrict, "district", kText, {"区县", "district"}},
    {AttributeKey::kCreatedAt, "created_at", kTime, {"成为客户时间", "customer since"}},
    {AttributeKey::kPlatform, "platform", kText, {"来源平台", "platform"}},
    {AttributeKey::kShop, "shop", kText, {"来源店铺", "shop"}},
    {AttributeKey::kLifecycle, "lifecycle", kChoice, {"生命周期", "life cycle"}, kLifecycles},
    {AttributeKey::kOrderCount, "order_count", kNumber, {"订单数", "orders kept"}},
    {AttributeKey::kPurchaseCount, "purchase_count", kNumber, {"购买次数", "purchases"}},
    {AttributeKey::kTotalSpent, "total_spent", kMoney, {"累计消费", "total spent, net of refunds"}},
    {AttributeKey::kAvgOrderValue, "avg_order_value", kMoney, {"客单价", "average order value"}},
    {AttributeKey::kFirstOrderAt, "first_order_at", kTime, {"首单时间", "first kept order at"}},
    {AttributeKey::kLastOrderAt, "last_order_at", kTime, {"末单时间", "last kept order at"}},
    {AttributeKey::kNotAvailable, "tier", kText, {"会员等级", "tier"}},
    {AttributeKey::kNotAvailable, "points", kNumber, {"积分", "points"}},
    {AttributeKey::kNotAvailable, "rfm.r", kNumber, {"R 分", "RFM recency score"}},
    {AttributeKey::kNotAvailable, "rfm.f", kNumber, {"F 分", "RFM frequency score"}},
    {AttributeKey::kNotAvailable, "rfm.m", kNumber, {"M 分", "RFM monetary score"}},
    {AttributeKey::kNotAvailable, "rfm.class", kText, {"RFM 分类", "RFM class"}},
    {AttributeKey::kNotAvailable, "next_order_expected_at", kTime, {"预计下次下单", "next order expected at"}},
    {AttributeKey::kNotAvailable, "churn_risk", kNumber, {"流失风险", "churn risk"}},
    {AttributeKey::kNotAvailable, "clv", kMoney, {"客户终身价值", "customer lifetime value"}},
    {AttributeKey::kNotAvailable, "influence", kNumber, {"影响力", "influence"}},
};
constexpr Attribute kCustomAttribute{AttributeKey::kNotAvailable, "custom", kText, {"自定义属性", "custom attribute"}};

const Field* find_in(std::span<const Field> fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

}  // namespace

std::string_view describe(Type type) {
    switch (type) {
        case kText: return "text";
        case kChoice: return "one of a few words";
        case kNumber: return "a number";
        case kMoney: return "an amount of money";
        case kPieces: return "a quantity";
        case kTime: return "a time";
        case kDate: return "a date";
        case kFlag: return "yes or no";
    }
    return "";
}

Level level_of(FieldKey key) {
    if (key >= kPurchaseAt) return Level::kPurchase;
    if (key >= kRefundAt) return Level::kRefund;
    return key >= kProduct ? Level::kLine : Level::kOrder;
}

bool is_time_field(FieldKey key) {
    return key <= kClosedAt || key == kRefundAt || key == kRefundDoneAt || key == kPurchaseAt;
}

bool is_text_field(FieldKey key) {
    return (key >= kShop && key <= kCoupon) || (key >= kProduct && key <= kBrand) ||
           (key >= kRefundKind && key <= kRefundStatus) || key == kRefundShop || key == kRefundPlatform ||
           key == kPurchaseShop || key == kPurchasePlatform;
}

std::span<const Fact> facts() { return kFacts; }

const Fact* find_fact(std::string_view name) {
    const auto found = std::ranges::find(kFacts, name, &Fact::name);
    return found == std::end(kFacts) ? nullptr : found;
}

const Field* find_field(const Fact& fact, std::string_view name) {
    const Field* own = find_in(fact.own, name);
    return own != nullptr ? own : find_in(fact.inherit, name);
}

std::vector<std::string_view> field_names(const Fact& fact) {
    std::vector<std::string_view> names;
    for (const auto fields : {fact.own, fact.inherit}) {
        for (const Field& field : fields) {
            if (field.available() && std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
        }
    }
    return names;
}

std::vector<std::string_view> fact_names() {
    std::vector<std::string_view> names;
    for (const Fact& fact : kFacts) {
        if (fact.available) names.push_back(fact.name);
    }
    return names;
}

std::span<const Attribute> attributes() { return kAttributes; }

const Attribute* find_attribute(std::string_view name) {
    if (name.starts_with("custom.")) return &kCustomAttribute;
    const auto found = std::ranges::find(kAttributes, name, &Attribute::name);
    return found == std::end(kAttributes) ? nullptr : found;
}

std::vector<std::string_view> attribute_names() {
    std::vector<std::string_view> names;
    for (const Attribute& attribute : kAttributes) {
        if (attribute.available()) names.push_back(attribute.name);
    }
    return names;
}

}  // namespace shuke::audience

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
    {kListPrice, "list_price", kMoney, {"吊牌价", "list price"}},
    {kCost, "cost", kMoney, {"成本", "cost"}},
    {kListedAt, "listed_at", kTime, {"上架时间", "listed at"}},
};

constexpr Field kRefundFields[] = {
    {kRefundAt, "at", kTime, {"申请时间", "asked at"}},
    {kAt, "order_at", kTime, {"下单时间", "ordered at"}},
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

// ---- events ----

consteval std::size_t column_of(EventKind kind, std::string_view name) {
    const std::size_t column = event_column(kind, name);
    if (column == kNoEventColumn) throw "no such column";
    return column;
}
consteval Type type_of(EventValue value) {
    switch (value) {
        case EventValue::kTime:
        case EventValue::kPlanned: return kTime;
        case EventValue::kNumber: return kNumber;
        case EventValue::kMoney: return kMoney;
        case EventValue::kText: return kText;
        case EventValue::kChoice: return kChoice;
        case EventValue::kFlag: break;
    }
    return kFlag;
}

// The fields of one event, by the columns they read.
struct Event {
    EventKind kind;

    consteval Field at(Words words) const { return {key_of({kind, EventPlace::kAt}), "at", kTime, words}; }
    consteval Field shop() const { return {key_of({kind, EventPlace::kShop}), "shop", kText, {"店铺", "shop"}}; }
    consteval Field platform() const {
        return {key_of({kind, EventPlace::kPlatform}), "platform", kText, {"平台", "platform"}};
    }
    consteval Field product(EventPlace place, std::string_view name, Words words) const {
        return {key_of({kind, place}), name, kText, words};
    }
    consteval Field column(std::string_view name, Words words, std::span<const Choice> choices = {}) const {
        const std::size_t column = column_of(kind, name);
        return {key_of({kind, EventPlace::kColumn, column}), name, type_of(event_columns(kind)[column].value), words,
                choices};
    }
    // yes from the column's moment on
    consteval Field state(std::string_view name, Words words) const {
        const std::size_t column = column_of(kind, name);
        return {key_of({kind, EventPlace::kReached, column}), event_columns(kind)[column].state, kFlag, words};
    }
    // the first choice is what holds before any state is reached
    consteval Field status(std::span<const Choice> choices) const {
        std::size_t states = 0;
        for (const EventColumn& column : event_columns(kind)) {
            if (column.state.empty()) continue;
            if (choices[++states].key != column.state) throw "the states are listed in another order";
        }
        if (choices.size() != states + 1) throw "a state too many";
        return {key_of({kind, EventPlace::kStatus}), "status", kChoice, {"状态", "status"}, choices};
    }
};

constexpr Event kShipment{EventKind::kShipment};
constexpr Choice kShipmentStatuses[] = {
    {"shipped", {"已发货", "shipped"}, {}},    {"picked_up", {"已揽收", "picked up"}, {}},
    {"arrived", {"已到达", "arrived"}, {}},    {"delivering", {"派送中", "out for delivery"}, {}},
    {"problem", {"疑难件", "in trouble"}, {}}, {"signed", {"已签收", "signed"}, {}},
    {"returned", {"已退回", "returned"}, {}},
};
constexpr Field kShipmentFields[] = {
    kShipment.at({"发货时间", "shipped at"}),
    kShipment.status(kShipmentStatuses),
    kShipment.column("carrier", {"快递公司", "carrier"}),
    kShipment.column("promised_at", {"预计送达时间", "promised for"}),
    kShipment.column("picked_up_at", {"揽收时间", "picked up at"}),
    kShipment.column("arrived_at", {"到达城市时间", "arrived in the city at"}),
    kShipment.column("delivering_at", {"派送时间", "out for delivery at"}),
    kShipment.column("problem_at", {"异常时间", "in trouble since"}),
    kShipment.column("issue", {"异常原因", "what is wrong"}),
    kShipment.column("signed_at", {"签收时间", "signed at"}),
    kShipment.column("returned_at", {"退回时间", "returned at"}),
    kShipment.state("picked_up_at", {"已揽收", "picked up"}),
    kShipment.state("arrived_at", {"已到达城市", "arrived in the city"}),
    kShipment.state("delivering_at", {"已派送", "out for delivery"}),
    kShipment.state("problem_at", {"有异常", "in trouble"}),
    kShipment.state("signed_at", {"已签收", "signed"}),
    kShipment.state("returned_at", {"已退回", "returned"}),
    kShipment.shop(),
    kShipment.platform(),
};

constexpr Event kReview{EventKind::kReview};
constexpr Choice kSentiments[] = {{"negative", {"负面", "negative"}, {}},
                                  {"neutral", {"中性", "neutral"}, {}},
                                  {"positive", {"正面", "positive"}, {}}};
constexpr Field kReviewFields[] = {
    kReview.at({"评价时间", "written at"}),
    kReview.column("score", {"评分(1-5)", "score, 1 to 5"}),
    kReview.column("sentiment", {"情感", "sentiment"}, kSentiments),
    kReview.column("has_text", {"有文字", "with words"}),
    kReview.column("has_photo", {"有晒图", "with photos"}),
    kReview.column("follow_up", {"追评", "a later addition"}),
    kReview.column("replied_at", {"回复时间", "replied to at"}),
    kReview.state("replied_at", {"已回复", "replied to"}),
    kReview.product(EventPlace::kProduct, "product", {"商品", "product"}),
    kReview.product(EventPlace::kTitle, "title", {"商品标题", "title"}),
    kReview.product(EventPlace::kSku, "sku", {"规格", "SKU"}),
    kReview.product(EventPlace::kCategory, "category", {"类目", "category"}),
    kReview.product(EventPlace::kBrand, "brand", {"品牌", "brand"}),
    kReview.shop(),
    kReview.platform(),
};

constexpr Event kMessage{EventKind::kMessage};
constexpr Choice kMessageStatuses[] = {
    {"sent", {"已发送", "sent"}, {}},       {"delivered", {"已送达", "delivered"}, {}},
    {"opened", {"已打开", "opened"}, {}},   {"clicked", {"已点击", "clicked"}, {}},
    {"replied", {"已回复", "replied"}, {}}, {"unsubscribed", {"已退订", "unsubscribed"}, {}},
    {"bounced", {"退信", "bounced"}, {}},   {"failed", {"发送失败", "failed"}, {}},
};
constexpr Choice kPurposes[] = {{"marketing", {"营销", "marketing"}, {}}, {"service", {"服务通知", "service"}, {}}};
constexpr Field kMessageFields[] = {
    kMessage.at({"发送时间", "sent at"}),
    kMessage.status(kMessageStatuses),
    kMessage.column("channel", {"渠道", "channel"}),
    kMessage.column("purpose", {"用途", "purpose"}, kPurposes),
    kMessage.column("campaign", {"活动", "campaign"}),
    kMessage.column("flow", {"自动化流程", "flow"}),
    kMessage.column("template", {"模板", "template"}),
    kMessage.column("cost", {"费用", "cost"}),
    kMessage.column("delivered_at", {"送达时间", "delivered at"}),
    kMessage.column("opened_at", {"打开时间", "opened at"}),
    kMessage.column("clicked_at", {"点击时间", "clicked at"}),
    kMessage.column("replied_at", {"回复时间", "replied at"}),
    kMessage.column("unsubscribed_at", {"退订时间", "unsubscribed at"}),
    kMessage.column("bounced_at", {"退信时间", "bounced at"}),
    kMessage.column("failed_at", {"失败时间", "failed at"}),
    kMessage.column("failure", {"失败原因", "why it failed"}),
    kMessage.state("delivered_at", {"已送达", "delivered"}),
    kMessage.state("opened_at", {"已打开", "opened"}),
    kMessage.state("clicked_at", {"已点击", "clicked"}),
    kMessage.state("replied_at", {"已回复", "replied"}),
    kMessage.state("unsubscribed_at", {"已退订", "unsubscribed"}),
    kMessage.state("bounced_at", {"已退信", "bounced"}),
    kMessage.state("failed_at", {"已失败", "failed"}),
    kMessage.shop(),
    kMessage.platform(),
};

constexpr Event kInteraction{EventKind::kInteraction};
constexpr Choice kDirections[] = {{"inbound", {"客户发起", "from the customer"}, {}},
                                  {"outbound", {"我方发起", "from us"}, {}}};
constexpr Field kInteractionFields[] = {
    kInteraction.at({"互动时间", "at"}),
    kInteraction.column("channel", {"渠道", "channel"}),
    kInteraction.column("kind", {"互动类型", "kind"}),
    kInteraction.column("direction", {"方向", "direction"}, kDirections),
    kInteraction.column("agent", {"客服", "agent"}),
    kInteraction.column("topic", {"主题", "topic"}),
    kInteraction.column("outcome", {"结果", "outcome"}),
    kInteraction.column("seconds", {"时长(秒)", "seconds"}),
    kInteraction.product(EventPlace::kProduct, "product", {"商品", "product"}),
    kInteraction.product(EventPlace::kTitle, "title", {"商品标题", "title"}),
    kInteraction.product(EventPlace::kCategory, "category", {"类目", "category"}),
    kInteraction.product(EventPlace::kBrand, "brand", {"品牌", "brand"}),
    kInteraction.shop(),
    kInteraction.platform(),
};

constexpr Event kPointsEntry{EventKind::kPoints};
constexpr Choice kPointsKinds[] = {
    {"earn", {"消费获得", "earned by buying"}, {}}, {"bonus", {"奖励", "bonus"}, {}},
    {"redeem", {"兑换", "redeemed"}, {}},           {"refund", {"退款扣回", "taken back for a refund"}, {}},
    {"adjust", {"调整", "adjusted"}, {}},           {"expire", {"过期", "expired"}, {}},
};
constexpr Field kPointsFields[] = {
    kPointsEntry.at({"记账时间", "entered at"}),
    kPointsEntry.column("amount", {"积分变动", "points"}),
    kPointsEntry.column("kind", {"类型", "kind"}, kPointsKinds),
    kPointsEntry.column("reason", {"原因", "reason"}),
    kPointsEntry.column("expires_at", {"过期时间", "expires at"}),
    {key_of({EventKind::kPoints, EventPlace::kLeft}), "left", kNumber, {"剩余积分", "points left"}},
    kPointsEntry.shop(),
    kPointsEntry.platform(),
};

constexpr Event kCouponIssued{EventKind::kCoupon};
constexpr Choice kCouponStatuses[] = {{"issued", {"未使用", "not used yet"}, {}},
                                      {"expired", {"已过期", "expired"}, {}},
                                      {"redeemed", {"已核销", "redeemed"}, {}},
                                      {"voided", {"已作废", "voided"}, {}}};
constexpr Field kCouponFields[] = {
    kCouponIssued.at({"发券时间", "issued at"}),
    kCouponIssued.status(kCouponStatuses),
    kCouponIssued.column("template", {"券模板", "coupon"}),
    kCouponIssued.column("campaign", {"活动", "campaign"}),
    kCouponIssued.column("value", {"面值", "worth"}),
    kCouponIssued.column("min_spend", {"使用门槛", "least spend"}),
    kCouponIssued.column("expires_at", {"过期时间", "expires at"}),
    kCouponIssued.column("redeemed_at", {"核销时间", "redeemed at"}),
    kCouponIssued.column("voided_at", {"作废时间", "voided at"}),
    kCouponIssued.state("redeemed_at", {"已核销", "redeemed"}),
    kCouponIssued.state("voided_at", {"已作废", "voided"}),
    kCouponIssued.shop(),
    kCouponIssued.platform(),
};

constexpr Event kTicket{EventKind::kTicket};
constexpr Choice kTicketStatuses[] = {
    {"open", {"待处理", "open"}, {}}, {"answered", {"已响应", "answered"}, {}}, {"closed", {"已关闭", "closed"}, {}}};
constexpr Choice kPriorities[] = {{"low", {"低", "low"}, {}},
                                  {"normal", {"普通", "normal"}, {}},
                                  {"high", {"高", "high"}, {}},
                                  {"urgent", {"紧急", "urgent"}, {}}};
constexpr Field kTicketFields[] = {
    kTicket.at({"创建时间", "opened at"}),
    kTicket.status(kTicketStatuses),
    kTicket.column("kind", {"工单类型", "kind"}),
    kTicket.column("topic", {"主题", "topic"}),
    kTicket.column("channel", {"渠道", "channel"}),
    kTicket.column("priority", {"优先级", "priority"}, kPriorities),
    kTicket.column("agent", {"客服", "agent"}),
    kTicket.column("due_at", {"截止时间", "due at"}),
    kTicket.column("first_response_at", {"首次响应时间", "first answered at"}),
    kTicket.column("closed_at", {"关闭时间", "closed at"}),
    kTicket.column("satisfaction", {"满意度(1-5)", "satisfaction, 1 to 5"}),
    kTicket.state("first_response_at", {"已响应", "answered"}),
    kTicket.state("closed_at", {"已关闭", "closed"}),
    kTicket.product(EventPlace::kProduct, "product", {"商品", "product"}),
    kTicket.product(EventPlace::kTitle, "title", {"商品标题", "title"}),
    kTicket.product(EventPlace::kCategory, "category", {"类目", "category"}),
    kTicket.product(EventPlace::kBrand, "brand", {"品牌", "brand"}),
    kTicket.shop(),
    kTicket.platform(),
};

constexpr FieldKey at_of(EventKind kind) { return key_of({kind, EventPlace::kAt}); }

constexpr Fact kFacts[] = {
    {FactKind::kOrders, "orders", {"订单", "orders"}, kAt, kOrderFields, {}},
    {FactKind::kLines, "lines", {"订单行", "order lines"}, kAt, kLineFields, kOrderFields},
    {FactKind::kRefunds, "refunds", {"退款", "refunds"}, kRefundAt, kRefundFields, kOrderFields},
    {FactKind::kPurchases, "purchases", {"购买", "purchases"}, kPurchaseAt, kPurchaseFields, {}},
    {FactKind::kShipments, "shipments", {"包裹", "shipments"}, at_of(EventKind::kShipment), kShipmentFields, {}},
    {FactKind::kReviews, "reviews", {"评价", "reviews"}, at_of(EventKind::kReview), kReviewFields, {}},
    {FactKind::kMessages, "messages", {"消息", "messages"}, at_of(EventKind::kMessage), kMessageFields, {}},
    {FactKind::kInteractions,
     "interactions",
     {"互动", "interactions"},
     at_of(EventKind::kInteraction),
     kInteractionFields,
     {}},
    {FactKind::kPoints, "points", {"积分明细", "points"}, at_of(EventKind::kPoints), kPointsFields, {}},
    {FactKind::kCoupons, "coupons", {"优惠券", "coupons"}, at_of(EventKind::kCoupon), kCouponFields, {}},
    {FactKind::kTickets, "tickets", {"工单", "tickets"}, at_of(EventKind::kTicket), kTicketFields, {}},
};

// In the order of the trade; the keys are those of insight/rfm.h.
constexpr Choice kRfmClasses[] = {
    {"important_value", {"重要价值", "important: value"}, {}},
    {"important_develop", {"重要发展", "important: develop"}, {}},
    {"important_keep", {"重要保持", "important: keep"}, {}},
    {"important_retain", {"重要挽留", "important: retain"}, {}},
    {"general_value", {"一般价值", "general: value"}, {}},
    {"general_develop", {"一般发展", "general: develop"}, {}},
    {"general_keep", {"一般保持", "general: keep"}, {}},
    {"general_retain", {"一般挽留", "general: retain"}, {}},
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
    {AttributeKey::kTier, "tier", kText, {"会员等级", "tier"}},
    {AttributeKey::kPoints, "points", kNumber, {"积分", "points"}},
    {AttributeKey::kRfmR, "rfm.r", kNumber, {"R 分", "RFM recency score"}},
    {AttributeKey::kRfmF, "rfm.f", kNumber, {"F 分", "RFM frequency score"}},
    {AttributeKey::kRfmM, "rfm.m", kNumber, {"M 分", "RFM monetary score"}},
    {AttributeKey::kRfmClass, "rfm.class", kChoice, {"RFM 分类", "RFM class"}, kRfmClasses},
    {AttributeKey::kNextOrderExpectedAt, "next_order_expected_at", kTime, {"预计下次下单", "next order expected at"}},
    {AttributeKey::kChurnRisk, "churn_risk", kNumber, {"流失风险", "churn risk"}},
    {AttributeKey::kClv, "clv", kMoney, {"客户终身价值", "customer lifetime value"}},
    {AttributeKey::kInfluence, "influence", kNumber, {"影响力", "influence"}},
};
constexpr Attribute kCustomAttribute{AttributeKey::kCustom, "custom", kText, {"自定义属性", "custom attribute"}};

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
    if (is_event_field(key)) return level_of(event_field(key).kind);
    if (key >= kPurchaseAt) return Level::kPurchase;
    if (key >= kRefundAt) return Level::kRefund;
    return key >= kProduct ? Level::kLine : Level::kOrder;
}

bool is_past_time(FieldKey key) {
    if (is_event_field(key)) {
        const EventField field = event_field(key);
        return field.place == EventPlace::kAt || (field.place == EventPlace::kColumn &&
                                                  event_columns(field.kind)[field.column].value == EventValue::kTime);
    }
    return key <= kClosedAt || key == kListedAt || key == kRefundAt || key == kRefundDoneAt || key == kPurchaseAt;
}

bool is_text_field(FieldKey key) {
    if (is_event_field(key)) {
        const EventField field = event_field(key);
        if (field.place == EventPlace::kColumn)
            return event_columns(field.kind)[field.column].value == EventValue::kText;
        return field.place >= EventPlace::kShop && field.place <= EventPlace::kBrand;
    }
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
            if (std::ranges::find(names, field.name) == names.end()) names.push_back(field.name);
        }
    }
    return names;
}

std::vector<std::string_view> fact_names() {
    std::vector<std::string_view> names;
    for (const Fact& fact : kFacts) names.push_back(fact.name);
    return names;
}

std::span<const Attribute> attributes() { return kAttributes; }

const Attribute* find_attribute(std::string_view name) {
    if (name.starts_with(kCustomPrefix)) return &kCustomAttribute;
    const auto found = std::ranges::find(kAttributes, name, &Attribute::name);
    return found == std::end(kAttributes) ? nullptr : found;
}

std::vector<std::string_view> attribute_names() {
    std::vector<std::string_view> names;
    for (const Attribute& attribute : kAttributes) names.push_back(attribute.name);
    return names;
}

}  // namespace shuke::audience

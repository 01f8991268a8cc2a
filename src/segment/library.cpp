#include "segment/library.h"

#include <algorithm>

namespace shuke::segment {
namespace {

// Times are fixed days, as the trade counts them; the edges of `lifecycle` are settings (45, 90, 140 days at first).
constexpr ReadyMade kLibrary[] = {
    // ---- the classic four by what they are worth ----
    {"never_bought", "classic", "暂未购买", "never bought", "order_count = 0",
     "咨询或拍下但从未成交的人：适合首单优惠与催付。",
     "Asked or ordered but never kept an order: first-order offers, payment reminders."},
    {"big_customers", "classic", "大客户", "big customers", "order_count >= 1 top 20% by total_spent",
     "消费额前 20% 的客户：专属客服、优先发货、生日礼物。",
     "The fifth that spends most: a personal contact, first in the queue, a birthday gift."},
    {"small_customers", "classic", "散户", "small customers", "order_count >= 1 and total_spent < average(total_spent)",
     "消费低于平均的买家：用满减和关联推荐提高客单价。",
     "Spent less than the average: raise the order value by bundles and thresholds."},
    {"opinion_leaders", "classic", "意见领袖", "opinion leaders", "influence >= 3",
     "消费不一定高但会带来朋友：试用新品、邀请晒单。",
     "They bring others, whatever they spend: samples of new goods, invitations to show them."},

    // ---- where they are in their life with the shop ----
    {"new_customers", "life cycle", "新客户", "new customers", "first_order_at within last 30 days",
     "近 30 天首次成交：发送使用指南与售后关怀，不急于促销。",
     "First kept order in the last 30 days: care and how-to, not yet another offer."},
    {"active", "life cycle", "活跃客户", "active", "lifecycle = active",
     "45 天内买过：新品通知、会员活动，避免过度打扰。",
     "Bought within 45 days: news and club events; do not overdo it."},
    {"silent", "life cycle", "沉默客户", "silent", "lifecycle = silent",
     "45 至 90 天未购：轻度提醒，赶在习惯丢失之前。",
     "45 to 90 days without an order: a light reminder before the habit is lost."},
    {"sleeping", "life cycle", "睡眠客户", "sleeping", "lifecycle = sleeping",
     "90 至 140 天未购：有力度的专属优惠唤醒。", "90 to 140 days: wake them with an offer of their own."},
    {"lost", "life cycle", "流失客户", "lost", "lifecycle = lost", "超过 140 天未购：大促前低成本召回，勿频繁触达。",
     "More than 140 days: cheap win-back before big sales, and rarely."},
    {"leaving", "life cycle", "预流失客户", "about to leave", "lifecycle in [silent, sleeping]",
     "沉默与睡眠合并：挽留预算最该花在这里。", "Silent and sleeping together: where retention money works best."},
    {"newly_lost", "life cycle", "刚流失客户", "newly lost",
     "last_order_at more than 140 days ago and last_order_at within last 170 days", "流失不满一个月：召回成功率仍高。",
     "Lost for less than a month: a win-back still has a good chance."},
    {"just_bought", "life cycle", "刚购买客户", "just bought", "any(orders where paid within last 15 days)",
     "15 天内付款、可能仍在退换期：关怀而不促销，活动中排除。",
     "Paid within 15 days and may still return: care for them, leave them out of sales."},

    // ---- how often they buy ----
    {"second_purchase", "loyalty", "二次购买候选", "second-purchase candidates",
     "purchase_count = 1 and last_order_at more than 7 days ago and last_order_at within last 45 days",
     "首购后 7 至 45 天：促成第二次购买的最佳时机。",
     "7 to 45 days after the first purchase: the best time to win the second."},
    {"one_time_buyers", "loyalty", "一次性买家", "one-time buyers",
     "purchase_count = 1 and lifecycle in [sleeping, lost]", "只买过一次且久未回来：查原因，再小额试探召回。",
     "Bought once and stayed away: find out why, then try a small win-back."},
    {"returning", "loyalty", "回头客", "returning customers", "purchase_count >= 2",
     "买过两次以上：会员体系与积分的基础人群。", "Bought twice or more: the base of tiers and points."},
    {"loyal", "loyalty", "忠实客户", "loyal customers", "count(purchases within last 365 days) >= 4",
     "一年内购买四次以上：优先体验、邀请评价与转介绍。",
     "Four purchases in a year: first looks, invitations to review and to bring friends."},
    {"anniversary", "loyalty", "首购周年", "first order a year ago",
     "first_order_at more than 358 days ago and first_order_at within last 365 days",
     "首单将满一年：周年感谢，自然的联系理由。",
     "A year since the first order this week: a natural reason to say thanks."},

    // ---- what they are worth ----
    {"big_spenders_asleep", "value", "沉睡大客户", "big spenders asleep",
     "lifecycle in [sleeping, lost] and total_spent >= average(total_spent) * 2",
     "消费达平均两倍却已睡眠或流失：逐个电话回访。", "Spent twice the average and gone quiet: call them, one by one."},
    {"high_order_value", "value", "高客单价客户", "high order value",
     "order_count >= 2 and avg_order_value >= average(avg_order_value) * 1.5",
     "客单价高于平均一半以上：推荐高端款与套装。",
     "Orders half as large again as the average: show the premium lines and sets."},
    {"large_baskets", "value", "连带率高的客户", "large baskets", "avg(orders.items where kept) >= 3",
     "平均每单三件以上：适合搭配推荐与满件优惠。", "Three pieces an order or more: bundles and quantity offers."},

    // ---- what they like ----
    {"discount_lovers", "taste", "折扣爱好者", "discount lovers",
     "count(orders where kept) >= 2 and not any(orders where kept and not discount > 0)",
     "每单都用优惠：清仓与大促优先通知，平时少发。",
     "Every order was discounted: clearance and big sales first, little in between."},
    {"full_price", "taste", "正价客户", "full-price buyers",
     "count(orders where kept) >= 2 and not any(orders where kept and discount > 0)",
     "从不等折扣：用新品和服务打动，别教他们等促销。",
     "Never waited for a discount: win them with news and service, do not teach them to wait."},
    {"coupon_users", "taste", "优惠券使用者", "coupon users", "count(orders where kept and coupon is known) >= 2",
     "用过两次以上优惠券：发券最有效的人群。", "Redeemed coupons at least twice: where coupons work."},
    {"new_product_lovers", "taste", "新品爱好者", "new-product lovers",
     "distinct(lines.product where kept and listed_at within last 30 days) >= 2",
     "常买上架不久的商品：新品首发通知与试用。", "They buy what has just been listed: launch notices and samples."},
    {"night_buyers", "taste", "夜间购买者", "night buyers", "count(orders where paid and hour >= 22) >= 2",
     "常在 22 点后下单：选晚间发送时段（不超过 21 点）。",
     "They order after 22:00: send at the end of the evening window."},
    {"multi_platform", "taste", "多平台客户", "multi-platform customers", "distinct(orders.platform where kept) >= 2",
     "在多个平台购买：统一等级与积分，避免重复触达。",
     "Buy on several platforms: one tier and points for all, and no message twice."},

    // ---- service ----
    {"unpaid", "service", "拍下未付款", "ordered, not paid", "any(orders where status = created within last 2 days)",
     "两天内拍下未付款：催付，超时即停。",
     "Ordered within two days and not paid: payment reminders, and stop in time."},
    {"long_on_the_way", "service", "久未签收", "long on the way",
     "any(orders where status = shipped and shipped_at more than 7 days ago)",
     "发货 7 天仍未签收：先查件并道歉，暂停营销。",
     "Shipped a week ago, not signed: look for the parcel, say sorry, no marketing."},
    {"often_refunding", "service", "频繁退款客户", "often refunding", "count(refunds within last 180 days) >= 2",
     "半年内退款两次以上：弄清原因，勿推同类商品。",
     "Two refunds in half a year: learn the reason, do not offer the same goods."},
    {"complainers", "service", "抱怨者", "complainers", "count(reviews where score <= 2 within last 180 days) >= 1",
     "半年内给过差评：一对一跟进，先解决再营销。",
     "A bad review in half a year: follow up in person; solve first, sell later."},
    {"praise_givers", "service", "好评者", "praise givers", "count(reviews where score >= 5 within last 180 days) >= 2",
     "常给好评：感谢并邀请晒单与转介绍。", "They praise: thank them, invite photos and referrals."},

    {"unanswered", "service", "工单久未响应", "waiting for an answer",
     "any(tickets where not answered and not closed and at more than 1 days ago)",
     "工单超过一天没人响应：先处理，处理完之前不营销。",
     "A ticket nobody has answered for a day: answer it first, no marketing before."},
    {"parcel_in_trouble", "service", "疑难件客户", "parcel in trouble",
     "any(shipments where status = problem within last 30 days)", "包裹异常未签收：主动联系，必要时补发或赔付。",
     "Their parcel is in trouble: call before they do, resend or make good."},

    // ---- reach ----
    {"contact_fatigue", "reach", "触达疲劳", "contact fatigue",
     "count(messages where purpose = marketing within last 30 days) >= 4 and not any(messages where (opened or clicked "
     "or replied) within last 30 days)",
     "一个月收到四次以上营销而毫无反应：停发一段时间。",
     "Four messages in a month and no reaction to any: leave them in peace for a while."},
    {"responsive", "reach", "易响应客户", "responsive",
     "any(messages where purpose = marketing and (clicked or replied) within last 90 days)",
     "近三个月点击或回复过营销：新活动优先触达。",
     "Clicked or replied within three months: first in line for what is new."},
    {"coupon_ending", "reach", "优惠券快过期", "coupon about to expire",
     "any(coupons where status = issued and expires_at within next 3 days)", "未用的券三天内过期：提醒一次。",
     "An unused coupon lapses within three days: remind them, once."},
    {"points_ending", "reach", "积分快过期", "points about to expire",
     "sum(points.left where expires_at within next 30 days) >= 100", "一个月内有百分以上积分过期：附兑换建议提醒。",
     "A hundred points lapse within a month: remind them and say what they buy."},

    // ---- dates ----
    {"birthday_soon", "dates", "即将生日", "birthday soon", "birthday within next 7 days",
     "未来 7 天过生日：提前送祝福与专属礼。", "Birthday within a week: wishes and a gift in time."},
    {"due_to_order", "dates", "预计近期回购", "due to order again", "next_order_expected_at within next 7 days",
     "按消费周期将在一周内回购：补货提醒。", "Their usual interval ends within a week: a reminder to restock."},
    {"birthday_buyers", "dates", "即将生日的熟客", "returning, birthday soon",
     "birthday within next 7 days and purchase_count >= 2", "熟客生日：值得寄实物或手写卡片。",
     "A returning customer's birthday: worth a parcel or a written card."},
};

}  // namespace

std::span<const ReadyMade> library() { return kLibrary; }

const ReadyMade* find_ready_made(std::string_view name) {
    const auto found = std::ranges::find_if(
        kLibrary, [&](const ReadyMade& one) { return one.key == name || one.name_zh == name || one.name_en == name; });
    return found == std::end(kLibrary) ? nullptr : &*found;
}

}  // namespace shuke::segment

// bench/segments/world.h
//
// A made-up merchant of any size, the same for every run of one seed, handed out row by row in the order of time:
// three years (2022 to 2024, Shanghai) of about 9.5 orders a customer, two lines an order, 20,000 products in 500
// categories, one paid order in ten refunded (half of those wholly), 30 % of the customers contacted.
//
//   who     customers join over the years, ids ascend with time; a few buy very often, a third leave after a while,
//           four in a hundred never buy; how often somebody buys has nothing to do with their id
//   when    growth, weekdays, months, busy evenings, the sales days 18 June, 11 November, 12 December
//   what    a few products sell most; a product has one category, one brand and one price
//
// Nothing happens at or after end(), which is the instant all questions are asked at.
//
// Cost     constant memory; about 0.4 µs an order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/facts.h"

namespace shuke::bench {

inline constexpr std::int64_t kUtcOffset = 8 * 3600;
inline constexpr std::int64_t kBegin = 1'640'966'400;  // 2022-01-01 in Shanghai
inline constexpr std::int64_t kDays = 1096;
inline constexpr std::int64_t kEnd = kBegin + kDays * 86'400;
inline constexpr std::uint32_t kProducts = 20'000;
inline constexpr std::uint32_t kCategories = 500;

inline constexpr std::array<std::string_view, 2> kPlatforms{"taobao", "jd"};  // of shop 1 and shop 2
inline constexpr std::array<std::string_view, 4> kChannels{"app", "web", "mini", "pos"};
inline constexpr std::array<std::string_view, 3> kMessageChannels{"sms", "email", "wechat"};
inline constexpr std::array<std::string_view, 31> kProvinces{
    "浙江", "江苏", "广东", "上海", "北京", "山东", "河南", "四川", "湖北",  "湖南",   "河北",
    "福建", "安徽", "辽宁", "陕西", "江西", "重庆", "广西", "天津", "云南",  "黑龙江", "山西",
    "吉林", "贵州", "新疆", "甘肃", "海南", "宁夏", "青海", "西藏", "内蒙古"};

std::vector<std::string> product_names();   // of products 1 … kProducts: "P00001" …
std::vector<std::string> category_names();  // of categories 0 … kCategories - 1: "类目000" …
std::uint32_t category_of(std::uint32_t product);

struct WorldShape {
    std::uint32_t customers = 1'000'000;
    double orders_each = 9.5;
    std::uint64_t seed = 1;
};

// The engine has no messages yet; when it gets them, its own fact takes this one's place.
struct MessageRow {
    CustomerId customer;
    Instant at;
    std::uint8_t channel;
    bool delivered, opened;
};

class WorldSink {
public:
    virtual ~WorldSink() = default;
    virtual void add_label(const LabelFact& label) = 0;
    virtual void add_customer(const CustomerFact& customer) = 0;
    virtual void add_order(const OrderFact& order) = 0;
    virtual void add_line(const LineFact& line) = 0;  // after its order
    virtual void add_refund(const RefundFact& refund) = 0;
    virtual void add_message(const MessageRow& message) = 0;
};

std::vector<Shop> world_shops();
void make_world(const WorldShape& shape, WorldSink& sink);

inline Instant end_of_world() { return Instant::from_seconds(kEnd); }

}  // namespace shuke::bench

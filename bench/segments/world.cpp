#include "segments/world.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/time_zone.h"

namespace shuke::bench {
namespace {

// SplitMix64: the same numbers on every machine and library.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15u;
        z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9u;
        z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBu;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }

private:
    std::uint64_t state_;
};

// The share of all orders placed before each day and, within a day, before each hour.
struct Season {
    std::vector<double> before_day;
    std::array<double, 25> before_hour{};

    Season() {
        before_day.push_back(0);
        for (std::int64_t day = 0; day < kDays; ++day) before_day.push_back(before_day.back() + weight(day));
        for (double& share : before_day) share /= before_day.back();
        constexpr int kHours[24] = {3, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 5, 5, 5, 5, 5, 6, 8, 10, 11, 9, 6};
        double sum = 0;
        for (std::size_t hour = 0; hour < 24; ++hour) before_hour[hour + 1] = sum += kHours[hour];
        for (double& share : before_hour) share /= sum;
    }

    static double weight(std::int64_t day) {
        const Day date{static_cast<std::int32_t>((kBegin + kUtcOffset) / 86'400 + day)};
        const CivilDate civil = to_civil(date);
        double result = 1 + 0.25 * static_cast<double>(day) / 365;  // the merchant grows
        result *= weekday(date) >= 6 ? 1.2 : 1.0;
        if (civil.month == 2) result *= 0.7;
        if (civil.month == 11) result *= 1.5;
        if (civil.month == 6 && civil.day == 18) result *= 5;
        if (civil.month == 11 && civil.day == 11) result *= 6;
        if (civil.month == 12 && civil.day == 12) result *= 3;
        return result;
    }

    std::int64_t second_at(double share) const {
        const auto day = std::upper_bound(before_day.begin(), before_day.end() - 1, share) - before_day.begin() - 1;
        const auto at = static_cast<std::size_t>(day);
        const double rest = (share - before_day[at]) / (before_day[at + 1] - before_day[at]);
        const auto hour = static_cast<std::size_t>(std::upper_bound(before_hour.begin(), before_hour.end() - 1, rest) -
                                                   before_hour.begin() - 1);
        const double of_hour = (rest - before_hour[hour]) / (before_hour[hour + 1] - before_hour[hour]);
        const auto second = static_cast<std::int64_t>(hour) * 3600 + static_cast<std::int64_t>(of_hour * 3600);
        return kBegin + day * 86'400 + std::clamp<std::int64_t>(second, 0, 86'399);
    }
};

std::vector<std::string> numbered(const char* format, std::uint32_t first, std::uint32_t count) {
    std::vector<std::string> names(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        char text[24];
        std::snprintf(text, sizeof text, format, first + i);
        names[i] = text;
    }
    return names;
}

class World {
public:
    World(const WorldShape& shape, WorldSink& sink) : shape_(shape), sink_(sink), random_(shape.seed) {}

    void make() {
        make_labels();
        make_customers();
        const auto orders = static_cast<std::int64_t>(shape_.customers * shape_.orders_each);
        for (std::int64_t i = 0; i < orders; ++i)
            make_order(i + 1, season_.second_at((static_cast<double>(i) + 0.5) / static_cast<double>(orders)));
        make_messages();
    }

private:
    void make_labels() {
        const auto products = product_names();
        const auto categories = category_names();
        prices_.reserve(kProducts);
        for (std::uint32_t product = 1; product <= kProducts; ++product) {
            const std::string brand = "品牌" + std::to_string(product % 97);
            LabelFact label;
            label.id = LabelId{product};
            label.product = label.title = products[product - 1];
            label.category = categories[category_of(product)];
            label.brand = brand;
            sink_.add_label(label);
            prices_.push_back(990 + static_cast<std::int64_t>(random_.below(300)) * 100);
        }
    }

    // The first 30 % were there before the first order, the others join evenly.
    std::int64_t joined_at(std::uint32_t index) const {
        const double place = (static_cast<double>(index) / shape_.customers - 0.3) / 0.7;
        const double length = place < 0 ? 3.0 * 365 * 86'400 : static_cast<double>(kEnd - kBegin);
        return kBegin + static_cast<std::int64_t>(place * length);
    }
    // When somebody stops buying; drawn anew from the customer's own numbers whenever asked, so nothing is kept.
    std::int64_t leaves_at(std::uint32_t index) const {
        Random own(shape_.seed * 0x1'0000'0001 + index);
        const std::uint64_t kind = own.below(100);
        if (kind < 4) return 0;
        return kind < 39 ? joined_at(index) + static_cast<std::int64_t>((60 + own.below(340)) * 86'400) : kEnd;
    }

    void make_customers() {
        for (std::uint32_t index = 0; index < shape_.customers; ++index) {
            CustomerFact customer;
            customer.id = CustomerId{index + 1};
            customer.created_at = Instant::from_seconds(joined_at(index));
            customer.gender = static_cast<Gender>(random_.below(3));
            if (random_.below(2) == 0) customer.birthday = Day{static_cast<std::int32_t>(random_.below(14'000))};
            customer.province = skewed_province();
            customer.shop = random_.below(2) == 0 ? "旗舰店" : "专营店";
            sink_.add_customer(customer);
        }
    }

    std::string_view skewed_province() {
        const double u = random_.fraction();
        return kProvinces[static_cast<std::size_t>(u * u * kProvinces.size())];
    }

    // Low ranks far more often than high ones; a multiplication by a prime scatters the ranks over the ids.
    std::uint32_t buyer(std::int64_t second) {
        std::uint32_t index = 0;
        for (int attempt = 0; attempt < 100; ++attempt) {
            const auto rank = static_cast<std::uint64_t>(std::pow(random_.fraction(), 2.2) * shape_.customers);
            index = static_cast<std::uint32_t>(rank * 2'654'435'761u % shape_.customers);
            if (joined_at(index) <= second && second < leaves_at(index)) break;
        }
        return index;
    }

    void make_order(std::int64_t id, std::int64_t second) {
        OrderFact order;
        order.id = OrderId{id};
        order.customer = CustomerId{buyer(second) + 1};
        const std::uint64_t bits = random_.next();
        order.shop = ShopId{bits % 10 < 6 ? 1 : 2};
        order.channel = kChannels[bits >> 8 & 3];
        order.province = skewed_province();
        order.created_at = Instant::from_seconds(second);
        const std::int64_t paid = second + static_cast<std::int64_t>(bits >> 16 & 1023);
        const bool is_paid = (bits >> 32) % 20 != 0 && paid < kEnd;
        if (is_paid) order.paid_at = Instant::from_seconds(paid);
        order.status = is_paid ? OrderStatus::kFinished : OrderStatus::kClosed;
        order.amount = 0;
        std::array<LineFact, 3> lines;
        const std::size_t count = 1 + (bits >> 40) % 3;
        for (std::size_t n = 0; n < count; ++n) {
            const double u = random_.fraction();
            const auto product = static_cast<std::uint32_t>(u * u * kProducts);
            lines[n].order = order.id;
            lines[n].line_no = static_cast<std::int32_t>(n + 1);
            lines[n].label = LabelId{product + 1};
            lines[n].quantity_milli = 1000 * (1 + static_cast<std::int64_t>((bits >> (48 + 4 * n)) % 3));
            lines[n].price = prices_[product];
            lines[n].amount = lines[n].price * lines[n].quantity_milli / 1000;
            order.amount += lines[n].amount;
        }
        constexpr int kPercentOff[8] = {0, 0, 0, 0, 0, 10, 20, 40};
        order.discount = order.amount * kPercentOff[bits >> 60 & 7] / 100;
        order.amount -= order.discount;
        sink_.add_order(order);
        for (std::size_t n = 0; n < count; ++n) sink_.add_line(lines[n]);
        if (is_paid && random_.below(10) == 0) make_refund(order, paid);
    }

    void make_refund(const OrderFact& order, std::int64_t paid) {
        const std::int64_t at = paid + 3600 + static_cast<std::int64_t>(random_.below(15 * 86'400));
        if (at >= kEnd) return;  // has not happened yet
        RefundFact refund;
        refund.id = RefundId{++refunds_};
        refund.order = order.id;
        refund.customer = order.customer;
        refund.shop = order.shop;
        refund.at = Instant::from_seconds(at);
        refund.amount = random_.below(2) == 0 ? order.amount : order.amount / 2;
        refund.reason = random_.below(3) == 0 ? "质量问题" : "七天无理由";
        sink_.add_refund(refund);
    }

    void make_messages() {
        for (std::uint32_t index = 0; index < shape_.customers; ++index) {
            if (random_.below(10) >= 3) continue;
            for (std::uint64_t left = 1 + random_.below(12); left > 0; --left) {
                const std::int64_t at = kEnd - 1 - static_cast<std::int64_t>(random_.below(180 * 86'400));
                const std::uint64_t bits = random_.next();
                sink_.add_message({CustomerId{index + 1}, Instant::from_seconds(at),
                                   static_cast<std::uint8_t>(bits % kMessageChannels.size()), (bits >> 8) % 20 != 0,
                                   (bits >> 16) % 4 == 0});
            }
        }
    }

    const WorldShape& shape_;
    WorldSink& sink_;
    Random random_;
    Season season_;
    std::vector<std::int64_t> prices_;
    std::int64_t refunds_ = 0;
};

}  // namespace

std::vector<std::string> product_names() { return numbered("P%05u", 1, kProducts); }
std::vector<std::string> category_names() { return numbered("类目%03u", 0, kCategories); }

std::uint32_t category_of(std::uint32_t product) { return (product * 2'654'435'761u >> 8) % kCategories; }

std::vector<Shop> world_shops() {
    return {{ShopId{1}, std::string(kPlatforms[0]), "旗舰店", Currency::kCNY, "Asia/Shanghai"},
            {ShopId{2}, std::string(kPlatforms[1]), "专营店", Currency::kCNY, "Asia/Shanghai"}};
}

void make_world(const WorldShape& shape, WorldSink& sink) { World(shape, sink).make(); }

}  // namespace shuke::bench

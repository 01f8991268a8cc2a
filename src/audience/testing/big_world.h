// src/audience/testing/big_world.h
//
// Test-only: a shop of any size, reproducible by seed, handed to a builder as it is made: skewed customers (a few buy
// very often), orders spread over three years with busy Novembers, two lines an order, 20,000 products in 500
// categories, one order in ten refunded.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "audience/builder.h"
#include "domain/facts.h"

namespace shuke::audience::testing {

struct BigWorld {
    std::uint32_t customers = 1'000'000;
    double orders_each = 9.5;
    std::uint64_t seed = 1;

    static constexpr std::int64_t kBegin = 1'640'966'400;  // 2022-01-01, three years
    static constexpr std::int64_t kDays = 1095;
    static constexpr std::uint32_t kProducts = 20'000;

    // Sink has add_shop … add_refund like Builder.
    template <class Sink>
    void feed(Sink& sink) const {
        static_cast<void>(sink.add_shop({ShopId{1}, "taobao", "旗舰店", Currency::kCNY, "Asia/Shanghai"}));
        static_cast<void>(sink.add_shop({ShopId{2}, "jd", "专营店", Currency::kCNY, "Asia/Shanghai"}));
        feed_labels(sink);
        std::mt19937_64 random(seed);
        feed_customers(sink, random);
        feed_orders(sink, random);
    }

private:
    template <class Sink>
    static void feed_labels(Sink& sink) {
        for (std::uint32_t i = 1; i <= kProducts; ++i) {
            const std::string product = "P" + std::to_string(i);
            const std::string category = "category-" + std::to_string((i * 2'654'435'761u >> 8) % 500);
            const std::string brand = "brand-" + std::to_string(i % 97);
            LabelFact label;
            label.id = LabelId{i};
            label.product = product;
            label.title = product;
            label.category = category;
            label.brand = brand;
            sink.add_label(label);
        }
    }

    template <class Sink>
    void feed_customers(Sink& sink, std::mt19937_64& random) const {
        for (std::uint32_t i = 1; i <= customers; ++i) {
            CustomerFact customer;
            customer.id = CustomerId{i};
            customer.gender = static_cast<Gender>(random() % 3);
            if (random() % 2 == 0) customer.birthday = Day{static_cast<std::int32_t>(random() % 14'000)};
            customer.province = provinces()[random() % 31];
            customer.shop = "旗舰店";
            sink.add_customer(customer);
        }
    }

    // In the order of time, as a database hands them out: customers at random, the low numbers far more often.
    template <class Sink>
    void feed_orders(Sink& sink, std::mt19937_64& random) const {
        const auto orders = static_cast<std::int64_t>(static_cast<double>(customers) * orders_each);
        std::int64_t refund_id = 0;
        for (std::int64_t i = 1; i <= orders; ++i) {
            const double u = static_cast<double>(random() >> 11) * 0x1p-53;
            OrderFact order;
            order.id = OrderId{i};
            order.customer = CustomerId{1 + static_cast<std::int64_t>(std::pow(u, 1.6) * customers)};
            order.shop = ShopId{static_cast<std::int64_t>(1 + random() % 2)};
            const double year = static_cast<double>(i) / static_cast<double>(orders) * 3;
            const double season = 0.06 * std::sin(year * 2 * 3.14159265);
            const std::int64_t second = kBegin + static_cast<std::int64_t>((year / 3 + season / 3) * kDays * 86'400) +
                                        static_cast<std::int64_t>(random() % 86'400);
            order.created_at = Instant::from_seconds(second);
            if (random() % 20 != 0)
                order.paid_at = Instant::from_seconds(second + static_cast<std::int64_t>(random() % 1800));
            order.status = order.paid_at == kNever ? OrderStatus::kClosed : OrderStatus::kFinished;
            order.channel = channels()[random() % 4];
            order.province = provinces()[random() % 31];
            const std::int64_t lines = 1 + static_cast<std::int64_t>(random() % 3);
            order.amount = 0;
            LineFact made[3];
            for (std::int64_t n = 0; n < lines; ++n) {
                const double p = static_cast<double>(random() >> 11) * 0x1p-53;
                made[n].order = order.id;
                made[n].line_no = static_cast<std::int32_t>(n + 1);
                made[n].label = LabelId{1 + static_cast<std::int64_t>(p * p * kProducts)};
                made[n].quantity_milli = 1000 * (1 + static_cast<std::int64_t>(random() % 3));
                made[n].price = 990 + static_cast<std::int64_t>(random() % 200) * 100;
                made[n].amount = made[n].price * made[n].quantity_milli / 1000;
                order.amount += made[n].amount;
            }
            sink.add_order(order);
            for (std::int64_t n = 0; n < lines; ++n) sink.add_line(made[n]);
            if (order.paid_at != kNever && random() % 10 == 0) {
                RefundFact refund;
                refund.id = RefundId{++refund_id};
                refund.order = order.id;
                refund.shop = order.shop;
                refund.at = Instant::from_seconds(second + 86'400 * static_cast<std::int64_t>(1 + random() % 15));
                refund.amount = random() % 2 == 0 ? order.amount : order.amount / 2;
                refund.reason = "七天无理由";
                sink.add_refund(refund);
            }
        }
    }

    static const std::vector<std::string>& provinces() {
        static const std::vector<std::string> kNames = [] {
            std::vector<std::string> names = {"浙江", "江苏", "广东"};
            while (names.size() < 31) names.push_back("省" + std::to_string(names.size()));
            return names;
        }();
        return kNames;
    }
    static const std::vector<std::string>& channels() {
        static const std::vector<std::string> kNames = {"app", "web", "mini", "pos"};
        return kNames;
    }
};

}  // namespace shuke::audience::testing

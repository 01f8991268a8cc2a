// Aim: questions asked while the audience is refreshed see one consistent state, and threads never step on each other.
// Method: readers ask of the newest version, on one pool and one cache, while a writer replaces customers; every answer
// must be the one that its version gives alone. Run under ThreadSanitizer by `scripts/prove threads`.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "audience/evaluate.h"
#include "audience/predicate_cache.h"
#include "audience/profile.h"
#include "audience/testing/small_world.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

constexpr int kCustomers = 3000;

// 3,000 customers with an order each, some of whom have others from version to version.
class Shop {
public:
    Shop() {
        for (int id = 1; id <= kCustomers; ++id) {
            world_.customer(id);
            world_.order({.customer = id, .at = "2024-03-01 10:00"});
        }
        newest_ = world_.version();
    }

    std::shared_ptr<const Version> newest() const {
        const std::lock_guard lock(mutex_);
        return newest_;
    }

    // The customers `first`, `first` + 7 … get orders in a number that all of them share.
    void refresh(int first, int orders) {
        std::vector<CustomerId> changed;
        for (int id = first; id <= kCustomers; id += 7) changed.push_back(CustomerId{id});
        Builder builder = Builder::on(newest(), changed);
        for (const CustomerId id : changed) {
            CustomerFact customer;
            customer.id = id;
            builder.add_customer(customer);
        }
        std::int64_t number = 0;
        for (const CustomerId id : changed) {
            for (int i = 0; i < orders; ++i) {
                OrderFact order = world_.facts().orders.front();
                order.id = OrderId{++number};
                order.customer = id;
                builder.add_order(order);
            }
        }
        auto next = builder.build();
        const std::lock_guard lock(mutex_);
        newest_ = std::move(next);
    }

private:
    testing::SmallWorld world_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Version> newest_;
};

TEST(Concurrency, EveryQuestionSeesOneVersionWhileItIsRefreshed) {
    Shop shop;
    WorkerPool pool(2);
    PredicateCache cache;
    const Instant as_of = Instant::from_seconds(1'710'000'000);
    const auto several = *parse_and_bind("count(orders) >= 2", {Currency::kCNY, nullptr});
    const auto few =
        *parse_and_bind("count(orders) < 2 and any(orders within last 60 days)", {Currency::kCNY, nullptr});
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0}, asked{0};
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 3; ++reader) {
        readers.emplace_back([&, reader] {
            while (!stop) {
                const auto version = shop.newest();
                const Instant at{as_of.us_since_epoch + (reader == 2 ? asked.load() % 5 : 0) * 1'000'000};
                const auto many = evaluate(*version, several, at, &pool, &cache).count();
                const auto rest = evaluate(*version, few, at, reader == 0 ? nullptr : &pool, &cache).count();
                if (many + rest != version->customers()) ++wrong;
                if (reader == 1 && profile(*version, several, at, &pool, &cache).chosen != many) ++wrong;
                ++asked;
            }
        });
    }
    int written = 0;
    while (written < 150 || asked < 100) {
        shop.refresh(1 + written % 7, 1 + written % 3);
        ++written;
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace shuke::audience

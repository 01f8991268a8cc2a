// Aim: a Version that was refreshed customer by customer answers as one that was built anew from the same facts.
// Method: random worlds; of some customers the base knows less, else or nothing; they come, change or go in steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "audience/evaluate.h"
#include "audience/measure.h"
#include "audience/testing/random_expression.h"
#include "audience/worker_pool.h"

namespace shuke::audience {
namespace {

using testing::ExpressionMaker;
using testing::FactWorld;
using testing::WorldMaker;

// Whose facts are whose, as the builder has it; 0: nobody known.
class Owners {
public:
    explicit Owners(const FactWorld& world) {
        for (const CustomerFact& customer : world.customers) known_.insert(customer.id.value);
        for (const OrderFact& order : world.orders) orders_[order.id.value] = known(order.customer);
    }
    std::int64_t of(const CustomerFact& customer) const { return customer.id.value; }
    std::int64_t of(const OrderFact& order) const { return known(order.customer); }
    std::int64_t of(const LineFact& line) const { return orders_.at(line.order.value); }
    std::int64_t of(const RefundFact& refund) const {
        const auto order = orders_.find(refund.order.value);
        return order == orders_.end() ? known(refund.customer) : order->second;
    }
    std::int64_t of(const SpanFact& span) const { return known(span.customer); }
    std::int64_t of(const EventFact& event) const { return known(event.customer); }
    std::int64_t of(const TraitFact& trait) const { return known(trait.customer); }

private:
    std::int64_t known(CustomerId customer) const { return known_.contains(customer.value) ? customer.value : 0; }
    std::set<std::int64_t> known_;
    std::map<std::int64_t, std::int64_t> orders_;
};

// The part of the world that belongs to those for whom `wanted` holds, with all its labels and shops.
template <class Wanted>
FactWorld part_of(const FactWorld& world, Wanted wanted) {
    const Owners owners(world);
    FactWorld part = world;
    const auto keep = [&](auto& facts) {
        std::erase_if(facts, [&](const auto& fact) { return !wanted(owners.of(fact)); });
    };
    keep(part.customers);
    keep(part.orders);
    keep(part.lines);
    keep(part.refunds);
    keep(part.spans);
    keep(part.events);
    keep(part.traits);
    return part;
}

// Less of the orders, and other amounts.
void make_stale(FactWorld& world, WorldMaker& maker) {
    std::set<std::int64_t> gone;
    std::erase_if(world.orders, [&](OrderFact& order) {
        if (maker.chance(0.2) && order.amount != kMissingAmount) order.amount += 100;
        const bool goes = maker.chance(0.3);
        if (goes) gone.insert(order.id.value);
        return goes;
    });
    std::erase_if(world.lines, [&](const LineFact& line) { return gone.contains(line.order.value); });
    std::erase_if(world.refunds, [&](const RefundFact& refund) { return gone.contains(refund.order.value); });
    std::erase_if(world.spans, [&](const SpanFact&) { return maker.chance(0.3); });
    std::erase_if(world.events, [&](const EventFact&) { return maker.chance(0.3); });
    std::erase_if(world.traits, [&](const TraitFact&) { return maker.chance(0.3); });
}

void append(FactWorld& to, const FactWorld& from) {
    const auto add = [](auto& a, const auto& b) { a.insert(a.end(), b.begin(), b.end()); };
    add(to.customers, from.customers);
    std::ranges::sort(to.customers, {}, &CustomerFact::id);
    add(to.orders, from.orders);
    add(to.lines, from.lines);
    add(to.refunds, from.refunds);
    add(to.spans, from.spans);
    add(to.events, from.events);
    add(to.traits, from.traits);
}

// Labels that the part needs, and no others; all shops but the last if it does not need that.
void keep_used_tables(FactWorld& part) {
    std::set<std::int64_t> labels, shops;
    for (const LineFact& line : part.lines) labels.insert(line.label.value);
    for (const OrderFact& order : part.orders) shops.insert(order.shop.value);
    for (const RefundFact& refund : part.refunds) shops.insert(refund.shop.value);
    for (const EventFact& event : part.events) {
        labels.insert(event.label.value);
        shops.insert(event.shop.value);
    }
    for (const CustomerFact& customer : part.customers) {
        if (customer.shop == part.shops.back().name) shops.insert(part.shops.back().id.value);
    }
    std::erase_if(part.labels, [&](const LabelFact& label) { return !labels.contains(label.id.value); });
    // Shops come with ascending ids, so only the last can be new.
    if (!shops.contains(part.shops.back().id.value)) part.shops.pop_back();
}

// What an owner of the facts does: tables that the base does not know first, then the customers.
std::shared_ptr<const Version> refreshed(std::shared_ptr<const Version> base, const FactWorld& changes,
                                         std::vector<CustomerId> changed, bool guests, std::set<std::int64_t>& labels,
                                         std::set<std::int64_t>& shops, WorkerPool* pool) {
    Builder builder = Builder::on(std::move(base), std::move(changed));
    if (guests) builder.replace_guests();
    for (const Shop& shop : changes.shops) {
        if (shops.insert(shop.id.value).second) SHUKE_CHECK(builder.add_shop(shop).has_value(), "the shop's zone");
    }
    for (const LabelFact& label : changes.labels) {
        if (labels.insert(label.id.value).second) builder.add_label(label);
    }
    for (const CustomerFact& customer : changes.customers) builder.add_customer(customer);
    for (const OrderFact& order : changes.orders) builder.add_order(order);
    for (const LineFact& line : changes.lines) builder.add_line(line);
    for (const RefundFact& refund : changes.refunds) builder.add_refund(refund);
    for (const SpanFact& span : changes.spans) builder.add_span(span);
    for (const EventFact& event : changes.events) builder.add_event(event);
    for (const TraitFact& trait : changes.traits) builder.add_trait(trait);
    return builder.build(pool);
}

std::vector<std::int64_t> ids_of(const Version& version, const Selection& selection) {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : customers(version, selection)) ids.push_back(id.value);
    return ids;
}

struct Scale {
    int customers, steps, questions;
    double changing;
};

class Refresh {
public:
    Refresh(std::uint64_t seed, Scale scale, WorkerPool* pool)
        : seed_(seed), maker_(seed), scale_(scale), pool_(pool), world_(maker_.make(scale.customers)) {
        world_.labels.erase(std::unique(world_.labels.begin(), world_.labels.end(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; }),
                            world_.labels.end());
    }

    void run() {
        base();
        for (int step = 0; step < scale_.steps; ++step) take(step);
        compare();
    }
    const Version& version() const { return *version_; }

private:
    void base() {
        // Customers that exist no more: the world's own are renumbered by the odd ids only where there is room.
        for (const CustomerFact& customer : world_.customers) {
            if (maker_.chance(scale_.changing))
                step_of_[customer.id.value] = static_cast<int>(maker_.below(scale_.steps));
        }
        guests_change_ = maker_.chance(0.3);
        FactWorld base = part_of(
            world_, [&](std::int64_t owner) { return owner == 0 ? !guests_change_ : !step_of_.contains(owner); });
        FactWorld stale =
            part_of(world_, [&](std::int64_t owner) { return step_of_.contains(owner) && owner % 3 != 0; });
        make_stale(stale, maker_);
        FactWorld doomed;
        for (std::int64_t id = 1; id < 2'000'000; id += 97'001) {
            if (std::ranges::find(world_.customers, CustomerId{id}, &CustomerFact::id) != world_.customers.end())
                continue;
            CustomerFact customer;
            customer.id = CustomerId{id};
            customer.created_at = Instant{0};
            doomed.customers.push_back(customer);
            step_of_[id] = static_cast<int>(maker_.below(scale_.steps));
        }
        append(base, stale);
        append(base, doomed);
        keep_used_tables(base);
        for (const LabelFact& label : base.labels) labels_.insert(label.id.value);
        for (const Shop& shop : base.shops) shops_.insert(shop.id.value);
        version_ = testing::build(base, pool_);
    }

    void take(int step) {
        const auto now = [&](std::int64_t owner) {
            const auto found = step_of_.find(owner);
            return found != step_of_.end() && found->second == step;
        };
        const bool guests = guests_change_ && step == scale_.steps - 1;
        FactWorld changes = part_of(world_, [&](std::int64_t owner) { return owner == 0 ? guests : now(owner); });
        keep_used_tables(changes);
        std::vector<CustomerId> changed;
        for (const auto& [customer, when] : step_of_)
            if (when == step) changed.push_back(CustomerId{customer});
        const auto before = version_;
        const FactCounts held = before->facts();
        version_ = refreshed(version_, changes, changed, guests, labels_, shops_, pool_);
        EXPECT_EQ(before->facts().orders, held.orders) << "a version never changes";
    }

    void compare() {
        const auto anew = testing::build(world_, pool_);
        ASSERT_EQ(version_->customers(), anew->customers());
        EXPECT_EQ(version_->facts().orders, anew->facts().orders);
        EXPECT_EQ(version_->facts().lines, anew->facts().lines);
        EXPECT_EQ(version_->facts().refunds, anew->facts().refunds);
        EXPECT_EQ(version_->facts().events, anew->facts().events);
        EXPECT_EQ(version_->guest_facts().orders, anew->guest_facts().orders);
        for (const CustomerFact& customer : world_.customers) {
            const auto slot = version_->slot_of(customer.id);
            ASSERT_TRUE(slot.has_value());
            ASSERT_EQ(version_->customer_at(*slot), customer.id);
        }
        ExpressionMaker expressions(seed_ * 31);
        for (int i = 0; i < scale_.questions; ++i) {
            const Expression expression = expressions.expression(3);
            const Instant as_of = maker_.as_of(world_);
            const auto bound = bind(expression, testing::bind_options(world_));
            ASSERT_TRUE(bound.has_value()) << print(expression);
            ASSERT_EQ(ids_of(*version_, evaluate(*version_, *bound, as_of, pool_)),
                      ids_of(*anew, evaluate(*anew, *bound, as_of, pool_)))
                << "seed " << seed_ << " as of " << format_iso(as_of) << ": " << print(expression);
        }
    }

    std::uint64_t seed_;
    WorldMaker maker_;
    Scale scale_;
    WorkerPool* pool_;
    FactWorld world_;
    std::map<std::int64_t, int> step_of_;  // when a customer changes
    bool guests_change_ = false;
    std::set<std::int64_t> labels_, shops_;
    std::shared_ptr<const Version> version_;
};

TEST(Refresh, CustomersThatComeChangeAndGoLeaveTheSameAnswersAsBuildingAnew) {
    for (std::uint64_t seed = 1; seed <= 300 && !HasFatalFailure(); ++seed)
        Refresh(seed, {static_cast<int>(seed % 13), 1 + static_cast<int>(seed % 11), 8, 0.5}, nullptr).run();
}

TEST(Refresh, BlocksAreFoldedAndPackedOnTheWay) {
    WorkerPool pool(2);
    Refresh many(71, {9000, 24, 25, 0.9}, &pool);
    many.run();
    const auto blocks = many.version().blocks().size();
    EXPECT_LE(blocks, 20u) << "24 steps would leave as many blocks behind the settled ones";
    EXPECT_GE(blocks, 9u);
}

TEST(Refresh, ACustomerOutsideTheChangedOnesIsABug) {
    FactWorld world = WorldMaker(1).make(5);
    Builder builder = Builder::on(testing::build(world), {world.customers.front().id});
    builder.add_customer(world.customers.back());
    EXPECT_ANY_THROW(builder.build());
}

}  // namespace
}  // namespace shuke::audience

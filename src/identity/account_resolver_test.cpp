// Aim: equal trusted identifiers are one customer, shared ones are not, and every union can be taken back exactly.
// Method: buyers are resolved against a real record; the partition of accounts into customers is read back by SQL.
#include "identity/account_resolver.h"

#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "identity/lookup.h"
#include "record/changes.h"
#include "record/shops.h"
#include "record/testing/record_for_test.h"

namespace shuke::identity {
namespace {

using Partition = std::set<std::set<std::int64_t>>;

class AccountResolverTest : public record::RecordTest {
protected:
    // Resolves each buyer in a transaction of its own; returns the customers as of the end.
    std::vector<std::int64_t> resolve(const std::vector<Buyer>& buyers, std::size_t shared_names_max = 5) {
        record::WriteSession session(database().connect());
        std::vector<record::AccountId> accounts;
        database().begin_write(session);
        shop_ = record::ensure_shop(session, {{}, "taobao", "shop", Currency::kCNY, "Asia/Shanghai"}, clock_.now());
        session.now() << "COMMIT";
        AccountResolver resolver(session, database().keys(),
                                 {.region = "CN", .shared_names_max = shared_names_max, .import = {}, .actor = "test"});
        Instant at = clock_.now();
        for (const Buyer& buyer : buyers) {
            database().begin_write(session);
            resolver.begin();
            at.us_since_epoch += 1'000'000;
            const auto who = resolver.resolve(buyer, shop_, at, clock_.now());
            accounts.push_back(who ? who->account : record::AccountId{});
            resolver.flush();
            resolver.finish();
            session.now() << "COMMIT";
        }
        std::vector<std::int64_t> customers;
        for (const auto account : accounts) {
            customers.push_back(
                account ? number("SELECT customer_id FROM accounts WHERE id = " + std::to_string(account.value)) : 0);
        }
        return customers;
    }
    Partition partition() {
        std::map<std::int64_t, std::set<std::int64_t>> sets;
        const auto session = database().connect();
        long long account = 0, customer = 0;
        soci::statement select =
            (session->prepare << "SELECT id, customer_id FROM accounts", soci::into(account), soci::into(customer));
        select.execute();
        while (select.fetch()) sets[customer].insert(account);
        Partition found;
        for (auto& [id, members] : sets) {
            EXPECT_EQ(id, *members.begin()) << "a customer is named by its lowest account";
            found.insert(members);
        }
        return found;
    }
    Shop shop_;
};

TEST_P(AccountResolverTest, EqualPhonesAreOneCustomerAndPrivacyNumbersAreNot) {
    const auto customers = resolve({{.nick = "a", .phone = "13912345678"},
                                    {.nick = "b", .phone = "+86 139 1234 5678"},
                                    {.nick = "c", .phone = "18877771111-123"},
                                    {.nick = "d", .phone = "18877771111-123"}});
    EXPECT_EQ(customers[0], customers[1]);
    EXPECT_NE(customers[2], customers[3]);
}

TEST_P(AccountResolverTest, GuestsWithAPhoneBecomeCustomersAndOthersStayGuests) {
    const auto customers =
        resolve({{.phone = "13912345678"}, {.name = "张示例"}, {.email = "ann@example.com"}, {.phone = "130****0002"}});
    EXPECT_NE(customers[0], 0);
    EXPECT_EQ(customers[1], 0);
    EXPECT_NE(customers[2], 0);
    EXPECT_EQ(customers[3], 0);
}

TEST_P(AccountResolverTest, APayerAccountUnitesNobody) {
    const auto customers =
        resolve({{.nick = "a", .payer_account = "pay@example.com"}, {.nick = "b", .payer_account = "pay@example.com"}});
    EXPECT_NE(customers[0], customers[1]);
}

TEST_P(AccountResolverTest, APhoneUnderTooManyNamesUnitesNobodyInWhateverOrderTheyCome) {
    std::vector<Buyer> buyers;
    const std::vector<std::string> names{"一", "二", "三", "四"};
    const std::vector<std::string> nicks{"a", "b", "c", "d"};
    for (std::size_t i = 0; i < 4; ++i) buyers.push_back({.nick = nicks[i], .phone = "13912345678", .name = names[i]});
    auto customers = resolve(buyers, 3);
    EXPECT_EQ(std::set(customers.begin(), customers.end()).size(), 4u);
    EXPECT_EQ(number("SELECT count(*) FROM identifiers WHERE shared = 1"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM merges WHERE split_at IS NULL"), 0);
    customers = resolve(buyers, 3);
    EXPECT_EQ(std::set(customers.begin(), customers.end()).size(), 4u);
}

TEST_P(AccountResolverTest, ThreeNamesBehindOnePhoneAreAFamily) {
    const auto customers = resolve({{.nick = "a", .phone = "13912345678", .name = "一"},
                                    {.nick = "b", .phone = "13912345678", .name = "二"},
                                    {.nick = "c", .phone = "13912345678", .name = "三"}},
                                   3);
    EXPECT_EQ(std::set(customers.begin(), customers.end()).size(), 1u);
}

TEST_P(AccountResolverTest, ABuyerThatLinksTwoCustomersUnitesThemAndASplitRestoresBoth) {
    resolve({{.nick = "a", .phone = "13900000001"}, {.nick = "b", .email = "b@example.com"}});
    const Partition before = partition();
    resolve({{.nick = "a", .phone = "13900000001", .email = "b@example.com"}});
    ASSERT_EQ(partition(), (Partition{{1, 2}}));
    std::vector<CustomerId> apart;
    write([&](soci::session& session) {
        apart = split_customer(session, CustomerId{1}, std::nullopt, {"test", clock_.now()});
    });
    EXPECT_EQ(apart, (std::vector{CustomerId{1}, CustomerId{2}}));
    EXPECT_EQ(partition(), before);
    resolve({{.nick = "a", .phone = "13900000001", .email = "b@example.com"}});
    EXPECT_EQ(partition(), before) << "what a person has separated is not united again";
    EXPECT_GE(number("SELECT count(*) FROM audit WHERE action LIKE 'customer.%'"), 2);
}

TEST_P(AccountResolverTest, OrdersFollowTheirAccountThroughMergeAndSplit) {
    resolve({{.nick = "a"}, {.nick = "b"}});
    write([](soci::session& session) {
        session << "INSERT INTO orders (id, shop_id, order_no, customer_id, account_id, status, currency, "
                   "header_content, line_count, "
                   "lines_content) VALUES (1, 1, 'x', 2, 2, 1, 156, 0, 0, 0)";
        session << "INSERT INTO refunds (id, shop_id, refund_no, order_id, customer_id, currency, amount) VALUES (1, "
                   "1, 'r', 1, 2, 156, 5)";
    });
    write([&](soci::session& session) {
        merge_customers(session, CustomerId{1}, CustomerId{2}, {"test", clock_.now()});
    });
    EXPECT_EQ(number("SELECT customer_id FROM orders"), 1);
    EXPECT_EQ(number("SELECT customer_id FROM refunds"), 1);
    EXPECT_EQ(number("SELECT merged_into FROM customers WHERE id = 2"), 1);
    write(
        [&](soci::session& session) { split_customer(session, CustomerId{1}, std::nullopt, {"test", clock_.now()}); });
    EXPECT_EQ(number("SELECT customer_id FROM orders"), 2);
    EXPECT_EQ(number("SELECT customer_id FROM refunds"), 2);
    EXPECT_EQ(number("SELECT count(*) FROM customers WHERE merged_into IS NOT NULL"), 0);
    EXPECT_EQ(number("SELECT max(customer_id) FROM customer_changes"), 2);
}

TEST_P(AccountResolverTest, UnionsTakenBackInReverseGiveThePartitionBefore) {
    std::vector<std::string> nicks;
    for (int i = 0; i < 8; ++i) nicks.push_back("nick" + std::to_string(i));
    std::vector<Buyer> buyers;
    for (const auto& nick : nicks) buyers.push_back({.nick = nick});
    resolve(buyers);
    rc::check("merge at random, split in reverse", [&] {
        const Partition before = partition();
        std::vector<Partition> states;
        for (int step = 0; step < 5; ++step) {
            const auto a = *rc::gen::inRange<std::int64_t>(1, 9);
            const auto b = *rc::gen::inRange<std::int64_t>(1, 9);
            states.push_back(partition());
            const auto merged = database().write("test", [&](soci::session& session) {
                merge_customers(session, record::living_customer(session, CustomerId{a}),
                                record::living_customer(session, CustomerId{b}), {"test", clock_.now()});
            });
            if (!merged) states.pop_back();
        }
        while (!states.empty()) {
            long long newest = 0;
            RC_ASSERT(
                database()
                    .write(
                        "test",
                        [&](soci::session& session) {
                            long long account = 0;
                            session
                                << "SELECT id, account_a FROM merges WHERE split_at IS NULL ORDER BY id DESC LIMIT 1",
                                soci::into(newest), soci::into(account);
                            long long owner = 0;
                            session << "SELECT customer_id FROM accounts WHERE id = :id", soci::use(account),
                                soci::into(owner);
                            split_customer(session, CustomerId{owner}, newest, {"test", clock_.now()});
                        })
                    .has_value());
            RC_ASSERT(partition() == states.back());
            states.pop_back();
        }
        RC_ASSERT(partition() == before);
    });
}

TEST_P(AccountResolverTest, ACustomerIsFoundByEveryIdentifier) {
    resolve({{.external_id = "X-7", .nick = "Demo_Buyer", .phone = "13900000001", .email = "Ann@Example.com"}});
    const auto done = database().read([&](soci::session& session) {
        for (const char* text : {"1", "id:1", "X-7", "demo_buyer", "+86 139 0000 0001", "ann@example.com",
                                 "phone:13900000001", "external_id:X-7"}) {
            const auto found = find_customers(session, database().keys(), text);
            ASSERT_TRUE(found) << text << ": " << found.error().detail;
            EXPECT_EQ(found->front(), CustomerId{1}) << text;
        }
        EXPECT_EQ(find_customers(session, database().keys(), "nobody").error().key, "customer.not_found");
    });
    ASSERT_TRUE(done);
}

SHUKE_ON_BOTH_DATABASES(AccountResolverTest);

}  // namespace
}  // namespace shuke::identity

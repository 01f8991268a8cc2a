// Aim: the engine and SQL over the record name the same customers.
// Method: random orders are imported from a native file into a record (SQLite and PostgreSQL); random expressions are
// made together with the SQL that says the same, straight from the definitions; both are asked as of random instants.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <set>

#include "audience/evaluate.h"
#include "audience/expression.h"
#include "ingest/import.h"
#include "live/load_audience.h"
#include "record/testing/record_for_test.h"

namespace shuke {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kBegin = 1'704'038'400;  // 2024-01-01 00:00 in Shanghai
constexpr std::int64_t kOffset = 8 * 3'600;     // a zone without summer time, so that SQL can count its days
constexpr int kDays = 120;

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n)); }
    bool chance(int percent) { return below(100) < percent; }
    template <class T, std::size_t N>
    const T& one_of(const T (&values)[N]) {
        return values[below(N)];
    }

private:
    std::mt19937_64 engine_;
};

constexpr const char* kChannels[] = {"app", "web", "live", ""};
constexpr const char* kCategories[] = {"连衣裙", "鞋", "箱包", ""};
constexpr const char* kProvinces[] = {"浙江", "江苏", "上海", ""};
constexpr const char* kStatuses[] = {"created", "paid", "shipped", "signed", "finished", "closed"};

std::string money(std::int64_t minor) { return format_minor(minor, 2); }

// Orders of a plausible life: times ascend, some are unknown; refunds with and without a time; guests.
std::string random_orders(Random& random) {
    std::string text =
        "order_no,external_id,gender,province,status,created_at,paid_at,shipped_at,signed_at,finished_at,closed_at,"
        "amount,discount,refunded,refunded_at,channel,product,category,quantity,price\n";
    for (int order = 0; order < 1'200; ++order) {
        const auto time = [](std::int64_t second) { return format_iso(Instant::from_seconds(second)); };
        std::int64_t at = kBegin + random.below(kDays * kDay);
        const auto status = random.below(6);
        const std::string created = time(at);
        std::string times[5];
        const bool was_paid = status == 5 ? random.chance(60) : status > 0;
        for (std::int64_t state = 1; state <= 5; ++state) {
            at += 60 + random.below(6 * kDay);
            const bool happened = status == 5 ? (state == 1 ? was_paid : state == 5) : state <= status;
            const bool known = status == 5 && state == 1 ? true : random.chance(70);
            if (happened && known) times[state - 1] = time(at);
        }
        const std::int64_t amount = random.chance(5) ? 0 : 100 + random.below(50'000);
        std::string refunded, refunded_at;
        if (was_paid && random.chance(25)) {
            refunded = money(random.chance(50) ? amount : random.below(amount + 1));
            if (random.chance(70)) refunded_at = time(at + random.below(10 * kDay));
        }
        const bool guest = random.chance(8);
        const auto customer = random.below(200);
        const int lines = 1 + static_cast<int>(random.below(3));
        for (int line = 0; line < lines; ++line) {
            text += "O" + std::to_string(order) + "," + (guest ? "" : "C" + std::to_string(customer)) + "," +
                    (customer % 3 == 0   ? "female"
                     : customer % 3 == 1 ? "male"
                                         : "") +
                    ",";
            text += std::string(kProvinces[customer % 4]) + "," + kStatuses[status] + "," + created;
            for (const auto& one : times) text += "," + one;
            text += "," + (order % 17 == 0 ? std::string() : money(amount)) + "," +
                    (random.chance(30) && line == 0 ? "" : money(order % 7 * 100)) + "," + refunded + "," + refunded_at;
            text += std::string(",") + kChannels[order % 4] + ",P" + std::to_string(random.below(12)) + "," +
                    kCategories[(order + line) % 4] + "," + std::to_string(1 + random.below(4)) + "," +
                    money(100 + random.below(9'000)) + "\n";
        }
    }
    return text;
}

// An expression and the SQL condition on customer c that means the same.
struct Pair {
    std::string text, sql;
};

class Maker {
public:
    Maker(Random& random, std::int64_t as_of) : random_(random), as_of_(as_of), now_(std::to_string(as_of)) {}

    Pair predicate(int depth) {
        if (depth == 0 || random_.chance(30)) return leaf();
        if (random_.chance(20)) {
            const Pair part = predicate(depth - 1);
            return {"not (" + part.text + ")", "NOT (" + part.sql + ")"};
        }
        const char* word = random_.chance(50) ? " and " : " or ";
        const Pair left = predicate(depth - 1);
        const Pair right = predicate(depth - 1);
        return {"(" + left.text + word + right.text + ")", "(" + left.sql + word + right.sql + ")"};
    }

    std::string universe() const {
        return "EXISTS (SELECT 1 FROM ov o WHERE o.customer_id = c.id AND o.at <= " + now_ + ")";
    }

private:
    // A comparison with a missing value is false, and its negation true.
    static std::string sure(const std::string& sql) { return "coalesce((" + sql + "), FALSE)"; }

    Pair leaf() {
        switch (random_.below(7)) {
            case 0: return attribute();
            case 1: {
                const Pair set = facts();
                return {"any(" + set.text + ")", "EXISTS (SELECT 1 " + set.sql + ")"};
            }
            case 2: {
                const Pair set = facts();
                const char* op = compare();
                const std::string n = std::to_string(random_.below(5));
                return {"count(" + set.text + ") " + op + " " + n,
                        "(SELECT count(*) " + set.sql + ") " + sql_op(op) + " " + n};
            }
            case 3: return aggregate();
            case 4: return first_or_last();
            case 5: return distinct();
            default: return purchases();
        }
    }

    Pair attribute() {
        switch (random_.below(4)) {
            case 0: {
                const char* province = kProvinces[random_.below(3)];
                return {std::string("province = ") + province,
                        sure(std::string("(SELECT a.province FROM accounts a WHERE a.customer_id = c.id) = '") +
                             province + "'")};
            }
            case 1: return {"gender = female", "(SELECT a.gender FROM accounts a WHERE a.customer_id = c.id) = 2"};
            case 2: {
                const std::string n = std::to_string(random_.below(6));
                return {"order_count >= " + n,
                        "(SELECT count(*) FROM ov o WHERE o.customer_id = c.id AND " + kept() + ") >= " + n};
            }
            default: {
                const std::int64_t n = random_.below(100'000);
                return {"total_spent > " + money(n), "(SELECT coalesce(sum(o.amount - " + refunded() +
                                                         "), 0) FROM ov o WHERE o.customer_id = c.id AND " + kept() +
                                                         " AND o.amount IS NOT NULL) > " + std::to_string(n)};
            }
        }
    }

    Pair aggregate() {
        const char* names[] = {"sum", "avg", "min", "max"};
        const char* name = random_.one_of(names);
        Pair set = facts();
        const std::string fact = set.text.substr(0, set.text.find_first_of(" "));
        const std::string column = fact == "orders" ? "o.amount" : fact == "lines" ? "l.amount" : "r.amount";
        const char* op = random_.chance(50) ? ">=" : "<";
        const std::int64_t n = random_.below(60'000);
        const std::string sum = std::string("(SELECT ") +
                                (std::string(name) == "sum" ? "coalesce(sum(" + column + "), 0)"
                                                            : std::string(name) + "(" + column + " * 1.0)") +
                                " " + set.sql + ")";
        return {std::string(name) + "(" + fact + ".amount" + set.text.substr(fact.size()) + ") " + op + " " + money(n),
                sure(sum + " " + op + " " + std::to_string(n))};
    }

    Pair first_or_last() {
        const bool last = random_.chance(50);
        const Pair where = order_where();
        const Pair window = orders_window();
        const std::int64_t n = random_.below(50'000);
        const std::string sql = "(SELECT o.amount FROM ov o WHERE o.customer_id = c.id AND o.at <= " + now_ + " AND " +
                                where.sql + " AND " + window.sql + " ORDER BY o.at " + (last ? "DESC" : "ASC") +
                                ", o.id " + (last ? "DESC" : "ASC") + " LIMIT 1) > " + std::to_string(n);
        return {std::string(last ? "last" : "first") + "(orders.amount where " + where.text + window.text + ") > " +
                    money(n),
                sure(sql)};
    }

    Pair distinct() {
        const Pair where = order_where();
        const std::string n = std::to_string(random_.below(3));
        return {"distinct(orders.channel where " + where.text + ") > " + n,
                "(SELECT count(DISTINCT o.channel) FROM ov o WHERE o.customer_id = c.id AND o.at <= " + now_ + " AND " +
                    where.sql + ") > " + n};
    }

    Pair purchases() {
        const std::string n = std::to_string(random_.below(4));
        const Pair window = day_window("p.at");
        // A purchase is dated by the first order of its day, so a window that begins within the day can miss it.
        return {"count(purchases" + window.text + ") > " + n,
                "(SELECT count(*) FROM (SELECT min(o.at) AS at FROM ov o WHERE o.customer_id = c.id AND " + kept() +
                    " GROUP BY (o.at + " + std::to_string(kOffset) + ") / 86400) p WHERE " + window.sql + ") > " + n};
    }

    Pair facts() {
        const Pair where = order_where();
        switch (random_.below(3)) {
            case 0: {
                const Pair window = orders_window();
                return {"orders where " + where.text + window.text,
                        "FROM ov o WHERE o.customer_id = c.id AND o.at <= " + now_ + " AND " + where.sql + " AND " +
                            window.sql};
            }
            case 1: {
                const char* category = kCategories[random_.below(3)];
                const Pair window = orders_window();
                return {
                    std::string("lines where category = \"") + category + "\" and " + where.text + window.text,
                    std::string("FROM ov o JOIN lv l ON l.order_id = o.id WHERE o.customer_id = c.id AND o.at <= ") +
                        now_ + " AND l.category = '" + category + "' AND " + where.sql + " AND " + window.sql};
            }
            default: {
                const std::int64_t n = random_.below(30'000);
                return {"refunds where amount >= " + money(n),
                        "FROM refunds r JOIN ov o ON o.id = r.order_id WHERE o.customer_id = c.id AND o.at <= " + now_ +
                            " AND coalesce(r.asked_at / 1000000, o.paid_from) <= " + now_ +
                            " AND r.amount >= " + std::to_string(n)};
            }
        }
    }

    Pair order_where() {
        switch (random_.below(8)) {
            case 0: return {"paid", paid()};
            case 1: return {"kept", kept()};
            case 2: {
                const char* status = random_.one_of(kStatuses);
                return {std::string("status = ") + status, "(" + this->status() + ") = '" + status + "'"};
            }
            case 3: {
                const std::int64_t n = random_.below(50'000);
                return {"(paid and discount >= " + money(n / 100) + ")",
                        "(" + paid() + " AND " + sure("o.discount >= " + std::to_string(n / 100)) + ")"};
            }
            case 4: {
                const char* channel = kChannels[random_.below(3)];
                return {std::string("channel = ") + channel, sure(std::string("o.channel = '") + channel + "'")};
            }
            case 5: return {"not paid", "NOT " + paid()};
            case 6: return {"channel is missing", "o.channel IS NULL"};
            default: {
                const std::int64_t n = 1 + random_.below(60);
                return {"paid_at within last " + std::to_string(n) + " days",
                        sure("o.paid_second BETWEEN " + std::to_string(as_of_ - n * kDay) + " AND " + now_)};
            }
        }
    }

    Pair orders_window() { return random_.chance(30) ? Pair{"", "TRUE"} : day_window("o.at"); }

    Pair day_window(const std::string& at) {
        const std::string day = "((" + at + " + " + std::to_string(kOffset) + ") / 86400)";
        const std::int64_t first = (kBegin + kOffset) / kDay + random_.below(kDays);
        const auto date = [](std::int64_t number) { return format_date(Day{static_cast<std::int32_t>(number)}); };
        const std::int64_t n = 1 + random_.below(60);
        switch (random_.below(5)) {
            case 0:
                return {" within last " + std::to_string(n) + " days",
                        "(" + at + " >= " + std::to_string(as_of_ - n * kDay) + " AND " + at + " <= " + now_ + ")"};
            case 1:
                return {" more than " + std::to_string(n) + " days ago",
                        "(" + at + " < " + std::to_string(as_of_ - n * kDay) + ")"};
            case 2:
                return {" between " + date(first) + " and " + date(first + n),
                        "(" + day + " BETWEEN " + std::to_string(first) + " AND " + std::to_string(first + n) + ")"};
            case 3: return {" since " + date(first), "(" + day + " >= " + std::to_string(first) + ")"};
            default: return {" before " + date(first), "(" + day + " < " + std::to_string(first) + ")"};
        }
    }

    std::string paid() const { return "coalesce(o.at <= " + now_ + " AND o.paid_from <= " + now_ + ", FALSE)"; }
    std::string refunded() const {
        return "(SELECT coalesce(sum(x.amount), 0) FROM refunds x WHERE x.order_id = o.id AND coalesce(x.asked_at / "
               "1000000, o.paid_from) <= " +
               now_ + ")";
    }
    std::string kept() const {
        return "(" + paid() + " AND (o.amount IS NULL OR o.amount = 0 OR " + refunded() + " < o.amount))";
    }
    std::string status() const {
        std::string sql = "CASE";
        for (const char* state : {"closed", "finished", "signed", "shipped", "paid"})
            sql += std::string(" WHEN o.") + state + "_from <= " + now_ + " THEN '" + state + "'";
        return sql + " ELSE 'created' END";
    }
    const char* compare() {
        const char* ops[] = {">=", "<", "=", "!="};
        return random_.one_of(ops);
    }
    static std::string sql_op(const std::string& op) { return op == "!=" ? "<>" : op; }

    Random& random_;
    std::int64_t as_of_;
    std::string now_;
};

// Orders with the seconds from which each of their states holds, as audience.md defines them.
void create_views(soci::session& session) {
    session
        << "CREATE TEMPORARY VIEW o0 AS SELECT *, created_at / 1000000 AS at, paid_at / 1000000 AS paid_second, "
           "coalesce(amount, lines_amount) AS total, "
           "coalesce(paid_at, CASE WHEN status BETWEEN 1 AND 4 THEN created_at END) / 1000000 AS paid_from FROM orders";
    session << "CREATE TEMPORARY VIEW o1 AS SELECT *, coalesce(shipped_at / 1000000, CASE WHEN status BETWEEN 2 AND 4 "
               "THEN paid_from END) AS shipped_from FROM o0";
    session << "CREATE TEMPORARY VIEW o2 AS SELECT *, coalesce(signed_at / 1000000, CASE WHEN status BETWEEN 3 AND 4 "
               "THEN shipped_from END) AS signed_from FROM o1";
    session << "CREATE TEMPORARY VIEW ov AS SELECT id, customer_id, at, paid_second, total AS amount, discount, "
               "channel, paid_from, shipped_from, signed_from, "
               "coalesce(finished_at / 1000000, CASE WHEN status = 4 THEN signed_from END) AS finished_from, "
               "coalesce(closed_at / 1000000, CASE WHEN status = 5 THEN coalesce(paid_second, at) END) AS closed_from "
               "FROM o2";
    session << "CREATE TEMPORARY VIEW lv AS SELECT l.order_id, l.amount, k.name AS category FROM order_lines l "
               "JOIN product_labels p ON p.id = l.label_id LEFT JOIN categories k ON k.id = p.category_id";
}

class SqlDifferential : public record::RecordTest {};

TEST_P(SqlDifferential, RandomExpressionsNameTheSameCustomersAsSqlOverTheRecord) {
    const char* chosen = std::getenv("SHUKE_SEED");
    const std::uint64_t seed = chosen != nullptr ? std::stoull(chosen) : std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const auto file = folder_.path() / "orders.csv";
    std::ofstream(file) << random_orders(random);
    const auto imported = ingest::import_file(database(), file, {});
    ASSERT_TRUE(imported && !imported->failure) << (imported ? imported->failure->detail : imported.error().detail);
    ASSERT_EQ(imported->counts.rejected, 0);
    const auto loaded = live::load_audience(database(), nullptr);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    const auto session = database().connect();
    create_views(*session);
    int answers = 0;
    for (int round = 0; round < 300; ++round) {
        const std::int64_t as_of = kBegin + random.below((kDays + 60) * kDay);
        Maker maker(random, as_of);
        const Pair pair = maker.predicate(3);
        const auto bound =
            audience::parse_and_bind(pair.text, {.base_currency = Currency::kCNY, .find_external_ids = {}});
        ASSERT_TRUE(bound) << pair.text << "\n" << bound.error().detail;
        std::set<std::int64_t> ours;
        for (const CustomerId id : audience::customers(
                 *loaded->version, audience::evaluate(*loaded->version, *bound, Instant::from_seconds(as_of))))
            ours.insert(id.value);
        std::set<std::int64_t> theirs;
        long long id = 0;
        const std::string sql =
            "SELECT c.id FROM customers c WHERE c.merged_into IS NULL AND " + maker.universe() + " AND " + pair.sql;
        soci::statement select = (session->prepare << sql, soci::into(id));
        select.execute();
        while (select.fetch()) theirs.insert(id);
        ASSERT_EQ(ours, theirs) << pair.text << "\nas of " << format_iso(Instant::from_seconds(as_of)) << "\n" << sql;
        answers += ours.empty() ? 0 : 1;
    }
    EXPECT_GT(answers, 100) << "most questions should name somebody";
}

SHUKE_ON_BOTH_DATABASES(SqlDifferential);

}  // namespace
}  // namespace shuke

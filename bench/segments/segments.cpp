#include "segments/segments.h"

#include <array>
#include <cstdio>
#include <vector>

#include "base/time_zone.h"

namespace shuke::bench {
namespace {

using Id = std::uint32_t;

constexpr std::uint32_t kNow = static_cast<std::uint32_t>(kEnd);
constexpr std::uint32_t days_ago(std::uint32_t days) { return kNow - days * 86'400; }
std::uint32_t day_begin(CivilDate date) {
    return static_cast<std::uint32_t>(std::int64_t{to_day(date).days_since_epoch} * 86'400 - kUtcOffset);
}
constexpr bool is_zhejiang_or_jiangsu(std::uint8_t province) { return province <= 1; }  // places in kProvinces
constexpr auto kFemale = static_cast<std::uint8_t>(Gender::kFemale);

std::vector<Segment> make_segments() {
    std::vector<Segment> list;

    list.push_back({
        .name = "attributes only",
        .shuke = "gender = female and province in [浙江, 江苏] and created_at since 2023-06-01",
        .sql = "select id as customer from customers where gender = 2 and province in ('浙江', '江苏') and "
               "created_at >= {2023-06-01}",
        .loop = each([from = day_begin({2023, 6, 1})](const Arrays& a, Id c) {
            return a.customers.gender[c] == kFemale && is_zhejiang_or_jiangsu(a.customers.province[c]) &&
                   a.customers.created_at[c] >= from;
        }),
        .edited = "gender = male and province in [浙江, 江苏] and created_at since 2023-06-01",
    });
    list.push_back({
        .name = "one window",
        .shuke = "any(orders where paid within last 90 days)",
        .sql = "select distinct customer from orders where moment >= {90d} and paid",
        .loop = each([](const Arrays& a, Id c) {
            return any_row_since(a.orders, c, days_ago(90), [&](auto row) { return a.orders.paid[row]; });
        }),
    });
    list.push_back({
        .name = "several windows",
        .shuke = "count(orders where paid within last 90 days) >= 2 and count(orders where paid within last 365 "
                 "days) >= 6 and not any(orders within last 7 days)",
        .sql = "select customer from orders where moment >= {365d} group by customer having count(*) filter (where "
               "paid and moment >= {90d}) >= 2 and count(*) filter (where paid) >= 6 and max(moment) < {7d}",
        .loop = each([](const Arrays& a, Id c) {
            if (any_row_since(a.orders, c, days_ago(7), [](auto) { return true; })) return false;
            const auto paid = [&](auto row) { return a.orders.paid[row]; };
            return sum_rows_since(a.orders, c, days_ago(90), paid) >= 2 &&
                   sum_rows_since(a.orders, c, days_ago(365), paid) >= 6;
        }),
        .edited = "count(orders where paid within last 90 days) >= 3 and count(orders where paid within last 365 "
                  "days) >= 6 and not any(orders within last 7 days)",
    });
    list.push_back({
        .name = "five conditions",
        .shuke = "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid within last "
                 "365 days) >= 300 and any(lines where category = 类目007 within last 180 days) and not any(orders "
                 "within last 7 days) and province in [浙江, 江苏]",
        .sql = "select customer from (select customer from orders where moment >= {365d} group by customer having "
               "count(*) filter (where paid and moment >= {90d}) >= 2 and sum(amount) filter (where paid) >= 30000 "
               "and max(moment) < {7d}) buyers where customer in (select customer from lines where category = "
               "'类目007' and moment >= {180d}) and customer in (select id from customers where province in "
               "('浙江', '江苏'))",
        .loop = each([](const Arrays& a, Id c) {
            if (!is_zhejiang_or_jiangsu(a.customers.province[c])) return false;
            if (any_row_since(a.orders, c, days_ago(7), [](auto) { return true; })) return false;
            const auto& o = a.orders;
            return sum_rows_since(o, c, days_ago(90), [&](auto row) { return o.paid[row]; }) >= 2 &&
                   sum_rows_since(o, c, days_ago(365),
                                  [&](auto row) { return o.paid[row] ? std::int64_t{o.amount[row]} : 0; }) >= 30'000 &&
                   any_row_since(a.lines, c, days_ago(180), [&](auto row) { return a.lines.category[row] == 7; });
        }),
        .edited = "count(orders where paid within last 90 days) >= 2 and sum(orders.amount where paid within last "
                  "365 days) >= 500 and any(lines where category = 类目007 within last 180 days) and not any(orders "
                  "within last 7 days) and province in [浙江, 江苏]",
    });
    list.push_back({
        .name = "money, all time",
        .shuke = "sum(orders.amount where kept) >= 5000",
        .sql = "select customer from orders where kept group by customer having sum(amount) >= 500000",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            return sum_rows(o, c, [&](auto row) { return o.kept[row] ? std::int64_t{o.amount[row]} : 0; }) >= 500'000;
        }),
    });
    list.push_back({
        .name = "average and discount",
        .shuke = "avg(orders.amount where paid within last 365 days) >= 600 and sum(orders.discount where paid) >= "
                 "50",
        .sql = "select customer from orders where paid group by customer having avg(amount) filter (where moment >= "
               "{365d}) >= 60000 and sum(discount) >= 5000",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            std::int64_t orders = 0;
            const std::int64_t amount = sum_rows_since(o, c, days_ago(365), [&](auto row) {
                orders += o.paid[row];
                return o.paid[row] ? std::int64_t{o.amount[row]} : 0;
            });
            return orders > 0 && amount >= 60'000 * orders &&
                   sum_rows(o, c, [&](auto row) { return o.paid[row] ? std::int64_t{o.discount[row]} : 0; }) >= 5'000;
        }),
        .edited = "avg(orders.amount where paid within last 365 days) >= 600 and sum(orders.discount where paid) >= "
                  "80",
    });
    list.push_back({
        .name = "category",
        .shuke = "any(lines where category = 类目007 within last 180 days)",
        .sql = "select distinct customer from lines where category = '类目007' and moment >= {180d}",
        .loop = each([](const Arrays& a, Id c) {
            return any_row_since(a.lines, c, days_ago(180), [&](auto row) { return a.lines.category[row] == 7; });
        }),
    });
    list.push_back({
        .name = "rare product",
        .shuke = "any(lines where product = P19990)",
        .sql = "select distinct customer from lines where product = 'P19990'",
        .loop = each([](const Arrays& a, Id c) {
            return any_row(a.lines, c, [&](auto row) { return a.lines.product[row] == 19'990; });
        }),
    });
    list.push_back({
        .name = "money by category",
        .shuke = "sum(lines.amount where category in [类目007, 类目008, 类目009] and paid within last 365 days) >= "
                 "200",
        .sql = "select customer from lines where category in ('类目007', '类目008', '类目009') and paid and moment "
               ">= {365d} group by customer having sum(amount) >= 20000",
        .loop = each([](const Arrays& a, Id c) {
            const auto& l = a.lines;
            return sum_rows_since(l, c, days_ago(365), [&](auto row) {
                       const bool counts = l.category[row] >= 7 && l.category[row] <= 9 && l.paid[row];
                       return counts ? std::int64_t{l.amount[row]} : 0;
                   }) >= 20'000;
        }),
    });
    list.push_back({
        .name = "first, then last",
        .shuke = "first(orders.platform where paid) = taobao and last(orders.platform where paid) = jd",
        .sql = "select customer from orders where paid group by customer having arg_min(platform, id) = 'taobao' "
               "and arg_max(platform, id) = 'jd'",
        .clickhouse = "select customer from orders where paid group by customer having argMin(platform, id) = "
                      "'taobao' and argMax(platform, id) = 'jd'",
        .postgres = "select customer from orders where paid group by customer having (array_agg(platform order by "
                    "id))[1] = 'taobao' and (array_agg(platform order by id desc))[1] = 'jd'",
        .sqlite = "select customer from (select customer, min(id), platform as first from orders where paid group "
                  "by customer) join (select customer, max(id), platform as last from orders where paid group by "
                  "customer) using (customer) where first = 'taobao' and last = 'jd'",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            std::uint32_t first = o.offsets[c];
            std::uint32_t last = o.offsets[c + 1];
            while (first < last && !o.paid[first]) ++first;
            while (first < last && !o.paid[last - 1]) --last;
            return first < last && o.shop[first] == 1 && o.shop[last - 1] == 2;
        }),
        .edited = "first(orders.platform where paid) = jd and last(orders.platform where paid) = jd",
    });
    list.push_back({
        .name = "lapsed",
        .shuke = "last(orders.at where paid) more than 140 days ago",
        .sql = "select customer from orders where paid group by customer having max(moment) < {140d}",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            for (std::uint32_t row = o.offsets[c + 1]; row-- > o.offsets[c];)
                if (o.paid[row]) return o.at[row] < days_ago(140);
            return false;
        }),
    });
    list.push_back({
        .name = "distinct",
        .shuke = "distinct(lines.category where paid) >= 12",
        .sql = "select customer from (select distinct customer, category from lines where paid) pairs group by "
               "customer having count(*) >= 12",
        .duckdb =
            "select customer from lines where paid group by customer having len(list_distinct(list(category))) >= 12",
        .clickhouse =
            "select customer from lines where paid group by customer having length(groupUniqArray(12)(category)) >= 12",
        .loop = each([](const Arrays& a, Id c) {
            const auto& l = a.lines;
            std::array<std::uint64_t, (kCategories + 63) / 64> seen{};
            int distinct = 0;
            return any_row(l, c, [&](auto row) {
                std::uint64_t& word = seen[l.category[row] / 64];
                const std::uint64_t bit = std::uint64_t{l.paid[row]} << (l.category[row] % 64);
                distinct += (bit & ~word) != 0;
                word |= bit;
                return distinct >= 12;
            });
        }),
    });
    list.push_back({
        .name = "never",
        .shuke = "not any(orders where kept)",
        .sql = "select id as customer from customers where not exists (select 1 from orders where customer = "
               "customers.id and kept)",
        .clickhouse = "select id as customer from customers where id not in (select customer from orders where kept)",
        .loop = each(
            [](const Arrays& a, Id c) { return !any_row(a.orders, c, [&](auto row) { return a.orders.kept[row]; }); }),
    });
    list.push_back({
        .name = "nested negation",
        .shuke = "not (any(refunds within last 365 days) or not (count(orders where kept) >= 3 and not any(lines "
                 "where category = 类目003)))",
        .sql = "select customer from orders where kept and customer not in (select customer from refunds where "
               "moment >= {365d}) and customer not in (select customer from lines where category = '类目003') group "
               "by customer having count(*) >= 3",
        .duckdb = "select customer from (select customer from orders where kept group by customer having count(*) "
                  ">= 3) buyers where customer not in (select customer from refunds where moment >= {365d}) and "
                  "customer not in (select customer from lines where category = '类目003')",
        .loop = each([](const Arrays& a, Id c) {
            return !any_row(a.refunds, c, [&](auto row) { return a.refunds.at[row] >= days_ago(365); }) &&
                   sum_rows(a.orders, c, [&](auto row) { return a.orders.kept[row]; }) >= 3 &&
                   !any_row(a.lines, c, [&](auto row) { return a.lines.category[row] == 3; });
        }),
        .edited = "not (any(refunds within last 365 days) or not (count(orders where kept) >= 4 and not any(lines "
                  "where category = 类目003)))",
    });
    list.push_back({
        .name = "hour of the day",
        .shuke = "count(orders where hour >= 22) >= 3",
        .sql = "select customer from orders where hour >= 22 group by customer having count(*) >= 3",
        .loop = each([](const Arrays& a, Id c) {
            return sum_rows(a.orders, c, [&](auto row) { return a.orders.hour[row] >= 22; }) >= 3;
        }),
    });
    list.push_back({
        .name = "unselective",
        .shuke = "count(orders where paid) >= 1 or gender = male",
        .sql = "select customer from orders where paid union select id from customers where gender = 1",
        .duckdb = "select id as customer from customers where gender = 1 or id in (select customer from orders "
                  "where paid)",
        .clickhouse = "select id as customer from customers where gender = 1 or id in (select customer from orders "
                      "where paid)",
        .postgres = "select id as customer from customers where gender = 1 or exists (select 1 from orders where "
                    "customer = customers.id and paid)",
        .sqlite = "select id as customer from customers where gender = 1 or exists (select 1 from orders where "
                  "customer = customers.id and paid)",
        .loop = each([](const Arrays& a, Id c) {
            return a.customers.gender[c] == 1 || any_row(a.orders, c, [&](auto row) { return a.orders.paid[row]; });
        }),
    });
    list.push_back({
        .name = "one day, selective",
        .shuke = "any(orders where amount >= 2000 on 2024-11-11) and not any(orders where paid since 2024-11-12)",
        .sql = "select customer from orders where moment >= {2024-11-11} group by customer having count(*) filter "
               "(where amount >= 200000 and moment < {2024-11-12}) >= 1 and count(*) filter (where paid and moment "
               ">= {2024-11-12}) = 0",
        .loop = each([from = day_begin({2024, 11, 11}), after = day_begin({2024, 11, 12})](const Arrays& a, Id c) {
            const auto& o = a.orders;
            bool bought = false;
            for (std::uint32_t row = o.offsets[c + 1]; row-- > o.offsets[c] && o.at[row] >= from;) {
                if (o.at[row] >= after && o.paid[row]) return false;
                bought = bought || (o.at[row] < after && o.amount[row] >= 200'000);
            }
            return bought;
        }),
        .edited = "any(orders where amount >= 1500 on 2024-11-11) and not any(orders where paid since 2024-11-12)",
    });
    list.push_back({
        .name = "life cycle and spend",
        .shuke = "lifecycle = sleeping and total_spent >= 1000",
        .sql = "select customer from orders where kept group by customer having max(moment) < {90d} and max(moment) "
               ">= {140d} and sum(net) >= 100000",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            std::uint32_t last = o.offsets[c + 1];
            while (last > o.offsets[c] && !o.kept[last - 1]) --last;
            return last > o.offsets[c] && o.at[last - 1] < days_ago(90) && o.at[last - 1] >= days_ago(140) &&
                   sum_rows(o, c, [&](auto row) { return o.net[row]; }) >= 100'000;
        }),
        .edited = "lifecycle = sleeping and total_spent >= 2000",
    });
    list.push_back({
        .name = "RFM by hand",
        .shuke = "last(orders.at where kept) within last 30 days and count(orders where kept) >= 10 and "
                 "sum(orders.amount where kept) >= 3000",
        .sql = "select customer from orders where kept group by customer having max(moment) >= {30d} and count(*) "
               ">= 10 and sum(amount) >= 300000",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            return any_row_since(o, c, days_ago(30), [&](auto row) { return o.kept[row]; }) &&
                   sum_rows(o, c, [&](auto row) { return o.kept[row]; }) >= 10 &&
                   sum_rows(o, c, [&](auto row) { return o.kept[row] ? std::int64_t{o.amount[row]} : 0; }) >= 300'000;
        }),
        .edited = "last(orders.at where kept) within last 30 days and count(orders where kept) >= 12 and "
                  "sum(orders.amount where kept) >= 3000",
    });
    list.push_back({
        .name = "second order in a week",
        .shuke = "any(orders where nth = 2 and gap_days <= 7)",
        .sql = "select customer from (select customer, day - lag(day) over (partition by customer order by id) as gap, "
               "row_number() over (partition by customer order by id) as nth from orders where kept) numbered where "
               "nth = 2 and gap <= 7",
        .duckdb = "select customer from orders where kept group by customer having count(*) >= 2 and min(day, 2)[2] - "
                  "min(day, 2)[1] <= 7",
        .clickhouse = "select customer from orders where kept group by customer having count() >= 2 and "
                      "groupArraySorted(2)(day)[2] - groupArraySorted(2)(day)[1] <= 7",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            int kept = 0;
            std::int32_t first_day = 0;
            for (std::uint32_t row = o.offsets[c]; row < o.offsets[c + 1]; ++row) {
                if (!o.kept[row]) continue;
                if (++kept == 2) return o.day[row] - first_day <= 7;
                first_day = o.day[row];
            }
            return false;
        }),
    });
    list.push_back({
        .name = "purchases",
        .shuke = "count(purchases) >= 5",
        .sql = "select customer from (select distinct customer, platform, day from orders where kept) purchases "
               "group by customer having count(*) >= 5",
        .clickhouse = "select customer from orders where kept group by customer having uniqExact(day * 2 + (platform = "
                      "'jd')) >= 5",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            std::int32_t last_day[3] = {};  // by shop; days ascend
            int purchases = 0;
            return any_row(o, c, [&](auto row) {
                if (o.kept[row] && last_day[o.shop[row]] != o.day[row]) {
                    last_day[o.shop[row]] = o.day[row];
                    ++purchases;
                }
                return purchases >= 5;
            });
        }),
    });
    list.push_back({
        .name = "discount hunters",
        .shuke = "sum(orders.discount where paid) / sum(orders.amount where paid) >= 0.25",
        .sql = "select customer from orders where paid group by customer having sum(discount) * 4 >= sum(amount)",
        .loop = each([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            const std::int64_t amount =
                sum_rows(o, c, [&](auto row) { return o.paid[row] ? std::int64_t{o.amount[row]} : 0; });
            return amount > 0 &&
                   sum_rows(o, c, [&](auto row) { return o.paid[row] ? std::int64_t{o.discount[row]} : 0; }) * 4 >=
                       amount;
        }),
    });
    const auto paid_last_year = [](const Arrays& a, Id c) {
        const auto& o = a.orders;
        return sum_rows_since(o, c, days_ago(365),
                              [&](auto row) { return o.paid[row] ? std::int64_t{o.amount[row]} : 0; });
    };
    list.push_back({
        .name = "top 1000",
        .shuke = "all customers top 1000 by sum(orders.amount where paid within last 365 days)",
        .sql = "select customer from orders where paid and moment >= {365d} group by customer order by sum(amount) "
               "desc, customer limit 1000",
        .loop = top(1000, paid_last_year),
    });
    list.push_back({
        .name = "above average",
        .shuke = "sum(orders.amount where kept) > average(sum(orders.amount where kept))",
        .sql = "select customer from orders where kept group by customer having sum(amount) * (select count(*) from "
               "customers) > (select sum(amount) from orders where kept)",
        .loop = above_average([](const Arrays& a, Id c) {
            const auto& o = a.orders;
            return sum_rows(o, c, [&](auto row) { return o.kept[row] ? std::int64_t{o.amount[row]} : 0; });
        }),
    });
    list.push_back({
        .name = "messages × orders",
        .shuke = "any(messages where channel = sms and delivered within last 30 days) and not any(orders where paid "
                 "within last 30 days)",
        .sql = "select distinct customer from messages where channel = 'sms' and delivered and moment >= {30d} and "
               "customer not in (select customer from orders where paid and moment >= {30d})",
        .loop = each([](const Arrays& a, Id c) {
            const auto& m = a.messages;
            return any_row(m, c,
                           [&](auto row) {
                               return m.channel[row] == 0 && m.delivered[row] && m.at[row] >= days_ago(30);
                           }) &&
                   !any_row_since(a.orders, c, days_ago(30), [&](auto row) { return a.orders.paid[row]; });
        }),
    });
    return list;
}

}  // namespace

std::span<const Segment> segments() {
    static const std::vector<Segment> kSegments = make_segments();
    return kSegments;
}

std::string sql_of(const Segment& segment, Dialect dialect) {
    const char* own[] = {segment.duckdb, segment.clickhouse, segment.postgres, segment.sqlite};
    const char* sql = own[static_cast<std::size_t>(dialect)];
    return with_dates(sql != nullptr ? sql : segment.sql);
}

std::string with_dates(std::string sql) {
    for (std::size_t at = 0; (at = sql.find('{', at)) != std::string::npos;) {
        const std::size_t end = sql.find('}', at);
        const std::string inside = sql.substr(at + 1, end - at - 1);
        unsigned year = 0;
        unsigned month = 0;
        unsigned day = 0;
        std::uint32_t second = 0;
        if (std::sscanf(inside.c_str(), "%u-%u-%u", &year, &month, &day) == 3)
            second = day_begin(
                {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)});
        else
            second = days_ago(static_cast<std::uint32_t>(std::stoul(inside)));
        sql.replace(at, end - at + 1, std::to_string(second));
    }
    return sql;
}

}  // namespace shuke::bench

#include "insight/day_numbers.h"

#include <algorithm>
#include <cmath>

#include "audience/measure.h"
#include "base/time_zone.h"
#include "record/database.h"
#include "record/shops.h"

namespace shuke::insight {
namespace {

struct Guests {
    std::int64_t orders = 0, revenue = 0;
};

Result<Guests> guests_of(record::Database& database, Currency base, Instant from, Instant to) {
    Guests guests;
    auto read = database.read([&](soci::session& session) {
        record::Converter converter(record::all_rates(session), base);
        const long long begin = from.us_since_epoch, end = to.us_since_epoch;
        int currency = 0, day = 0;
        long long orders = 0, amount = 0;
        soci::statement select =
            (session.prepare
                 << "SELECT currency, coalesce(day, 0), count(*), coalesce(sum(coalesce(amount, lines_amount, 0)), 0) "
                    "FROM orders WHERE customer_id IS NULL AND paid_at >= :begin AND paid_at < :end GROUP BY currency, "
                    "day",
             soci::use(begin), soci::use(end), soci::into(currency), soci::into(day), soci::into(orders),
             soci::into(amount));
        select.execute();
        while (select.fetch()) {
            guests.orders += orders;
            const auto converted = converter.convert(amount, static_cast<Currency>(currency), Day{day});
            if (converted != kMissingAmount) guests.revenue += converted;
        }
    });
    if (!read) return std::unexpected(read.error());
    return guests;
}

}  // namespace

Result<DayReport> day_report(record::Database& database, const audience::Version& version, Day day, Instant as_of,
                             std::size_t top, audience::WorkerPool* pool) {
    const auto& config = version.config();
    const Instant begin = config.zone.start_of(day), next = config.zone.start_of(Day{day.days_since_epoch + 1});
    const Instant end{std::min(next.us_since_epoch - 1, as_of.us_since_epoch)};
    audience::BindOptions bind;
    bind.base_currency = config.base_currency;
    const std::string on = "orders where paid and paid_at on " + format_date(day);
    std::vector<audience::BoundMetric> metrics;
    for (const std::string& text :
         {"count(" + on + ")", "sum(orders.amount where paid and paid_at on " + format_date(day) + ")",
          "count(orders where paid and paid_at before " + format_date(day) + ")"}) {
        auto metric = audience::bind_metric(text, bind);
        if (!metric) return std::unexpected(metric.error());
        metrics.push_back(*metric);
    }
    const auto buyers = audience::parse_and_bind("any(" + on + ")", bind);
    if (!buyers) return std::unexpected(buyers.error());
    const auto who = audience::evaluate(version, *buyers, end, pool);
    const auto measured = audience::measure(version, metrics, end, &who, pool);
    const auto guests = guests_of(database, config.base_currency, begin, Instant{end.us_since_epoch + 1});
    if (!guests) return std::unexpected(guests.error());
    DayReport report;
    report.numbers.orders = guests->orders;
    report.numbers.revenue = guests->revenue;
    const auto whole = [](double value) { return std::isnan(value) ? 0 : std::llround(value); };
    for (std::size_t i = 0; i < measured.slots.size(); ++i) {
        report.numbers.orders += whole(measured.values[0][i]);
        report.numbers.revenue += whole(measured.values[1][i]);
        ++(whole(measured.values[2][i]) > 0 ? report.numbers.returning_customers : report.numbers.new_customers);
        report.top.push_back({version.customer_at(measured.slots[i]), whole(measured.values[1][i])});
    }
    std::ranges::sort(report.top, [](const Spender& a, const Spender& b) {
        return a.amount != b.amount ? a.amount > b.amount : a.customer < b.customer;
    });
    if (report.top.size() > top) report.top.resize(top);
    return report;
}

}  // namespace shuke::insight

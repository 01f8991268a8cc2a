// src/api/resources/today.cpp: the first page of a working day.
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "api/resources/import_json.h"
#include "api/resources/job_json.h"
#include "base/time_zone.h"
#include "insight/day_numbers.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

Json numbers_json(const insight::DayNumbers& one, Currency currency) {
    return {{"orders", one.orders},
            {"revenue", money_json(one.revenue, currency)},
            {"new_customers", one.new_customers},
            {"returning_customers", one.returning_customers}};
}

// What someone should look at, each with a link of the console to where it is done.
class Warnings {
public:
    explicit Warnings(bool chinese) : chinese_(chinese) {}
    void add(const char* key, std::int64_t count, const std::string& zh, const std::string& en, const char* link) {
        if (count > 0) list_.push_back({{"key", key}, {"text", chinese_ ? zh : en}, {"count", count}, {"link", link}});
    }
    Json take() { return std::move(list_); }

private:
    bool chinese_;
    Json list_ = Json::array();
};

Json warnings_json(Call& call, const Question& asked, std::int64_t rejected) {
    Warnings warnings(call.who.speaks_chinese);
    for (const auto& missing : asked.audience->missing_rates) {
        const std::string currency(code(missing.currency));
        warnings.add("rates.missing", missing.amounts, "缺少 " + currency + " 汇率，相关金额未计入",
                     "amounts in " + currency + " are left out: no rate", "/settings/exchange-rates");
    }
    warnings.add("imports.rejected_rows", rejected, "导入时有未能识别的行待更正",
                 "rejected rows of imports wait to be corrected", "/imports");
    struct Asked {
        const char *key, *expression, *zh, *en, *link;
    };
    constexpr Asked kAsked[] = {
        {"tickets.unanswered", "any(tickets where not answered and at more than 1 days ago)", "工单超过一天未响应",
         "tickets unanswered for a day",
         "/customers?where=any(tickets where not answered and at more than 1 days ago)"},
        {"reviews.unanswered", "any(reviews where sentiment = negative and not replied)", "差评未回复",
         "negative reviews without a reply",
         "/customers?where=any(reviews where sentiment = negative and not replied)"},
        {"shipments.problem", "any(shipments where problem and not signed)", "问题件未签收", "parcels with a problem",
         "/customers?where=any(shipments where problem and not signed)"}};
    for (const auto& one : kAsked) {
        const auto bound = bind_expression(call, asked, one.expression);
        if (bound)
            warnings.add(one.key, static_cast<std::int64_t>(evaluate(call, asked, *bound).count()), one.zh, one.en,
                         one.link);
    }
    return warnings.take();
}

Reply get_today(Call& call) {
    const auto asked = question(call, "");
    const auto& zone = asked->version().config().zone;
    const Day today = zone.day_of(asked->as_of);
    const auto report = [&](int days_ago, std::size_t top) {
        return insight::day_report(call.at.database, asked->version(), Day{today.days_since_epoch - days_ago},
                                   asked->as_of, top, &call.at.pool);
    };
    const auto now = report(0, 10), yesterday = report(1, 0), week_ago = report(7, 0);
    for (const auto* one : {&now, &yesterday, &week_ago}) {
        if (!*one) return std::unexpected(one->error());
    }
    std::vector<CustomerId> ids;
    for (const auto& spender : now->top) ids.push_back(spender.customer);
    const auto rows = rows_json(call, *asked, ids);
    if (!rows) return std::unexpected(rows.error());
    Json spenders = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i)
        spenders.push_back({{"customer", (*rows)[i]}, {"amount", money_json(now->top[i].amount, asked->currency())}});
    Json imports = Json::array();
    long long rejected = 0;
    auto read = call.at.database.read([&](soci::session& session) {
        const auto shops = record::all_shops(session);
        const auto all = record::all_imports(session);
        for (std::size_t i = all.size(); i > 0 && imports.size() < 5; --i)
            imports.push_back(import_json(all[i - 1], shops));
        session << "SELECT count(*) FROM rejected_rows WHERE corrected_at IS NULL", soci::into(rejected);
    });
    if (!read) return std::unexpected(read.error());
    schedule::JobFilter filter;
    filter.unfinished = true;
    filter.limit = 5;
    const auto jobs = call.at.jobs.list(filter);
    if (!jobs) return std::unexpected(jobs.error());
    Json running = Json::array();
    for (const auto& job : *jobs) running.push_back(job_json(job));
    const Currency currency = asked->currency();
    return json({{"date", format_date(today)},
                 {"time_zone", zone.name()},
                 {"today", numbers_json(now->numbers, currency)},
                 {"yesterday", numbers_json(yesterday->numbers, currency)},
                 {"same_weekday_before", numbers_json(week_ago->numbers, currency)},
                 {"top_spenders", spenders},
                 {"imports", imports},
                 {"jobs", running},
                 {"warnings", warnings_json(call, *asked, rejected)}});
}

}  // namespace

void add_today(Handlers& handlers) { handlers.add("get_today", get_today); }

}  // namespace shuke::api

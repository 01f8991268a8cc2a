// src/api/resources/insight.cpp: RFM as a matrix of cells and classes, each with the expression that names its customers.
#include <algorithm>
#include <map>

#include "api/refresher.h"
#include "api/resources.h"
#include "api/resources/question.h"
#include "base/time_zone.h"
#include "insight/rfm.h"
#include "insight/rfm_definition.h"
#include "insight/rfm_expressions.h"
#include "segment/static_lists.h"

namespace shuke::api {
namespace {

using insight::RfmExpressions;
using insight::RfmResult;
using insight::RfmRow;

constexpr std::size_t kClasses = 8;

struct Cell {
    std::uint64_t customers = 0;
    std::int64_t revenue = 0;
};

Json matrix_json(const RfmResult& table, int scores, const RfmExpressions& expressions, Currency currency) {
    std::map<std::pair<int, int>, Cell> cells;
    for (int r = scores; r >= 1; --r) {
        for (int f = 1; f <= scores; ++f) cells[{r, f}];
    }
    for (const RfmRow& row : table.rows) {
        Cell& cell = cells[{row.r, row.f}];
        ++cell.customers;
        cell.revenue += row.monetary;
    }
    Json list = Json::array();
    for (const auto& [at, cell] : cells) {
        list.push_back({{"r", at.first},
                        {"f", at.second},
                        {"customers", cell.customers},
                        {"revenue", money_json(cell.revenue, currency)},
                        {"expression", expressions.cell(at.first, at.second)}});
    }
    return list;
}

Json classes_json(const RfmResult& table, const RfmExpressions& expressions, Currency currency) {
    std::vector<Cell> cells(kClasses);
    for (const RfmRow& row : table.rows) cells[static_cast<std::size_t>(row.rfm_class)].revenue += row.monetary;
    Json list = Json::array();
    for (std::size_t i = 0; i < kClasses; ++i) {
        const auto rfm_class = static_cast<insight::RfmClass>(i);
        const auto& words = insight::info(rfm_class);
        const auto& one = table.classes[i];
        list.push_back({{"class", words.key},
                        {"name_zh", words.zh},
                        {"name_en", words.en},
                        {"customers", one.customers},
                        {"share", one.customer_share},
                        {"revenue", money_json(cells[i].revenue, currency)},
                        {"revenue_share", one.monetary_share},
                        {"recency_days_mean", one.recency_days_mean},
                        {"frequency_mean", one.frequency_mean},
                        {"monetary_mean", money_json(static_cast<std::int64_t>(one.monetary_mean), currency)},
                        {"expression", expressions.of(rfm_class)}});
    }
    return list;
}

// What each score holds, from the worst to the best.
Json steps_json(const RfmExpressions& of, Currency currency) {
    const auto list_of = [](const std::vector<RfmExpressions::Range>& ranges, auto value) {
        Json list = Json::array();
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            const auto& one = ranges[i];
            const bool some = one.customers > 0;
            list.push_back({{"score", i + 1},
                            {"least", some ? value(one.least) : Json()},
                            {"greatest", some ? value(one.greatest) : Json()},
                            {"customers", one.customers}});
        }
        return list;
    };
    const auto number = [](std::int64_t value) { return Json(value); };
    const auto money = [&](std::int64_t value) { return money_json(value, currency); };
    return {{"recency_days", list_of(of.recency_days(), number)},
            {"frequency", list_of(of.frequency(), number)},
            {"monetary", list_of(of.monetary(), money)}};
}

// Where one score ends and the next begins: the best recency and the least frequency and money of each score but the worst.
Json edges_json(const RfmExpressions& of, Currency currency) {
    Json recency = Json::array(), frequency = Json::array(), monetary = Json::array();
    for (std::size_t i = 1; i < of.recency_days().size(); ++i) {
        if (const auto& one = of.recency_days()[i]; one.customers > 0) recency.push_back(one.greatest);
    }
    for (std::size_t i = 1; i < of.frequency().size(); ++i) {
        if (const auto& one = of.frequency()[i]; one.customers > 0) frequency.push_back(one.least);
    }
    for (std::size_t i = 1; i < of.monetary().size(); ++i) {
        if (const auto& one = of.monetary()[i]; one.customers > 0) monetary.push_back(money_json(one.least, currency));
    }
    return {{"recency_days", recency}, {"frequency", frequency}, {"monetary", monetary}};
}

const char* key_of(insight::Basis basis) { return basis == insight::Basis::kGross ? "gross" : "net"; }

Json definition_json(const insight::RfmOptions& options, const RfmResult& table) {
    const bool quantiles = std::holds_alternative<insight::QuantileScores>(options.scoring);
    return {{"basis", key_of(options.basis)},
            {"window_days", options.window_days},
            {"scoring", quantiles ? "quantiles" : "thresholds"},
            {"scores", options.scores()},
            {"high_from", options.high_from},
            {"high", {{"r", table.r_high}, {"f", table.f_high}, {"m", table.m_high}}}};
}

// Who was in which class then and is in which now; only those in both tables.
template <class Visit>
void for_each_moved(const RfmResult& then, const RfmResult& now, Visit visit) {
    for (const RfmRow& row : then.rows) {
        const auto at = std::ranges::lower_bound(now.rows, row.customer, {}, &RfmRow::customer);
        if (at != now.rows.end() && at->customer == row.customer)
            visit(row.customer, static_cast<std::size_t>(row.rfm_class), static_cast<std::size_t>(at->rfm_class));
    }
}

Json migration_json(const RfmResult& then, const RfmResult& now, Instant from) {
    std::vector<std::vector<std::int64_t>> cells(kClasses, std::vector<std::int64_t>(kClasses));
    for_each_moved(then, now, [&](CustomerId, std::size_t was, std::size_t is) { ++cells[was][is]; });
    Json classes = Json::array();
    for (std::size_t i = 0; i < kClasses; ++i) classes.push_back(insight::info(static_cast<insight::RfmClass>(i)).key);
    return {{"from_as_of", instant_json(from)}, {"classes", classes}, {"cells", cells}};
}

// What a call asks: among whom, as of when, scored how.
struct Asked {
    Question now;
    std::optional<Instant> then;
    std::optional<audience::BoundExpression> where;
    insight::RfmOptions options;

    Result<RfmResult> table(const Call& call, Instant as_of) const {
        return insight::rfm(now.version(), as_of, options, where ? &*where : nullptr, &call.at.pool);
    }
};

// As the settings say, unless the call says otherwise.
Result<insight::RfmOptions> options_of(const Call& call) {
    insight::RfmOptions options;
    auto read = call.at.database.read([&](soci::session& session) { options = insight::rfm_definition(session); });
    if (!read) return std::unexpected(read.error());
    if (const auto basis = call.text("basis"); !basis.empty())
        options.basis = basis == "gross" ? insight::Basis::kGross : insight::Basis::kNet;
    if (call.body.contains("scores")) {
        options.scoring = insight::QuantileScores{call.body.at("scores").get<int>()};
        options.high_from = 0;
    }
    return options;
}

Result<Asked> asked_of(Call& call) {
    Asked asked;
    auto now = question(call, call.text("as_of"));
    if (!now) return std::unexpected(now.error());
    asked.now = std::move(*now);
    if (!call.text("compare_to").empty()) {
        const auto then = question(call, call.text("compare_to"));
        if (!then) return std::unexpected(then.error());
        asked.then = then->as_of;
    }
    if (!call.text("where").empty()) {
        auto bound = bind_expression(call, asked.now, call.text("where"));
        if (!bound) return std::unexpected(bound.error());
        if (bound->expression().top || bound->expression().sample)
            return fail(Code::kInvalid, "insight.where_drawn",
                        "an analysis is about all who satisfy a condition: leave out 'top' and 'sample'");
        asked.where = std::move(*bound);
    }
    auto options = options_of(call);
    if (!options) return std::unexpected(options.error());
    asked.options = std::move(*options);
    return asked;
}

RfmExpressions expressions_of(const Asked& asked, const RfmResult& table) {
    return {table, asked.options, asked.now.version().config().zone.day_of(asked.now.as_of),
            info(asked.now.currency()).digits, asked.where ? audience::print(asked.where->expression()) : ""};
}

Reply insight_rfm(Call& call) {
    const auto asked = asked_of(call);
    if (!asked) return std::unexpected(asked.error());
    const auto table = asked->table(call, asked->now.as_of);
    if (!table) return std::unexpected(table.error());
    Json migration;
    if (asked->then) {
        const auto before = asked->table(call, *asked->then);
        if (!before) return std::unexpected(before.error());
        migration = migration_json(*before, *table, *asked->then);
    }
    std::int64_t revenue = 0;
    for (const RfmRow& row : table->rows) revenue += row.monetary;
    const Currency currency = asked->now.currency();
    const RfmExpressions expressions = expressions_of(*asked, *table);
    const int scores = asked->options.scores();
    return json({{"as_of", instant_json(asked->now.as_of)},
                 {"basis", key_of(asked->options.basis)},
                 {"scores", scores},
                 {"definition", definition_json(asked->options, *table)},
                 {"customers", table->rows.size()},
                 {"revenue", money_json(revenue, currency)},
                 {"matrix", matrix_json(*table, scores, expressions, currency)},
                 {"classes", classes_json(*table, expressions, currency)},
                 {"edges", edges_json(expressions, currency)},
                 {"steps", steps_json(expressions, currency)},
                 {"migration", migration}});
}

std::string name_of_move(const Call& call, const Asked& asked, std::size_t was, std::size_t is) {
    const auto& zone = asked.now.version().config().zone;
    const auto word = [&](std::size_t number) {
        const auto& words = insight::info(static_cast<insight::RfmClass>(number));
        return std::string(call.who.speaks_chinese ? words.zh : words.en);
    };
    return "RFM " + word(was) + " " + format_date(zone.day_of(*asked.then)) + " → " + word(is) + " " +
           format_date(zone.day_of(asked.now.as_of));
}

// Nothing in the language says what somebody was as of another day; so those who moved become a list.
Reply keep_rfm_move(Call& call) {
    const auto asked = asked_of(call);
    if (!asked) return std::unexpected(asked.error());
    const auto now = asked->table(call, asked->now.as_of);
    if (!now) return std::unexpected(now.error());
    const auto then = asked->table(call, *asked->then);
    if (!then) return std::unexpected(then.error());
    const auto from = static_cast<std::size_t>(*insight::find_class(call.text("from"))),
               to = static_cast<std::size_t>(*insight::find_class(call.text("to")));
    std::vector<std::string> rows;
    for_each_moved(*then, *now, [&](CustomerId customer, std::size_t was, std::size_t is) {
        if (was == from && is == to) rows.push_back(std::to_string(customer.value));
    });
    segment::ListDraft draft;
    draft.name = call.text("name").empty() ? name_of_move(call, *asked, from, to) : call.text("name");
    draft.actor = call.who.actor();
    draft.replace = true;
    const auto report = segment::import_list(call.at.database, draft, rows, [](soci::session&, std::string_view id) {
        return std::vector{CustomerId{std::stoll(std::string(id))}};
    });
    if (!report) return std::unexpected(report.error());
    const auto list = segment::find_list(call.at.database, draft.name);
    if (!list) return std::unexpected(list.error());
    if (auto fresh = call.at.refresher.catch_up(); !fresh) return std::unexpected(fresh.error());
    const audience::Expression expression{
        {audience::Membership{audience::Membership::Kind::kList, list->name, {}}, {}}, {}, {}, ""};
    return json({{"list_id", list->id.value},
                 {"name", list->name},
                 {"customers", report->customers},
                 {"expression", audience::print(expression)}},
                201);
}

}  // namespace

void add_insight(Handlers& handlers) {
    handlers.add("insight_rfm", insight_rfm);
    handlers.add("keep_rfm_move", keep_rfm_move);
}

}  // namespace shuke::api

// src/api/resources/insight.cpp: RFM as a matrix of cells and classes, each with the expression that names its customers.
#include <algorithm>
#include <map>

#include "api/resources.h"
#include "api/resources/question.h"
#include "insight/rfm.h"

namespace shuke::api {
namespace {

using insight::RfmResult;
using insight::RfmRow;

constexpr std::size_t kClasses = 8;

// "id in [1, 2, 3]": exact, whatever the basis and the scores, and it stays these customers.
class IdList {
public:
    void add(CustomerId id) { text_ += (text_.empty() ? "" : ", ") + std::to_string(id.value); }
    std::string expression() const { return text_.empty() ? "id = 0" : "id in [" + text_ + "]"; }

private:
    std::string text_;
};

struct Cell {
    std::uint64_t customers = 0;
    std::int64_t revenue = 0;
    IdList ids;
};

Json matrix_json(const RfmResult& table, int scores, Currency currency) {
    std::map<std::pair<int, int>, Cell> cells;
    for (int r = scores; r >= 1; --r) {
        for (int f = 1; f <= scores; ++f) cells[{r, f}];
    }
    for (const RfmRow& row : table.rows) {
        Cell& cell = cells[{row.r, row.f}];
        ++cell.customers;
        cell.revenue += row.monetary;
        cell.ids.add(row.customer);
    }
    Json list = Json::array();
    for (const auto& [at, cell] : cells) {
        list.push_back({{"r", at.first},
                        {"f", at.second},
                        {"customers", cell.customers},
                        {"revenue", money_json(cell.revenue, currency)},
                        {"expression", cell.ids.expression()}});
    }
    return list;
}

Json classes_json(const RfmResult& table, Currency currency) {
    std::vector<Cell> cells(kClasses);
    for (const RfmRow& row : table.rows) {
        Cell& cell = cells[static_cast<std::size_t>(row.rfm_class)];
        cell.revenue += row.monetary;
        cell.ids.add(row.customer);
    }
    Json list = Json::array();
    for (std::size_t i = 0; i < kClasses; ++i) {
        const auto& words = insight::info(static_cast<insight::RfmClass>(i));
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
                        {"expression", cells[i].ids.expression()}});
    }
    return list;
}

// Where one score ends and the next begins: the best recency and the least frequency and money of each score but the worst.
Json edges_json(const RfmResult& table, int scores, Currency currency) {
    Json recency = Json::array(), frequency = Json::array(), monetary = Json::array();
    for (int score = 2; score <= scores; ++score) {
        std::optional<std::int64_t> days, orders, money;
        for (const RfmRow& row : table.rows) {
            if (row.r == score) days = std::max<std::int64_t>(days.value_or(row.recency_days), row.recency_days);
            if (row.f == score) orders = std::min(orders.value_or(row.frequency), row.frequency);
            if (row.m == score) money = std::min(money.value_or(row.monetary), row.monetary);
        }
        if (days) recency.push_back(*days);
        if (orders) frequency.push_back(*orders);
        if (money) monetary.push_back(money_json(*money, currency));
    }
    return {{"recency_days", recency}, {"frequency", frequency}, {"monetary", monetary}};
}

// Who was in which class then and is in which now; only those in both tables.
Json migration_json(const RfmResult& then, const RfmResult& now, Instant from) {
    std::vector<std::vector<std::int64_t>> cells(kClasses, std::vector<std::int64_t>(kClasses));
    for (const RfmRow& row : then.rows) {
        const auto at = std::ranges::lower_bound(now.rows, row.customer, {}, &RfmRow::customer);
        if (at != now.rows.end() && at->customer == row.customer)
            ++cells[static_cast<std::size_t>(row.rfm_class)][static_cast<std::size_t>(at->rfm_class)];
    }
    Json classes = Json::array();
    for (std::size_t i = 0; i < kClasses; ++i) classes.push_back(insight::info(static_cast<insight::RfmClass>(i)).key);
    return {{"from_as_of", instant_json(from)}, {"classes", classes}, {"cells", cells}};
}

Reply insight_rfm(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    std::optional<audience::BoundExpression> where;
    if (!call.text("where").empty()) {
        auto bound = bind_expression(call, *asked, call.text("where"));
        if (!bound) return std::unexpected(bound.error());
        where = std::move(*bound);
    }
    const int scores = call.body.value("scores", 5);
    insight::RfmOptions options;
    options.basis = call.text("basis") == "gross" ? insight::Basis::kGross : insight::Basis::kNet;
    options.scoring = insight::QuantileScores{scores};
    const auto* among = where ? &*where : nullptr;
    const auto table = insight::rfm(asked->version(), asked->as_of, options, among, &call.at.pool);
    if (!table) return std::unexpected(table.error());
    Json migration;
    if (!call.text("compare_to").empty()) {
        const auto then = question(call, call.text("compare_to"));
        if (!then) return std::unexpected(then.error());
        const auto before = insight::rfm(asked->version(), then->as_of, options, among, &call.at.pool);
        if (!before) return std::unexpected(before.error());
        migration = migration_json(*before, *table, then->as_of);
    }
    std::int64_t revenue = 0;
    for (const RfmRow& row : table->rows) revenue += row.monetary;
    const Currency currency = asked->currency();
    return json({{"as_of", instant_json(asked->as_of)},
                 {"basis", options.basis == insight::Basis::kGross ? "gross" : "net"},
                 {"scores", scores},
                 {"customers", table->rows.size()},
                 {"revenue", money_json(revenue, currency)},
                 {"matrix", matrix_json(*table, scores, currency)},
                 {"classes", classes_json(*table, currency)},
                 {"edges", edges_json(*table, scores, currency)},
                 {"migration", migration}});
}

}  // namespace

void add_insight(Handlers& handlers) { handlers.add("insight_rfm", insight_rfm); }

}  // namespace shuke::api

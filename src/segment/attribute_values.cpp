// src/segment/attribute_values.cpp: the values that a comparison looks at, each as an expression.
#include <algorithm>
#include <cmath>
#include <map>

#include "audience/expression/lexer.h"
#include "audience/measure.h"
#include "audience/schema.h"
#include "base/check.h"
#include "base/text.h"
#include "record/bulk_select.h"
#include "record/shops.h"
#include "segment/comparison.h"

namespace shuke::segment {
namespace {

constexpr int kMostMonths = 36;
constexpr int kSpendClasses = 5;

struct Named {
    std::string key, zh, en;
};

Named of_attribute(std::string_view name) {
    const audience::Attribute* attribute = audience::find_attribute(name);
    SHUKE_CHECK(attribute != nullptr, "an attribute of the schema");
    return {std::string(name), std::string(attribute->words.zh), std::string(attribute->words.en)};
}

class Values {
public:
    void add(const Named& attribute, std::string value, std::string expression) {
        all_.push_back({attribute.key, attribute.zh, attribute.en, std::move(value), std::move(expression)});
    }
    // One value a text, and one for whom nothing is known of.
    void add_texts(std::string_view attribute, const std::vector<std::string>& texts) {
        const Named named = of_attribute(attribute);
        for (const std::string& text : texts) add(named, text, named.key + " = " + audience::quote(text));
        if (!texts.empty()) add(named, "", named.key + " is missing");
    }
    void add_choices(std::string_view attribute) {
        const Named named = of_attribute(attribute);
        for (const audience::Choice& choice : audience::find_attribute(attribute)->choices)
            add(named, std::string(choice.key), named.key + " = " + std::string(choice.key));
        add(named, "", named.key + " is missing");
    }
    std::vector<AttributeValue> take() { return std::move(all_); }

private:
    std::vector<AttributeValue> all_;
};

// ---- texts, from the record ----

struct Texts {
    std::vector<std::string> provinces, cities, platforms, shops, categories;
};

// Counts one query's (text, rows) into `counts`, equal spellings together, as the language compares them.
void count_texts(soci::session& session, const std::string& sql, std::map<std::string, std::int64_t>& counts) {
    record::BulkSelect select(session, sql, {record::Type::kText, record::Type::kInteger});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const std::string text = nfkc(select.text(0, i));
            if (!text.empty()) counts[text] += select.integer(1, i);
        }
    }
}

std::vector<std::string> most_frequent(const std::map<std::string, std::int64_t>& counts) {
    std::vector<std::pair<std::int64_t, std::string>> ranked;
    for (const auto& [text, rows] : counts) ranked.emplace_back(-rows, text);
    std::ranges::sort(ranked);
    if (ranked.size() > kMostTexts) ranked.resize(kMostTexts);
    std::vector<std::string> texts;
    for (auto& [rows, text] : ranked) texts.push_back(std::move(text));
    return texts;
}

// Both columns in one scan of each table.
void count_places(soci::session& session, const char* table, std::map<std::string, std::int64_t>& provinces,
                  std::map<std::string, std::int64_t>& cities) {
    record::BulkSelect select(session,
                              std::string("SELECT province, city, count(*) FROM ") + table + " GROUP BY province, city",
                              {record::Type::kText, record::Type::kText, record::Type::kInteger});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            const std::string province = nfkc(select.text(0, i));
            const std::string city = nfkc(select.text(1, i));
            if (!province.empty()) provinces[province] += select.integer(2, i);
            if (!city.empty()) cities[city] += select.integer(2, i);
        }
    }
}

Texts read_texts(soci::session& session) {
    Texts texts;
    std::map<std::string, std::int64_t> provinces, cities;
    for (const char* table : {"accounts", "orders"}) count_places(session, table, provinces, cities);
    texts.provinces = most_frequent(provinces);
    texts.cities = most_frequent(cities);
    std::map<std::string, std::int64_t> platforms, shops, categories;
    for (const Shop& shop : record::all_shops(session)) {
        ++platforms[nfkc(shop.platform)];
        ++shops[nfkc(shop.name)];
    }
    texts.platforms = most_frequent(platforms);
    texts.shops = most_frequent(shops);
    // By the labels they have: counting lines would read them all.
    count_texts(
        session,
        "SELECT c.name, count(*) FROM categories c JOIN product_labels l ON l.category_id = c.id GROUP BY c.name",
        categories);
    texts.categories = most_frequent(categories);
    return texts;
}

// ---- classes of numbers and times ----

void add_ages(Values& values) {
    const Named age = of_attribute("age");
    const int edges[] = {0, 18, 25, 35, 45, 55};
    for (std::size_t i = 0; i + 1 < std::size(edges); ++i) {
        values.add(age, std::to_string(edges[i]) + "-" + std::to_string(edges[i + 1] - 1),
                   "age >= " + std::to_string(edges[i]) + " and age < " + std::to_string(edges[i + 1]));
    }
    values.add(age, "55+", "age >= 55");
    values.add(age, "", "age is missing");
}

void add_order_counts(Values& values) {
    const Named orders = of_attribute("order_count");
    for (const char* exact : {"0", "1", "2"}) values.add(orders, exact, std::string("order_count = ") + exact);
    values.add(orders, "3-5", "order_count >= 3 and order_count <= 5");
    values.add(orders, "6-10", "order_count >= 6 and order_count <= 10");
    values.add(orders, "11+", "order_count >= 11");
}

std::vector<double> known_values(const audience::Version& version, std::string_view metric, Instant as_of,
                                 audience::WorkerPool* pool) {
    const auto bound = audience::bind_metric(metric, {version.config().base_currency, nullptr});
    SHUKE_CHECK(bound.has_value(), "a metric of ours");
    std::vector<double> values = audience::measure(version, {*bound}, as_of, nullptr, pool).values.front();
    std::erase_if(values, [](double value) { return std::isnan(value); });
    return values;
}

// At the fifths of what buyers have spent, so that each class has about as many of them.
void add_spend(Values& values, const audience::Version& version, Instant as_of, audience::WorkerPool* pool) {
    std::vector<double> spent = known_values(version, "total_spent", as_of, pool);
    std::erase_if(spent, [](double amount) { return amount <= 0; });
    if (spent.empty()) return;
    std::ranges::sort(spent);
    const Named named = of_attribute("total_spent");
    const int digits = info(version.config().base_currency).digits;
    std::vector<std::string> edges;
    for (std::size_t i = 1; i < kSpendClasses; ++i) {
        const std::string edge =
            format_minor(static_cast<std::int64_t>(spent[spent.size() * i / kSpendClasses]), digits);
        if (edges.empty() || edges.back() != edge) edges.push_back(edge);
    }
    values.add(named, "0", "total_spent <= 0");
    values.add(named, "< " + edges.front(), "total_spent > 0 and total_spent < " + edges.front());
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        values.add(named, edges[i] + " - " + edges[i + 1],
                   "total_spent >= " + edges[i] + " and total_spent < " + edges[i + 1]);
    }
    values.add(named, ">= " + edges.back(), "total_spent >= " + edges.back());
}

void add_first_orders(Values& values, const audience::Version& version, Instant as_of, audience::WorkerPool* pool) {
    const std::vector<double> seconds = known_values(version, "first_order_at", as_of, pool);
    if (seconds.empty()) return;
    const auto [earliest, latest] = std::ranges::minmax(seconds);
    const TimeZone& zone = version.config().zone;
    const auto day_of = [&](double at) { return zone.day_of(Instant::from_seconds(static_cast<std::int64_t>(at))); };
    // A shop elsewhere may be a day apart: its first month is not lost by a day more on each side.
    const CivilDate first = to_civil(Day{day_of(earliest).days_since_epoch - 1});
    const Day end{day_of(latest).days_since_epoch + 1};
    const CivilDate last = to_civil(end);
    const int months = (last.year - first.year) * 12 + last.month - first.month + 1;
    const int step = months > kMostMonths ? 12 : 1;
    Day begin = to_day({first.year, step == 12 ? std::uint8_t{1} : first.month, 1});
    const Named named = of_attribute("first_order_at");
    while (begin <= end) {
        const Day next = add_months(begin, step);
        const std::string from = format_date(begin);
        values.add(named, from.substr(0, step == 12 ? 4 : 7),
                   "first_order_at between " + from + " and " + format_date(Day{next.days_since_epoch - 1}));
        begin = next;
    }
    values.add(named, "", "first_order_at is missing");
}

}  // namespace

Result<std::vector<AttributeValue>> attribute_values(record::Database& database, const audience::Version& version,
                                                     Instant as_of, audience::WorkerPool* pool) {
    Texts texts;
    auto read = database.read([&](soci::session& session) { texts = read_texts(session); });
    if (!read) return std::unexpected(read.error());
    Values values;
    values.add_choices("gender");
    add_ages(values);
    values.add_texts("province", texts.provinces);
    values.add_texts("city", texts.cities);
    values.add_texts("platform", texts.platforms);
    values.add_texts("shop", texts.shops);
    values.add_choices("lifecycle");
    add_order_counts(values);
    add_spend(values, version, as_of, pool);
    add_first_orders(values, version, as_of, pool);
    const Named bought{"category", "买过的类目", "category bought"};
    for (const std::string& category : texts.categories)
        values.add(bought, category, "any(lines where kept and category = " + audience::quote(category) + ")");
    return values.take();
}

}  // namespace shuke::segment

#include "live/customer_rows.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "audience/explain.h"
#include "audience/measure.h"

namespace shuke::live {
namespace {

using audience::BindOptions;

// What explain sees of each of these is the attribute's value.
constexpr std::string_view kTexts[] = {"province", "city", "district",  "shop",      "platform",
                                       "gender",   "tier", "lifecycle", "rfm.class", "birthday"};

BindOptions plain_options(const audience::Version& version) {
    BindOptions options;
    options.base_currency = version.config().base_currency;
    return options;
}

Result<audience::BoundExpression> text_questions(const audience::Version& version) {
    std::string text;
    for (const auto name : kTexts) text += (text.empty() ? "" : " and ") + std::string(name) + " is known";
    return audience::parse_and_bind(text, plain_options(version));
}

void fill_texts(const audience::Explanation& seen, CustomerRow& row) {
    std::string* const into[] = {&row.province, &row.city, &row.district,  &row.shop,      &row.platform,
                                 &row.gender,   &row.tier, &row.lifecycle, &row.rfm_class, &row.birthday};
    for (std::size_t i = 0; i < std::size(into) && i < seen.parts.size(); ++i) *into[i] = seen.parts[i].seen;
}

constexpr const char* kNumbers[] = {"order_count", "total_spent", "avg_order_value", "first_order_at", "last_order_at",
                                    "churn_risk",  "clv",         "rfm.r",           "rfm.f",          "rfm.m"};

void fill_numbers(const std::vector<std::vector<double>>& values, std::size_t at, CustomerRow& row) {
    std::optional<double>* const into[] = {
        &row.order_count, &row.total_spent, &row.avg_order_value, &row.first_order_at, &row.last_order_at,
        &row.churn_risk,  &row.clv,         &row.rfm_r,           &row.rfm_f,          &row.rfm_m};
    for (std::size_t i = 0; i < std::size(into); ++i) {
        if (!std::isnan(values[i][at])) *into[i] = values[i][at];
    }
}

struct Key {
    double value = 0;
    std::int64_t id = 0;
};

// "<value>:<id>"
std::string to_text(Key key) {
    char text[64];
    std::snprintf(text, sizeof text, "%.17g:%lld", key.value, static_cast<long long>(key.id));
    return text;
}

std::optional<Key> parse_key(const std::string& text) {
    Key key;
    const char* end = text.data() + text.size();
    const auto value = std::from_chars(text.data(), end, key.value);
    if (value.ec != std::errc() || value.ptr == end || *value.ptr != ':') return std::nullopt;
    const auto id = std::from_chars(value.ptr + 1, end, key.id);
    if (id.ec != std::errc() || id.ptr != end) return std::nullopt;
    return key;
}

}  // namespace

Result<std::vector<CustomerRow>> customer_rows(record::Database& database, const audience::Version& version,
                                               const std::vector<CustomerId>& ids, Instant as_of) {
    std::vector<record::CustomerCard> cards;
    auto read =
        database.read([&](soci::session& session) { cards = record::customer_cards(session, database.keys(), ids); });
    if (!read) return std::unexpected(read.error());
    const auto questions = text_questions(version);
    if (!questions) return std::unexpected(questions.error());
    std::vector<audience::BoundMetric> metrics;
    for (const char* name : kNumbers) {
        auto metric = audience::bind_metric(name, plain_options(version));
        if (!metric) return std::unexpected(metric.error());
        metrics.push_back(*metric);
    }
    audience::Selection chosen;
    for (const CustomerId id : ids) {
        if (const auto slot = version.slot_of(id)) chosen.slots.add(*slot);
    }
    const auto measured = audience::measure(version, metrics, as_of, &chosen);
    std::vector<CustomerRow> rows(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        rows[i].card = std::move(cards[i]);
        const auto slot = version.slot_of(ids[i]);
        if (!slot) continue;
        if (const auto seen = audience::explain(version, *questions, ids[i], as_of)) fill_texts(*seen, rows[i]);
        const auto at = std::ranges::lower_bound(measured.slots, *slot);
        if (at != measured.slots.end() && *at == *slot)
            fill_numbers(measured.values, static_cast<std::size_t>(at - measured.slots.begin()), rows[i]);
    }
    return rows;
}

Result<Page> page_of(const audience::Version& version, const audience::Selection& selection, const PageWanted& wanted,
                     Instant as_of, audience::WorkerPool* pool) {
    const bool descending = wanted.sort.starts_with('-');
    const std::string metric = wanted.sort.substr(descending ? 1 : 0);
    std::optional<Key> after;
    if (!wanted.after.empty() && !(after = parse_key(wanted.after)))
        return fail(Code::kInvalid, "request.cursor", "this cursor is of no page; take next_cursor of the page before");
    std::vector<Key> keys;
    keys.reserve(selection.count());
    if (metric == "id") {
        for (const CustomerId id : audience::customers(version, selection))
            keys.push_back({descending ? -static_cast<double>(id.value) : static_cast<double>(id.value), id.value});
    } else {
        const auto bound = audience::bind_metric(metric, plain_options(version));
        if (!bound) return std::unexpected(bound.error());
        const auto measured = audience::measure(version, {*bound}, as_of, &selection, pool);
        for (std::size_t i = 0; i < measured.slots.size(); ++i) {
            const double value = measured.values[0][i];
            const double key = std::isnan(value) ? std::numeric_limits<double>::max() : descending ? -value : value;
            keys.push_back({key, version.customer_at(measured.slots[i]).value});
        }
    }
    const auto less = [](const Key& a, const Key& b) { return a.value != b.value ? a.value < b.value : a.id < b.id; };
    if (after) std::erase_if(keys, [&](const Key& key) { return !less(*after, key); });
    const std::size_t most = std::min(wanted.limit, keys.size());
    std::partial_sort(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(most), keys.end(), less);
    Page page;
    for (std::size_t i = 0; i < most; ++i) page.ids.push_back(CustomerId{keys[i].id});
    if (keys.size() > most && most > 0) page.next = to_text(keys[most - 1]);
    return page;
}

}  // namespace shuke::live

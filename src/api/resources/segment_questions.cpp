// src/api/resources/segment_questions.cpp: how many, who, why, and how segments compare.
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "audience/explain.h"
#include "segment/backtest.h"
#include "segment/comparison.h"
#include "segment/composition.h"
#include "segment/difference.h"
#include "segment/overlap.h"

namespace shuke::api {
namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

Reply count_segment(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto bound = bind_expression(call, *asked, call.text("expression"));
    if (!bound) return std::unexpected(bound.error());
    const auto start = std::chrono::steady_clock::now();
    const auto chosen = evaluate(call, *asked, *bound);
    const double milliseconds = milliseconds_since(start);
    Json sample = Json::array();
    if (const auto wanted = call.body.value("sample", 0); wanted > 0 && call.can(auth::Permission::kCustomersRead)) {
        live::PageWanted page;
        page.limit = static_cast<std::size_t>(wanted);
        const auto some = live::page_of(asked->version(), chosen, page, asked->as_of, &call.at.pool);
        if (!some) return std::unexpected(some.error());
        auto rows = rows_json(call, *asked, some->ids);
        if (!rows) return std::unexpected(rows.error());
        sample = std::move(*rows);
    }
    return json({{"count", chosen.count()},
                 {"of", asked->version().customers()},
                 {"as_of", instant_json(asked->as_of)},
                 {"milliseconds", milliseconds},
                 {"version", asked->audience->origin.change},
                 {"sample", sample}});
}

Json buckets_json(const std::vector<segment::Bucket>& buckets) {
    Json list = Json::array();
    for (const auto& one : buckets) {
        list.push_back({{"value", text_or_null(one.value)},
                        {"zh", one.zh},
                        {"en", one.en},
                        {"count", one.customers},
                        {"share", one.share},
                        {"expression", one.expression}});
    }
    return list;
}

Reply segment_composition(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto bound = bind_expression(call, *asked, call.text("expression"));
    if (!bound) return std::unexpected(bound.error());
    const auto chosen = evaluate(call, *asked, *bound);
    Json by = Json::object();
    for (const auto& [name, buckets] : segment::composition(asked->version(), chosen, asked->as_of, &call.at.pool))
        by[std::string(name)] = buckets_json(buckets);
    return json({{"count", chosen.count()},
                 {"of", asked->version().customers()},
                 {"as_of", instant_json(asked->as_of)},
                 {"by", by}});
}

Json explanation_json(const audience::Explanation& one, bool chinese) {
    Json parts = Json::array();
    for (const auto& part : one.parts) parts.push_back(explanation_json(part, chinese));
    return {{"text", one.text},
            {"seen", one.seen},
            {"missing", one.missing},
            {"held", one.held},
            {"words", chinese ? one.words_zh : one.words_en},
            {"parts", parts}};
}

Reply explain_segment(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto bound = bind_expression(call, *asked, call.text("expression"));
    if (!bound) return std::unexpected(bound.error());
    const auto id = living(call, call.body.at("customer_id").get<std::int64_t>());
    if (!id) return std::unexpected(id.error());
    const auto explanation = audience::explain(asked->version(), *bound, *id, asked->as_of);
    if (!explanation) return std::unexpected(explanation.error());
    return json({{"member", explanation->held},
                 {"as_of", instant_json(asked->as_of)},
                 {"explanation", explanation_json(*explanation, call.who.speaks_chinese)}});
}

Reply segment_overlap(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto texts = call.body.at("expressions").get<std::vector<std::string>>();
    std::vector<audience::Selection> sets;
    for (const auto& text : texts) {
        const auto bound = bind_expression(call, *asked, text);
        if (!bound) return std::unexpected(bound.error());
        sets.push_back(evaluate(call, *asked, *bound));
    }
    const auto result = segment::overlap(sets, asked->version().customers());
    if (!result) return std::unexpected(result.error());
    Json regions = Json::array();
    for (const auto& region : result->regions) {
        Json members = Json::array();
        for (std::size_t i = 0; i < texts.size(); ++i) members.push_back((region.sets >> i & 1) != 0);
        regions.push_back({{"members", members}, {"count", region.customers}});
    }
    return json({{"labels", texts},
                 {"sizes", result->sizes},
                 {"of", asked->version().customers()},
                 {"as_of", instant_json(asked->as_of)},
                 {"sets", regions}});
}

Reply compare_segment(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto bound = bind_expression(call, *asked, call.text("expression"));
    if (!bound) return std::unexpected(bound.error());
    const auto values = segment::attribute_values(call.at.database, asked->version(), asked->as_of, &call.at.pool);
    if (!values) return std::unexpected(values.error());
    segment::ComparisonOptions options;
    options.min_support = call.body.value("min_support", std::uint64_t{30});
    const auto result = segment::compare(asked->version(), evaluate(call, *asked, *bound), *values, asked->as_of,
                                         options, &call.at.pool);
    if (!result) return std::unexpected(result.error());
    Json lifts = Json::array();
    for (const auto& one : segment::outstanding(*result, result->values.size())) {
        lifts.push_back({{"attribute", one.value.attribute},
                         {"attribute_zh", one.value.attribute_zh},
                         {"attribute_en", one.value.attribute_en},
                         {"value", one.value.value},
                         {"expression", one.value.expression},
                         {"in_segment", one.in_segment},
                         {"in_all", one.in_all},
                         {"segment_share", one.segment_share},
                         {"all_share", one.all_share},
                         {"lift", one.lift}});
    }
    return json({{"segment", result->segment},
                 {"all", result->all},
                 {"left_out", result->left_out},
                 {"as_of", instant_json(asked->as_of)},
                 {"values", lifts}});
}

Json reason_json(const segment::Reason& reason) {
    Json parts = Json::array();
    for (const auto& part : reason.parts) parts.push_back(reason_json(part));
    return {{"text", reason.text},
            {"wanted", reason.wanted},
            {"asked", reason.asked},
            {"failed", reason.failed},
            {"failed_alone", reason.failed_alone},
            {"parts", parts}};
}

Reply segment_difference(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto a = bind_expression(call, *asked, call.text("a"));
    if (!a) return std::unexpected(a.error());
    const auto b = bind_expression(call, *asked, call.text("b"));
    if (!b) return std::unexpected(b.error());
    const auto result =
        segment::difference(asked->version(), *a, *b, asked->as_of, bind_options(call, *asked), &call.at.pool);
    if (!result) return std::unexpected(result.error());
    return json({{"in_a", result->in_a},
                 {"in_b", result->in_b},
                 {"in_both", result->in_both},
                 {"only_a", result->only_a.count()},
                 {"as_of", instant_json(asked->as_of)},
                 {"reason", reason_json(result->reason)}});
}

Json outcome_json(const segment::GroupOutcome& one, Currency currency) {
    return {{"customers", one.customers},
            {"buyers", one.buyers},
            {"orders", one.orders},
            {"revenue", money_json(one.revenue, currency)},
            {"refunds", money_json(one.refunds, currency)},
            {"net", money_json(one.net(), currency)},
            {"buyer_share", one.buyer_share()},
            {"orders_per_head", one.orders_per_head()},
            {"net_per_head", money_json(static_cast<std::int64_t>(one.net_per_head()), currency)}};
}

Reply back_test_segment(Call& call) {
    const auto asked = question(call, call.text("as_of"));
    if (!asked) return std::unexpected(asked.error());
    const auto bound = bind_expression(call, *asked, call.text("expression"));
    if (!bound) return std::unexpected(bound.error());
    segment::BackTestOptions options;
    options.as_of = asked->as_of;
    options.days = call.body.at("days").get<int>();
    options.now = call.at.clock.now();
    const auto result = segment::back_test(asked->version(), *bound, options, &call.at.pool);
    if (!result) return std::unexpected(result.error());
    return json({{"from", instant_json(result->from)},
                 {"until", instant_json(result->until)},
                 {"is_complete", result->is_complete},
                 {"members", outcome_json(result->members, asked->currency())},
                 {"rest", outcome_json(result->rest, asked->currency())}});
}

}  // namespace

void add_segment_questions(Handlers& handlers) {
    handlers.add("count_segment", count_segment);
    handlers.add("segment_composition", segment_composition);
    handlers.add("explain_segment", explain_segment);
    handlers.add("segment_overlap", segment_overlap);
    handlers.add("compare_segment", compare_segment);
    handlers.add("segment_difference", segment_difference);
    handlers.add("back_test_segment", back_test_segment);
}

}  // namespace shuke::api

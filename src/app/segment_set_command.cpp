// src/app/segment_set_command.cpp: shuke segment overlap|diff|compare|backtest.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/customer_file.h"
#include "app/question.h"
#include "base/text.h"
#include "segment/backtest.h"
#include "segment/comparison.h"
#include "segment/difference.h"
#include "segment/overlap.h"

namespace shuke::app {
namespace {

std::string count_text(std::uint64_t count) { return grouped(static_cast<std::int64_t>(count)); }

// ---- overlap ----

std::vector<std::string> names_of(std::uint32_t sets, const std::vector<std::string>& names) {
    std::vector<std::string> in;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((sets >> i & 1U) != 0) in.push_back(names[i]);
    }
    return in;
}

void print_overlap_json(const segment::Overlap& result, const std::vector<std::string>& names, Instant as_of) {
    nlohmann::ordered_json json{{"as_of", format_iso(as_of)}, {"anybody", result.anybody}, {"nobody", result.nobody}};
    auto& sets = json["sets"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < names.size(); ++i) sets.push_back({{"name", names[i]}, {"customers", result.sizes[i]}});
    auto& pairs = json["pairs"] = nlohmann::ordered_json::array();
    for (const auto& one : result.pairs) {
        pairs.push_back({{"a", names[one.a]},
                         {"b", names[one.b]},
                         {"both", one.both},
                         {"jaccard", one.jaccard},
                         {"share_of_a", one.share_of_a},
                         {"share_of_b", one.share_of_b}});
    }
    auto& regions = json["regions"] = nlohmann::ordered_json::array();
    for (const auto& one : result.regions)
        regions.push_back({{"sets", names_of(one.sets, names)}, {"customers", one.customers}});
    print_json(json);
}

void print_overlap(const segment::Overlap& result, const std::vector<std::string>& names) {
    std::printf("customers  segment 分群\n");
    for (std::size_t i = 0; i < names.size(); ++i)
        std::printf("%9s  %zu  %s\n", count_text(result.sizes[i]).c_str(), i + 1, names[i].c_str());
    if (!result.pairs.empty()) std::printf("\n     both  Jaccard  of first  of second  pair 两两重叠\n");
    for (const auto& one : result.pairs) {
        std::printf("%9s  %7.3f  %7.1f%%  %8.1f%%  %zu and %zu\n", count_text(one.both).c_str(), one.jaccard,
                    one.share_of_a * 100, one.share_of_b * 100, one.a + 1, one.b + 1);
    }
    std::printf("\nexactly in 仅属于\n");
    for (const auto& one : result.regions)
        std::printf("%9s  %s\n", count_text(one.customers).c_str(), join(names_of(one.sets, names), " + ").c_str());
    std::printf("%9s  none of them 均不属于\n", count_text(result.nobody).c_str());
}

// ---- difference ----

void print_reason(const segment::Reason& reason, int depth) {
    std::printf("%9s  %9s  %*s%s%s\n", count_text(reason.failed).c_str(),
                depth == 0 ? "" : count_text(reason.failed_alone).c_str(), depth * 2, "",
                reason.wanted ? "" : "must not hold: ", reason.text.c_str());
    for (const auto& part : reason.parts) print_reason(part, depth + 1);
}

nlohmann::ordered_json to_json(const segment::Reason& reason) {
    nlohmann::ordered_json json{{"text", reason.text},
                                {"wanted", reason.wanted},
                                {"asked", reason.asked},
                                {"failed", reason.failed},
                                {"failed_alone", reason.failed_alone}};
    for (const auto& part : reason.parts) json["parts"].push_back(to_json(part));
    return json;
}

// ---- comparison ----

nlohmann::ordered_json to_json(const segment::ValueLift& one) {
    return {{"attribute", one.value.attribute},
            {"attribute_zh", one.value.attribute_zh},
            {"attribute_en", one.value.attribute_en},
            {"value", one.value.value.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(one.value.value)},
            {"expression", one.value.expression},
            {"in_segment", one.in_segment},
            {"in_all", one.in_all},
            {"segment_share", one.segment_share},
            {"all_share", one.all_share},
            {"lift", one.lift}};
}

void print_lift(const segment::ValueLift& one) {
    const std::string what = one.value.attribute_zh + " " + one.value.attribute_en;
    std::printf("%7.2f  %7.1f%%  %7.1f%%  %10s  %10s  %s %s\n", one.lift, one.segment_share * 100, one.all_share * 100,
                count_text(one.in_segment).c_str(), count_text(one.in_all).c_str(), padded(what, 30).c_str(),
                one.value.value.empty() ? "(missing 缺失)" : one.value.value.c_str());
}

// ---- back-test ----

nlohmann::ordered_json to_json(const segment::GroupOutcome& one, int digits) {
    return {{"customers", one.customers},
            {"buyers", one.buyers},
            {"buyer_share", one.buyer_share()},
            {"orders", one.orders},
            {"orders_per_head", one.orders_per_head()},
            {"revenue", format_minor(one.revenue, digits)},
            {"refunds", format_minor(one.refunds, digits)},
            {"net", format_minor(one.net(), digits)},
            {"net_per_head", format_minor(static_cast<std::int64_t>(one.net_per_head()), digits)},
            {"undated_refunds", format_minor(one.undated_refunds, digits)},
            {"stray_refunds", format_minor(one.stray_refunds, digits)}};
}

void print_outcomes(const segment::BackTest& result, int digits) {
    const auto row = [&](const char* name, const std::string& members, const std::string& rest) {
        std::printf("%s %16s %16s\n", padded(name, 32).c_str(), members.c_str(), rest.c_str());
    };
    const auto money = [&](std::int64_t minor) { return format_minor(minor, digits); };
    const auto share = [](double value) {
        char text[32];
        std::snprintf(text, sizeof text, "%.2f%%", value * 100);
        return std::string(text);
    };
    const auto& in = result.members;
    const auto& out = result.rest;
    row("", "members", "the rest");
    row("customers 客户", count_text(in.customers), count_text(out.customers));
    row("buyers 购买人数", count_text(in.buyers), count_text(out.buyers));
    row("share that bought 购买率", share(in.buyer_share()), share(out.buyer_share()));
    row("orders 订单", count_text(in.orders), count_text(out.orders));
    row("revenue 销售额", money(in.revenue), money(out.revenue));
    row("refunds 退款", money(in.refunds), money(out.refunds));
    row("net revenue 净销售额", money(in.net()), money(out.net()));
    row("net per head 人均净额", money(static_cast<std::int64_t>(in.net_per_head())),
        money(static_cast<std::int64_t>(out.net_per_head())));
    if (in.undated_refunds != 0 || out.undated_refunds != 0)
        row("(refunds of unknown time)", money(in.undated_refunds), money(out.undated_refunds));
    if (in.stray_refunds != 0 || out.stray_refunds != 0)
        row("(refunds of no known order)", money(in.stray_refunds), money(out.stray_refunds));
}

}  // namespace

Status show_overlap(Context& context, const SegmentSetArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    std::vector<audience::Selection> sets;
    for (const auto& expression : arguments.expressions) {
        const auto bound = question->bind(expression);
        if (!bound) return std::unexpected(bound.error());
        sets.push_back(audience::evaluate(question->version(), *bound, question->as_of(), &question->pool()));
    }
    const auto everybody = audience::parse_and_bind("all customers", question->bind_options());
    const auto all = audience::evaluate(question->version(), *everybody, question->as_of(), &question->pool());
    const auto result = segment::overlap(sets, all.count());
    if (!result) return std::unexpected(result.error());
    if (arguments.json)
        print_overlap_json(*result, arguments.expressions, question->as_of());
    else
        print_overlap(*result, arguments.expressions);
    return {};
}

Status show_difference(Context& context, const SegmentSetArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    const auto a = question->bind(arguments.a);
    if (!a) return std::unexpected(a.error());
    const auto b = question->bind(arguments.b);
    if (!b) return std::unexpected(b.error());
    const auto result = segment::difference(question->version(), *a, *b, question->as_of(), question->bind_options(),
                                            &question->pool());
    if (!result) return std::unexpected(result.error());
    if (!arguments.out.empty()) {
        const auto customers = audience::customers(question->version(), result->only_a);
        if (auto written = write_customers(arguments.out, customers); !written) return written;
    }
    if (arguments.json) {
        print_json({{"as_of", format_iso(question->as_of())},
                    {"a", arguments.a},
                    {"b", arguments.b},
                    {"in_a", result->in_a},
                    {"in_b", result->in_b},
                    {"in_both", result->in_both},
                    {"only_a", result->only_a.count()},
                    {"reason", to_json(result->reason)}});
        return {};
    }
    std::printf("%s in A, %s in B, %s in both; %s in A and not in B, because of B's conditions:\n\n",
                count_text(result->in_a).c_str(), count_text(result->in_b).c_str(), count_text(result->in_both).c_str(),
                count_text(result->only_a.count()).c_str());
    std::printf("   failed      alone  condition 条件（未满足 / 仅因此条）\n");
    print_reason(result->reason, 0);
    return {};
}

Status show_comparison(Context& context, const SegmentSetArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    const auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    const auto chosen = audience::evaluate(question->version(), *bound, question->as_of(), &question->pool());
    const auto values =
        segment::attribute_values(question->database(), question->version(), question->as_of(), &question->pool());
    if (!values) return std::unexpected(values.error());
    segment::ComparisonOptions options;
    options.min_support = static_cast<std::uint64_t>(arguments.min_support);
    const auto result =
        segment::compare(question->version(), chosen, *values, question->as_of(), options, &question->pool());
    if (!result) return std::unexpected(result.error());
    if (arguments.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& one : result->values) list.push_back(to_json(one));
        print_json({{"as_of", format_iso(question->as_of())},
                    {"segment", result->segment},
                    {"all", result->all},
                    {"min_support", arguments.min_support},
                    {"left_out", result->left_out},
                    {"values", list}});
        return {};
    }
    std::printf("%s of %s customers; what stands out most 最突出的特征\n\n", count_text(result->segment).c_str(),
                count_text(result->all).c_str());
    std::printf("   lift      here       all   customers      of all\n");
    for (const auto& one : segment::outstanding(*result, static_cast<std::size_t>(arguments.most))) print_lift(one);
    if (result->left_out > 0) {
        std::printf("\n%s values of fewer than %lld customers are left out (--min-support)\n",
                    count_text(result->left_out).c_str(), static_cast<long long>(arguments.min_support));
    }
    return {};
}

Status show_back_test(Context& context, const SegmentSetArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    const auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    segment::BackTestOptions options;
    options.as_of = question->as_of();
    options.days = arguments.days;
    options.now = context.clock.now();
    const auto result = segment::back_test(question->version(), *bound, options, &question->pool());
    if (!result) return std::unexpected(result.error());
    const auto& config = question->version().config();
    const int digits = info(config.base_currency).digits;
    if (arguments.json) {
        print_json({{"as_of", format_iso(question->as_of())},
                    {"days", arguments.days},
                    {"from", format_iso(result->from)},
                    {"until", format_iso(result->until)},
                    {"is_complete", result->is_complete},
                    {"currency", std::string(code(config.base_currency))},
                    {"members", to_json(result->members, digits)},
                    {"rest", to_json(result->rest, digits)}});
        return {};
    }
    std::printf("chosen as of %s; what they did in the %d days after, until %s (%s)\n\n",
                format_local(question->as_of(), config.zone).c_str(), arguments.days,
                format_local(result->until, config.zone).c_str(), code(config.base_currency).data());
    if (!result->is_complete) std::printf("these days are not over yet 观察期尚未结束\n\n");
    print_outcomes(*result, digits);
    return {};
}

}  // namespace shuke::app

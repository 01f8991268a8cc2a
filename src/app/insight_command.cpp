// src/app/insight_command.cpp: shuke insight rfm.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/question.h"
#include "app/row_file.h"
#include "insight/rfm.h"

namespace shuke::app {
namespace {

Result<insight::RfmOptions> options_of(const RfmArguments& arguments, Currency currency) {
    insight::RfmOptions options;
    options.basis = arguments.basis == "gross" ? insight::Basis::kGross : insight::Basis::kNet;
    options.scoring = insight::QuantileScores{arguments.scores};
    if (arguments.recency_edges.empty() && arguments.frequency_edges.empty() && arguments.monetary_edges.empty())
        return options;
    insight::ThresholdScores edges{arguments.recency_edges, arguments.frequency_edges, {}};
    for (const auto& text : arguments.monetary_edges) {
        const auto decimal = parse_decimal(text);
        if (!decimal) return std::unexpected(decimal.error());
        const auto minor = to_minor(*decimal, info(currency).digits);
        if (!minor) return std::unexpected(minor.error());
        edges.monetary.push_back(minor->minor);
    }
    options.scoring = edges;
    return options;
}

nlohmann::ordered_json to_json(const insight::Distribution& distribution, double unit) {
    return {{"mean", distribution.mean / unit},     {"standard_deviation", distribution.standard_deviation / unit},
            {"min", distribution.min / unit},       {"q25", distribution.q25 / unit},
            {"median", distribution.median / unit}, {"q75", distribution.q75 / unit},
            {"max", distribution.max / unit}};
}

double unit_of(Currency currency) {
    double unit = 1;
    for (int i = 0; i < info(currency).digits; ++i) unit *= 10;
    return unit;
}

void print_table(const insight::RfmResult& result, const RfmArguments& arguments, Question& question) {
    const auto& config = question.version().config();
    const double unit = unit_of(config.base_currency);
    std::printf("RFM of %s customers as of %s (%s), %s, amounts in %s\n",
                grouped(static_cast<std::int64_t>(result.rows.size())).c_str(),
                format_local(question.as_of(), config.zone).c_str(), config.zone.name().c_str(),
                arguments.basis.c_str(), code(config.base_currency).data());
    std::printf("\n%-10s %12s %12s %12s %12s %12s %12s\n", "", "mean", "min", "25 %", "median", "75 %", "max");
    const auto row = [](const char* name, const insight::Distribution& one, double scale) {
        std::printf("%-10s %12.2f %12.2f %12.2f %12.2f %12.2f %12.2f\n", name, one.mean / scale, one.min / scale,
                    one.q25 / scale, one.median / scale, one.q75 / scale, one.max / scale);
    };
    row("R days", result.recency_days, 1);
    row("F orders", result.frequency, 1);
    row("M amount", result.monetary, unit);
    std::printf("\n%s %s %10s %8s %8s %9s %9s %12s\n", padded("class", 20).c_str(), padded("类别", 14).c_str(),
                "customers", "share", "of money", "R days", "F orders", "M amount");
    for (std::size_t i = 0; i < result.classes.size(); ++i) {
        const auto& one = result.classes[i];
        const auto& about = insight::info(static_cast<insight::RfmClass>(i));
        std::printf("%s %s %10s %7.1f%% %7.1f%% %9.1f %9.2f %12.2f\n", padded(about.key, 20).c_str(),
                    padded(about.zh, 14).c_str(), grouped(static_cast<std::int64_t>(one.customers)).c_str(),
                    one.customer_share * 100, one.monetary_share * 100, one.recency_days_mean, one.frequency_mean,
                    one.monetary_mean / unit);
    }
    std::printf("\nhigh and low are told by the mean scores: R %.2f, F %.2f, M %.2f\n", result.r_mean, result.f_mean,
                result.m_mean);
}

void print_summary_json(const insight::RfmResult& result, const RfmArguments& arguments, Question& question) {
    const double unit = unit_of(question.version().config().base_currency);
    nlohmann::ordered_json json{{"as_of", format_iso(question.as_of())},
                                {"basis", arguments.basis},
                                {"currency", std::string(code(question.version().config().base_currency))},
                                {"customers", result.rows.size()},
                                {"recency_days", to_json(result.recency_days, 1)},
                                {"frequency", to_json(result.frequency, 1)},
                                {"monetary", to_json(result.monetary, unit)},
                                {"mean_scores", {{"r", result.r_mean}, {"f", result.f_mean}, {"m", result.m_mean}}}};
    auto& classes = json["classes"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < result.classes.size(); ++i) {
        const auto& one = result.classes[i];
        const auto& about = insight::info(static_cast<insight::RfmClass>(i));
        classes.push_back({{"class", about.key},
                           {"name_en", about.en},
                           {"name_zh", about.zh},
                           {"customers", one.customers},
                           {"customer_share", one.customer_share},
                           {"monetary_share", one.monetary_share},
                           {"recency_days_mean", one.recency_days_mean},
                           {"frequency_mean", one.frequency_mean},
                           {"monetary_mean", one.monetary_mean / unit}});
    }
    print_json(json);
}

Status write_rows(const insight::RfmResult& result, const std::string& out, Question& question) {
    auto external = live::external_ids(question.database());
    if (!external) return std::unexpected(external.error());
    const int digits = info(question.version().config().base_currency).digits;
    RowFile file(out);
    file.row({"external_id", "recency_days", "frequency", "monetary", "r", "f", "m", "class"});
    for (const auto& row : result.rows) {
        file.row({live::external_id_of(*external, row.customer), std::to_string(row.recency_days),
                  std::to_string(row.frequency), format_minor(row.monetary, digits), std::to_string(row.r),
                  std::to_string(row.f), std::to_string(row.m), std::string(insight::info(row.rfm_class).key)});
    }
    return file.finish();
}

}  // namespace

Status show_rfm(Context& context, const RfmArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    std::optional<audience::BoundExpression> where;
    if (!arguments.where.empty()) {
        auto bound = question->bind(arguments.where);
        if (!bound) return std::unexpected(bound.error());
        where = std::move(*bound);
    }
    const auto options = options_of(arguments, question->version().config().base_currency);
    if (!options) return std::unexpected(options.error());
    const auto result =
        insight::rfm(question->version(), question->as_of(), *options, where ? &*where : nullptr, &question->pool());
    if (!result) return std::unexpected(result.error());
    if (!arguments.out.empty()) {
        if (auto written = write_rows(*result, arguments.out, *question); !written) return written;
    }
    if (arguments.json)
        print_summary_json(*result, arguments, *question);
    else
        print_table(*result, arguments, *question);
    return {};
}

}  // namespace shuke::app

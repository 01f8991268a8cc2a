// src/app/segment_command.cpp: shuke segment count|list|explain|sql EXPRESSION.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/commands.h"
#include "app/mirrored_question.h"
#include "app/question.h"
#include "app/row_file.h"
#include "audience/explain.h"
#include "base/text.h"
#include "identity/lookup.h"
#include "record/customers.h"

namespace shuke::app {
namespace {

std::vector<std::string> split_columns(const std::string& text) {
    std::vector<std::string> columns;
    for (const std::string_view column : split(text, ',')) columns.emplace_back(trim(column));
    return columns;
}

double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> times) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
}

void print_explanation(const audience::Explanation& part, int depth) {
    std::printf("%*s%s  %s", depth * 2, "", part.held ? "yes" : "no ", part.text.c_str());
    if (part.parts.empty())
        std::printf("\n%*s     %s\n%*s     %s", depth * 2, "", part.words_en.c_str(), depth * 2, "",
                    part.words_zh.c_str());
    std::printf("\n");
    for (const auto& child : part.parts) print_explanation(child, depth + 1);
}

nlohmann::ordered_json to_json(const audience::Explanation& part) {
    nlohmann::ordered_json json{
        {"text", part.text}, {"held", part.held}, {"words_en", part.words_en}, {"words_zh", part.words_zh}};
    if (part.parts.empty()) json["seen"] = part.missing ? nlohmann::ordered_json() : nlohmann::ordered_json(part.seen);
    for (const auto& child : part.parts) json["parts"].push_back(to_json(child));
    return json;
}

Status count_in_clickhouse(Context& context, const SegmentArguments& arguments) {
    auto question = MirroredQuestion::open(context, arguments.url, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    if (auto bound = question->bind(arguments.expression); !bound) return bound;
    std::int64_t count = 0;
    std::vector<double> times;
    for (int i = 0; i < arguments.repeat; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto counted = question->count();
        if (!counted) return std::unexpected(counted.error());
        count = *counted;
        times.push_back(milliseconds_since(start));
    }
    if (!arguments.json) {
        std::printf("%lld\n", static_cast<long long>(count));
        return {};
    }
    print_json({{"count", count},
                {"as_of", format_iso(question->as_of())},
                {"milliseconds", median(times)},
                {"version", question->mirror_change()},
                {"record_version", question->record_change()},
                {"is_behind", question->is_behind()},
                {"expression", audience::print(question->expression().expression())}});
    return {};
}

struct Chosen {
    std::vector<CustomerId> customers;
    std::vector<record::ExternalId> external_ids;  // where they are wanted
};

Result<Chosen> chosen_by_clickhouse(Context& context, const SegmentArguments& arguments, bool with_external) {
    auto question = MirroredQuestion::open(context, arguments.url, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    if (auto bound = question->bind(arguments.expression); !bound) return std::unexpected(bound.error());
    auto customers = question->customers();
    if (!customers) return std::unexpected(customers.error());
    Chosen chosen{std::move(*customers), {}};
    if (!with_external) return chosen;
    auto external = live::external_ids(question->database());
    if (!external) return std::unexpected(external.error());
    chosen.external_ids = std::move(*external);
    return chosen;
}

Result<Chosen> chosen_by_engine(Context& context, const SegmentArguments& arguments, bool with_external) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    const auto selection = audience::evaluate(question->version(), *bound, question->as_of(), &question->pool());
    Chosen chosen{audience::customers(question->version(), selection), {}};
    if (!with_external) return chosen;
    auto external = live::external_ids(question->database());
    if (!external) return std::unexpected(external.error());
    chosen.external_ids = std::move(*external);
    return chosen;
}

}  // namespace

Status count_segment(Context& context, const SegmentArguments& arguments) {
    if (arguments.answers == "clickhouse") return count_in_clickhouse(context, arguments);
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    std::vector<double> times;
    audience::Selection selection;
    for (int i = 0; i < arguments.repeat; ++i) {
        const auto start = std::chrono::steady_clock::now();
        selection = audience::evaluate(question->version(), *bound, question->as_of(), &question->pool());
        times.push_back(milliseconds_since(start));
    }
    if (!arguments.json) {
        std::printf("%llu\n", static_cast<unsigned long long>(selection.count()));
        return {};
    }
    print_json({{"count", selection.count()},
                {"as_of", format_iso(question->as_of())},
                {"milliseconds", median(times)},
                {"version", question->change()},
                {"customers", question->version().customers()},
                {"load_seconds", question->load_seconds()},
                {"expression", audience::print(bound->expression())}});
    return {};
}

Status list_segment(Context& context, const SegmentArguments& arguments) {
    std::vector<std::string> columns = split_columns(arguments.columns);
    for (const auto& column : columns) {
        if (column != "id" && column != "external_id") {
            return fail(Code::kInvalid, "segment.unknown_column",
                        "there is no column '" + column + "'; choose from: id, external_id");
        }
    }
    const bool with_external = std::find(columns.begin(), columns.end(), "external_id") != columns.end();
    const auto chosen = arguments.answers == "clickhouse" ? chosen_by_clickhouse(context, arguments, with_external)
                                                          : chosen_by_engine(context, arguments, with_external);
    if (!chosen) return std::unexpected(chosen.error());
    RowFile file(arguments.out);
    if (!arguments.out.empty()) file.row(columns);
    std::vector<std::string> row(columns.size());
    for (const CustomerId customer : chosen->customers) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            row[i] = columns[i] == "id" ? std::to_string(customer.value)
                                        : live::external_id_of(chosen->external_ids, customer);
        }
        file.row(row);
    }
    return file.finish();
}

Status print_segment_sql(Context& context, const SegmentArguments& arguments) {
    auto question = arguments.url.empty() ? MirroredQuestion::without_server(context, arguments.as_of)
                                          : MirroredQuestion::open(context, arguments.url, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    if (auto bound = question->bind(arguments.expression); !bound) return bound;
    const auto sql = question->sql(audience::clickhouse::Want::kIds);
    if (!sql) return std::unexpected(sql.error());
    if (arguments.json)
        print_json({{"sql", *sql}, {"dialect", arguments.dialect}, {"as_of", format_iso(question->as_of())}});
    else
        std::printf("%s\n", sql->c_str());
    return {};
}

Status explain_segment(Context& context, const SegmentArguments& arguments) {
    if (arguments.engine) return explain_engine(context, arguments);
    if (arguments.customer.empty()) {
        return fail(Code::kInvalid, "segment.customer_needed",
                    "say whom: --customer ID or any identifier; or --engine for what the engine does");
    }
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    auto customer = question->customer(arguments.customer);
    if (!customer) return std::unexpected(customer.error());
    auto explanation = audience::explain(question->version(), *bound, *customer, question->as_of());
    if (!explanation) return std::unexpected(explanation.error());
    if (arguments.json) {
        print_json({{"customer", customer->value},
                    {"as_of", format_iso(question->as_of())},
                    {"explanation", to_json(*explanation)}});
        return {};
    }
    std::printf("customer %lld %s the audience as of %s\n", static_cast<long long>(customer->value),
                explanation->held ? "is in" : "is not in",
                format_local(question->as_of(), question->version().config().zone).c_str());
    print_explanation(*explanation, 0);
    return {};
}

}  // namespace shuke::app

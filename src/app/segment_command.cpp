// src/app/segment_command.cpp: shuke segment count|list|explain EXPRESSION.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/commands.h"
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

}  // namespace

Status count_segment(Context& context, const SegmentArguments& arguments) {
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
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    if (!arguments.json) {
        std::printf("%llu\n", static_cast<unsigned long long>(selection.count()));
        return {};
    }
    print_json({{"count", selection.count()},
                {"as_of", format_iso(question->as_of())},
                {"milliseconds", times[times.size() / 2]},
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
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    const auto selection = audience::evaluate(question->version(), *bound, question->as_of(), &question->pool());
    const bool with_external = std::find(columns.begin(), columns.end(), "external_id") != columns.end();
    std::vector<record::ExternalId> external;
    if (with_external) {
        auto read = question->external_ids();
        if (!read) return std::unexpected(read.error());
        external = std::move(*read);
    }
    RowFile file(arguments.out);
    if (!arguments.out.empty()) file.row(columns);
    std::vector<std::string> row(columns.size());
    for (const CustomerId customer : audience::customers(question->version(), selection)) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            row[i] = columns[i] == "id" ? std::to_string(customer.value) : external_id_of(external, customer);
        }
        file.row(row);
    }
    return file.finish();
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

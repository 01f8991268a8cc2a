// src/app/engine_command.cpp: shuke segment explain EXPRESSION --engine.
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/question.h"
#include "audience/predicate_cache.h"
#include "audience/profile.h"

namespace shuke::app {
namespace {

nlohmann::ordered_json to_json(const audience::ConditionProfile& condition) {
    nlohmann::ordered_json json{{"condition", condition.text},
                                {"milliseconds", condition.milliseconds},
                                {"blocks_read", condition.read},
                                {"blocks_skipped", condition.skipped},
                                {"blocks_cached", condition.cached},
                                {"asked", condition.asked},
                                {"kept", condition.kept}};
    for (const auto& part : condition.parts) json["parts"].push_back(to_json(part));
    return json;
}

nlohmann::ordered_json to_json(const audience::Profile& profile) {
    return {{"plan_milliseconds", profile.plan_milliseconds},
            {"evaluate_milliseconds", profile.evaluate_milliseconds},
            {"conditions", to_json(profile.root)}};
}

nlohmann::ordered_json to_json(const audience::MemoryReport& memory) {
    return {{"bytes", memory.total()},         {"customers", memory.customers_bytes},
            {"orders", memory.orders_bytes},   {"lines", memory.lines_bytes},
            {"refunds", memory.refunds_bytes}, {"shared", memory.shared_bytes},
            {"fact_rows", memory.fact_rows},   {"bytes_per_fact", memory.bytes_per_fact()}};
}

void print_row(const audience::ConditionProfile& first, const audience::ConditionProfile& again, int depth) {
    std::printf("%9.3f %6llu %7llu %11s %11s %9.3f %6llu  %*s%s\n", first.milliseconds,
                static_cast<unsigned long long>(first.read), static_cast<unsigned long long>(first.skipped),
                grouped(static_cast<std::int64_t>(first.asked)).c_str(),
                grouped(static_cast<std::int64_t>(first.kept)).c_str(), again.milliseconds,
                static_cast<unsigned long long>(again.cached), depth * 2, "", first.text.c_str());
    for (std::size_t i = 0; i < first.parts.size(); ++i) print_row(first.parts[i], again.parts[i], depth + 1);
}

}  // namespace

Status explain_engine(Context& context, const SegmentArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    auto bound = question->bind(arguments.expression);
    if (!bound) return std::unexpected(bound.error());
    audience::PredicateCache cache;
    const auto ask = [&] {
        return audience::profile(question->version(), *bound, question->as_of(), &question->pool(), &cache);
    };
    const audience::Profile first = ask();
    const audience::Profile again = ask();
    const audience::MemoryReport memory = question->version().bytes();
    if (arguments.json) {
        print_json({{"count", first.chosen},
                    {"customers", first.customers},
                    {"as_of", format_iso(question->as_of())},
                    {"blocks", first.blocks},
                    {"threads", first.threads},
                    {"first", to_json(first)},
                    {"again", to_json(again)},
                    {"cache_bytes", cache.bytes()},
                    {"memory", to_json(memory)}});
        return {};
    }
    std::printf("%s of %s customers in %.3f ms, after %.3f ms for the plan; %llu blocks, %u threads\n",
                grouped(static_cast<std::int64_t>(first.chosen)).c_str(),
                grouped(static_cast<std::int64_t>(first.customers)).c_str(), first.evaluate_milliseconds,
                first.plan_milliseconds, static_cast<unsigned long long>(first.blocks), first.threads);
    std::printf("asked again with what is cached: %.3f ms\n\n", again.evaluate_milliseconds);
    std::printf("%9s %6s %7s %11s %11s %9s %6s\n", "ms", "blocks", "skipped", "asked", "kept", "again ms", "cached");
    print_row(first.root, again.root, 0);
    std::printf("\nmemory: %.1f MB for %s facts, %.1f bytes a fact; cache %.1f MB\n",
                static_cast<double>(memory.total()) / 1e6, grouped(static_cast<std::int64_t>(memory.fact_rows)).c_str(),
                memory.bytes_per_fact(), static_cast<double>(cache.bytes()) / 1e6);
    return {};
}

}  // namespace shuke::app

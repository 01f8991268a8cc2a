// src/app/tag_command.cpp: shuke tag add|remove|list|show|apply|rules, shuke tag rule add|remove.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/customer_file.h"
#include "app/question.h"
#include "segment/tags.h"

namespace shuke::app {
namespace {

// Whom the command means: those named, or those who satisfy --where.
Result<std::vector<CustomerId>> chosen(Question* question, record::Database& database, const TagArguments& arguments) {
    if (question != nullptr) {
        const auto bound = question->bind(arguments.where);
        if (!bound) return std::unexpected(bound.error());
        return audience::customers(
            question->version(), audience::evaluate(question->version(), *bound, question->as_of(), &question->pool()));
    }
    std::vector<CustomerId> customers;
    auto read = database.read([&](soci::session& session) {
        for (const auto& text : arguments.customers)
            customers.push_back(or_throw(live::one_customer(session, database.keys(), text)));
    });
    if (!read) return std::unexpected(read.error());
    std::ranges::sort(customers);
    return customers;
}

void print_change(const std::string& tag, const segment::TagChange& change, bool json) {
    if (json)
        print_json({{"tag", tag}, {"given", change.given}, {"taken", change.taken}});
    else
        std::printf("%s: given to %s, taken from %s\n", tag.c_str(), grouped(change.given).c_str(),
                    grouped(change.taken).c_str());
}

using Change = Result<segment::TagChange> (*)(record::Database&, std::string_view, const std::vector<CustomerId>&,
                                              std::string_view);

Status change_tag(Context& context, const TagArguments& arguments, Change change) {
    if (arguments.where.empty() == arguments.customers.empty()) {
        return fail(Code::kInvalid, "tag.nobody_named",
                    "found " + std::string(arguments.where.empty() ? "neither" : "both") +
                        " customers and --where, expected one of them");
    }
    const auto run = [&](record::Database& database, Question* question) -> Status {
        const auto customers = chosen(question, database, arguments);
        if (!customers) return std::unexpected(customers.error());
        const auto done = change(database, arguments.tag, *customers, actor_name());
        if (!done) return std::unexpected(done.error());
        print_change(arguments.tag, *done, arguments.json);
        return {};
    };
    if (!arguments.where.empty()) {
        auto question = Question::open(context, "");
        if (!question) return std::unexpected(question.error());
        return run(question->database(), &*question);
    }
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return run(**database, nullptr);
}

Result<segment::TagChange> apply_one(Question& question, const record::TagRule& rule) {
    const auto bound = audience::parse_and_bind(rule.expression, question.bind_options());
    if (!bound) return std::unexpected(bound.error());
    return segment::apply_tag_rule(question.database(), question.version(), rule, *bound, actor_name(),
                                   &question.pool());
}

}  // namespace

Status add_tag(Context& context, const TagArguments& arguments) {
    return change_tag(context, arguments, segment::add_tag);
}

Status remove_tag(Context& context, const TagArguments& arguments) {
    return change_tag(context, arguments, segment::remove_tag);
}

Status list_tags(Context& context, const TagArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto tags = segment::all_tags(**database);
    if (!tags) return std::unexpected(tags.error());
    auto list = nlohmann::ordered_json::array();
    for (const auto& one : *tags) {
        list.push_back({{"tag", one.name}, {"by_hand", one.by_hand}, {"by_rule", one.by_rule}});
        if (!arguments.json) {
            std::printf("%s %10s by hand %10s by rule\n", padded(one.name, 24).c_str(), grouped(one.by_hand).c_str(),
                        grouped(one.by_rule).c_str());
        }
    }
    if (arguments.json)
        print_json({{"tags", list}});
    else if (tags->empty())
        std::printf("there is no tag yet; to give one: shuke tag add TAG CUSTOMER\n");
    return {};
}

Status show_tag(Context& context, const TagArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto customers = segment::tagged(**database, arguments.tag, context.clock.now());
    if (!customers) return std::unexpected(customers.error());
    if (!arguments.json) return write_customers(arguments.out, *customers);
    print_json({{"tag", arguments.tag}, {"count", customers->size()}});
    return arguments.out.empty() ? Status{} : write_customers(arguments.out, *customers);
}

Status add_tag_rule(Context& context, const TagArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto bind = live::bind_options(**database);
    if (!bind) return std::unexpected(bind.error());
    const auto rule = segment::set_tag_rule(**database, arguments.tag, arguments.expression, actor_name(), *bind);
    if (!rule) return std::unexpected(rule.error());
    if (arguments.json)
        print_json({{"tag", rule->name}, {"expression", rule->expression}});
    else
        std::printf("%s follows: %s\nto apply it now: shuke tag apply\n", rule->name.c_str(), rule->expression.c_str());
    return {};
}

Status remove_tag_rule(Context& context, const TagArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto done = segment::remove_tag_rule(**database, arguments.tag, actor_name());
    if (!done) return std::unexpected(done.error());
    print_change(arguments.tag, *done, arguments.json);
    return {};
}

Status list_tag_rules(Context& context, const TagArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto rules = segment::all_tag_rules(**database);
    if (!rules) return std::unexpected(rules.error());
    auto list = nlohmann::ordered_json::array();
    for (const auto& one : *rules) {
        const std::string applied = one.applied_at == kNever ? "" : format_iso(one.applied_at);
        list.push_back({{"tag", one.name},
                        {"expression", one.expression},
                        {"owner", one.owner},
                        {"changed_at", format_iso(one.changed_at)},
                        {"applied_at", applied.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(applied)}});
        if (!arguments.json) {
            std::printf("%s %s  %s\n", padded(one.name, 24).c_str(),
                        padded(applied.empty() ? "not applied yet" : applied, 27).c_str(), one.expression.c_str());
        }
    }
    if (arguments.json) print_json({{"rules", list}});
    return {};
}

Status apply_tag_rules(Context& context, const TagArguments& arguments) {
    auto question = Question::open(context, "");
    if (!question) return std::unexpected(question.error());
    const auto rules = segment::all_tag_rules(question->database());
    if (!rules) return std::unexpected(rules.error());
    auto list = nlohmann::ordered_json::array();
    for (const auto& rule : *rules) {
        if (!arguments.tag.empty() && rule.name != arguments.tag) continue;
        const auto change = apply_one(*question, rule);
        if (!change) {  // one that cannot be evaluated does not keep the others from it
            context.exit_code = report(change.error());
            list.push_back({{"tag", rule.name}, {"error", change.error().key}});
            continue;
        }
        list.push_back({{"tag", rule.name}, {"given", change->given}, {"taken", change->taken}});
        if (!arguments.json) print_change(rule.name, *change, false);
    }
    if (!arguments.tag.empty() && list.empty()) {
        return fail(Code::kNotFound, "tag.no_rule",
                    "the tag '" + arguments.tag.substr(0, 80) + "' has no rule; see: shuke tag rules");
    }
    if (arguments.json) print_json({{"rules", list}});
    return {};
}

}  // namespace shuke::app

// src/app/list_command.cpp: shuke lists, shuke list import|show|retry|delete.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/customer_file.h"
#include "app/identifier_file.h"
#include "app/question.h"
#include "identity/lookup.h"
#include "record/changes.h"
#include "segment/static_lists.h"

namespace shuke::app {
namespace {

segment::Resolve by_identifier(const record::Database& database) {
    return [&keys = database.keys()](soci::session& session, std::string_view text) {
        return identity::find_customers(session, keys, text).value_or(std::vector<CustomerId>{});
    };
}

void print_report(const std::string& name, const segment::ListReport& report, const std::string& column, bool json) {
    if (json) {
        print_json({{"name", name},
                    {"column", column},
                    {"rows", report.rows},
                    {"named", report.named},
                    {"unknown", report.unknown},
                    {"ambiguous", report.ambiguous},
                    {"empty", report.empty},
                    {"customers", report.customers},
                    {"added", report.added},
                    {"removed", report.removed},
                    {"is_new", report.is_new}});
        return;
    }
    std::printf("%s: %s rows, %s customers, %s added, %s removed\n", name.c_str(), grouped(report.rows).c_str(),
                grouped(report.customers).c_str(), grouped(report.added).c_str(), grouped(report.removed).c_str());
    if (report.unknown + report.ambiguous + report.empty == 0) return;
    std::printf("  %s rows name nobody, %s several people, %s are empty; kept: shuke list show '%s' --unknown FILE\n",
                grouped(report.unknown).c_str(), grouped(report.ambiguous).c_str(), grouped(report.empty).c_str(),
                name.c_str());
}

nlohmann::ordered_json to_json(const record::StoredList& one) {
    return {{"name", one.name},       {"description", one.description},
            {"owner", one.owner},     {"created_at", format_iso(one.created_at)},
            {"members", one.members}, {"unknowns", one.unknowns}};
}

Status write_unknowns(const std::string& out, const std::vector<record::UnknownRow>& rows) {
    RowFile file(out);
    file.row({"identifier", "reason", "row"});
    for (const auto& row : rows)
        file.row({row.value.reveal(), std::string(record::to_string(row.reason)), std::to_string(row.row_number)});
    return file.finish();
}

}  // namespace

Status import_list(Context& context, const ListArguments& arguments) {
    const auto file = read_identifiers(arguments.file, arguments.column, arguments.kind);
    if (!file) return std::unexpected(file.error());
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    segment::ListDraft draft;
    draft.name = arguments.name;
    draft.description = arguments.description;
    draft.actor = actor_name();
    draft.replace = arguments.replace;
    const auto report = segment::import_list(**database, draft, file->values, by_identifier(**database));
    if (!report) return std::unexpected(report.error());
    print_report(arguments.name, *report, file->column, arguments.json);
    if (report->unknown + report->ambiguous > 0) context.exit_code = kDoneWithRejectedRows;
    return {};
}

Status list_lists(Context& context, const ListArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto lists = segment::all_lists(**database);
    if (!lists) return std::unexpected(lists.error());
    if (arguments.json) {
        auto all = nlohmann::ordered_json::array();
        for (const auto& one : *lists) all.push_back(to_json(one));
        print_json({{"lists", all}});
        return {};
    }
    if (lists->empty()) std::printf("there is no list yet; to bring one: shuke list import NAME FILE.csv\n");
    for (const auto& one : *lists) {
        std::printf("%s %10s members %10s unknown  %s\n", padded(one.name, 24).c_str(), grouped(one.members).c_str(),
                    grouped(one.unknowns).c_str(), one.description.c_str());
    }
    return {};
}

Status show_list(Context& context, const ListArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto list = segment::find_list(**database, arguments.name);
    if (!list) return std::unexpected(list.error());
    if (!arguments.unknown.empty()) {
        // As for `customer show --reveal`: looking at clear personal data leaves a trace, before it is done.
        auto noted = (*database)->write("list.reveal", [&](soci::session& session) {
            record::append_audit(session,
                                 {actor_name(), "list.reveal", "list " + list->name, "unknown rows written in clear"},
                                 context.clock.now());
        });
        if (!noted) return noted;
        const auto rows = segment::unknown_rows(**database, arguments.name);
        if (!rows) return std::unexpected(rows.error());
        if (auto written = write_unknowns(arguments.unknown, *rows); !written) return written;
    }
    const auto members = segment::list_members(**database, arguments.name, context.clock.now());
    if (!members) return std::unexpected(members.error());
    if (arguments.json) {
        auto json = to_json(*list);
        json["members"] = members->size();  // people of today, merged ones once
        print_json(json);
        return arguments.out.empty() ? Status{} : write_customers(arguments.out, *members);
    }
    return write_customers(arguments.out, *members);
}

Status retry_list(Context& context, const ListArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto report = segment::retry_unknowns(**database, arguments.name, actor_name(), by_identifier(**database));
    if (!report) return std::unexpected(report.error());
    print_report(arguments.name, *report, "", arguments.json);
    return {};
}

Status delete_list(Context& context, const ListArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto list = segment::find_list(**database, arguments.name);
    if (!list) return std::unexpected(list.error());
    if (!arguments.yes) {
        return fail(Code::kConflict, "list.not_confirmed",
                    "deleting '" + list->name +
                        "' also forgets who was on it when and its unknown rows; to go on, add "
                        "--yes");
    }
    if (auto done = segment::delete_list(**database, list->name, actor_name()); !done) return done;
    if (arguments.json)
        print_json({{"deleted", list->name}});
    else
        std::printf("deleted: %s\n", list->name.c_str());
    return {};
}

}  // namespace shuke::app

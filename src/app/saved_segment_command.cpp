// src/app/saved_segment_command.cpp: shuke segment save|saved|show|rename|delete|history|refresh|entered|members|library.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/customer_file.h"
#include "app/question.h"
#include "record/settings.h"
#include "segment/library.h"
#include "segment/membership.h"
#include "segment/saved_segments.h"

namespace shuke::app {
namespace {

using segment::StoredSegment;

nlohmann::ordered_json iso_or_null(Instant at) {
    return at == kNever ? nlohmann::ordered_json() : nlohmann::ordered_json(format_iso(at));
}

nlohmann::ordered_json to_json(const StoredSegment& one) {
    return {{"name", one.name},
            {"expression", one.expression},
            {"description", one.description},
            {"owner", one.owner},
            {"version", one.version},
            {"created_at", format_iso(one.created_at)},
            {"changed_at", format_iso(one.changed_at)},
            {"refreshed_at", iso_or_null(one.refreshed_at)},
            {"members", one.refreshed_at == kNever ? nlohmann::ordered_json() : nlohmann::ordered_json(one.members)}};
}

Result<TimeZone> zone_of(record::Database& database) {
    TimeZone zone = TimeZone::utc();
    auto read = database.read([&](soci::session& session) { zone = record::configured_zone(session); });
    if (!read) return std::unexpected(read.error());
    return zone;
}

Result<Instant> instant_of(const std::string& text, record::Database& database, const Clock& clock) {
    const auto zone = zone_of(database);
    if (!zone) return std::unexpected(zone.error());
    return parse_as_of(text, *zone, clock);
}

std::string local_or(Instant at, const TimeZone& zone, const char* otherwise) {
    return at == kNever ? otherwise : format_local(at, zone);
}

void print_saved(const segment::SavedSegment& saved, bool json) {
    constexpr const char* kOutcomes[] = {"created", "new_version", "unchanged"};
    constexpr const char* kWords[] = {"saved", "changed", "unchanged"};
    const auto outcome = static_cast<std::size_t>(saved.outcome);
    if (json) {
        auto document = to_json(saved.segment);
        document["outcome"] = kOutcomes[outcome];
        print_json(document);
        return;
    }
    std::printf("%s: %s (version %lld)\n  %s\n", kWords[outcome], saved.segment.name.c_str(),
                static_cast<long long>(saved.segment.version), saved.segment.expression.c_str());
}

Status save(record::Database& database, const segment::SegmentDraft& draft, bool json) {
    const auto bind = live::bind_options(database);
    if (!bind) return std::unexpected(bind.error());
    const auto saved = segment::save_segment(database, draft, *bind);
    if (!saved) return std::unexpected(saved.error());
    print_saved(*saved, json);
    return {};
}

nlohmann::ordered_json to_json(const segment::ReadyMade& one) {
    return {{"key", one.key},         {"group", one.group},           {"name_zh", one.name_zh},
            {"name_en", one.name_en}, {"expression", one.expression}, {"use_zh", one.use_zh},
            {"use_en", one.use_en}};
}

Status add_ready_made(record::Database& database, const SavedSegmentArguments& arguments) {
    const auto* one = segment::find_ready_made(arguments.add);
    if (one == nullptr) {
        return fail(Code::kNotFound, "segment.not_in_library",
                    "the library has no '" + arguments.add.substr(0, 80) + "'; see: shuke segment library");
    }
    const std::string name = arguments.other.empty() ? std::string(one->name_zh) : arguments.other;
    return save(database, {name, std::string(one->expression), std::string(one->use_zh), actor_name()}, arguments.json);
}

Result<segment::Refreshed> refresh_one(Question& question, const StoredSegment& one) {
    const auto bound = audience::parse_and_bind(one.expression, question.bind_options());
    if (!bound) return std::unexpected(bound.error());
    return segment::refresh(question.database(), question.version(), one, *bound, question.as_of(), actor_name(),
                            &question.pool());
}

}  // namespace

Status save_segment(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return save(**database, {arguments.name, arguments.expression, arguments.description, actor_name()},
                arguments.json);
}

Status list_saved_segments(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto segments = segment::all_segments(**database);
    if (!segments) return std::unexpected(segments.error());
    if (arguments.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& one : *segments) list.push_back(to_json(one));
        print_json({{"segments", list}});
        return {};
    }
    const auto zone = zone_of(**database);
    if (!zone) return std::unexpected(zone.error());
    if (segments->empty()) std::printf("no segment is saved yet; begin with: shuke segment library\n");
    for (const auto& one : *segments) {
        std::printf("%s %10s  as of %s  v%lld  %s\n", padded(one.name, 24).c_str(),
                    one.refreshed_at == kNever ? "-" : grouped(one.members).c_str(),
                    padded(local_or(one.refreshed_at, *zone, "never"), 19).c_str(), static_cast<long long>(one.version),
                    one.expression.c_str());
    }
    return {};
}

Status show_saved_segment(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto found = segment::find_segment(**database, arguments.name);
    if (!found) return std::unexpected(found.error());
    if (arguments.json) {
        print_json(to_json(*found));
        return {};
    }
    const auto zone = zone_of(**database);
    if (!zone) return std::unexpected(zone.error());
    std::printf("%s\n  %s\n", found->name.c_str(), found->expression.c_str());
    if (!found->description.empty()) std::printf("  %s\n", found->description.c_str());
    std::printf("  version %lld since %s, made by %s on %s\n", static_cast<long long>(found->version),
                format_local(found->changed_at, *zone).c_str(), found->owner.c_str(),
                format_local(found->created_at, *zone).c_str());
    if (found->refreshed_at == kNever)
        std::printf("  membership is not recorded yet; to begin: shuke segment refresh\n");
    else
        std::printf("  %s members as of %s\n", grouped(found->members).c_str(),
                    format_local(found->refreshed_at, *zone).c_str());
    return {};
}

Status rename_saved_segment(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    if (auto done = segment::rename_segment(**database, arguments.name, arguments.other, actor_name()); !done)
        return done;
    if (arguments.json)
        print_json({{"renamed", arguments.name}, {"name", arguments.other}});
    else
        std::printf("%s is called %s now\n", arguments.name.c_str(), arguments.other.c_str());
    return {};
}

Status delete_saved_segment(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto found = segment::find_segment(**database, arguments.name);
    if (!found) return std::unexpected(found.error());
    if (!arguments.yes) {
        return fail(Code::kConflict, "segment.not_confirmed",
                    "deleting '" + found->name + "' also forgets its " + std::to_string(found->version) +
                        " versions and who was in it when; to go on, add --yes");
    }
    if (auto done = segment::delete_segment(**database, found->name, actor_name()); !done) return done;
    if (arguments.json)
        print_json({{"deleted", found->name}});
    else
        std::printf("deleted: %s\n", found->name.c_str());
    return {};
}

Status show_segment_history(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto versions = segment::segment_history(**database, arguments.name);
    if (!versions) return std::unexpected(versions.error());
    const auto zone = zone_of(**database);
    if (!zone) return std::unexpected(zone.error());
    auto list = nlohmann::ordered_json::array();
    for (const auto& one : *versions) {
        list.push_back({{"version", one.version},
                        {"at", format_iso(one.at)},
                        {"author", one.author},
                        {"expression", one.expression}});
        if (!arguments.json) {
            std::printf("v%-4lld %s  %s\n      %s\n", static_cast<long long>(one.version),
                        format_local(one.at, *zone).c_str(), one.author.c_str(), one.expression.c_str());
        }
    }
    if (arguments.json) print_json({{"name", arguments.name}, {"versions", list}});
    return {};
}

Status refresh_segments(Context& context, const SavedSegmentArguments& arguments) {
    auto question = Question::open(context, arguments.as_of);
    if (!question) return std::unexpected(question.error());
    std::vector<StoredSegment> segments;
    if (arguments.name.empty()) {
        auto all = segment::all_segments(question->database());
        if (!all) return std::unexpected(all.error());
        segments = std::move(*all);
    } else {
        auto one = segment::find_segment(question->database(), arguments.name);
        if (!one) return std::unexpected(one.error());
        segments.push_back(std::move(*one));
    }
    auto list = nlohmann::ordered_json::array();
    for (const auto& one : segments) {
        const auto done = refresh_one(*question, one);
        if (!done) {  // one that cannot be evaluated does not keep the others from it
            context.exit_code = report(done.error());
            list.push_back({{"name", one.name}, {"error", done.error().key}});
            continue;
        }
        list.push_back(
            {{"name", one.name}, {"members", done->members}, {"entered", done->entered}, {"left", done->left}});
        if (!arguments.json) {
            std::printf("%s %10s members  +%s  -%s\n", padded(one.name, 24).c_str(), grouped(done->members).c_str(),
                        grouped(done->entered).c_str(), grouped(done->left).c_str());
        }
    }
    if (arguments.json) print_json({{"as_of", format_iso(question->as_of())}, {"segments", list}});
    return {};
}

Status list_entered(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto since = instant_of(arguments.since, **database, context.clock);
    if (!since) return std::unexpected(since.error());
    const auto entries = segment::entered_since(**database, arguments.name, *since);
    if (!entries) return std::unexpected(entries.error());
    if (arguments.json) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& one : *entries) {
            list.push_back({{"customer", one.customer.value},
                            {"entered_at", format_iso(one.entered_at)},
                            {"is_member", one.is_member}});
        }
        print_json(
            {{"name", arguments.name}, {"since", format_iso(*since)}, {"count", entries->size()}, {"entered", list}});
        return {};
    }
    RowFile file(arguments.out);
    file.row({"id", "entered_at", "is_member"});
    for (const auto& one : *entries)
        file.row({std::to_string(one.customer.value), format_iso(one.entered_at), one.is_member ? "yes" : "no"});
    return file.finish();
}

Status list_members(Context& context, const SavedSegmentArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    const auto at = instant_of(arguments.as_of, **database, context.clock);
    if (!at) return std::unexpected(at.error());
    const auto members = segment::members_as_of(**database, arguments.name, *at);
    if (!members) return std::unexpected(members.error());
    if (!arguments.json) return write_customers(arguments.out, *members);
    print_json({{"name", arguments.name}, {"as_of", format_iso(*at)}, {"count", members->size()}});
    return {};
}

Status show_library(Context& context, const SavedSegmentArguments& arguments) {
    if (!arguments.add.empty()) {
        auto database = context.open();
        if (!database) return std::unexpected(database.error());
        return add_ready_made(**database, arguments);
    }
    auto list = nlohmann::ordered_json::array();
    std::string_view group;
    for (const auto& one : segment::library()) {
        list.push_back(to_json(one));
        if (arguments.json) continue;
        if (one.group != group)
            std::printf("%s%.*s\n", group.empty() ? "" : "\n", static_cast<int>(one.group.size()), one.group.data());
        group = one.group;
        std::printf("  %s %s %s\n", padded(one.key, 20).c_str(), padded(one.name_zh, 16).c_str(),
                    std::string(one.name_en).c_str());
        std::printf("      %s\n      %s\n      %s\n", std::string(one.use_zh).c_str(), std::string(one.use_en).c_str(),
                    std::string(one.expression).c_str());
    }
    if (arguments.json)
        print_json({{"library", list}});
    else
        std::printf("\nto save one: shuke segment library --add KEY [--name NAME]\n");
    return {};
}

}  // namespace shuke::app

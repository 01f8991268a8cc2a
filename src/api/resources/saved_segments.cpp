// src/api/resources/saved_segments.cpp: segments under a name, their history, the ready-made ones.
#include "segment/saved_segments.h"

#include <algorithm>

#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "segment/library.h"
#include "segment/membership.h"

namespace shuke::api {
namespace {

using segment::StoredSegment;

Json segment_json(const StoredSegment& one) {
    const bool refreshed = one.refreshed_at != kNever;
    return {{"id", one.id.value},
            {"name", one.name},
            {"expression", one.expression},
            {"description", one.description},
            {"owner", one.owner},
            {"version", one.version},
            {"created_at", instant_json(one.created_at)},
            {"changed_at", instant_json(one.changed_at)},
            {"refreshed_at", instant_json(one.refreshed_at)},
            {"members", refreshed ? Json(one.members) : Json()}};
}

// Name and description are no versions of the definition, but editing them is a change all the same.
std::int64_t tag_of(const StoredSegment& one) {
    const std::string text = one.name + '\n' + one.description;
    return static_cast<std::int64_t>((std::hash<std::string>()(text) & 0xFFFFFFFF) << 16 |
                                     static_cast<std::uint64_t>(one.version));
}

Result<StoredSegment> found(const Call& call, std::int64_t id) {
    auto all = segment::all_segments(call.at.database);
    if (!all) return std::unexpected(all.error());
    for (auto& one : *all) {
        if (one.id.value == id) return std::move(one);
    }
    return fail(Code::kNotFound, "segment.unknown", "there is no segment of the number " + std::to_string(id));
}

Reply list_segments(Call& call) {
    const auto all = segment::all_segments(call.at.database);
    if (!all) return std::unexpected(all.error());
    Json items = Json::array();
    for (const auto& one : *all) items.push_back(segment_json(one));
    return json({{"items", items}});
}

Reply shown(const StoredSegment& one, int status = 200) {
    return with_version(json(segment_json(one), status), tag_of(one));
}

Result<StoredSegment> save(Call& call, const std::string& name, const std::string& expression,
                           const std::string& description) {
    const auto asked = question(call, "");
    call.expression = expression;
    segment::SegmentDraft draft;
    draft.name = name;
    draft.expression = expression;
    draft.description = description;
    draft.author = call.who.actor();
    auto saved = segment::save_segment(call.at.database, draft, bind_options(call, *asked));
    if (!saved) return std::unexpected(saved.error());
    return segment::find_segment(call.at.database, saved->segment.name);
}

Status must_be_new(const Call& call, const std::string& name) {
    if (!segment::find_segment(call.at.database, name)) return {};
    return fail(Code::kConflict, "segment.exists",
                "there is a segment of this name already; choose another, or change that one");
}

Reply create_segment(Call& call) {
    if (auto fresh = must_be_new(call, call.text("name")); !fresh) return std::unexpected(fresh.error());
    const auto saved = save(call, call.text("name"), call.text("expression"), call.text("description"));
    if (!saved) return std::unexpected(saved.error());
    return shown(*saved, 201);
}

Reply get_segment(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    return shown(*one);
}

Reply update_segment(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    if (auto same = check_version(call, tag_of(*one)); !same) return std::unexpected(same.error());
    const std::string name = call.text("name");
    if (name != one->name) {
        if (auto renamed = segment::rename_segment(call.at.database, one->name, name, call.who.actor()); !renamed)
            return std::unexpected(renamed.error());
    }
    const auto saved = save(call, name, call.text("expression"),
                            call.body.contains("description") ? call.text("description") : one->description);
    if (!saved) return std::unexpected(saved.error());
    return shown(*saved);
}

Reply delete_segment(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    if (auto same = check_version(call, tag_of(*one)); !same) return std::unexpected(same.error());
    if (auto gone = segment::delete_segment(call.at.database, one->name, call.who.actor()); !gone)
        return std::unexpected(gone.error());
    return no_content();
}

Reply list_segment_versions(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    const auto versions = segment::segment_history(call.at.database, one->name);
    if (!versions) return std::unexpected(versions.error());
    Json items = Json::array();
    for (const auto& version : *versions)
        items.push_back({{"version", version.version},
                         {"expression", version.expression},
                         {"author", version.author},
                         {"at", instant_json(version.at)}});
    return json({{"items", items}});
}

// The present definition, asked about at the end of each day; today's point is now.
Reply segment_history(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    auto asked = question(call, "");
    const auto bound = bind_expression(call, *asked, one->expression);
    if (!bound) return std::unexpected(bound.error());
    const TimeZone zone = asked->version().config().zone;
    const Instant now = asked->as_of;
    const std::int32_t today = zone.day_of(now).days_since_epoch;
    const int days = call.query.at("days").get<int>(), step = call.query.at("step").get<int>();
    Json points = Json::array();
    for (std::int32_t day = today - (days - 1) / step * step; day <= today; day += step) {
        asked->as_of = std::min(now, Instant{zone.start_of(Day{day + 1}).us_since_epoch - 1});
        points.push_back({{"day", format_date(Day{day})}, {"members", evaluate(call, *asked, *bound).count()}});
    }
    return json({{"points", points}});
}

Reply segment_entered(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    const auto since = question(call, call.asked("since"));
    if (!since) return std::unexpected(since.error());
    const auto before = number_cursor(call);
    if (!before) return std::unexpected(before.error());
    const auto entries = segment::entered_since(call.at.database, one->name, since->as_of);
    if (!entries) return std::unexpected(entries.error());
    const auto from = static_cast<std::size_t>(*before);
    const std::size_t to = std::min(entries->size(), from + call.query.at("limit").get<std::size_t>());
    std::vector<CustomerId> ids;
    for (std::size_t i = from; i < to; ++i) ids.push_back((*entries)[i].customer);
    const auto now = question(call, "");
    const auto rows = rows_json(call, *now, ids);
    if (!rows) return std::unexpected(rows.error());
    Json items = Json::array();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto& entry = (*entries)[from + i];
        items.push_back(
            {{"customer", (*rows)[i]}, {"entered_at", instant_json(entry.entered_at)}, {"is_member", entry.is_member}});
    }
    return json({{"items", items},
                 {"next_cursor", to < entries->size() ? Json(std::to_string(to)) : Json()},
                 {"total", entries->size()}});
}

Reply refresh_segment(Call& call) {
    const auto one = found(call, call.id());
    if (!one) return std::unexpected(one.error());
    const auto asked = question(call, "");
    const auto bound = bind_expression(call, *asked, one->expression);
    if (!bound) return std::unexpected(bound.error());
    const auto refreshed = segment::refresh(call.at.database, asked->version(), *one, *bound, asked->as_of,
                                            call.who.actor(), &call.at.pool);
    if (!refreshed) return std::unexpected(refreshed.error());
    return json({{"as_of", instant_json(refreshed->as_of)},
                 {"members", refreshed->members},
                 {"entered", refreshed->entered},
                 {"left", refreshed->left}});
}

Reply list_segment_library(Call& call) {
    const auto all = segment::all_segments(call.at.database);
    if (!all) return std::unexpected(all.error());
    Json items = Json::array();
    for (const auto& ready : segment::library()) {
        Json saved_as;
        for (const auto& one : *all) {
            if (one.name == ready.name_zh || one.name == ready.name_en) saved_as = one.id.value;
        }
        items.push_back({{"key", ready.key},
                         {"group", ready.group},
                         {"name_zh", ready.name_zh},
                         {"name_en", ready.name_en},
                         {"expression", ready.expression},
                         {"use_zh", ready.use_zh},
                         {"use_en", ready.use_en},
                         {"saved_as", saved_as}});
    }
    return json({{"items", items}});
}

Reply add_from_library(Call& call) {
    const std::string key = call.path.at("key");
    const auto* ready = segment::find_ready_made(key);
    if (ready == nullptr) return fail(Code::kNotFound, "segment.unknown", "there is no ready-made segment of this key");
    std::string name = call.text("name");
    if (name.empty()) name = call.who.speaks_chinese ? ready->name_zh : ready->name_en;
    if (auto fresh = must_be_new(call, name); !fresh) return std::unexpected(fresh.error());
    const auto saved = save(call, name, std::string(ready->expression),
                            std::string(call.who.speaks_chinese ? ready->use_zh : ready->use_en));
    if (!saved) return std::unexpected(saved.error());
    return shown(*saved, 201);
}

}  // namespace

void add_saved_segments(Handlers& handlers) {
    handlers.add("list_segments", list_segments);
    handlers.add("create_segment", create_segment);
    handlers.add("get_segment", get_segment);
    handlers.add("update_segment", update_segment);
    handlers.add("delete_segment", delete_segment);
    handlers.add("list_segment_versions", list_segment_versions);
    handlers.add("segment_history", segment_history);
    handlers.add("segment_entered", segment_entered);
    handlers.add("refresh_segment", refresh_segment);
    handlers.add("list_segment_library", list_segment_library);
    handlers.add("add_from_library", add_from_library);
}

}  // namespace shuke::api

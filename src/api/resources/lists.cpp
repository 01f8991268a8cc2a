// src/api/resources/lists.cpp: static lists of customers.
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "base/text.h"
#include "identity/lookup.h"
#include "segment/static_lists.h"

namespace shuke::api {
namespace {

Json list_json(const record::StoredList& one) {
    return {{"id", one.id.value},
            {"name", one.name},
            {"description", one.description},
            {"owner", one.owner},
            {"created_at", instant_json(one.created_at)},
            {"members", one.members},
            {"unknowns", one.unknowns}};
}

Result<record::StoredList> found(const Call& call) {
    auto all = segment::all_lists(call.at.database);
    if (!all) return std::unexpected(all.error());
    for (auto& one : *all) {
        if (one.id.value == call.id()) return std::move(one);
    }
    return fail(Code::kNotFound, "list.unknown", "there is no list of this number");
}

Reply list_lists(Call& call) {
    const auto all = segment::all_lists(call.at.database);
    if (!all) return std::unexpected(all.error());
    Json items = Json::array();
    for (const auto& one : *all) items.push_back(list_json(one));
    return json({{"items", items}});
}

Reply import_list(Call& call) {
    const std::string text = call.text("identifiers"), kind = call.text("kind");
    std::vector<std::string> rows;
    for (const auto line : split(text, '\n')) {
        const auto value = trim(line);
        if (!value.empty()) rows.push_back((kind.empty() ? "" : kind + ":") + std::string(value));
    }
    segment::ListDraft draft;
    draft.name = call.text("name");
    draft.description = call.text("description");
    draft.actor = call.who.actor();
    draft.replace = call.body.value("replace", false);
    const auto& keys = call.at.database.keys();
    const auto report =
        segment::import_list(call.at.database, draft, rows, [&keys](soci::session& session, std::string_view value) {
            return identity::find_customers(session, keys, value).value_or(std::vector<CustomerId>{});
        });
    if (!report) return std::unexpected(report.error());
    const auto list = segment::find_list(call.at.database, draft.name);
    if (!list) return std::unexpected(list.error());
    return json({{"list", list_json(*list)},
                 {"rows", report->rows},
                 {"named", report->named},
                 {"unknown", report->unknown},
                 {"ambiguous", report->ambiguous},
                 {"empty", report->empty},
                 {"customers", report->customers},
                 {"added", report->added},
                 {"removed", report->removed},
                 {"is_new", report->is_new}},
                201);
}

Reply get_list(Call& call) {
    const auto one = found(call);
    if (!one) return std::unexpected(one.error());
    const auto asked = question(call, "");
    const auto members = segment::list_members(call.at.database, one->name, asked->as_of);
    if (!members) return std::unexpected(members.error());
    const auto from = number_cursor(call);
    if (!from) return std::unexpected(from.error());
    const auto begin = std::min(static_cast<std::size_t>(*from), members->size());
    const std::size_t end = std::min(members->size(), begin + call.query.at("limit").get<std::size_t>());
    const auto rows = rows_json(
        call, *asked,
        {members->begin() + static_cast<std::ptrdiff_t>(begin), members->begin() + static_cast<std::ptrdiff_t>(end)});
    if (!rows) return std::unexpected(rows.error());
    return json({{"list", list_json(*one)},
                 {"items", *rows},
                 {"next_cursor", end < members->size() ? Json(std::to_string(end)) : Json()}});
}

Reply delete_list(Call& call) {
    const auto one = found(call);
    if (!one) return std::unexpected(one.error());
    if (auto gone = segment::delete_list(call.at.database, one->name, call.who.actor()); !gone)
        return std::unexpected(gone.error());
    return no_content();
}

}  // namespace

void add_lists(Handlers& handlers) {
    handlers.add("list_lists", list_lists);
    handlers.add("import_list", import_list);
    handlers.add("get_list", get_list);
    handlers.add("delete_list", delete_list);
}

}  // namespace shuke::api

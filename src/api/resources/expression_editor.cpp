// src/api/resources/expression_editor.cpp: what an editor of expressions asks: text to tree and back, what may stand where.
#include "api/resources.h"
#include "api/resources/question.h"
#include "audience/expression/completion.h"
#include "audience/expression/json.h"
#include "audience/expression/sentence.h"
#include "audience/value_counts.h"
#include "base/text.h"
#include "record/bulk_select.h"
#include "record/shops.h"

namespace shuke::api {
namespace {

using audience::Membership;

constexpr std::size_t kMostNames = 100;

Reply parse_expression(Call& call) {
    const auto asked = question(call, "");
    Result<audience::Expression> expression;
    if (call.body.contains("tree")) {
        expression = audience::from_json(call.body.at("tree"));
    } else {
        call.expression = call.text("expression");
        expression = audience::parse(call.text("expression"));
    }
    if (!expression) return std::unexpected(expression.error());
    const std::string text = call.expression ? *call.expression : audience::print(*expression);
    const auto bound = [&]() -> Result<audience::BoundExpression> {
        try {
            return audience::bind(*expression, bind_options(call, *asked));
        } catch (const Failure& failure) {
            return std::unexpected(failure.error);
        }
    }();
    if (!bound) {
        if (!call.expression) call.expression = text;
        return std::unexpected(bound.error());
    }
    const auto language = call.who.speaks_chinese ? audience::Language::kChinese : audience::Language::kEnglish;
    return json({{"text", audience::print(*expression)},
                 {"tree", audience::to_json(*expression)},
                 {"sentence", audience::sentence(*expression, language)}});
}

std::vector<std::string> texts(soci::session& session, const std::string& sql) {
    std::vector<std::string> found;
    record::BulkSelect select(session, sql, {record::Type::kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            if (!select.text(0, i).empty()) found.emplace_back(select.text(0, i));
        }
    }
    return found;
}

// Names that this record knows; of the long ones the most frequent.
Result<audience::KnownNames> known_names(Call& call, const Question& asked) {
    audience::KnownNames known;
    const auto bind = bind_options(call, asked);
    auto read = call.at.database.read([&](soci::session& session) {
        known.tags = bind.known_names(Membership::Kind::kTag);
        known.lists = bind.known_names(Membership::Kind::kList);
        known.segments = bind.known_names(Membership::Kind::kSegment);
        known.tiers = bind.tiers();
        for (const auto& one : bind.custom_attributes()) known.custom.push_back(one);
        for (const auto& shop : record::all_shops(session)) {
            if (std::ranges::find(known.shops, shop.name) == known.shops.end()) known.shops.push_back(shop.name);
            if (std::ranges::find(known.platforms, shop.platform) == known.platforms.end())
                known.platforms.push_back(shop.platform);
        }
        known.categories = texts(session, "SELECT name FROM categories ORDER BY id LIMIT 500");
        known.channels = texts(session, "SELECT DISTINCT channel FROM messages LIMIT 50");
        for (const char* channel : {"sms", "email", "phone"}) {
            if (std::ranges::find(known.channels, channel) == known.channels.end())
                known.channels.emplace_back(channel);
        }
    });
    if (!read) return std::unexpected(read.error());
    const auto provinces = audience::count_by_value(asked.version(), "province", asked.as_of, nullptr, &call.at.pool);
    if (!provinces) return std::unexpected(provinces.error());
    for (const auto& [province, customers] : *provinces) {
        if (!province.empty() && known.provinces.size() < kMostNames) known.provinces.push_back(province);
    }
    return known;
}

std::size_t byte_of_utf16(std::string_view text, std::size_t units) {
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size() && seen < units;) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        seen += length == 4 ? 2 : 1;
        at += length;
    }
    return std::min(at, text.size());
}

std::size_t utf16_of_byte(std::string_view text, std::size_t bytes) {
    std::size_t units = 0;
    for (const char c : text.substr(0, bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

Reply complete_expression(Call& call) {
    const auto asked = question(call, "");
    const auto known = known_names(call, *asked);
    if (!known) return std::unexpected(known.error());
    const std::string text = call.text("expression");
    const std::size_t at = byte_of_utf16(text, call.body.at("offset").get<std::size_t>());
    const auto completions = audience::complete(
        text, at, *known, call.who.speaks_chinese ? audience::Language::kChinese : audience::Language::kEnglish);
    Json items = Json::array();
    for (const auto& one : completions.items)
        items.push_back({{"label", one.label}, {"insert", one.insert}, {"kind", one.kind}, {"detail", one.detail}});
    return json({{"from", utf16_of_byte(text, completions.from)}, {"items", items}});
}

constexpr const char* kTypes[] = {"text", "choice", "number", "money", "pieces", "time", "date", "flag"};

Json choices_json(std::span<const audience::Choice> choices) {
    Json list = Json::array();
    for (const auto& one : choices) list.push_back({{"key", one.key}, {"zh", one.words.zh}, {"en", one.words.en}});
    return list;
}

template <class Described>
Json described(const Described& one) {
    return {{"name", one.name},
            {"type", kTypes[static_cast<std::size_t>(one.type)]},
            {"zh", one.words.zh},
            {"en", one.words.en},
            {"choices", choices_json(one.choices)}};
}

Json attributes_json(const audience::KnownNames& known) {
    Json list = Json::array();
    for (const auto& one : audience::attributes()) {
        if (one.key != audience::AttributeKey::kCustom) list.push_back(described(one));
    }
    for (const auto& one : known.custom) {
        Json choices = Json::array();
        for (const auto& choice : one.choices) choices.push_back({{"key", choice}, {"zh", choice}, {"en", choice}});
        list.push_back({{"name", "custom." + one.name},
                        {"type", kTypes[static_cast<std::size_t>(one.type)]},
                        {"zh", one.name},
                        {"en", one.name},
                        {"choices", choices}});
    }
    return list;
}

Json facts_json() {
    Json list = Json::array();
    for (const auto& fact : audience::facts()) {
        Json fields = Json::array();
        for (const auto* part : {&fact.own, &fact.inherit}) {
            for (const auto& field : *part) fields.push_back(described(field));
        }
        std::string at = "at";
        for (const auto& field : fact.own) {
            if (field.key == fact.at) at = field.name;
        }
        list.push_back(
            {{"name", fact.name}, {"zh", fact.words.zh}, {"en", fact.words.en}, {"at", at}, {"fields", fields}});
    }
    return list;
}

Reply get_expression_schema(Call& call) {
    const auto asked = question(call, "");
    const auto known = known_names(call, *asked);
    if (!known) return std::unexpected(known.error());
    Json aggregates = Json::array(), windows = Json::array(), memberships = Json::array();
    for (const auto& one : audience::aggregate_words())
        aggregates.push_back({{"name", one.name},
                              {"zh", one.words.zh},
                              {"en", one.words.en},
                              {"needs_field", one.needs_field},
                              {"field_types", one.field_types}});
    for (const auto& one : audience::window_words())
        windows.push_back({{"text", one.text}, {"zh", one.words.zh}, {"en", one.words.en}});
    for (const auto& one : audience::membership_words())
        memberships.push_back({{"name", one.name}, {"zh", one.words.zh}, {"en", one.words.en}, {"names", one.names}});
    return json({{"attributes", attributes_json(*known)},
                 {"facts", facts_json()},
                 {"aggregates", aggregates},
                 {"windows", windows},
                 {"memberships", memberships},
                 {"known",
                  {{"tags", known->tags},
                   {"lists", known->lists},
                   {"segments", known->segments},
                   {"shops", known->shops},
                   {"platforms", known->platforms},
                   {"channels", known->channels},
                   {"categories", known->categories},
                   {"provinces", known->provinces},
                   {"tiers", known->tiers}}},
                 {"currency", std::string(code(asked->currency()))}});
}

}  // namespace

void add_expression_editor(Handlers& handlers) {
    handlers.add("parse_expression", parse_expression);
    handlers.add("complete_expression", complete_expression);
    handlers.add("get_expression_schema", get_expression_schema);
}

}  // namespace shuke::api

#include "record/custom_attributes.h"

#include <algorithm>

#include "base/error.h"
#include "base/money.h"
#include "base/text.h"
#include "base/time_zone.h"
#include "record/bulk_select.h"
#include "record/changes.h"
#include "record/statement_batch.h"
#include "record/survivors.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;
constexpr std::size_t kLongestName = 60;
constexpr int kMillionths = 6;
constexpr int kMostDigits = 4;  // of any currency: what a value has to fit before the base currency is asked

[[noreturn]] void refuse(const std::string& detail) { throw Failure{{Code::kInvalid, "attribute.invalid", detail}}; }

bool is_word(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    });
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void check(const std::vector<AttributeDefinition>& definitions, const AttributeValue& one) {
    const auto known = std::ranges::find(definitions, one.name, &AttributeDefinition::name);
    if (known == definitions.end()) refuse("there is no attribute '" + one.name + "'");
    if (one.value.empty()) return;
    const bool is_listed = known->type != AttributeType::kChoice ||
                           std::ranges::find(known->choices, nfkc(trim(one.value))) != known->choices.end();
    if (!is_listed || !trait_of(known->type, one.value, kMostDigits))
        refuse("a value of '" + one.name + "' is not of its type");
}

}  // namespace

std::vector<AttributeDefinition> attribute_definitions(soci::session& session) {
    std::vector<AttributeDefinition> definitions;
    BulkSelect select(session, "SELECT name, type, choices FROM attribute_definitions ORDER BY name",
                      {kText, kInt, kText});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            definitions.push_back({.name = std::string(select.text(0, i)),
                                   .type = static_cast<AttributeType>(select.integer(1, i)),
                                   .choices = lines_of(select.text(2, i))});
        }
    }
    return definitions;
}

void define_attribute(soci::session& session, const AttributeDefinition& definition) {
    const std::string name = nfkc(trim(definition.name));
    if (!is_word(name)) refuse("'" + name.substr(0, kLongestName) + "' is not one word");
    if (definition.choices.empty() == (definition.type == AttributeType::kChoice))
        refuse("'" + name + "' needs choices if, and only if, it is one of a few words");
    std::string choices;
    for (const std::string& choice : definition.choices) choices += nfkc(trim(choice)) + "\n";
    const int type = static_cast<int>(definition.type);
    session << "DELETE FROM attribute_definitions WHERE name = :name", soci::use(name);
    session << "INSERT INTO attribute_definitions (name, type, choices) VALUES (:name, :type, :choices)",
        soci::use(name), soci::use(type), soci::use(choices);
}

void forget_attribute(soci::session& session, std::string_view name) {
    const std::string word = nfkc(trim(name));
    int known = 0;
    session << "SELECT count(*) FROM attribute_definitions WHERE name = :name", soci::use(word), soci::into(known);
    if (known == 0) throw Failure{{Code::kNotFound, "attribute.unknown", "there is no attribute of this name"}};
    std::vector<CustomerId> had;
    long long customer = 0;
    soci::statement select = (session.prepare << "SELECT customer_id FROM custom_attributes WHERE name = :name",
                              soci::use(word), soci::into(customer));
    select.execute();
    while (select.fetch()) had.push_back(CustomerId{customer});
    session << "DELETE FROM custom_attributes WHERE name = :name", soci::use(word);
    session << "DELETE FROM attribute_definitions WHERE name = :name", soci::use(word);
    append_changes(session, had);
}

void put_attribute_values(soci::session& session, const KeyRing& keys, const std::vector<AttributeValue>& values,
                          Instant at) {
    const auto definitions = attribute_definitions(session);
    StatementBatch remove(session, "DELETE FROM custom_attributes WHERE customer_id = :customer AND name = :name",
                          {kInt, kText});
    StatementBatch insert(session,
                          insert_into("custom_attributes", {"customer_id", "name", "value_sealed", "changed_at"}),
                          {kInt, kText, kText, kInt});
    const Survivors survivors(session);
    std::vector<CustomerId> changed;
    for (const AttributeValue& one : values) {
        check(definitions, one);
        // An empty value is kept as well: it is newer than what a merged customer's other half says.
        remove.integer(one.customer.value).text(one.name);
        insert.integer(one.customer.value).text(one.name).text(keys.seal(one.value)).integer(at.us_since_epoch);
        changed.push_back(survivors.of(one.customer));
    }
    remove.flush();
    insert.flush();
    std::ranges::sort(changed);
    changed.erase(std::ranges::unique(changed).begin(), changed.end());
    append_changes(session, changed);
}

std::optional<TraitFact> trait_of(AttributeType type, std::string_view value, int digits) {
    TraitFact fact;
    if (type == AttributeType::kText || type == AttributeType::kChoice) {
        fact.type = TraitType::kText;
        fact.text = value;
        return fact;
    }
    if (type == AttributeType::kDate) {
        fact.type = TraitType::kDate;
        if (value.empty()) return fact;
        const auto time = parse_time(value);
        if (!time || time->has_time) return std::nullopt;
        fact.number = time->day.days_since_epoch;
        return fact;
    }
    const bool money = type == AttributeType::kMoney;
    fact.type = money ? TraitType::kMoney : TraitType::kNumber;
    if (value.empty()) return fact;
    const auto decimal = parse_decimal(value);
    if (!decimal) return std::nullopt;
    const auto rounded = to_minor(*decimal, money ? digits : kMillionths);
    if (!rounded) return std::nullopt;
    fact.number = rounded->minor;
    return fact;
}

}  // namespace shuke::record

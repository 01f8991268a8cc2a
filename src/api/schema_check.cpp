#include "api/schema_check.h"

#include <cmath>
#include <limits>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "base/time_zone.h"

namespace shuke::api {

class Schema {
public:
    enum Type : unsigned { kNull = 1, kBoolean = 2, kInteger = 4, kNumber = 8, kText = 16, kList = 32, kObject = 64 };
    enum class Format : std::uint8_t { kNone, kDate, kDateTime };

    unsigned types = 0;  // 0: any
    Format format = Format::kNone;
    std::vector<Json> choices;
    double minimum = -std::numeric_limits<double>::infinity(), maximum = std::numeric_limits<double>::infinity();
    std::size_t length_min = 0, length_max = std::numeric_limits<std::size_t>::max();    // of texts, in characters
    std::size_t items_min = 0, items_max = std::numeric_limits<std::size_t>::max();      // of lists
    std::size_t members_min = 0, members_max = std::numeric_limits<std::size_t>::max();  // of objects
    std::vector<std::string> required;
    std::unordered_map<std::string, const Schema*> properties;
    bool is_closed = false;          // additionalProperties: false
    const Schema* others = nullptr;  // … or what they must be
    const Schema* items = nullptr;
    std::vector<const Schema*> alternatives;  // anyOf and oneOf: one must hold
    const Schema* same_as = nullptr;          // $ref
};

Schemas::Schemas(const Json& document) : document_(document) {}
Schemas::~Schemas() = default;

namespace {

unsigned type_of(std::string_view name) {
    if (name == "null") return Schema::kNull;
    if (name == "boolean") return Schema::kBoolean;
    if (name == "integer") return Schema::kInteger;
    if (name == "number") return Schema::kNumber | Schema::kInteger;
    if (name == "string") return Schema::kText;
    if (name == "array") return Schema::kList;
    SHUKE_CHECK(name == "object", "unknown type in a schema: " + std::string(name));
    return Schema::kObject;
}

unsigned types_of(const Json& said) {
    if (said.is_string()) return type_of(said.get<std::string>());
    unsigned types = 0;
    for (const auto& one : said) types |= type_of(one.get<std::string>());
    return types;
}

unsigned type_of(const Json& value) {
    if (value.is_null()) return Schema::kNull;
    if (value.is_boolean()) return Schema::kBoolean;
    if (value.is_number_integer()) return Schema::kInteger;
    if (value.is_number()) {
        const double number = value.get<double>();
        return std::trunc(number) == number && std::abs(number) < 9e15 ? Schema::kInteger | Schema::kNumber
                                                                       : Schema::kNumber;
    }
    if (value.is_string()) return Schema::kText;
    return value.is_array() ? Schema::kList : Schema::kObject;
}

std::string name_of(unsigned types) {
    constexpr std::pair<unsigned, const char*> kNames[] = {{Schema::kObject, "an object"},
                                                           {Schema::kList, "a list"},
                                                           {Schema::kText, "a text"},
                                                           {Schema::kNumber, "a number"},
                                                           {Schema::kInteger, "a whole number"},
                                                           {Schema::kBoolean, "true or false"},
                                                           {Schema::kNull, "null"}};
    std::string names;
    for (const auto& [bit, name] : kNames) {
        if ((types & bit) == 0 || (bit == Schema::kInteger && (types & Schema::kNumber) != 0)) continue;
        names += (names.empty() ? "" : " or ") + std::string(name);
    }
    return names;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    return count;
}

std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : cut(name, 60)) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

using Faults = std::vector<Fault>;

void check_text(const Schema& schema, const std::string& text, const std::string& pointer, Faults& faults) {
    if (text.find('\0') != std::string::npos) return faults.push_back({pointer, "holds a NUL character"});
    const std::size_t length = characters(text);
    if (length < schema.length_min)
        faults.push_back(
            {pointer, schema.length_min == 1 ? "is empty" : "is shorter than " + std::to_string(schema.length_min)});
    if (length > schema.length_max)
        faults.push_back({pointer, "is longer than " + std::to_string(schema.length_max) + " characters"});
    if (schema.format == Schema::Format::kNone) return;
    const auto time = parse_time(text);
    const bool is_date = time && !time->has_time;
    if (schema.format == Schema::Format::kDate && !is_date)
        faults.push_back({pointer, "is not a date; expected 2026-11-22"});
    if (schema.format == Schema::Format::kDateTime && (!time || !time->has_offset))
        faults.push_back({pointer, "is not an instant; expected 2026-11-22T06:30:00Z"});
}

void check_number(const Schema& schema, double number, const std::string& pointer, Faults& faults) {
    const auto text = [](double bound) {
        return Json(bound == std::trunc(bound) ? Json(static_cast<std::int64_t>(bound)) : Json(bound)).dump();
    };
    if (number < schema.minimum) faults.push_back({pointer, "is below " + text(schema.minimum)});
    if (number > schema.maximum) faults.push_back({pointer, "is above " + text(schema.maximum)});
}

void check_list(const Schema& schema, const Json& list, const std::string& pointer, Faults& faults) {
    if (list.size() < schema.items_min)
        faults.push_back({pointer, "has fewer than " + std::to_string(schema.items_min) + " entries"});
    if (list.size() > schema.items_max)
        faults.push_back({pointer, "has more than " + std::to_string(schema.items_max) + " entries"});
    if (schema.items == nullptr) return;
    for (std::size_t i = 0; i < list.size() && faults.size() < kMostFaults; ++i)
        check(*schema.items, list[i], pointer + "/" + std::to_string(i), faults);
}

void check_object(const Schema& schema, const Json& object, const std::string& pointer, Faults& faults) {
    for (const auto& name : schema.required) {
        if (!object.contains(name)) faults.push_back({pointer + "/" + escaped(name), "is missing"});
    }
    if (object.size() < schema.members_min) faults.push_back({pointer, "says nothing"});
    if (object.size() > schema.members_max) faults.push_back({pointer, "says more than one thing"});
    for (const auto& [name, value] : object.items()) {
        if (faults.size() >= kMostFaults) return;
        const auto known = schema.properties.find(name);
        if (known != schema.properties.end())
            check(*known->second, value, pointer + "/" + escaped(name), faults);
        else if (schema.is_closed)
            faults.push_back({pointer + "/" + escaped(name), "is not a field of this"});
        else if (schema.others != nullptr)
            check(*schema.others, value, pointer + "/" + escaped(name), faults);
    }
}

// The faults of the alternative that fits the value's type tell most.
void check_alternatives(const Schema& schema, const Json& value, const std::string& pointer, Faults& faults) {
    std::optional<Faults> best;
    for (const Schema* one : schema.alternatives) {
        Faults own;
        check(*one, value, pointer, own);
        if (own.empty()) return;
        const auto depth = [](const Faults& f) { return f.front().pointer.size(); };
        if (!best || depth(own) > depth(*best)) best = std::move(own);
    }
    if (best) faults.insert(faults.end(), best->begin(), best->end());
}

}  // namespace

void check(const Schema& schema, const Json& value, const std::string& pointer, Faults& faults) {
    if (schema.same_as != nullptr) return check(*schema.same_as, value, pointer, faults);
    if (!schema.alternatives.empty()) return check_alternatives(schema, value, pointer, faults);
    const unsigned own = type_of(value);
    if (schema.types != 0 && (schema.types & own) == 0)
        return faults.push_back({pointer, "is not " + name_of(schema.types)});
    if (!schema.choices.empty()) {
        for (const auto& choice : schema.choices) {
            if (choice == value) return;
        }
        std::string names;
        for (const auto& choice : schema.choices) {
            if (choice.is_string()) names += (names.empty() ? "" : ", ") + choice.get<std::string>();
        }
        return faults.push_back({pointer, "is none of: " + names});
    }
    if (value.is_string()) return check_text(schema, value.get_ref<const std::string&>(), pointer, faults);
    if (value.is_number()) return check_number(schema, value.get<double>(), pointer, faults);
    if (value.is_array()) return check_list(schema, value, pointer, faults);
    if (value.is_object()) return check_object(schema, value, pointer, faults);
}

const Schema& Schemas::compile(const Json& schema) {
    all_.push_back(std::make_unique<Schema>());
    Schema& made = *all_.back();
    fill(made, schema);
    return made;
}

void Schemas::fill(Schema& into, const Json& schema) {
    for (const auto& [key, said] : schema.items()) {
        if (key == "description" || key == "default") continue;
        if (key == "$ref") {
            const std::string reference = said.get<std::string>();
            if (const auto known = by_reference_.find(reference); known != by_reference_.end()) {
                into.same_as = known->second;
                continue;
            }
            all_.push_back(std::make_unique<Schema>());
            Schema* target = all_.back().get();
            by_reference_[reference] = target;  // before it is filled: schemas may name themselves
            fill(*target, document_.at(Json::json_pointer(reference.substr(1))));
            into.same_as = target;
        } else if (key == "type") {
            into.types = types_of(said);
        } else if (key == "enum") {
            into.choices = said.get<std::vector<Json>>();
        } else if (key == "format") {
            into.format = said == "date"        ? Schema::Format::kDate
                          : said == "date-time" ? Schema::Format::kDateTime
                                                : Schema::Format::kNone;
        } else if (key == "properties") {
            for (const auto& [name, property] : said.items()) into.properties[name] = &compile(property);
        } else if (key == "additionalProperties") {
            if (said.is_boolean())
                into.is_closed = !said.get<bool>();
            else
                into.others = &compile(said);
        } else if (key == "required") {
            into.required = said.get<std::vector<std::string>>();
        } else if (key == "items") {
            into.items = &compile(said);
        } else if (key == "anyOf" || key == "oneOf") {
            for (const auto& one : said) into.alternatives.push_back(&compile(one));
        } else if (key == "minimum") {
            into.minimum = said.get<double>();
        } else if (key == "maximum") {
            into.maximum = said.get<double>();
        } else if (key == "minLength") {
            into.length_min = said.get<std::size_t>();
        } else if (key == "maxLength") {
            into.length_max = said.get<std::size_t>();
        } else if (key == "minItems") {
            into.items_min = said.get<std::size_t>();
        } else if (key == "maxItems") {
            into.items_max = said.get<std::size_t>();
        } else if (key == "minProperties") {
            into.members_min = said.get<std::size_t>();
        } else if (key == "maxProperties") {
            into.members_max = said.get<std::size_t>();
        } else {
            SHUKE_CHECK(false, "a schema says '" + key + "', which is not understood");
        }
    }
}

}  // namespace shuke::api

// src/api/schema_check.h
//
// Is this JSON as the declaration says? The part of JSON Schema 2020-12 that src/api/openapi uses: type, enum, properties,
// required, additionalProperties, items, anyOf, oneOf, $ref, the bounds of numbers, texts, lists and objects, and the formats
// date and date-time. A keyword that is not understood is a bug when the schema is read, so none is silently ignored.
//
// Debian has no validator for nlohmann's JSON; this one compiles schemas once and checks an order of 30 fields in some
// microseconds.
//
// Threads  immutable once made
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/problem.h"

namespace shuke::api {

class Schema;

class Schemas {
public:
    // `document`: the whole, for $ref.
    explicit Schemas(const Json& document);
    ~Schemas();
    const Schema& compile(const Json& schema);

    Schemas(const Schemas&) = delete;
    Schemas& operator=(const Schemas&) = delete;

private:
    void fill(Schema& into, const Json& schema);

    const Json& document_;
    std::unordered_map<std::string, Schema*> by_reference_;
    std::vector<std::unique_ptr<Schema>> all_;
};

inline constexpr std::size_t kMostFaults = 20;
// Appends what is wrong, at most kMostFaults; nothing: all is well.
void check(const Schema& schema, const Json& value, const std::string& pointer, std::vector<Fault>& faults);

}  // namespace shuke::api

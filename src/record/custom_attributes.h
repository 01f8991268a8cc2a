// src/record/custom_attributes.h: attributes of the merchant's own: which there are, and what they are of each customer
// today. Values may be personal: sealed.
//
// Errors   driver exceptions; Failure attribute.invalid
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"
#include "domain/facts.h"

namespace shuke::record {

enum class AttributeType : std::uint8_t { kText = 1, kChoice, kNumber, kMoney, kDate };

struct AttributeDefinition {
    std::string name = {};  // one word: segments ask for custom.NAME
    AttributeType type = AttributeType::kText;
    std::vector<std::string> choices = {};  // of kChoice
};

std::vector<AttributeDefinition> attribute_definitions(soci::session& session);  // by name
// Adds it, or changes its type and choices; values that no longer fit are missing. Failure attribute.invalid: not a word.
void define_attribute(soci::session& session, const AttributeDefinition& definition);

// With its values; whoever had one is stamped. Failure attribute.unknown.
void forget_attribute(soci::session& session, std::string_view name);

struct AttributeValue {
    CustomerId customer = {};
    std::string name = {};
    std::string value = {};  // as people write it: 172.5, 2020-03-08, 干性; empty: none any more
};
// Stamps the customers. Failure attribute.invalid: not defined, or a value that is not of its type.
void put_attribute_values(soci::session& session, const KeyRing& keys, const std::vector<AttributeValue>& values,
                          Instant at);

// The value as the engine takes it: number or text; nullopt when it is not of the type. `digits`: of the base currency.
std::optional<TraitFact> trait_of(AttributeType type, std::string_view value, int digits);

}  // namespace shuke::record

// src/record/customers.h: one customer's whole story, for showing. Sealed values come out opened: the caller masks.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/personal.h"
#include "domain/facts.h"
#include "domain/order.h"
#include "record/accounts.h"

namespace shuke::record {

struct ShownIdentifier {
    int kind = 0;
    Personal<std::string> value;
    bool trusted = false, shared = false;
    AccountId account;
    std::string shop;
    ImportId import;
    Instant first_seen_at = kNever;
};

struct ShownProfile {
    CustomerId id;
    Personal<std::string> name, street, postcode;
    Gender gender = Gender::kUnknown;
    Day birthday = kNoDay;
    std::string province, city, district;
    std::vector<AccountId> accounts;
};

struct ShownLine {
    std::string product, title, category;
    std::int64_t quantity_milli = 0;
    std::int64_t amount = kMissingAmount;
};

// One thing that happened.
struct ShownEvent {
    enum class Kind { kOrder, kRefund, kCancellation };
    Kind kind = Kind::kOrder;
    Instant at = kNever;
    ShopId shop;
    std::string number;
    OrderId order;  // of the order; of a refund: the order it belongs to, 0 = none
    std::string order_no;
    OrderStatus status = OrderStatus::kCreated;
    Instant paid_at = kNever, shipped_at = kNever, signed_at = kNever, finished_at = kNever, closed_at = kNever;
    Currency currency = Currency::kNone;
    std::int64_t amount = kMissingAmount;
    std::vector<ShownLine> lines;
};

struct ShownCustomer {
    ShownProfile profile;
    std::vector<ShownIdentifier> identifiers;
    std::vector<Merge> merges;
    std::vector<ShownEvent> events;  // by time, undated first
};

std::optional<ShownCustomer> show_customer(soci::session& session, const KeyRing& keys, CustomerId id);

// Living customers whose accounts carry an identifier with one of these fingerprints, ascending.
std::vector<CustomerId> customers_with_identifier(soci::session& session, const std::vector<Hash128>& fingerprints);

// The external id of each customer that has one, opened, for output; of several, the oldest account's. Ascending.
struct ExternalId {
    CustomerId customer;
    std::string value;
};
std::vector<ExternalId> external_ids(soci::session& session, const KeyRing& keys, int external_id_kind);

}  // namespace shuke::record

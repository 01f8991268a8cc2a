// src/identity/customer_sets.h
//
// Which accounts are one person. A customer is a connected set of accounts: an edge is a trusted identifier that
// two accounts share (and that is not itself shared by too many names), or a person's decision. A pair that a
// person has separated is never in one set. The customer's id is the lowest account id of the set, so a set that
// comes apart again gets back the very ids it had.
//
// Every union is a row of `merges` and of the audit log; the changes of all customers concerned are stamped.
// Call inside a write transaction; throws what the drivers throw, and Failure.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "record/accounts.h"

namespace shuke::identity {

struct Edge {
    record::AccountId a, b;
    record::IdentifierId identifier;  // 0: a person decided
};

struct Decision {
    std::string actor;
    Instant at;
};

struct United {
    CustomerId survivor;
    CustomerId merged;  // 0: both were one customer already
};

// Unites the customers of both accounts; nullopt when a person has separated them.
std::optional<United> unite(soci::session& session, const Edge& edge, const Decision& decision);

// Works out the sets among a customer's accounts anew, after an edge went away. Returns the customers there are now.
std::vector<CustomerId> regroup(soci::session& session, CustomerId customer, const Decision& decision,
                                const std::string& reason);

// `customer merge`: Failure customer.unknown, customer.same.
CustomerId merge_customers(soci::session& session, CustomerId a, CustomerId b, const Decision& decision);

// `customer split`: takes back one merge of the customer, the newest by default, and keeps the two apart from now
// on. Failure customer.unknown, customer.not_merged.
std::vector<CustomerId> split_customer(soci::session& session, CustomerId customer,
                                       std::optional<std::int64_t> merge_id, const Decision& decision);

}  // namespace shuke::identity

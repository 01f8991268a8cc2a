// src/record/persons.h: a customer with everybody merged into it: whose rows are read and erased when a person asks for
// what is theirs.
#pragma once

#include <soci/soci.h>

#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "record/accounts.h"
#include "record/customers.h"

namespace shuke::record {

struct Person {
    CustomerId customer;              // of today
    std::vector<CustomerId> ids;      // with all that were merged into it
    std::vector<AccountId> accounts;  // that are theirs today

    // "column is one of theirs", as SQL made of our own numbers; of audit.subject likewise.
    std::string where(const std::string& column) const;
    std::string where_subject(const std::string& column) const;
};

// Of the living customer behind the id. Error customer.not_found.
Result<Person> find_person(soci::session& session, CustomerId customer);

// Opened.
std::vector<ShownIdentifier> identifiers_of(soci::session& session, const KeyRing& keys, const Person& person);

}  // namespace shuke::record

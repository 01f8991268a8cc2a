// src/live/binding.h: what the words of an expression, and a customer's name, mean in this record.
//
// Errors   of the record; of binding; customer.not_found, customer.ambiguous
// Threads  any; what binding asks is read in transactions of its own
#pragma once

#include <string>
#include <vector>

#include "audience/expression.h"
#include "record/customers.h"
#include "record/database.h"

namespace shuke::live {

// What binding asks of the record. Lives as long as the database.
audience::BindOptions bind_options(record::Database& database, Currency base_currency);
// The same without an audience, for commands that only check an expression.
Result<audience::BindOptions> bind_options(record::Database& database);

// An expression, or the name of a saved segment.
Result<audience::BoundExpression> bind_question(record::Database& database, const std::string& expression,
                                                const audience::BindOptions& options);
Result<std::vector<record::ExternalId>> external_ids(record::Database& database);

// "" where the customer has none; `ids` ascend.
std::string external_id_of(const std::vector<record::ExternalId>& ids, CustomerId customer);

// One customer for an id or identifier. Errors customer.not_found, customer.ambiguous.
Result<CustomerId> one_customer(soci::session& session, const KeyRing& keys, const std::string& text);

}  // namespace shuke::live

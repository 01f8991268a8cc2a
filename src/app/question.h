// src/app/question.h: an audience loaded from the data folder, and the instant it is asked about.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/context.h"
#include "app/live_audience.h"
#include "audience/expression.h"
#include "record/customers.h"

namespace shuke::app {

class Question {
public:
    // Errors of the data folder and the record; time.invalid for as_of.
    static Result<Question> open(const Context& context, const std::string& as_of);

    const audience::Version& version() const { return *loaded_->version; }
    audience::WorkerPool& pool() { return *pool_; }
    Instant as_of() const { return as_of_; }
    std::int64_t change() const { return loaded_->origin.change; }
    double load_seconds() const { return loaded_->seconds; }
    const LoadedAudience& loaded() const { return *loaded_; }
    record::Database& database() { return *database_; }

    Result<audience::BoundExpression> bind(const std::string& expression);
    audience::BindOptions bind_options() const;
    // By id or identifier; an identifier that several customers have is an error that names them.
    Result<CustomerId> customer(const std::string& text);

private:
    std::unique_ptr<record::Database> database_;
    std::unique_ptr<audience::WorkerPool> pool_;
    std::unique_ptr<LiveAudience> live_;
    std::shared_ptr<const LoadedAudience> loaded_;
    Instant as_of_;
};

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

}  // namespace shuke::app

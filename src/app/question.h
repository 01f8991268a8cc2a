// src/app/question.h: an audience loaded from the data folder, and the instant it is asked about.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/context.h"
#include "audience/expression.h"
#include "live/binding.h"
#include "live/live_audience.h"

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
    const live::LoadedAudience& loaded() const { return *loaded_; }
    record::Database& database() { return *database_; }

    Result<audience::BoundExpression> bind(const std::string& expression);
    audience::BindOptions bind_options() const;
    // By id or identifier; an identifier that several customers have is an error that names them.
    Result<CustomerId> customer(const std::string& text);

private:
    std::unique_ptr<record::Database> database_;
    std::unique_ptr<audience::WorkerPool> pool_;
    std::unique_ptr<live::LiveAudience> live_;
    std::shared_ptr<const live::LoadedAudience> loaded_;
    Instant as_of_;
};

}  // namespace shuke::app

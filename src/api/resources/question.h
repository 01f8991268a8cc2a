// src/api/resources/question.h: an expression that somebody sent, as of the instant they asked about, and the audience as it
// is now.
#pragma once

#include <memory>
#include <string>

#include "api/call.h"
#include "audience/evaluate.h"
#include "audience/expression.h"
#include "live/binding.h"

namespace shuke::api {

struct Question {
    std::shared_ptr<const live::LoadedAudience> audience;
    Instant as_of = kNever;
    const audience::Version& version() const { return *audience->version; }
    Currency currency() const { return version().config().base_currency; }
};
// `as_of`: an instant, or a date = 00:00 of that day in the configured zone; "": now. Error time.invalid.
Result<Question> question(const Call& call, const std::string& as_of);

// Notes the text in the call, so that its problem can say where it is.
Result<audience::BoundExpression> bind_expression(Call& call, const Question& question, const std::string& expression);
audience::BindOptions bind_options(const Call& call, const Question& question);

audience::Selection evaluate(Call& call, const Question& question, const audience::BoundExpression& bound);

}  // namespace shuke::api

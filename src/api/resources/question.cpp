#include "api/resources/question.h"

#include "base/time_zone.h"

namespace shuke::api {

Result<Question> question(const Call& call, const std::string& as_of) {
    Question question;
    question.audience = call.at.live.current();
    question.as_of = call.at.clock.now();
    if (as_of.empty()) return question;
    const auto parsed = parse_time(as_of);
    if (!parsed) return std::unexpected(parsed.error());
    question.as_of = to_instant(*parsed, question.version().config().zone);
    return question;
}

audience::BindOptions bind_options(const Call& call, const Question& question) {
    return live::bind_options(call.at.database, question.currency());
}

Result<audience::BoundExpression> bind_expression(Call& call, const Question& question, const std::string& expression) {
    call.expression = expression;
    try {
        return live::bind_question(call.at.database, expression, bind_options(call, question));
    } catch (const Failure& failure) {  // what binding asks of the record may fail
        return std::unexpected(failure.error);
    }
}

audience::Selection evaluate(Call& call, const Question& question, const audience::BoundExpression& bound) {
    return audience::evaluate(question.version(), bound, question.as_of, &call.at.pool, &call.at.live.cache());
}

}  // namespace shuke::api

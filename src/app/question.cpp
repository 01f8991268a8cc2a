#include "app/question.h"

#include <algorithm>
#include <cstdio>
#include <thread>

namespace shuke::app {

Result<Question> Question::open(const Context& context, const std::string& as_of) {
    Question question;
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    question.database_ = std::move(*database);
    question.pool_ = std::make_unique<audience::WorkerPool>(std::max(1u, std::thread::hardware_concurrency()));
    auto live = live::LiveAudience::open(*question.database_, question.pool_.get());
    if (!live) return std::unexpected(live.error());
    question.live_ = std::move(*live);
    question.live_->save_if_worthwhile();
    question.loaded_ = question.live_->current();
    auto instant = parse_as_of(as_of, question.version().config().zone, context.clock);
    if (!instant) return std::unexpected(instant.error());
    question.as_of_ = *instant;
    for (const auto& missing : question.loaded_->missing_rates) {
        std::fprintf(stderr,
                     "shuke: %lld amounts in %s are missing: no exchange rate to %s from %s on; set one: shuke rate "
                     "set %s DATE RATE\n",
                     static_cast<long long>(missing.amounts), code(missing.currency).data(),
                     code(question.version().config().base_currency).data(), format_date(missing.first).c_str(),
                     code(missing.currency).data());
    }
    return question;
}

Result<audience::BoundExpression> Question::bind(const std::string& expression) {
    return live::bind_question(*database_, expression, bind_options());
}

audience::BindOptions Question::bind_options() const {
    return live::bind_options(*database_, version().config().base_currency);
}

Result<CustomerId> Question::customer(const std::string& text) {
    Result<CustomerId> found;
    auto read =
        database_->read([&](soci::session& session) { found = live::one_customer(session, database_->keys(), text); });
    if (!read) return std::unexpected(read.error());
    return found;
}

}  // namespace shuke::app

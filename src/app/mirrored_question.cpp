#include "app/mirrored_question.h"

#include <charconv>
#include <cstring>

#include "app/question.h"
#include "live/audience_origin.h"

namespace shuke::app {

using audience::clickhouse::Want;

Result<MirroredQuestion> MirroredQuestion::of_record(const Context& context, const std::string& as_of) {
    MirroredQuestion question;
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    question.database_ = std::move(*database);
    const auto read = question.database_->read([&](soci::session& session) {
        question.config_ = live::read_config(session);
        question.origin_ = live::read_origin(session);
    });
    if (!read) return std::unexpected(read.error());
    auto instant = parse_as_of(as_of, question.config_.zone, context.clock);
    if (!instant) return std::unexpected(instant.error());
    question.as_of_ = *instant;
    return question;
}

Result<MirroredQuestion> MirroredQuestion::without_server(const Context& context, const std::string& as_of) {
    return of_record(context, as_of);
}

Result<MirroredQuestion> MirroredQuestion::open(const Context& context, const std::string& url,
                                                const std::string& as_of) {
    auto server = mirror::Server::at(url);
    if (!server) return std::unexpected(server.error());
    auto question = of_record(context, as_of);
    if (!question) return question;
    question->server_ = std::move(*server);
    if (auto looked = question->look(); !looked) return std::unexpected(looked.error());
    if (question->is_behind()) {
        std::fprintf(stderr,
                     "shuke: the mirror in %s is behind the record (change %lld of %lld); bring it up to date: shuke "
                     "mirror clickhouse\n",
                     question->server_->place().c_str(), static_cast<long long>(question->mirror_change()),
                     static_cast<long long>(question->record_change()));
    }
    return question;
}

Status MirroredQuestion::look() {
    auto found = mirror::published(*server_);
    if (!found) return std::unexpected(found.error());
    published_ = std::move(*found);
    if (!published_)
        return fail(Code::kNotFound, "mirror.missing",
                    "there is no mirror in " + server_->place() + "; make one: shuke mirror clickhouse --url …");
    if (published_->record != origin_.record)
        return fail(Code::kConflict, "mirror.other_record",
                    server_->place() +
                        " holds the mirror of another data folder; name the database of this one: --url "
                        "'…?database=NAME'");
    return {};
}

Status MirroredQuestion::bind(const std::string& expression) {
    auto bound = live::bind_question(*database_, expression, live::bind_options(*database_, config_.base_currency));
    if (!bound) return std::unexpected(bound.error());
    bound_ = std::move(*bound);
    return {};
}

Result<std::string> MirroredQuestion::sql(Want want) const {
    std::optional<audience::clickhouse::Picture> picture;
    if (published_) picture = published_->picture;
    return audience::clickhouse::translate(*bound_, config_, as_of_, picture, want);
}

// Where a whole copy came in between, the one that was asked may have been cleared away.
Result<std::string> MirroredQuestion::ask(Want want) {
    for (;;) {
        const std::int64_t base = published_->picture.base;
        auto statement = sql(want);
        if (!statement) return statement;
        auto answer = server_->ask(*statement + " FORMAT RowBinary");
        if (!answer) return answer;
        if (auto looked = look(); !looked) return std::unexpected(looked.error());
        if (published_->picture.base == base) return answer;
    }
}

Result<std::vector<CustomerId>> MirroredQuestion::customers() {
    const auto bytes = ask(Want::kIds);
    if (!bytes) return std::unexpected(bytes.error());
    std::vector<CustomerId> customers(bytes->size() / sizeof(std::int64_t));
    for (std::size_t i = 0; i < customers.size(); ++i)
        std::memcpy(&customers[i].value, bytes->data() + i * sizeof(std::int64_t), sizeof(std::int64_t));
    return customers;
}

Result<std::int64_t> MirroredQuestion::count() {
    const auto bytes = ask(Want::kCount);
    if (!bytes) return std::unexpected(bytes.error());
    std::int64_t count = 0;
    if (bytes->size() == sizeof count) std::memcpy(&count, bytes->data(), sizeof count);
    return count;
}

}  // namespace shuke::app

// src/app/mirrored_question.h: a question put to the mirror in ClickHouse, without loading an audience.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/context.h"
#include "audience/clickhouse/translate.h"
#include "audience/snapshot.h"
#include "mirror/mirror.h"
#include "mirror/server.h"
#include "record/database.h"

namespace shuke::app {

class MirroredQuestion {
public:
    // Errors of the data folder, the record and the server; mirror.missing, mirror.other_record; time.invalid.
    static Result<MirroredQuestion> open(const Context& context, const std::string& url, const std::string& as_of);
    // Without a server, for those who only want to see the query: it then looks for the newest copy itself.
    static Result<MirroredQuestion> without_server(const Context& context, const std::string& as_of);

    Status bind(const std::string& expression);
    Result<std::string> sql(audience::clickhouse::Want want) const;
    Result<std::vector<CustomerId>> customers();
    Result<std::int64_t> count();

    const audience::BoundExpression& expression() const { return *bound_; }
    Instant as_of() const { return as_of_; }
    std::int64_t record_change() const { return origin_.change; }
    std::int64_t mirror_change() const { return published_ ? published_->change : 0; }
    bool is_behind() const { return mirror_change() < record_change(); }
    record::Database& database() { return *database_; }

private:
    static Result<MirroredQuestion> of_record(const Context& context, const std::string& as_of);
    Status look();  // at what is published
    Result<std::string> ask(audience::clickhouse::Want want);

    std::unique_ptr<record::Database> database_;
    std::optional<mirror::Server> server_;
    std::optional<mirror::Published> published_;
    std::optional<audience::BoundExpression> bound_;
    audience::Config config_;
    Instant as_of_;
    audience::SnapshotOrigin origin_;
};

}  // namespace shuke::app

#include "api/resources/rfm_table.h"

#include <mutex>

#include "insight/rfm_definition.h"

namespace shuke::api {
namespace {

constexpr auto kKept = std::chrono::minutes(1);

struct Kept {
    std::mutex mutex;
    const void* record = nullptr;
    std::chrono::steady_clock::time_point until;
    insight::RfmOptions options;
    std::shared_ptr<const insight::RfmResult> table;
};

}  // namespace

Result<std::shared_ptr<const insight::RfmResult>> rfm_table(Call& call, const Question& question) {
    static Kept kept;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(kept.mutex);  // the others wait for the one that computes
    insight::RfmOptions options;
    auto read = call.at.database.read([&](soci::session& session) { options = insight::rfm_definition(session); });
    if (!read) return std::unexpected(read.error());
    if (kept.table && kept.record == &call.at.database && kept.options == options && now < kept.until)
        return kept.table;
    auto table = insight::rfm(question.version(), question.as_of, options, nullptr, &call.at.pool);
    if (!table) return std::unexpected(table.error());
    kept.table = std::make_shared<const insight::RfmResult>(std::move(*table));
    kept.record = &call.at.database;
    kept.options = options;
    kept.until = now + kKept;
    return kept.table;
}

}  // namespace shuke::api

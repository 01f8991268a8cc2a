#include <charconv>

#include "audience/clickhouse/tables.h"
#include "base/hash.h"
#include "base/text.h"
#include "mirror/mirror.h"

namespace shuke::mirror {
namespace {

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

Result<std::optional<Published>> published(const Server& server) {
    const std::string table(audience::clickhouse::kPublications);
    auto exists = server.ask("EXISTS TABLE " + table);
    if (!exists) return std::unexpected(exists.error());
    if (trim(*exists) != "1") return std::nullopt;
    auto rows = server.ask("SELECT generation, whole, change, customers, fingerprint, record FROM " + table +
                           " WHERE generation >= (SELECT max(generation) FROM " + table +
                           " WHERE whole = 1) ORDER BY generation FORMAT TabSeparated");
    if (!rows) return std::unexpected(rows.error());
    std::optional<Published> result;
    for (const std::string_view line : split(*rows, '\n')) {
        const std::vector<std::string_view> cells = split(line, '\t');
        if (cells.size() != 6) continue;
        if (!result) {
            result.emplace();
            result->picture.base = number(cells[0]);
            result->whole_rows = number(cells[3]);
        } else {
            result->picture.later.push_back(number(cells[0]));
            result->rows_since_whole += number(cells[3]);
        }
        result->newest = number(cells[0]);
        result->change = number(cells[2]);
        result->fingerprint = cells[4];
        result->record = cells[5];
    }
    return result;
}

std::string fingerprint(const audience::SnapshotOrigin& origin) {
    FieldHasher hash;
    for (const auto& column : audience::clickhouse::customer_columns()) hash.add(column.name).add(column.type);
    const Hash128 all = hash.add(origin.settings).finish();
    return std::to_string(all.high) + "-" + std::to_string(all.low);
}

}  // namespace shuke::mirror

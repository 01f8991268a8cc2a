#include <charconv>

#include "audience/clickhouse/tables.h"
#include "base/hash.h"
#include "base/text.h"
#include "mirror/mirror.h"
#include "record/settings.h"
#include "record/shops.h"

namespace shuke::mirror {
namespace {

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string text_of(Hash128 hash) { return std::to_string(hash.high) + "-" + std::to_string(hash.low); }

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

std::string record_identity(const KeyRing& keys) { return text_of(keys.fingerprint("mirror", "record")); }

// Shops and rates change amounts and days of orders without a change of their customers.
Result<std::string> fingerprint(record::Database& database) {
    FieldHasher hash;
    for (const auto& column : audience::clickhouse::customer_columns()) hash.add(column.name).add(column.type);
    const auto read = database.read([&](soci::session& session) {
        hash.add(code(record::base_currency(session)));
        for (const Shop& shop : record::all_shops(session))
            hash.add(shop.id.value).add(shop.platform).add(shop.name).add(shop.time_zone);
        for (const record::Rate& rate : record::all_rates(session)) {
            hash.add(code(rate.from)).add(code(rate.to));
            hash.add(rate.day.days_since_epoch).add(rate.rate_e7);
        }
    });
    if (!read) return std::unexpected(read.error());
    return text_of(hash.finish());
}

}  // namespace shuke::mirror

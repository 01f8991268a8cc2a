#include "api/resources/customer_json.h"

#include <cmath>

#include "auth/masking.h"
#include "record/accounts.h"

namespace shuke::api {

Json time_json(const std::optional<double>& seconds) {
    return seconds ? instant_json(Instant::from_seconds(static_cast<std::int64_t>(*seconds))) : Json();
}

Json amount_json(const std::optional<double>& minor, Currency currency) {
    return minor ? money_json(static_cast<std::int64_t>(std::llround(*minor)), currency) : Json();
}

Json row_json(const live::CustomerRow& row, Currency currency) {
    const auth::Masking masking;
    const auto& card = row.card;
    const std::string name = masking.name(card.name);
    return {{"id", card.id.value},
            {"display", name.empty() ? "#" + std::to_string(card.id.value) : name},
            {"external_id", text_or_null(masking.identifier(identity::IdentifierKind::kExternalId, card.external_id))},
            {"phone", text_or_null(masking.phone(card.phone))},
            {"province", text_or_null(row.province)},
            {"city", text_or_null(row.city)},
            {"shop", text_or_null(row.shop)},
            {"tier", text_or_null(row.tier)},
            {"lifecycle", text_or_null(row.lifecycle)},
            {"rfm_class", text_or_null(row.rfm_class)},
            {"order_count", row.order_count ? std::llround(*row.order_count) : 0},
            {"total_spent", amount_json(row.total_spent, currency)},
            {"avg_order_value", amount_json(row.avg_order_value, currency)},
            {"first_order_at", time_json(row.first_order_at)},
            {"last_order_at", time_json(row.last_order_at)},
            {"tags", card.tags}};
}

Result<Json> rows_json(Call& call, const Question& question, const std::vector<CustomerId>& ids) {
    const auto rows = live::customer_rows(call.at.database, question.version(), ids, question.as_of);
    if (!rows) return std::unexpected(rows.error());
    Json items = Json::array();
    for (const auto& row : *rows) items.push_back(row_json(row, question.currency()));
    return items;
}

Result<Json> page_json(Call& call, const Question& question, const audience::Selection& chosen,
                       const std::string& sort) {
    live::PageWanted wanted;
    wanted.sort = sort;
    wanted.limit = call.query.at("limit").get<std::size_t>();
    wanted.after = call.asked("cursor");
    const auto page = live::page_of(question.version(), chosen, wanted, question.as_of, &call.at.pool);
    if (!page) return std::unexpected(page.error());
    auto items = rows_json(call, question, page->ids);
    if (!items) return items;
    return Json{{"items", std::move(*items)}, {"next_cursor", text_or_null(page->next)}, {"total", chosen.count()}};
}

Result<CustomerId> living(const Call& call, std::int64_t id) {
    CustomerId found;
    auto read = call.at.database.read(
        [&](soci::session& session) { found = record::living_customer(session, CustomerId{id}); });
    if (!read) return std::unexpected(read.error());
    if (!found) return fail(Code::kNotFound, "customer.not_found", "there is no customer " + std::to_string(id));
    return found;
}

}  // namespace shuke::api

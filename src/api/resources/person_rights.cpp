// src/api/resources/person_rights.cpp: the rights of one person: everything known of them, and to be forgotten.
#include "api/refresher.h"
#include "api/resources.h"
#include "api/resources/customer_json.h"
#include "api/upkeep.h"
#include "auth/personal_data.h"

namespace shuke::api {
namespace {

Reply get_personal_data(Call& call) {
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    Json all;
    auto written = call.at.database.write("customer.personal_data", [&](soci::session& session) {
        all = or_throw(
            auth::export_personal_data(session, call.at.database.keys(), *id, call.who.principal, call.at.clock.now()));
    });
    if (!written) return std::unexpected(written.error());
    auto response = json(all);
    response.set("Cache-Control", "no-store");
    return response;
}

Reply erase_customer(Call& call) {
    if (!call.body.at("confirm").get<bool>())
        return fail(Code::kInvalid, "erase.not_confirmed", "there is no way back; send confirm: true if you mean it");
    const auto id = living(call, call.id());
    if (!id) return std::unexpected(id.error());
    auth::Erased erased;
    auto written = call.at.database.write("customer.erase", [&](soci::session& session) {
        erased = or_throw(auth::erase_person(session, call.at.database, *id, call.who.principal, call.text("reason"),
                                             call.at.clock.now()));
    });
    if (!written) return std::unexpected(written.error());
    call.at.refresher.forget_snapshots();
    call.at.upkeep.forget_files();
    if (auto fresh = call.at.refresher.catch_up(); !fresh) return std::unexpected(fresh.error());
    return json({{"erased", true}, {"identifiers", erased.identifiers}, {"accounts", erased.accounts}});
}

}  // namespace

void add_person_rights(Handlers& handlers) {
    handlers.add("get_personal_data", get_personal_data);
    handlers.add("erase_customer", erase_customer);
}

}  // namespace shuke::api

// src/app/person_command.cpp: shuke customer erase|personal-data: what a person may ask of a merchant.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/question.h"
#include "auth/personal_data.h"
#include "live/live_audience.h"

namespace shuke::app {
namespace {

// Readable by its owner alone: everything about somebody is in it.
Status write_private_file(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written = file >= 0 && ::fchmod(file, 0600) == 0 &&
                         ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool closed = file >= 0 && ::close(file) == 0;
    if (written && closed) return {};
    return fail(Code::kUnavailable, "file.unwritable", "cannot write " + path + "; check permissions and free space");
}

}  // namespace

Status erase_customer(Context& context, const CustomerArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    if (!arguments.yes) {
        return fail(Code::kInvalid, "erase.not_confirmed",
                    "erasing a person cannot be taken back; look at 'shuke customer show' and say --yes");
    }
    auth::Erased erased;
    auto done = (*database)->write("customer.erase", [&](soci::session& session) {
        const CustomerId id = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
        erased = or_throw(auth::erase_person(session, **database, id, auth::command_line(actor_name()),
                                             arguments.reason, context.clock.now()));
    });
    if (!done) return done;
    live::forget_snapshots(context.data);
    if (arguments.json) {
        print_json({{"customer", erased.customer.value},
                    {"accounts", erased.accounts},
                    {"identifiers", erased.identifiers},
                    {"texts", erased.texts},
                    {"notes", erased.notes},
                    {"custom_attributes", erased.attributes},
                    {"rejected_rows", erased.rejected_rows},
                    {"list_rows", erased.list_rows},
                    {"orders_kept", erased.orders_kept}});
        return {};
    }
    std::printf(
        "customer %lld is erased: %lld accounts emptied, %lld identifiers, %lld texts, %lld notes, %lld custom "
        "attributes, %lld rejected rows and %lld list rows gone; %lld orders stay without personal data\n"
        "importing old files again brings nothing back. Backups made before, exported files and a ClickHouse mirror "
        "(until it is run again) still hold the person\n",
        static_cast<long long>(erased.customer.value), static_cast<long long>(erased.accounts),
        static_cast<long long>(erased.identifiers), static_cast<long long>(erased.texts),
        static_cast<long long>(erased.notes), static_cast<long long>(erased.attributes),
        static_cast<long long>(erased.rejected_rows), static_cast<long long>(erased.list_rows),
        static_cast<long long>(erased.orders_kept));
    return {};
}

Status export_personal_data(Context& context, const CustomerArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    nlohmann::ordered_json document;
    auto done = (*database)->write("customer.personal_data", [&](soci::session& session) {
        const CustomerId id = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
        document = or_throw(auth::export_personal_data(session, (*database)->keys(), id,
                                                       auth::command_line(actor_name()), context.clock.now()));
    });
    if (!done) return done;
    if (arguments.out.empty()) {
        print_json(document);
        return {};
    }
    const std::string text = document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return write_private_file(arguments.out, text + "\n");
}

}  // namespace shuke::app

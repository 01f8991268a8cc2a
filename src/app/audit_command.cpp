// src/app/audit_command.cpp: shuke audit list|verify.
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "auth/audit.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

struct Noted {
    std::int64_t id = 0;
    std::string hash;
};

// "812:9f3c…", as verify prints it.
Result<Noted> parse_noted(const std::string& text) {
    Noted noted;
    const auto colon = text.find(':');
    const auto [end, problem] = std::from_chars(text.data(), text.data() + std::min(colon, text.size()), noted.id);
    if (colon == std::string::npos || problem != std::errc() || end != text.data() + colon ||
        text.size() - colon - 1 != 64) {
        return fail(Code::kInvalid, "audit.invalid_note",
                    "'" + text.substr(0, 80) + "' is no note of an entry; expected its number, a colon and its hash of "
                                               "64 digits, as 'shuke audit verify' prints them");
    }
    noted.hash = text.substr(colon + 1);
    return noted;
}

}  // namespace

Status list_audit(Context& context, const AuditArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    return (*database)->read([&](soci::session& session) {
        const TimeZone zone = record::configured_zone(session);
        auth::AuditFilter filter;
        filter.actor = arguments.actor;
        filter.action = arguments.action;
        filter.subject = arguments.subject;
        filter.limit = arguments.limit;
        if (!arguments.from.empty()) filter.from = or_throw(parse_as_of(arguments.from, zone, context.clock));
        if (!arguments.to.empty()) filter.to = or_throw(parse_as_of(arguments.to, zone, context.clock));
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const auto& one : auth::list_audit(session, filter)) {
            if (arguments.json) {
                list.push_back({{"id", one.id},
                                {"at", format_iso(one.at)},
                                {"actor", one.entry.actor},
                                {"action", one.entry.action},
                                {"subject", one.entry.subject},
                                {"detail", one.entry.detail},
                                {"hash", one.hash}});
                continue;
            }
            std::printf("%6lld  %s  %s  %s  %s  %s\n", static_cast<long long>(one.id),
                        format_local(one.at, zone).c_str(), padded(one.entry.actor, 16).c_str(),
                        padded(one.entry.action, 20).c_str(), one.entry.subject.c_str(), one.entry.detail.c_str());
        }
        if (arguments.json) print_json(list);
    });
}

Status verify_audit(Context& context, const AuditArguments& arguments) {
    Result<Noted> noted = Noted{};
    if (!arguments.expect.empty()) noted = parse_noted(arguments.expect);
    if (!noted) return std::unexpected(noted.error());
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    auth::AuditProof proof;
    auto done = (*database)->read([&](soci::session& session) {
        proof = auth::verify_audit(session, (*database)->keys());
        if (proof.holds() && noted->id > 0) or_throw(auth::compare_audit(session, noted->id, noted->hash));
    });
    if (!done) return done;
    if (arguments.json) {
        print_json({{"holds", proof.holds()},
                    {"entries", proof.entries},
                    {"last_id", proof.last_id},
                    {"last_hash", proof.last_hash},
                    {"broken_id", proof.holds() ? nlohmann::ordered_json() : nlohmann::ordered_json(proof.broken_id)},
                    {"problem", proof.problem}});
        if (!proof.holds()) context.exit_code = kFailed;
        return {};
    }
    if (!proof.holds()) {
        return fail(Code::kConflict, "audit.broken",
                    proof.problem + ". Entries 1 to " + std::to_string(proof.entries) + " are as they were written");
    }
    std::printf("%s entries, all as they were written\nnewest: %lld:%s\n"
                "keep this line somewhere else: shuke audit verify --expect proves later that nothing before it was "
                "taken away\n",
                grouped(proof.entries).c_str(), static_cast<long long>(proof.last_id), proof.last_hash.c_str());
    return {};
}

}  // namespace shuke::app

// src/app/customer_command.cpp: shuke customer show|merge|split.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/question.h"
#include "identity/customer_sets.h"
#include "identity/identifiers.h"
#include "record/changes.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

using identity::IdentifierKind;
using record::ShownCustomer;
using record::ShownEvent;

constexpr const char* kGenders[] = {"", "male", "female"};

// What a person's data look like to whoever may, or may not, see them.
struct Shown {
    const ShownCustomer& customer;
    const TimeZone zone;
    const std::vector<Shop> shops;
    bool reveal;

    std::string name() const {
        return reveal ? customer.profile.name.reveal() : identity::mask_name(customer.profile.name.reveal());
    }
    std::string hidden(const Personal<std::string>& value) const {
        return reveal || value.reveal().empty() ? value.reveal() : "***";
    }
    std::string identifier(const record::ShownIdentifier& one) const {
        return reveal ? one.value.reveal() : identity::mask(static_cast<IdentifierKind>(one.kind), one.value.reveal());
    }
    const Shop* shop(ShopId id) const {
        for (const auto& one : shops) {
            if (one.id == id) return &one;
        }
        return nullptr;
    }
    std::string time(const ShownEvent& event, Instant at) const {
        if (at == kNever) return "";
        const Shop* where = shop(event.shop);
        const auto local = where != nullptr ? TimeZone::find(where->time_zone) : Result<TimeZone>(zone);
        return format_local(at, local.value_or(zone));
    }
    std::string amount(const ShownEvent& event) const {
        if (event.amount == kMissingAmount) return "";
        return format_minor(event.amount, info(event.currency).digits);
    }
};

std::string pieces(std::int64_t quantity_milli) {
    std::string text = format_minor(quantity_milli, 3);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

void print_profile(const Shown& shown) {
    const auto& profile = shown.customer.profile;
    std::printf("customer %lld\n", static_cast<long long>(profile.id.value));
    const auto line = [](const char* name, const std::string& value) {
        if (!value.empty()) std::printf("  %-12s %s\n", name, value.c_str());
    };
    line("name", shown.name());
    line("gender", kGenders[static_cast<std::size_t>(profile.gender)]);
    if (profile.birthday != kNoDay)
        line("birthday",
             shown.reveal ? format_date(profile.birthday) : "****" + format_date(profile.birthday).substr(4));
    std::string region = profile.province;
    for (const auto* part : {&profile.city, &profile.district})
        region += (region.empty() || part->empty() ? "" : " ") + *part;
    line("region", region);
    line("street", shown.hidden(profile.street));
    line("postcode", shown.hidden(profile.postcode));
    std::printf("\nidentifiers\n");
    for (const auto& one : shown.customer.identifiers) {
        const char* note = one.shared ? "shared by many names, unites nobody" : one.trusted ? "" : "does not unite";
        std::printf("  %-15s %-32s account %lld, shop '%s', import %lld%s%s\n",
                    identity::to_string(static_cast<IdentifierKind>(one.kind)).data(), shown.identifier(one).c_str(),
                    static_cast<long long>(one.account.value), one.shop.c_str(),
                    static_cast<long long>(one.import.value), *note != '\0' ? "  · " : "", note);
    }
    if (shown.customer.identifiers.empty()) std::printf("  none\n");
    for (const auto& merge : shown.customer.merges) {
        std::printf(
            "  merge %lld: customer %lld took in %lld, %s by %s, %s (to undo: shuke customer split %lld --merge "
            "%lld)\n",
            static_cast<long long>(merge.id), static_cast<long long>(merge.survivor.value),
            static_cast<long long>(merge.merged.value), merge.identifier ? "equal identifier, found" : "decided",
            merge.actor.c_str(), format_local(merge.at, shown.zone).c_str(), static_cast<long long>(profile.id.value),
            static_cast<long long>(merge.id));
    }
}

void print_events(const Shown& shown) {
    std::printf("\ntimeline\n");
    for (const auto& event : shown.customer.events) {
        const std::string at = event.at == kNever ? "(no time)" : shown.time(event, event.at);
        if (event.kind == ShownEvent::Kind::kRefund) {
            std::printf("  %-19s  refund  %-20s %12s %s  %s\n", at.c_str(), event.number.c_str(),
                        ("-" + shown.amount(event)).c_str(), code(event.currency).data(),
                        event.order ? ("of order " + event.order_no).c_str() : "of no known order");
            continue;
        }
        std::printf("  %-19s  order   %-20s %12s %s  %s", at.c_str(), event.number.c_str(), shown.amount(event).c_str(),
                    code(event.currency).data(), to_string(event.status).data());
        const std::pair<const char*, Instant> steps[] = {{"paid", event.paid_at},
                                                         {"shipped", event.shipped_at},
                                                         {"signed", event.signed_at},
                                                         {"finished", event.finished_at},
                                                         {"closed", event.closed_at}};
        for (const auto& [name, when] : steps) {
            if (when != kNever && when != event.at) std::printf(" · %s %s", name, shown.time(event, when).c_str());
        }
        std::printf("\n");
        for (const auto& line : event.lines) {
            std::printf(
                "      %6s × %-12s %-36s %12s\n", pieces(line.quantity_milli).c_str(), line.product.c_str(),
                line.title.c_str(),
                line.amount == kMissingAmount ? "" : format_minor(line.amount, info(event.currency).digits).c_str());
        }
    }
    if (shown.customer.events.empty()) std::printf("  nothing yet\n");
}

nlohmann::ordered_json event_json(const Shown& shown, const ShownEvent& event) {
    const auto iso = [](Instant at) {
        return at == kNever ? nlohmann::ordered_json() : nlohmann::ordered_json(format_iso(at));
    };
    const bool refund = event.kind == ShownEvent::Kind::kRefund;
    const Shop* shop = shown.shop(event.shop);
    nlohmann::ordered_json json{{"kind", refund ? "refund" : "order"},
                                {"at", iso(event.at)},
                                {"shop", shop != nullptr ? shop->name : ""},
                                {"number", event.number},
                                {"amount", shown.amount(event)},
                                {"currency", std::string(code(event.currency))}};
    if (refund) {
        json["order_no"] = event.order ? nlohmann::ordered_json(event.order_no) : nlohmann::ordered_json();
        return json;
    }
    json["status"] = to_string(event.status);
    json["paid_at"] = iso(event.paid_at);
    json["shipped_at"] = iso(event.shipped_at);
    json["signed_at"] = iso(event.signed_at);
    json["finished_at"] = iso(event.finished_at);
    json["closed_at"] = iso(event.closed_at);
    auto& lines = json["lines"] = nlohmann::ordered_json::array();
    for (const auto& line : event.lines) {
        lines.push_back(
            {{"product", line.product},
             {"title", line.title},
             {"category", line.category},
             {"quantity", pieces(line.quantity_milli)},
             {"amount", line.amount == kMissingAmount ? "" : format_minor(line.amount, info(event.currency).digits)}});
    }
    return json;
}

void print_customer_json(const Shown& shown) {
    const auto& profile = shown.customer.profile;
    nlohmann::ordered_json json{{"id", profile.id.value},
                                {"name", shown.name()},
                                {"gender", kGenders[static_cast<std::size_t>(profile.gender)]},
                                {"birthday", profile.birthday == kNoDay ? ""
                                             : shown.reveal             ? format_date(profile.birthday)
                                                            : "****" + format_date(profile.birthday).substr(4)},
                                {"province", profile.province},
                                {"city", profile.city},
                                {"district", profile.district},
                                {"street", shown.hidden(profile.street)},
                                {"postcode", shown.hidden(profile.postcode)},
                                {"revealed", shown.reveal}};
    auto& identifiers = json["identifiers"] = nlohmann::ordered_json::array();
    for (const auto& one : shown.customer.identifiers) {
        identifiers.push_back({{"kind", identity::to_string(static_cast<IdentifierKind>(one.kind))},
                               {"value", shown.identifier(one)},
                               {"trusted", one.trusted},
                               {"shared", one.shared},
                               {"account", one.account.value},
                               {"shop", one.shop},
                               {"import", one.import.value}});
    }
    auto& merges = json["merges"] = nlohmann::ordered_json::array();
    for (const auto& merge : shown.customer.merges) {
        merges.push_back({{"merge", merge.id},
                          {"survivor", merge.survivor.value},
                          {"merged", merge.merged.value},
                          {"actor", merge.actor},
                          {"at", format_iso(merge.at)},
                          {"by_identifier", static_cast<bool>(merge.identifier)}});
    }
    auto& timeline = json["timeline"] = nlohmann::ordered_json::array();
    for (const auto& event : shown.customer.events) timeline.push_back(event_json(shown, event));
    print_json(json);
}

}  // namespace

Status show_customer(Context& context, const CustomerArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    if (arguments.reveal) {
        // Every look at clear personal data leaves a trace, before it is taken.
        auto noted = (*database)->write("customer.reveal", [&](soci::session& session) {
            const CustomerId id = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
            record::append_audit(session,
                                 {actor_name(), "customer.reveal", "customer " + std::to_string(id.value),
                                  "shown in clear on the terminal"},
                                 context.clock.now());
        });
        if (!noted) return noted;
    }
    return (*database)->read([&](soci::session& session) {
        const CustomerId id = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
        const auto customer = record::show_customer(session, (*database)->keys(), id);
        if (!customer)
            throw Failure{{Code::kNotFound, "customer.not_found", "there is no customer " + std::to_string(id.value)}};
        const Shown shown{*customer, record::configured_zone(session), record::all_shops(session), arguments.reveal};
        if (arguments.json) return print_customer_json(shown);
        print_profile(shown);
        print_events(shown);
    });
}

Status merge_customers(Context& context, const CustomerArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    CustomerId survivor;
    auto merged = (*database)->write("customer.merge", [&](soci::session& session) {
        const CustomerId a = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
        const CustomerId b = or_throw(live::one_customer(session, (*database)->keys(), arguments.other));
        survivor = identity::merge_customers(session, a, b, {actor_name(), context.clock.now()});
    });
    if (!merged) return merged;
    if (arguments.json)
        print_json({{"customer", survivor.value}});
    else
        std::printf("both are customer %lld now; to undo: shuke customer split %lld\n",
                    static_cast<long long>(survivor.value), static_cast<long long>(survivor.value));
    return {};
}

Status split_customer(Context& context, const CustomerArguments& arguments) {
    auto database = context.open();
    if (!database) return std::unexpected(database.error());
    std::vector<CustomerId> customers;
    auto done = (*database)->write("customer.split", [&](soci::session& session) {
        const CustomerId id = or_throw(live::one_customer(session, (*database)->keys(), arguments.who));
        const auto which = arguments.merge == 0 ? std::nullopt : std::optional(arguments.merge);
        customers = identity::split_customer(session, id, which, {actor_name(), context.clock.now()});
    });
    if (!done) return done;
    std::vector<std::int64_t> ids;
    std::string text;
    for (const CustomerId one : customers) {
        ids.push_back(one.value);
        text += (text.empty() ? "" : ", ") + std::to_string(one.value);
    }
    if (arguments.json)
        print_json({{"customers", ids}});
    else
        std::printf("these are separate customers now: %s\n", text.c_str());
    return {};
}

}  // namespace shuke::app

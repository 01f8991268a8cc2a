// src/app/command_line.cpp: every subcommand and option in one view. The only file that pays for CLI11.
#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/commands.h"
#include "base/check.h"

namespace shuke::app {
namespace {

template <class Body>
void run(Context& context, Body body) {
    if (auto done = body(); !done) context.exit_code = report(done.error());
}

CLI::App* add_group(CLI::App& app, const char* name, const char* help) {
    auto* group = app.add_subcommand(name, help);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
}

// A subcommand with its arguments and body.
template <class Arguments>
CLI::App* add(CLI::App& app, Context& context, const char* name, const char* help,
              const std::shared_ptr<Arguments>& arguments, Status (*body)(Context&, const Arguments&)) {
    auto* command = app.add_subcommand(name, help);
    command->fallthrough();
    command->callback([&context, arguments, body] { run(context, [&] { return body(context, *arguments); }); });
    return command;
}

void add_json(CLI::App* command, bool& json) { command->add_flag("--json", json, "One JSON document on stdout"); }

void add_import(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ImportArguments>();
    auto* import =
        add(app, context, "import", "Read order files: CSV or NDJSON, also .gz and .zst, UTF-8, UTF-16 or GB18030",
            arguments, import_files);
    import->add_option("files", arguments->files, "Files, read in this order")->required();
    import->add_option("--format", arguments->format, "What kind of file it is")
        ->check(CLI::IsMember({"auto", "native", "online-retail", "cdnow", "transactions", "taobao", "map"}))
        ->capture_default_str();
    import->add_option("--shop", arguments->shop, "Name of the shop the orders belong to, where the file does not say");
    import->add_option("--timezone", arguments->time_zone,
                       "Zone of times without offset (default: the format's, e.g. Asia/Shanghai)");
    import->add_option("--currency", arguments->currency, "Currency of amounts, where the file does not say");
    import->add_option("--map", arguments->map, "Column mapping of an unknown table (a later version)");
    import->add_option("--rejects", arguments->rejects,
                       "Write rejected rows to this file, to be corrected and imported");
    import->add_flag("--dry-run", arguments->dry_run, "Report what would happen and keep nothing");
    add_json(import, arguments->json);

    auto json = std::make_shared<bool>(false);
    auto* imports = app.add_subcommand("imports", "What was imported so far");
    imports->fallthrough();
    add_json(imports, *json);
    imports->callback([&context, json] { run(context, [&] { return list_imports(context, *json); }); });

    auto number = std::make_shared<std::int64_t>(0);
    auto out = std::make_shared<std::string>("-");
    auto* rejected =
        app.add_subcommand("rejected", "The rejected rows of an import, as a file to correct and import again");
    rejected->fallthrough();
    rejected->add_option("import", *number, "Number of the import (see: shuke imports)")->required();
    rejected->add_option("--out", *out, "File to write; - for stdout")->capture_default_str();
    rejected->callback(
        [&context, number, out] { run(context, [&] { return write_rejected_rows(context, *number, *out); }); });
}

void add_segment(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<SegmentArguments>();
    auto* segment = add_group(app, "segment", "Who? Customers that satisfy an expression (docs/guide/segments.md)");
    const auto question = [&](const char* name, const char* help, Status (*body)(Context&, const SegmentArguments&)) {
        auto* command = add(*segment, context, name, help, arguments, body);
        command
            ->add_option("expression", arguments->expression,
                         "For example: count(orders where paid within last 90 days) >= 2")
            ->required();
        command->add_option("--as-of", arguments->as_of, "An instant, or a date = 00:00 of that day; default now");
        add_json(command, arguments->json);
        return command;
    };
    question("count", "How many", count_segment)
        ->add_option("--repeat", arguments->repeat, "Evaluate N times; milliseconds is the median")
        ->check(CLI::Range(1, 100'000));
    auto* listing = question("list", "Their ids, one customer a line", list_segment);
    listing->add_option("--columns", arguments->columns, "id,external_id")->capture_default_str();
    listing->add_option("--out", arguments->out, "Write a CSV file with a heading");
    question("explain", "Why is this customer in, or not", explain_segment)
        ->add_option("--customer", arguments->customer, "Id or any identifier")
        ->required();
}

void add_insight(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<RfmArguments>();
    auto* insight = add_group(app, "insight", "What do they look like: analyses");
    auto* rfm = add(*insight, context, "rfm", "Recency, frequency, monetary value; scores and the eight classes",
                    arguments, show_rfm);
    rfm->add_option("--as-of", arguments->as_of, "An instant, or a date = 00:00 of that day; default now");
    rfm->add_option("--where", arguments->where, "Only customers that satisfy this expression");
    rfm->add_option("--basis", arguments->basis, "net: kept orders less refunds; gross: paid orders before refunds")
        ->check(CLI::IsMember({"net", "gross"}))
        ->capture_default_str();
    rfm->add_option("--scores", arguments->scores, "Quantile scores from 1 to N")
        ->check(CLI::Range(2, 10))
        ->capture_default_str();
    rfm->add_option("--recency-edges", arguments->recency_edges, "Threshold scores: days, ascending, e.g. 30,60,90")
        ->delimiter(',');
    rfm->add_option("--frequency-edges", arguments->frequency_edges, "Threshold scores: orders, ascending, e.g. 2,5,10")
        ->delimiter(',');
    rfm->add_option("--monetary-edges", arguments->monetary_edges,
                    "Threshold scores: amounts, ascending, e.g. 100,500.50,2000")
        ->delimiter(',');
    rfm->add_option("--out", arguments->out, "Write the per-customer table as CSV");
    add_json(rfm, arguments->json);
}

void add_customer(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<CustomerArguments>();
    auto* customer = add_group(app, "customer", "One customer: show, merge with another, split again");
    const auto one = [&](const char* name, const char* help, Status (*body)(Context&, const CustomerArguments&)) {
        auto* command = add(*customer, context, name, help, arguments, body);
        command
            ->add_option("customer", arguments->who,
                         "Shuke's id, or any identifier: phone, e-mail, nick, external id …")
            ->required();
        add_json(command, arguments->json);
        return command;
    };
    one("show", "Profile, identifiers with their source, and everything that happened", show_customer)
        ->add_flag("--reveal", arguments->reveal, "Show personal data in clear; this is noted in the audit log");
    one("merge", "Two customers are one person", merge_customers)
        ->add_option("other", arguments->other, "The other customer")
        ->required();
    one("split", "Take back a merge; the two are kept apart from now on", split_customer)
        ->add_option("--merge", arguments->merge, "Number of the merge (see: customer show); default: the newest");
}

void add_shop(CLI::App& app, Context& context) {
    auto shop = std::make_shared<ShopArguments>();
    auto* shops = add_group(app, "shop", "Shops: list, rename, set currency and zone");
    add_json(add(*shops, context, "list", "All shops", shop, list_shops), shop->json);
    auto* setting = add(*shops, context, "set", "Change a shop", shop, set_shop);
    setting->add_option("shop", shop->id, "Its number (see: shuke shop list)")->required();
    setting->add_option("--name", shop->name, "New name");
    setting->add_option("--currency", shop->currency, "ISO 4217 code; only while the shop has no orders");
    setting->add_option("--timezone", shop->time_zone, "For example Asia/Shanghai; only while the shop has no orders");

    auto rate = std::make_shared<RateArguments>();
    auto* rates = add_group(app, "rate", "Exchange rates into the base currency, each valid from its day on");
    add_json(add(*rates, context, "list", "All rates", rate, list_rates), rate->json);
    auto* rate_set =
        add(*rates, context, "set", "What one unit of a currency is worth in the base currency", rate, set_rate);
    rate_set->add_option("currency", rate->currency, "ISO 4217 code")->required();
    rate_set->add_option("date", rate->date, "First day it holds for")->required();
    rate_set->add_option("rate", rate->rate, "For example 7.1234")->required();
}

void add_settings(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<SettingsArguments>();
    auto* settings = add_group(app, "settings", "What can be adjusted");
    add_json(add(*settings, context, "list", "All settings, their values and what they do", arguments, list_settings),
             arguments->json);
    auto* setting = add(*settings, context, "set", "Change one", arguments, set_setting);
    setting->add_option("name", arguments->name)->required();
    setting->add_option("value", arguments->value)->required();
}

void add_backup(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<BackupArguments>();
    auto* backup = add(app, context, "backup", "Copy the record into one checked file, while others go on working",
                       arguments, back_up);
    backup->add_option("file", arguments->file)->required();
    backup->add_flag("--with-key", arguments->with_key,
                     "Put the key into the file as well: whoever has the file can read everything");
    add_json(backup, arguments->json);
    auto* restoring = add(app, context, "restore", "Put a backup into the data folder", arguments, restore);
    restoring->add_option("file", arguments->file)->required();
    restoring->add_flag("--replace", arguments->replace, "Set the present record aside (shuke.db.replaced)");
    restoring->add_flag("--check", arguments->check, "Only read and check the file");
    add_json(restoring, arguments->json);
}

void add_demo_and_doctor(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<DemoArguments>();
    auto* demo =
        add(app, context, "demo", "Load the bundled real data set into a fresh data folder", arguments, load_demo);
    demo->add_flag("--original-dates", arguments->original_dates, "Keep the dates of 2010 and 2011");
    demo->add_option("--from", arguments->from, "The data set, where it is not in its usual place");

    auto json = std::make_shared<bool>(false);
    auto* doctor = app.add_subcommand("doctor", "Check data folder, key, database and engine; says what to fix");
    doctor->fallthrough();
    add_json(doctor, *json);
    doctor->callback([&context, json] { run(context, [&] { return examine(context, *json); }); });
}

}  // namespace

int run_command_line(int argc, char** argv) {
    Context context;
    CLI::App app{
        "Shuke 熟客: know your customers from the orders you have. Every subcommand explains itself with --help."};
    app.name("shuke");
    app.set_version_flag("--version", "shuke 0.1.0");
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--data", context.data, "The data folder: database and key")
        ->envname("SHUKE_DATA")
        ->capture_default_str();
    add_import(app, context);
    add_segment(app, context);
    add_insight(app, context);
    add_customer(app, context);
    add_shop(app, context);
    add_settings(app, context);
    add_backup(app, context);
    add_demo_and_doctor(app, context);
    try {
        app.parse(argc, argv);
        const bool printed = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
        return printed ? context.exit_code : kFailed;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kDone : kWrongUsage;
    } catch (const Bug& bug) {
        std::fprintf(stderr, "shuke: this is a bug in Shuke; nothing was half-written: %s\n", bug.what());
        return kFailed;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "shuke: unexpected: %s\n", error.what());
        return kFailed;
    }
}

}  // namespace shuke::app

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

void add_saved_segments(CLI::App& segment, Context& context) {
    auto arguments = std::make_shared<SavedSegmentArguments>();
    using Body = Status (*)(Context&, const SavedSegmentArguments&);
    const auto plain = [&](const char* name, const char* help, Body body) {
        auto* command = add(segment, context, name, help, arguments, body);
        add_json(command, arguments->json);
        return command;
    };
    const auto named = [&](const char* name, const char* help, Body body) {
        auto* command = plain(name, help, body);
        command->add_option("name", arguments->name, "Name of a saved segment")->required();
        return command;
    };
    auto* save = named("save", "Keep an expression under a name; the same name again is a new version", save_segment);
    save->add_option("expression", arguments->expression, "What it means")->required();
    save->add_option("--description", arguments->description, "What it is for");
    plain("saved", "All saved segments", list_saved_segments);
    named("show", "One saved segment", show_saved_segment);
    named("rename", "Give it another name", rename_saved_segment)
        ->add_option("to", arguments->other, "The new name")
        ->required();
    named("delete", "Forget it, its versions and its membership", delete_saved_segment)
        ->add_flag("--yes", arguments->yes, "Really");
    named("history", "Every definition it has had", show_segment_history);
    auto* refresh = plain("refresh", "Evaluate now and record who entered and who left", refresh_segments);
    refresh->add_option("name", arguments->name, "One saved segment; default: all");
    refresh->add_option("--as-of", arguments->as_of, "Fill in history: an instant later than the last refresh");
    auto* entered = named("entered", "Who has entered since", list_entered);
    entered->add_option("--since", arguments->since, "An instant, or a date = 00:00 of that day")->required();
    entered->add_option("--out", arguments->out, "Write a CSV file");
    auto* members = named("members", "Who was recorded as a member", list_members);
    members->add_option("--as-of", arguments->as_of, "An instant, or a date = 00:00 of that day; default now");
    members->add_option("--out", arguments->out, "Write a CSV file with a heading");
    auto* library = plain("library", "Ready-made segments and when to use them", show_library);
    library->add_option("--add", arguments->add, "Save this one: its key or name");
    library->add_option("--name", arguments->other, "Under this name (default: its Chinese one)");
}

void add_segment_sets(CLI::App& segment, Context& context) {
    auto arguments = std::make_shared<SegmentSetArguments>();
    using Body = Status (*)(Context&, const SegmentSetArguments&);
    const auto question = [&](const char* name, const char* help, Body body) {
        auto* command = add(segment, context, name, help, arguments, body);
        add_json(command, arguments->json);
        return command;
    };
    const auto as_of = [&](CLI::App* command) {
        return command->add_option("--as-of", arguments->as_of, "An instant, or a date = 00:00 of that day");
    };
    auto* overlap = question("overlap", "How several segments lie over each other", show_overlap);
    overlap->add_option("segments", arguments->expressions, "Names or expressions, up to 16")->required();
    as_of(overlap);
    auto* diff = question("diff", "Who is in A and not in B, and which condition of B keeps them out", show_difference);
    diff->add_option("a", arguments->a, "Name or expression")->required();
    diff->add_option("b", arguments->b, "Name or expression")->required();
    diff->add_option("--out", arguments->out, "Write their ids to a CSV file");
    as_of(diff);
    auto* compare = question("compare", "What sets a segment apart from all customers", show_comparison);
    compare->add_option("segment", arguments->expression, "Name or expression")->required();
    compare->add_option("--min-support", arguments->min_support, "Leave out values that fewer customers have")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}))
        ->capture_default_str();
    compare->add_option("--most", arguments->most, "How many values the table shows")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    as_of(compare);
    auto* test = question("backtest", "Chosen on a day in the past: what did they do after?", show_back_test);
    test->add_option("segment", arguments->expression, "Name or expression")->required();
    test->add_option("--days", arguments->days, "How many days after")->capture_default_str();
    as_of(test)->required();
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
    const auto server = [&](CLI::App* command, const char* help) {
        command->add_option("--url", arguments->url, help)->envname("SHUKE_CLICKHOUSE");
    };
    const auto engine = [&](CLI::App* command) {
        command->add_option("--engine", arguments->answers, "Who answers: Shuke itself, or its mirror in ClickHouse")
            ->check(CLI::IsMember({"embedded", "clickhouse"}))
            ->capture_default_str();
        server(command, "Where the mirror is: http://[user:password@]host:8123/[?database=NAME]");
    };
    auto* count = question("count", "How many", count_segment);
    count->add_option("--repeat", arguments->repeat, "Evaluate N times; milliseconds is the median")
        ->check(CLI::Range(1, 100'000));
    engine(count);
    auto* sql = question("sql", "The expression as a query over the mirror's tables", print_segment_sql);
    sql->add_option("--dialect", arguments->dialect, "Of which database")
        ->check(CLI::IsMember({"clickhouse"}))
        ->capture_default_str();
    server(sql, "Ask this mirror which copy is the newest; without it the query looks itself");
    auto* listing = question("list", "Their ids, one customer a line", list_segment);
    listing->add_option("--columns", arguments->columns, "id,external_id")->capture_default_str();
    listing->add_option("--out", arguments->out, "Write a CSV file with a heading");
    engine(listing);
    auto* explain = question("explain", "Why is this customer in, or not; or what the engine did", explain_segment);
    auto* customer = explain->add_option("--customer", arguments->customer, "Id or any identifier");
    explain->add_flag("--engine", arguments->engine, "Plan, blocks and time of each condition, and memory")
        ->excludes(customer);
    add_saved_segments(*segment, context);
    add_segment_sets(*segment, context);
}

void add_list(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ListArguments>();
    auto* lists = add(app, context, "lists", "Static lists of customers", arguments, list_lists);
    add_json(lists, arguments->json);
    auto* group = add_group(app, "list", "One static list: bring it, show it, try its unknown rows again, delete it");
    const auto named = [&](const char* name, const char* help, Status (*body)(Context&, const ListArguments&)) {
        auto* command = add(*group, context, name, help, arguments, body);
        command->add_option("name", arguments->name, "Name of the list")->required();
        add_json(command, arguments->json);
        return command;
    };
    auto* import = named("import", "Bring customers from a CSV of phones, e-mails, nicks or ids", import_list);
    import->add_option("file", arguments->file, "The file")->required();
    import->add_option("--column", arguments->column, "Heading of the column (default: the first one that is known)");
    import->add_option("--kind", arguments->kind, "What it holds: phone, email, nick, external_id, id …");
    import->add_option("--description", arguments->description, "What the list is for");
    import->add_flag("--replace", arguments->replace, "Whoever the file does not name leaves the list");
    auto* show = named("show", "Its members' ids", show_list);
    show->add_option("--out", arguments->out, "Write a CSV file with a heading");
    show->add_option("--unknown", arguments->unknown, "Write the rows that name nobody, in clear, to this CSV file");
    named("retry", "Look its unknown rows up again", retry_list);
    named("delete", "Forget the list", delete_list)->add_flag("--yes", arguments->yes, "Really");
}

void add_tag(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<TagArguments>();
    auto* tag = add_group(app, "tag", "Tags by hand and by rule");
    const auto plain = [&](CLI::App& group, const char* name, const char* help,
                           Status (*body)(Context&, const TagArguments&)) {
        auto* command = add(group, context, name, help, arguments, body);
        add_json(command, arguments->json);
        return command;
    };
    const auto named = [&](CLI::App& group, const char* name, const char* help,
                           Status (*body)(Context&, const TagArguments&)) {
        auto* command = plain(group, name, help, body);
        command->add_option("tag", arguments->tag, "The tag")->required();
        return command;
    };
    for (auto* command : {named(*tag, "add", "Give a tag to customers", app::add_tag),
                          named(*tag, "remove", "Take a tag from customers", remove_tag)}) {
        command->add_option("customers", arguments->customers, "Ids or identifiers");
        command->add_option("--where", arguments->where, "All who satisfy this expression or segment");
    }
    plain(*tag, "list", "All tags", list_tags);
    named(*tag, "show", "Who has it", show_tag)->add_option("--out", arguments->out, "Write a CSV file with a heading");
    plain(*tag, "rules", "All rules", list_tag_rules);
    plain(*tag, "apply", "Bring the tags of rules up to date", apply_tag_rules)
        ->add_option("tag", arguments->tag, "One tag; default: all");
    auto* rule = add_group(*tag, "rule", "An expression that keeps a tag");
    named(*rule, "add", "Let a tag follow an expression", add_tag_rule)
        ->add_option("expression", arguments->expression, "Who has the tag")
        ->required();
    named(*rule, "remove", "Take the rule away, and the tags it gave", remove_tag_rule);
}

void add_mirror(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<MirrorArguments>();
    auto* group = add_group(app, "mirror", "Copy the audience to another database (docs/guide/clickhouse.md)");
    auto* command = add(*group, context, "clickhouse", "Create the tables and copy what has changed", arguments,
                        mirror_to_clickhouse);
    command->add_option("--url", arguments->url, "The server: http://[user:password@]host:8123/[?database=NAME]")
        ->envname("SHUKE_CLICKHOUSE");
    command->add_option("--cluster", arguments->cluster, "Spread the customers over the shards of this cluster");
    command->add_flag("--whole", arguments->whole, "Copy everything, whatever is there");
    add_json(command, arguments->json);
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
    auto* customer = add_group(app, "customer", "One customer: show, merge, split, erase");
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
    auto* erase = one("erase", "Take everything personal away for good; orders stay for the books", erase_customer);
    erase->add_option("--reason", arguments->reason, "Why; it stays in the audit log, so name nobody")->required();
    erase->add_flag("--yes", arguments->yes, "Really");
    one("personal-data", "Everything about one person as JSON, in clear; this is noted in the audit log",
        export_personal_data)
        ->add_option("--out", arguments->out, "Write this file, readable by you alone");
}

void add_users(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<UserArguments>();
    using Body = Status (*)(Context&, const UserArguments&);
    auto* group = add_group(app, "user", "Who may sign in to the console (docs/guide/access.md)");
    const auto named = [&](const char* name, const char* help, Body body) {
        auto* command = add(*group, context, name, help, arguments, body);
        command->add_option("name", arguments->name, "Their name for signing in")->required();
        add_json(command, arguments->json);
        return command;
    };
    const auto password = [&](CLI::App* command) {
        command->add_option("--password-file", arguments->password_file,
                            "Its first line is the password; default: typed, or the first line of stdin");
    };
    auto* adding = named("add", "Add a user; the password is typed, or read from stdin", add_user);
    adding->add_option("--role", arguments->role, "Role, by any of its names (see: shuke role list)")->required();
    adding->add_option("--display-name", arguments->display_name, "As others see them");
    adding->add_option("--language", arguments->language, "Of the console")
        ->check(CLI::IsMember({"zh-CN", "en"}))
        ->capture_default_str();
    password(adding);
    add_json(add(*group, context, "list", "All users", arguments, list_users), arguments->json);
    password(named("passwd", "Set a new password; their sessions end", set_user_password));
    named("disable", "They can no longer sign in; their sessions end", disable_user);
    named("enable", "They can sign in again", enable_user);
    named("role", "Give another role; their sessions end", set_user_role)
        ->add_option("role", arguments->role, "Any of its names")
        ->required();
    named("totp-off", "Take the second factor away, for a lost phone", remove_user_totp);

    auto json = std::make_shared<bool>(false);
    auto* roles = add_group(app, "role", "What users may do");
    auto* listing = roles->add_subcommand("list", "All roles and their permissions");
    listing->fallthrough();
    add_json(listing, *json);
    listing->callback([&context, json] { run(context, [&] { return list_roles(context, *json); }); });
}

void add_api_keys(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ApiKeyArguments>();
    auto* group = add_group(app, "apikey", "Keys of programs that use the HTTP API");
    auto* adding = add(*group, context, "add", "Make a key; it is printed this once", arguments, add_api_key);
    adding->add_option("--name", arguments->name, "Who uses it")->required();
    adding->add_option("--scopes", arguments->scopes, "Permissions, separated by commas; admin: all of them")
        ->required();
    adding->add_option("--expires", arguments->expires, "An instant, or a date = 00:00 of that day; default: never");
    add_json(adding, arguments->json);
    add_json(add(*group, context, "list", "All keys, without the keys themselves", arguments, list_api_keys),
             arguments->json);
    auto* revoking = add(*group, context, "revoke", "It opens nothing any more", arguments, revoke_api_key);
    revoking->add_option("id", arguments->id, "Its number (see: shuke apikey list)")->required();
    add_json(revoking, arguments->json);
}

void add_audit(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<AuditArguments>();
    auto* group = add_group(app, "audit", "Who did what and when, and the proof that nobody changed it since");
    auto* listing = add(*group, context, "list", "The newest entries", arguments, list_audit);
    listing->add_option("--actor", arguments->actor, "For example user:ann");
    listing->add_option("--action", arguments->action, "For example customer.reveal; 'customer.' = all that begin so");
    listing->add_option("--subject", arguments->subject, "For example 'customer 812'");
    listing->add_option("--from", arguments->from, "An instant, or a date = 00:00 of that day");
    listing->add_option("--to", arguments->to, "Before this instant or date");
    listing->add_option("--limit", arguments->limit, "How many")->check(CLI::Range(1, 100'000))->capture_default_str();
    add_json(listing, arguments->json);
    auto* verifying = add(*group, context, "verify", "Walk the hash chain and its seals; names the first broken entry",
                          arguments, verify_audit);
    verifying->add_option("--expect", arguments->expect,
                          "NUMBER:HASH of an entry as printed by an earlier verify; proves it is still there");
    add_json(verifying, arguments->json);
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

void add_serve(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ServeArguments>();
    auto* command = add(app, context, "serve", "Serve the HTTP API and the console until SIGTERM", arguments, serve);
    command->add_option("--listen", arguments->listen, "ADDRESS:PORT; port 0 takes any free one")
        ->capture_default_str();
    command->add_option("--tls-cert", arguments->certificate,
                        "PEM certificate with its chain; read again when it changes");
    command->add_option("--tls-key", arguments->key, "PEM key of the certificate");
    command->add_option("--base-path", arguments->base_path, "Where a proxy puts it, for example /crm");
    const auto number = [&](const char* name, int& value, const char* help) {
        command->add_option(name, value, help)->check(CLI::Range(1, 1'000'000));
    };
    number("--workers", arguments->workers, "Threads that answer requests (4)");
    number("--waiting", arguments->waiting, "Requests that may wait for a worker; more are answered 429 (1024)");
    number("--connections", arguments->connections, "Connections at once; more are answered 429 (2000)");
    number("--head-timeout", arguments->head_ms, "Milliseconds for a request's header (10000)");
    number("--body-timeout", arguments->body_ms, "Milliseconds for each 64 KiB of a body (20000)");
    number("--idle-timeout", arguments->idle_ms, "Milliseconds a connection may be idle (60000)");
    command->add_flag("--quiet", arguments->quiet, "Log no requests, only what went wrong");
}

void add_demo_and_doctor(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<DemoArguments>();
    auto* demo =
        add(app, context, "demo", "Load the bundled real data set into a fresh data folder", arguments, load_demo);
    demo->add_flag("--original-dates", arguments->original_dates, "Keep the dates of 2010 and 2011");
    demo->add_option("--from", arguments->from, "The data set, where it is not in its usual place");

    auto json = std::make_shared<bool>(false);
    auto* openapi = app.add_subcommand("openapi", "Print the declaration of the HTTP API (OpenAPI 3.1)");
    openapi->callback([&context] { run(context, [] { return print_openapi(); }); });

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
    add_mirror(app, context);
    add_list(app, context);
    add_tag(app, context);
    add_insight(app, context);
    add_customer(app, context);
    add_users(app, context);
    add_api_keys(app, context);
    add_audit(app, context);
    add_shop(app, context);
    add_settings(app, context);
    add_backup(app, context);
    add_serve(app, context);
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

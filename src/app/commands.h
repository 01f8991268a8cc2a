// src/app/commands.h
//
// The subcommands: what the command line hands them, and the bodies, one file each (import_command.cpp …). Bodies
// print their answer and return an Error where they cannot; command_line.cpp turns that into messages and exit codes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/context.h"

namespace shuke::app {

struct ImportArguments {
    std::vector<std::string> files;
    std::string format = "auto", shop, time_zone, currency, map, rejects;
    bool dry_run = false, json = false;
};
Status import_files(Context& context, const ImportArguments& arguments);
Status list_imports(Context& context, bool json);
Status write_rejected_rows(Context& context, std::int64_t import, const std::string& out);

struct SegmentArguments {
    std::string expression, as_of, columns = "id", out, customer;
    std::string answers = "embedded", dialect = "clickhouse", url;
    int repeat = 1;
    bool engine = false, json = false;
};
Status count_segment(Context& context, const SegmentArguments& arguments);
Status list_segment(Context& context, const SegmentArguments& arguments);
Status explain_segment(Context& context, const SegmentArguments& arguments);
Status explain_engine(Context& context, const SegmentArguments& arguments);
Status print_segment_sql(Context& context, const SegmentArguments& arguments);

struct MirrorArguments {
    std::string url, cluster;
    bool whole = false, json = false;
};
Status mirror_to_clickhouse(Context& context, const MirrorArguments& arguments);

struct SavedSegmentArguments {
    std::string name, expression, description, other, as_of, since, out, add;
    bool yes = false, json = false;
};
Status save_segment(Context& context, const SavedSegmentArguments& arguments);
Status list_saved_segments(Context& context, const SavedSegmentArguments& arguments);
Status show_saved_segment(Context& context, const SavedSegmentArguments& arguments);
Status rename_saved_segment(Context& context, const SavedSegmentArguments& arguments);
Status delete_saved_segment(Context& context, const SavedSegmentArguments& arguments);
Status show_segment_history(Context& context, const SavedSegmentArguments& arguments);
Status refresh_segments(Context& context, const SavedSegmentArguments& arguments);
Status list_entered(Context& context, const SavedSegmentArguments& arguments);
Status list_members(Context& context, const SavedSegmentArguments& arguments);
Status show_library(Context& context, const SavedSegmentArguments& arguments);

struct SegmentSetArguments {
    std::vector<std::string> expressions;
    std::string expression, a, b, as_of, out;
    int days = 30, most = 20;
    std::int64_t min_support = 30;
    bool json = false;
};
Status show_overlap(Context& context, const SegmentSetArguments& arguments);
Status show_difference(Context& context, const SegmentSetArguments& arguments);
Status show_comparison(Context& context, const SegmentSetArguments& arguments);
Status show_back_test(Context& context, const SegmentSetArguments& arguments);

struct ListArguments {
    std::string name, file, kind, column, description, out, unknown;
    bool replace = false, yes = false, json = false;
};
Status import_list(Context& context, const ListArguments& arguments);
Status list_lists(Context& context, const ListArguments& arguments);
Status show_list(Context& context, const ListArguments& arguments);
Status retry_list(Context& context, const ListArguments& arguments);
Status delete_list(Context& context, const ListArguments& arguments);

struct TagArguments {
    std::string tag, where, expression, out;
    std::vector<std::string> customers;
    bool json = false;
};
Status add_tag(Context& context, const TagArguments& arguments);
Status remove_tag(Context& context, const TagArguments& arguments);
Status list_tags(Context& context, const TagArguments& arguments);
Status show_tag(Context& context, const TagArguments& arguments);
Status add_tag_rule(Context& context, const TagArguments& arguments);
Status remove_tag_rule(Context& context, const TagArguments& arguments);
Status list_tag_rules(Context& context, const TagArguments& arguments);
Status apply_tag_rules(Context& context, const TagArguments& arguments);

struct RfmArguments {
    std::string as_of, where, basis = "net", out;
    int scores = 5;
    std::vector<std::int64_t> recency_edges, frequency_edges;
    std::vector<std::string> monetary_edges;
    bool json = false;
};
Status show_rfm(Context& context, const RfmArguments& arguments);

struct CustomerArguments {
    std::string who, other;
    std::int64_t merge = 0;  // 0: the newest
    bool reveal = false, json = false;
};
Status show_customer(Context& context, const CustomerArguments& arguments);
Status merge_customers(Context& context, const CustomerArguments& arguments);
Status split_customer(Context& context, const CustomerArguments& arguments);

struct ShopArguments {
    std::int64_t id = 0;
    std::string name, currency, time_zone;
    bool json = false;
};
Status list_shops(Context& context, const ShopArguments& arguments);
Status set_shop(Context& context, const ShopArguments& arguments);

struct RateArguments {
    std::string currency, date, rate;
    bool json = false;
};
Status list_rates(Context& context, const RateArguments& arguments);
Status set_rate(Context& context, const RateArguments& arguments);

struct SettingsArguments {
    std::string name, value;
    bool json = false;
};
Status list_settings(Context& context, const SettingsArguments& arguments);
Status set_setting(Context& context, const SettingsArguments& arguments);

struct BackupArguments {
    std::string file;
    bool with_key = false, replace = false, check = false, json = false;
};
Status back_up(Context& context, const BackupArguments& arguments);
Status restore(Context& context, const BackupArguments& arguments);

struct DemoArguments {
    std::string from;  // empty: the bundled file
    bool original_dates = false;
};
Status load_demo(Context& context, const DemoArguments& arguments);

Status print_openapi();  // the document that the server serves

Status examine(Context& context, bool json);  // sets the exit code when something is wrong

}  // namespace shuke::app

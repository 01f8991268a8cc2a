#include "ingest/format/formats.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ingest/format/cdnow.h"
#include "ingest/format/file_rows.h"
#include "ingest/format/native.h"
#include "ingest/format/online_retail.h"
#include "ingest/format/taobao.h"
#include "ingest/source/csv_reader.h"
#include "ingest/source/line_reader.h"

namespace shuke::ingest {
namespace {

// What a format's files are when nobody says otherwise. The name is the format's, the platform's and the shop's.
struct KnownFormat {
    std::string_view name;
    Currency currency;
    std::string_view time_zone;
    std::string_view shown_by;  // how its files are recognised
};

constexpr KnownFormat kFormats[] = {
    {"native", Currency::kCNY, "Asia/Shanghai", "a column 'order_no', or lines of JSON"},
    {"online-retail", Currency::kGBP, "Europe/London", "columns 'InvoiceNo' or 'Invoice', and 'StockCode'"},
    {"cdnow", Currency::kUSD, "America/New_York",
     "lines of customer, date YYYYMMDD, number and dollars between blanks"},
    {"transactions", Currency::kCNY, "Asia/Shanghai", "not recognised, must be named: baskets, one a line"},
    {"taobao", Currency::kCNY, "Asia/Shanghai", "columns '订单编号' and '总金额', or '标题' and '购买数量'"},
};

std::string format_list() {
    std::string list;
    for (const KnownFormat& format : kFormats) {
        list += std::string(list.empty() ? "" : "; ") + std::string(format.name) + " (" + std::string(format.shown_by) +
                ")";
    }
    return list;
}

const KnownFormat* find_format(std::string_view name) {
    const auto* found = std::ranges::find(kFormats, name, &KnownFormat::name);
    return found == std::end(kFormats) ? nullptr : found;
}

std::string_view name_by_heading(const Heading& heading) {
    if (taobao_file(heading) != TaobaoFile::kNone) return "taobao";
    if ((heading.has("InvoiceNo") || heading.has("Invoice")) && heading.has("StockCode")) return "online-retail";
    if (heading.has("order_no")) return "native";
    return {};
}

std::unexpected<Error> unknown_heading(const Heading& heading, char delimiter) {
    const std::string between = delimiter == '\t' ? "tabs" : std::string("'") + delimiter + "'";
    return fail(Code::kInvalid, "format.unknown",
                "no known format has the heading " + heading.shown() + " (cells separated by " + between +
                    "). Known formats: " + format_list());
}

Status fill_info(SourceInfo& info, const KnownFormat& format, const SourceOptions& options) {
    info.format = info.platform = info.shop = format.name;
    info.currency = options.currency == Currency::kNone ? format.currency : options.currency;
    const auto zone =
        TimeZone::find(options.time_zone.empty() ? format.time_zone : std::string_view(options.time_zone));
    if (!zone) return std::unexpected(zone.error());
    info.time_zone = *zone;
    info.settles_cancellations = format.name == "online-retail";
    return {};
}

// The heading row of a CSV file; the reader then stands at the first data row.
Result<Heading> read_heading(CsvReader& reader, SourceInfo& info) {
    Record record;
    RecordFault fault;
    std::deque<std::string> texts;
    const auto found = reader.next(record, fault, texts);
    if (!found) return std::unexpected(found.error());
    if (*found == Found::kEnd) return fail(Code::kInvalid, "file.empty", "the file has no heading and no rows");
    if (*found == Found::kRejected)
        return fail(Code::kInvalid, fault.key, "the heading cannot be read: " + fault.reason);
    info.header = record.raw;
    return Heading(record.cells);
}

struct TableFormat {
    std::span<const ColumnName> columns;
    std::span<const int> required;
    std::unique_ptr<RowFormat> (*make)(ColumnMap, const SourceInfo&);
};

Result<std::unique_ptr<RowFormat>> make_table_format(const TableFormat& table, const Heading& heading,
                                                     SourceInfo& info) {
    auto columns = ColumnMap::bind(heading, table.columns, table.required);
    if (!columns) return std::unexpected(columns.error());
    info.ignored_columns = columns->ignored();
    return table.make(std::move(*columns), info);
}

Result<std::unique_ptr<RowFormat>> make_csv_format(const Heading& heading, SourceInfo& info) {
    if (info.format == "native") {
        return make_table_format({native_columns(), native_required_columns(), make_native_format}, heading, info);
    }
    if (info.format == "online-retail") {
        return make_table_format({online_retail_columns(), online_retail_required_columns(), make_online_retail_format},
                                 heading, info);
    }
    if (taobao_file(heading) == TaobaoFile::kNone) return unknown_heading(heading, info.delimiter);
    return make_taobao_format(heading, info);
}

Result<OpenedFormat> open_csv(TextWindow window, const SourceOptions& options, SourceInfo& info) {
    const CsvDialect dialect = detect_dialect(window.peek(kSampleBytes));
    info.delimiter = dialect.delimiter;
    auto reader = std::make_unique<CsvReader>(std::move(window), dialect);
    const auto heading = read_heading(*reader, info);
    if (!heading) return std::unexpected(heading.error());
    const std::string_view name =
        options.format == "auto" ? name_by_heading(*heading) : std::string_view(options.format);
    if (name.empty()) return unknown_heading(*heading, dialect.delimiter);
    if (auto status = fill_info(info, *find_format(name), options); !status) return std::unexpected(status.error());
    auto format = make_csv_format(*heading, info);
    if (!format) return std::unexpected(format.error());
    return OpenedFormat{std::move(reader), std::move(*format), heading->width()};
}

OpenedFormat open_json(TextWindow window, SourceInfo& info) {
    info.delimiter = '\0';
    return {std::make_unique<LineReader>(std::move(window), LineCells::kWhole), make_native_json_format(info)};
}

// The formats that are told by what the file's first line looks like, and not by a heading.
std::string_view name_by_look(std::string_view start) {
    if (start.starts_with('{')) return "native";
    return is_cdnow(start) ? "cdnow" : "";
}

Result<OpenedFormat> open_format(const OpenBytes& open, TextWindow window, const SourceOptions& options,
                                 SourceInfo& info) {
    const std::string_view head = window.peek(kSampleBytes);
    const std::string_view start = trim(head);
    const std::string_view name = options.format == "auto" ? name_by_look(start) : std::string_view(options.format);
    if (options.format == "auto" && start.starts_with('<')) {
        return fail(Code::kInvalid, "format.unknown",
                    "this is a web page or XML, as some systems write under the name .xls; open it in a spreadsheet "
                    "and save it as CSV (UTF-8)");
    }
    const bool is_json = name == "native" && start.starts_with('{');
    if (!is_json && name != "cdnow" && name != "transactions") return open_csv(std::move(window), options, info);
    if (auto status = fill_info(info, *find_format(name), options); !status) return std::unexpected(status.error());
    if (is_json) return open_json(std::move(window), info);
    if (name == "cdnow") return open_cdnow(std::move(window), info);
    return open_transactions(open, std::move(window), info);
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_rows(const OpenBytes& open, const SourceOptions& options,
                                             std::size_t chunk_bytes) {
    if (options.format != "auto" && find_format(options.format) == nullptr) {
        return fail(Code::kInvalid, "format.unknown",
                    "'" + options.format + "' is not a format. Known formats: " + format_list());
    }
    auto bytes = open();
    if (!bytes) return std::unexpected(bytes.error());
    auto text = TextSource::open(std::move(*bytes));
    if (!text) return std::unexpected(text.error());
    SourceInfo info;
    info.file_size = (*text)->bytes().stored_size();
    TextWindow window(std::move(*text), chunk_bytes);
    if (is_blank(window.peek(kSampleBytes))) {
        if (auto status = window.more(); !status) return std::unexpected(status.error());
        if (is_blank({window.begin(), window.size()})) return fail(Code::kInvalid, "file.empty", "the file is empty");
    }
    info.encoding = to_string(window.source().encoding());
    auto opened = open_format(open, std::move(window), options, info);
    if (!opened) return std::unexpected(opened.error());
    return std::make_unique<FileRows>(std::move(info), std::move(*opened));
}

Result<std::unique_ptr<RowSource>> open_source(const std::filesystem::path& file, const SourceOptions& options) {
    const OpenBytes open = [file]() -> Result<std::unique_ptr<ByteSource>> {
        auto stored = open_file(file);
        if (!stored) return stored;
        return unpack(std::move(*stored));
    };
    return open_rows(open, options);
}

}  // namespace shuke::ingest

#include "ingest/preview.h"

namespace shuke::ingest {
namespace {

// The last day of UCI Online Retail.
constexpr CivilDate kLastDay{2011, 12, 9};

// One row's text as cells, for showing: the import itself reads with the CSV reader.
std::vector<std::string> cells_of(std::string_view row, char delimiter) {
    std::vector<std::string> cells(1);
    if (delimiter == '\0') return {std::string(row)};
    bool quoted = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const char c = row[i];
        if (c == '"' && quoted && i + 1 < row.size() && row[i + 1] == '"') {
            cells.back() += c;
            ++i;
        } else if (c == '"' && (quoted || cells.back().empty())) {
            quoted = !quoted;
        } else if (c == delimiter && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

}  // namespace

Result<Preview> preview(const std::filesystem::path& file, const SourceOptions& options, std::size_t most) {
    auto source = open_source(file, options);
    if (!source) return std::unexpected(source.error());
    Preview preview;
    RowBatch batch;
    if (auto read = (*source)->read(batch, most); !read) preview.warnings.push_back(read.error().detail);
    preview.info = (*source)->info();
    const char delimiter = preview.info.delimiter;
    if (!preview.info.header.empty()) preview.columns = cells_of(preview.info.header, delimiter);
    std::uint64_t last = 0;
    for (const auto& row : batch.rows) {
        if (row.row_number == last || preview.rows.size() >= most) continue;
        last = row.row_number;
        preview.rows.push_back(cells_of(row.raw, delimiter));
    }
    preview.warnings.insert(preview.warnings.end(), preview.info.notices.begin(), preview.info.notices.end());
    for (const auto& row : batch.rejected)
        preview.warnings.push_back("line " + std::to_string(row.line_number) + ": " + row.reason + " [" + row.key +
                                   "]");
    return preview;
}

Result<ImportOptions> sample_options(const Clock& clock) {
    const auto zone = TimeZone::find("Europe/London");
    if (!zone) return std::unexpected(zone.error());
    ImportOptions options;
    options.source.format = "online-retail";
    options.move_days = zone->day_of(clock.now()).days_since_epoch - 1 - to_day(kLastDay).days_since_epoch;
    return options;
}

}  // namespace shuke::ingest

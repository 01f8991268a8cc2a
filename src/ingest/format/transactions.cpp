#include "ingest/format/transactions.h"

#include <unordered_map>
#include <utility>

#include "base/crypto.h"
#include "base/text.h"
#include "ingest/source/csv_reader.h"
#include "ingest/source/line_reader.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kHashDigits = 16;

struct Survey {
    bool has_comma = false;
    std::string hash;
};

Result<Survey> survey(const OpenBytes& open) {
    auto bytes = open();
    if (!bytes) return std::unexpected(bytes.error());
    auto text = TextSource::open(std::move(*bytes));
    if (!text) return std::unexpected(text.error());
    Survey result;
    Checksum checksum;
    std::string buffer(64 << 10, '\0');
    while (true) {
        const auto count = (*text)->read(buffer);
        if (!count) return std::unexpected(count.error());
        if (*count == 0) break;
        const std::string_view piece = std::string_view(buffer).substr(0, *count);
        checksum.add(piece);
        result.has_comma = result.has_comma || piece.find(',') != piece.npos;
        (*text)->fault_within(UINT64_MAX, UINT64_MAX);  // forgets faults: the second reading reports them
    }
    result.hash = checksum.finish().substr(0, kHashDigits);
    return result;
}

class Transactions final : public RowFormat {
public:
    explicit Transactions(std::string hash) : hash_(std::move(hash)) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        const std::string_view order_no = keep(batch.texts, hash_ + "-" + std::to_string(record.number));
        items_.clear();
        for (const std::string_view cell : record.cells) {
            const std::string_view item = trim(cell);
            if (item.empty()) continue;
            const auto [known, is_new] = items_.try_emplace(item, batch.rows.size());
            if (is_new) {
                OrderRow& row = batch.rows.emplace_back();
                row.order_no = order_no;
                row.product = row.title = item;
            }
            batch.rows[known->second].quantity_milli += 1000;
        }
        return std::nullopt;
    }

private:
    std::string hash_;
    std::unordered_map<std::string_view, std::size_t> items_;  // of this basket → its row in the batch
};

}  // namespace

Result<OpenedFormat> open_transactions(const OpenBytes& open, TextWindow window, SourceInfo& info) {
    auto about = survey(open);
    if (!about) return std::unexpected(about.error());
    info.delimiter = about->has_comma ? ',' : ' ';
    CsvDialect dialect = detect_dialect(window.peek(kSampleBytes));
    dialect.delimiter = ',';
    OpenedFormat opened;
    if (about->has_comma)
        opened.reader = std::make_unique<CsvReader>(std::move(window), dialect);
    else
        opened.reader = std::make_unique<LineReader>(std::move(window), LineCells::kSplitByBlanks);
    opened.format = std::make_unique<Transactions>(std::move(about->hash));
    return opened;
}

}  // namespace shuke::ingest

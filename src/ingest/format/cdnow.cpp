#include "ingest/format/cdnow.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ingest/source/line_reader.h"

namespace shuke::ingest {
namespace {

enum Column : int { kCustomer, kDate, kQuantity, kAmount };

// In the order of the master file; also what its heading says.
constexpr ColumnName kColumns[] = {
    {kCustomer, "customer_id"}, {kDate, "date"}, {kQuantity, "number_of_cds"}, {kAmount, "dollar_value"}};

using Words = std::vector<std::string_view>;

bool is_heading(const Words& words) {
    return std::ranges::equal(
        words, kColumns, [](std::string_view word, const ColumnName& column) { return fold(word) == column.name; });
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool is_purchase(const Words& words) {
    if (words.size() != 4 && words.size() != 5) return false;
    return std::ranges::all_of(words, is_number) && words[words.size() - 3].size() == 8 &&
           words[words.size() - 1].find('.') != std::string_view::npos;
}

class Cdnow final : public RowFormat {
public:
    explicit Cdnow(const SourceInfo& info)
        : columns_(ColumnMap::by_position(kColumns)),
          clock_(info.time_zone),
          digits_(shuke::info(info.currency).digits) {}

    std::optional<RowFault> convert(const Record& record, RowBatch& batch) override {
        words_ = record.cells;
        if (words_.size() == 5) words_.erase(words_.begin() + 1);
        if (words_.size() != 4) {
            return RowFault{"", "row.ragged",
                            "the line has " + std::to_string(words_.size()) +
                                " values; expected customer, date, number of CDs and dollars"};
        }
        Cells cells(columns_, words_);
        OrderRow& row = batch.rows.emplace_back();
        row.buyer.external_id = words_[kCustomer];
        row.order_key = key_of(batch.texts);
        row.status = OrderStatus::kPaid;
        row.created_at = row.paid_at = cells.time(kDate, clock_);
        row.title = "CDs";
        read_money(cells, row);
        return cells.fault();
    }

private:
    std::string_view key_of(std::deque<std::string>& texts) const {
        std::string key;
        for (const std::string_view word : words_) key += (key.empty() ? "" : " ") + std::string(word);
        return keep(texts, key);
    }

    void read_money(Cells& cells, OrderRow& row) const {
        const auto quantity = cells.number(kQuantity);
        const auto amount = cells.number(kAmount);
        if (!quantity || !amount) return;
        if (quantity->units < 0) cells.reject(kQuantity, "quantity.negative", "a number of CDs cannot be negative");
        if (amount->units < 0) cells.reject(kAmount, "amount.negative", "a purchase cannot be negative");
        const auto milli = to_amount(*quantity, 3);
        const auto rounded = to_amount(*amount, digits_);
        if (!milli) return cells.reject(kQuantity, milli.error());
        if (!rounded) return cells.reject(kAmount, rounded.error());
        row.quantity_milli = milli->minor;
        row.line_amount = rounded->minor;
        row.rounding = rounded->error;
    }

    ColumnMap columns_;
    LocalClock clock_;
    int digits_;
    Words words_;
};

Words words_of(std::string_view line) {
    Words words;
    for (const std::string_view word : split(line, ' ')) {
        if (!trim(word).empty()) words.push_back(trim(word));
    }
    return words;
}

// Of the first line that is not blank.
Words first_words(std::string_view head) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    return words_of(head.substr(0, head.find('\n')));
}

}  // namespace

bool is_cdnow(std::string_view head) {
    const Words words = first_words(head);
    return is_heading(words) || is_purchase(words);
}

Result<OpenedFormat> open_cdnow(TextWindow window, SourceInfo& info) {
    const bool has_heading = is_heading(first_words(window.peek(kSampleBytes)));
    auto reader = std::make_unique<LineReader>(std::move(window), LineCells::kSplitByBlanks);
    if (has_heading) {
        Record heading;
        RecordFault fault;
        std::deque<std::string> texts;
        if (const auto found = reader->next(heading, fault, texts); !found) return std::unexpected(found.error());
        info.header = heading.raw;
    }
    info.delimiter = ' ';
    return OpenedFormat{std::move(reader), std::make_unique<Cdnow>(info)};
}

}  // namespace shuke::ingest

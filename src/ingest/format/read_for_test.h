// src/ingest/format/read_for_test.h: a whole file as rows, as tests look at it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/format/formats.h"

namespace shuke::ingest {

struct ReadFile {
    std::deque<RowBatch> batches;  // own what the rows point to
    std::vector<OrderRow> rows;
    std::vector<RejectedRow> rejected;
    std::uint64_t rows_read = 0;
    SourceInfo info;
    std::string error, error_detail;

    const OrderRow& operator[](std::size_t i) const { return rows.at(i); }
    // "line 3 price: price.negative" of each rejected row.
    std::vector<std::string> rejections() const {
        std::vector<std::string> list;
        for (const RejectedRow& row : rejected) {
            list.push_back("line " + std::to_string(row.line_number) + " " + row.column + ": " + row.key);
        }
        return list;
    }
};

inline ReadFile read_source(Result<std::unique_ptr<RowSource>> source, std::size_t most) {
    ReadFile file;
    if (!source) {
        file.error = source.error().key;
        file.error_detail = source.error().detail;
        return file;
    }
    while (true) {
        RowBatch& batch = file.batches.emplace_back();
        const auto status = (*source)->read(batch, most);
        if (!status) {
            file.error = status.error().key;
            file.error_detail = status.error().detail;
        }
        file.info = (*source)->info();
        if (!status || batch.rows_read == 0) return file;
        file.rows_read += batch.rows_read;
        file.rows.insert(file.rows.end(), batch.rows.begin(), batch.rows.end());
        file.rejected.insert(file.rejected.end(), batch.rejected.begin(), batch.rejected.end());
    }
}

inline SourceOptions as_format(std::string name) {
    SourceOptions options;
    options.format = std::move(name);
    return options;
}

inline ReadFile read_rows(const std::string& bytes, const SourceOptions& options = {},
                          std::size_t chunk_bytes = TextWindow::kChunkBytes, std::size_t most = 1000) {
    const OpenBytes open = [&] { return unpack(bytes_in_memory(bytes, chunk_bytes)); };
    return read_source(open_rows(open, options, chunk_bytes), most);
}

inline ReadFile read_path(const std::filesystem::path& path, const SourceOptions& options = {}) {
    return read_source(open_source(path, options), 8192);
}

// Everything a row says, for comparing.
inline std::string describe(const OrderRow& row) {
    const BuyerColumns& b = row.buyer;
    std::string text = std::to_string(static_cast<int>(row.kind)) + "|" + std::to_string(row.row_number) + "|" +
                       std::to_string(row.line_number) + "|" + (row.status ? std::string(to_string(*row.status)) : "-");
    for (const std::string_view part : {row.raw,         row.platform,  row.shop,
                                        row.order_no,    row.order_key, row.channel,
                                        row.coupon,      row.note,      row.source_line_id,
                                        row.product,     row.title,     row.sku,
                                        row.category,    row.brand,     b.external_id,
                                        b.open_id,       b.union_id,    b.nick,
                                        b.payer_account, b.member_no,   b.phone,
                                        b.telephone,     b.email,       b.name,
                                        b.province,      b.city,        b.district,
                                        b.street,        b.postcode}) {
        text += "|" + std::string(part);
    }
    for (const std::int64_t number : {row.created_at.us_since_epoch,
                                      row.paid_at.us_since_epoch,
                                      row.shipped_at.us_since_epoch,
                                      row.signed_at.us_since_epoch,
                                      row.finished_at.us_since_epoch,
                                      row.closed_at.us_since_epoch,
                                      row.updated_at.us_since_epoch,
                                      row.refunded_at.us_since_epoch,
                                      row.amount,
                                      row.discount,
                                      row.refunded,
                                      row.quantity_milli,
                                      row.price,
                                      row.line_amount,
                                      row.line_discount,
                                      row.line_refunded,
                                      std::int64_t{row.source_line_no},
                                      std::int64_t{b.birthday.days_since_epoch},
                                      static_cast<std::int64_t>(row.currency),
                                      static_cast<std::int64_t>(b.gender)}) {
        text += "|" + (number == kMissingAmount ? "" : std::to_string(number));
    }
    return text + "|" + std::to_string(row.rounding);
}

inline std::string describe(const ReadFile& file) {
    std::string text = file.error + "\n";
    for (const OrderRow& row : file.rows) text += describe(row) + "\n";
    for (const RejectedRow& row : file.rejected) {
        text += std::to_string(row.row_number) + "|" + std::to_string(row.line_number) + "|" + row.column + "|" +
                row.key + "|" + row.reason + "|" + row.raw + "\n";
    }
    return text;
}

// A file of the shared data or samples, which lie beside a checkout where they are present at all.
inline std::filesystem::path shared_file(std::string_view name) { return std::filesystem::path("../shared") / name; }

#define SKIP_WITHOUT(path)                                                                                      \
    if (!std::filesystem::exists(path)) {                                                                       \
        GTEST_SKIP() << "the file " << (path).string() << " is not here; tests run from the top of a checkout"; \
    }

inline Instant local(std::string_view text, std::string_view zone) {
    return to_instant(*parse_time(text), *TimeZone::find(zone));
}

}  // namespace shuke::ingest

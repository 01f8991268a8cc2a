#include "ingest/format/file_rows.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace shuke::ingest {
namespace {

constexpr std::uint64_t kBatchBytes = 32 << 20;
constexpr std::size_t kReservedRows = 8192;

bool is_empty(std::string_view cell) { return cell.empty() || is_blank(cell); }

}  // namespace

FileRows::FileRows(SourceInfo info, OpenedFormat opened) : info_(std::move(info)), opened_(std::move(opened)) {}

Status FileRows::read(RowBatch& batch, std::size_t most) {
    batch.rows.reserve(std::min(most, kReservedRows));
    std::uint64_t bytes = 0;
    while (!ended_ && !failure_ && batch.rows_read < most && bytes < kBatchBytes) {
        const auto found = opened_.reader->next(record_, fault_, batch.texts);
        if (!found) {
            failure_ = found.error();
        } else if (*found == Found::kEnd) {
            note_end();
        } else {
            bytes += hold_chunk(batch);
            take(*found, batch);
        }
    }
    batch.bytes_read = opened_.reader->text().bytes().stored_bytes_read();
    info_.encoding = to_string(opened_.reader->text().encoding());
    if (failure_ && batch.rows_read == 0) return std::unexpected(*failure_);
    return {};
}

// The record's text lives as long as the batch. Returns the bytes that this adds to the batch.
std::size_t FileRows::hold_chunk(RowBatch& batch) const {
    const TextChunk& chunk = opened_.reader->chunk();
    if (!batch.chunks.empty() && batch.chunks.back() == chunk) return 0;
    batch.chunks.push_back(chunk);
    return opened_.reader->chunk_bytes();
}

void FileRows::take(Found found, RowBatch& batch) {
    if (found == Found::kRecord && std::ranges::all_of(record_.cells, is_empty)) return;  // ",,,," is no row either
    record_.number = ++rows_;
    ++batch.rows_read;
    if (found == Found::kRejected)
        reject(batch, "", std::exchange(fault_.key, {}), std::exchange(fault_.reason, {}));
    else
        convert(batch);
}

void FileRows::convert(RowBatch& batch) {
    if (is_ragged()) {
        reject(batch, "", "row.ragged",
               "the row has " + std::to_string(record_.cells.size()) + " cells where the heading has " +
                   std::to_string(opened_.width) + "; is a quote or a delimiter missing or too many?");
        return;
    }
    const std::size_t before = batch.rows.size();
    if (auto fault = opened_.format->convert(record_, batch)) {
        batch.rows.resize(before);
        reject(batch, std::move(fault->column), std::move(fault->key), std::move(fault->reason));
        return;
    }
    for (std::size_t i = before; i < batch.rows.size(); ++i) {
        batch.rows[i].row_number = rows_;
        batch.rows[i].line_number = record_.line;
        batch.rows[i].raw = record_.raw;
    }
}

bool FileRows::is_ragged() const {
    const auto& cells = record_.cells;
    if (opened_.width == 0 || cells.size() == opened_.width) return false;
    if (cells.size() < opened_.width) return true;
    return !std::all_of(cells.begin() + static_cast<std::ptrdiff_t>(opened_.width), cells.end(), is_empty);
}

void FileRows::reject(RowBatch& batch, std::string column, std::string key, std::string reason) {
    batch.rejected.push_back(
        {rows_, record_.line, std::move(column), std::move(key), std::move(reason), repair_utf8(record_.raw)});
}

void FileRows::note_end() {
    ended_ = true;
    if (rows_ == 0) info_.notices.emplace_back("the file has a heading and no rows");
}

}  // namespace shuke::ingest

// src/ingest/format/file_rows.h
//
// The RowSource of every file format: records are read, checked, numbered and converted, batch by batch.
//
// Rejects  row.ragged, what the reader rejects and what the format does
// Memory   a batch holds the chunks of text it points into: 32 MB, or one chunk more where rows are large
#pragma once

#include <optional>

#include "ingest/format/row_format.h"

namespace shuke::ingest {

class FileRows final : public RowSource {
public:
    FileRows(SourceInfo info, OpenedFormat opened);
    const SourceInfo& info() const override { return info_; }
    Status read(RowBatch& batch, std::size_t most) override;

private:
    std::size_t hold_chunk(RowBatch& batch) const;
    void take(Found found, RowBatch& batch);
    void convert(RowBatch& batch);
    void reject(RowBatch& batch, std::string column, std::string key, std::string reason);
    bool is_ragged() const;
    void note_end();

    SourceInfo info_;
    OpenedFormat opened_;
    Record record_;
    RecordFault fault_;
    std::uint64_t rows_ = 0;
    bool ended_ = false;
    std::optional<Error> failure_;  // to be said after the rows before it
};

}  // namespace shuke::ingest

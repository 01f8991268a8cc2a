// src/ingest/format/formats.h
//
// The file formats there are, and which one a file has. open_source of row_source.h stands on this.
#pragma once

#include "ingest/format/transactions.h"
#include "ingest/row_source.h"

namespace shuke::ingest {

// As open_source, of bytes from anywhere; they are opened twice where the format needs it.
Result<std::unique_ptr<RowSource>> open_rows(const OpenBytes& open, const SourceOptions& options,
                                             std::size_t chunk_bytes = TextWindow::kChunkBytes);

}  // namespace shuke::ingest

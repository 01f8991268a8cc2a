// src/ingest/format/transactions.h
//
// Baskets: one transaction a line, its items separated by commas if any line of the file has one, else by blanks; no
// heading. Each basket is a guest's order without a time; each different item in it is a line of quantity n, without
// money. Commas make it CSV: items may be quoted.
//
// The order number is "<first 16 hex digits of the text's BLAKE2b-256>-<row>": the same file gives the same orders
// again, packed or not, in any encoding; another file never collides with it.
//
// Cost     the file is read twice: for the commas and the hash, then for its rows.
#pragma once

#include <functional>

#include "ingest/format/row_format.h"

namespace shuke::ingest {

// Opens the file's bytes from the beginning, unpacked.
using OpenBytes = std::function<Result<std::unique_ptr<ByteSource>>()>;

// Fills in info.delimiter. Errors: those of the first reading, so a file that breaks off is refused as a whole.
Result<OpenedFormat> open_transactions(const OpenBytes& open, TextWindow window, SourceInfo& info);

}  // namespace shuke::ingest

// src/ingest/format/cdnow.h
//
// CDNOW: purchases of an online music shop, one a line, values separated by blanks. Dollars, New York time.
//
//   master file   customer id, date YYYYMMDD, number of CDs, dollars; a heading line may stand first
//   sample file   the same with the customer's id in the sample behind the id in the master; the master's is used
//
// The source numbers no orders: order_key is "<id> <date> <CDs> <dollars>" as written. A purchase is one line, paid at
// midnight of its day. Amount 0.00 occurs.
//
// Rejects  row.ragged, time.*, number.*, amount.negative, quantity.negative
// Source   Fader, Hardie (2001), Interfaces 31(3), part 2; brucehardie.com/notes/008.
#pragma once

#include "ingest/format/row_format.h"

namespace shuke::ingest {

// Do the first lines of a file look like these?
bool is_cdnow(std::string_view head);
// Fills in info.header and info.delimiter.
Result<OpenedFormat> open_cdnow(TextWindow window, SourceInfo& info);

}  // namespace shuke::ingest

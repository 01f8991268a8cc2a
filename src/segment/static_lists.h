// src/segment/static_lists.h
//
// Lists of customers that somebody brings: rows of identifiers become members; rows that name nobody, or several
// people, are kept (sealed), counted, and can be tried again later.
//
//   in   rows in file order, and how a row's text names customers (the caller's: the room knows no identifiers)
//   out  every row counted as exactly one of named, unknown, ambiguous, empty
//
// Errors   list.unknown, list.in_use (a segment or rule names it), name.invalid, those of the record
// Threads  any; rows are looked up in a read transaction before the record's write turn is taken
// Cost     the look-ups, then about 5 µs a row
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "record/database.h"
#include "record/lists.h"

namespace shuke::segment {

// Customers that the text may mean; none where it is known to nobody.
using Resolve = std::function<std::vector<CustomerId>(soci::session& session, std::string_view text)>;

struct ListDraft {
    std::string name, description, actor;
    bool replace = false;  // whoever the file does not name leaves, and kept rows are forgotten
};
struct ListReport {
    std::int64_t rows = 0, named = 0, unknown = 0, ambiguous = 0, empty = 0;
    std::int64_t customers = 0;  // named, each once
    std::int64_t added = 0, removed = 0;
    bool is_new = false;
};

// Creates the list, or adds to it.
Result<ListReport> import_list(record::Database& database, const ListDraft& draft, const std::vector<std::string>& rows,
                               const Resolve& resolve);
// Looks the kept rows up again.
Result<ListReport> retry_unknowns(record::Database& database, std::string_view name, std::string_view actor,
                                  const Resolve& resolve);

Result<std::vector<record::StoredList>> all_lists(record::Database& database);
Result<record::StoredList> find_list(record::Database& database, std::string_view name);
Result<std::vector<CustomerId>> list_members(record::Database& database, std::string_view name, Instant at);
Result<std::vector<record::UnknownRow>> unknown_rows(record::Database& database, std::string_view name);
Status delete_list(record::Database& database, std::string_view name, std::string_view actor);

}  // namespace shuke::segment

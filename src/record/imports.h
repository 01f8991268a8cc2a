// src/record/imports.h: what was imported when, and the rows that could not be.
#pragma once

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/id.h"
#include "base/instant.h"
#include "record/statement_batch.h"

namespace shuke::record {

// Every row of a file ends as exactly one of the four; rows is their sum.
struct ImportCounts {
    std::int64_t rows = 0, imported = 0, unchanged = 0, adjustments = 0, rejected = 0;
};

struct ImportEntry {
    ImportId id;
    std::string file_name, format, state, failure;
    ShopId shop;
    Instant started_at = kNever, finished_at = kNever;
    ImportCounts counts;
};

// What stands where the text of a person who was erased stood.
inline constexpr std::string_view kErasedText = "(erased)";

struct StoredRejection {
    std::int64_t row_number = 0, line_number = 0;
    std::string column, problem, reason, row;
    Instant corrected_at = kNever;
};

ImportId start_import(soci::session& session, const KeyRing& keys, const ImportEntry& entry, std::string_view header);
void save_progress(soci::session& session, ImportId id, const ImportCounts& counts);
void finish_import(soci::session& session, const ImportEntry& entry);
std::vector<ImportEntry> all_imports(soci::session& session);

class RejectionWriter {
public:
    RejectionWriter(WriteSession& session, const KeyRing& keys, ImportId import);
    void add(const StoredRejection& rejection);
    void flush() { batch_.flush(); }
    void discard() { batch_.discard(); }

private:
    const KeyRing& keys_;
    ImportId import_;
    StatementBatch batch_;
};

// The heading row of an import's file (empty where it had none), and its rejected rows in file order.
// Failure import.unknown.
std::string import_header(soci::session& session, const KeyRing& keys, ImportId id);
void for_each_rejection(soci::session& session, const KeyRing& keys, ImportId id,
                        const std::function<void(const StoredRejection&)>& visit);

}  // namespace shuke::record

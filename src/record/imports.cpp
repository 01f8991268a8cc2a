#include "record/imports.h"

#include "base/error.h"
#include "record/database.h"

namespace shuke::record {
namespace {

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;

}  // namespace

ImportId start_import(soci::session& session, const KeyRing& keys, const ImportEntry& entry, std::string_view header) {
    long long id = 0;
    session << "SELECT coalesce(max(id), 0) + 1 FROM imports", soci::into(id);
    Nullable shop(entry.shop.value, 0);
    const long long started = entry.started_at.us_since_epoch;
    const std::string sealed = keys.seal(header);
    session << "INSERT INTO imports (id, file_name, format, shop_id, state, started_at, rows_read, imported, "
               "unchanged, adjustments, "
               "rejected, header_sealed) VALUES (:id, :file, :format, :shop, 'running', :started, 0, 0, 0, 0, 0, "
               "nullif(:header, ''))",
        soci::use(id), soci::use(entry.file_name), soci::use(entry.format), soci::use(shop.value, shop.indicator),
        soci::use(started), soci::use(sealed);
    return ImportId{id};
}

void save_progress(soci::session& session, ImportId id, const ImportCounts& counts) {
    const long long import = id.value, rows = counts.rows, imported = counts.imported, unchanged = counts.unchanged,
                    adjustments = counts.adjustments, rejected = counts.rejected;
    session << "UPDATE imports SET rows_read = :rows, imported = :imported, unchanged = :unchanged, adjustments = "
               ":adjustments, "
               "rejected = :rejected WHERE id = :id",
        soci::use(rows), soci::use(imported), soci::use(unchanged), soci::use(adjustments), soci::use(rejected),
        soci::use(import);
}

void finish_import(soci::session& session, const ImportEntry& entry) {
    save_progress(session, entry.id, entry.counts);
    const long long id = entry.id.value, finished = entry.finished_at.us_since_epoch;
    session
        << "UPDATE imports SET state = :state, finished_at = :finished, failure = nullif(:failure, '') WHERE id = :id",
        soci::use(entry.state), soci::use(finished), soci::use(entry.failure), soci::use(id);
}

std::vector<ImportEntry> all_imports(soci::session& session) {
    std::vector<ImportEntry> imports;
    ImportEntry entry;
    long long id = 0, started = 0, rows = 0, imported = 0, unchanged = 0, adjustments = 0, rejected = 0;
    Nullable shop, finished;
    soci::indicator failure = soci::i_ok;
    soci::statement select =
        (session.prepare << "SELECT id, file_name, format, shop_id, state, started_at, finished_at, rows_read, "
                            "imported, unchanged, "
                            "adjustments, rejected, failure FROM imports ORDER BY id",
         soci::into(id), soci::into(entry.file_name), soci::into(entry.format), soci::into(shop.value, shop.indicator),
         soci::into(entry.state), soci::into(started), soci::into(finished.value, finished.indicator), soci::into(rows),
         soci::into(imported), soci::into(unchanged), soci::into(adjustments), soci::into(rejected),
         soci::into(entry.failure, failure));
    select.execute();
    while (select.fetch()) {
        entry.id = ImportId{id};
        entry.shop = ShopId{shop.or_else(0)};
        entry.started_at = Instant{started};
        entry.finished_at = Instant{finished.or_else(kNever.us_since_epoch)};
        entry.counts = {rows, imported, unchanged, adjustments, rejected};
        if (failure == soci::i_null) entry.failure.clear();
        imports.push_back(entry);
    }
    return imports;
}

RejectionWriter::RejectionWriter(WriteSession& session, const KeyRing& keys, ImportId import)
    : keys_(keys),
      import_(import),
      batch_(session,
             insert_into("rejected_rows", {"import_id", "row_number", "line_number", "column_name", "problem",
                                           "reason_sealed", "row_sealed"}),
             {kInt, kInt, kInt, kText, kText, kText, kText}, 128) {}

void RejectionWriter::add(const StoredRejection& rejection) {
    batch_.integer(import_.value).integer(rejection.row_number).integer(rejection.line_number).text(rejection.column);
    batch_.text(rejection.problem).text(keys_.seal(rejection.reason)).text(keys_.seal(rejection.row));
}

std::string import_header(soci::session& session, const KeyRing& keys, ImportId id) {
    const long long import = id.value;
    std::string sealed;
    soci::indicator known = soci::i_ok;
    session << "SELECT header_sealed FROM imports WHERE id = :id", soci::use(import), soci::into(sealed, known);
    if (!session.got_data()) {
        throw Failure{{Code::kNotFound, "import.unknown",
                       "there is no import " + std::to_string(id.value) + "; see: shuke imports"}};
    }
    return known == soci::i_null ? std::string() : or_throw(keys.unseal(sealed));
}

void for_each_rejection(soci::session& session, const KeyRing& keys, ImportId id,
                        const std::function<void(const StoredRejection&)>& visit) {
    const long long import = id.value;
    StoredRejection row;
    long long row_number = 0, line_number = 0;
    std::string reason, text;
    Nullable corrected;
    soci::statement select = (session.prepare << "SELECT row_number, line_number, column_name, problem, reason_sealed, "
                                                 "row_sealed, corrected_at FROM rejected_rows "
                                                 "WHERE import_id = :id ORDER BY row_number",
                              soci::use(import), soci::into(row_number), soci::into(line_number),
                              soci::into(row.column), soci::into(row.problem), soci::into(reason), soci::into(text),
                              soci::into(corrected.value, corrected.indicator));
    select.execute();
    while (select.fetch()) {
        row.row_number = row_number;
        row.line_number = line_number;
        row.reason = or_throw(keys.unseal(reason));
        row.row = or_throw(keys.unseal(text));
        row.corrected_at = Instant{corrected.or_else(kNever.us_since_epoch)};
        visit(row);
    }
}

}  // namespace shuke::record

// src/ingest/import.h
//
// One file into the record: read in one thread, written in another, committed in chunks. Everything a chunk holds is
// committed together with the counts of the import, so that after a crash the record holds what was read until then;
// running the import again completes it.
//
//   in   a file, the shop and format it belongs to
//   out  what became of its rows. rows = imported + unchanged + adjustments + rejected.
//
// Errors   of the file as a whole (file.*, encoding.*, format.unknown, header.*) before anything is written; later
//          ones (file.truncated, record.disk_full …) leave what was committed, and the import marked as failed
// Memory   bounded: a few chunks, caches with fixed limits, some bits a line
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "ingest/row_source.h"
#include "record/database.h"
#include "record/imports.h"

namespace shuke::ingest {

struct ImportOptions {
    SourceOptions source;
    std::string shop;  // empty: the source's default
    std::string actor = "cli";
    std::string file_name;       // what the file is called in the record; empty: its own name
    bool dry_run = false;        // everything is done in one transaction, and then taken back; see dry_run.h
    std::int64_t move_days = 0;  // added to every time of the file, in whole local days (the demo)
    std::size_t chunk_rows = 50'000;
};

struct ImportProgress {
    std::uint64_t bytes_read, file_size;
    std::int64_t rows;
    double seconds;
};

struct ImportReport {
    ImportId import;
    std::string file;
    SourceInfo source;
    std::string shop;
    record::ImportCounts counts;
    std::int64_t orders = 0, lines = 0, refunds = 0, customers = 0;  // new or changed
    std::map<Currency, double> rounding;  // Σ (rounded − exact) of line amounts, in major units
    double seconds = 0;
    std::vector<RejectedRow> first_rejected;  // the first few, for the terminal
    std::vector<std::string> currencies_without_rate;
    std::optional<Error> failure;  // the file could not be read or written to its end
};

Result<ImportReport> import_file(record::Database& database, const std::filesystem::path& file,
                                 const ImportOptions& options,
                                 const std::function<void(const ImportProgress&)>& progress = {});

}  // namespace shuke::ingest

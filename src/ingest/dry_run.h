// src/ingest/dry_run.h
//
// What an import would do, without doing it.
//
// A dry run needs what it wrote itself (the second row of an order is no new order), so it has to write somewhere. A small
// file is written in one transaction that is rolled back, as short as any chunk of a real import. A large one would
// hold the writer's turn to its end, and everybody would wait: it is imported into a copy of the record that is thrown
// away. The copy takes as long as copying the database file, and its room on the disk for as long.
// On PostgreSQL there is no such copy: there every dry run is one transaction.
//
// Errors   those of an import; those of copying (disk full)
#pragma once

#include "ingest/import.h"

namespace shuke::ingest {

Result<ImportReport> dry_run(record::Database& database, const std::filesystem::path& file,
                             const ImportOptions& options,
                             const std::function<void(const ImportProgress&)>& progress = {});

// Takes away copies that a crash left behind.
void forget_dry_runs(const std::filesystem::path& data_folder);

}  // namespace shuke::ingest

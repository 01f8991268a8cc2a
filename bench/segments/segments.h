// bench/segments/segments.h
//
// The standard segments: one question in the audience language, in SQL, and as a loop written by hand.
//
// In SQL {90d} stands for the second 90 days before the instant asked about, {2024-11-11} for the beginning of that day
// in Shanghai. `sql` serves every dialect without a text of its own.
#pragma once

#include <span>
#include <string>

#include "segments/loops.h"
#include "segments/peer.h"

namespace shuke::bench {

struct Segment {
    const char* name;
    const char* shuke;
    const char* sql;
    const char* duckdb = nullptr;
    const char* clickhouse = nullptr;
    const char* postgres = nullptr;
    const char* sqlite = nullptr;
    Loop loop;
    const char* edited = nullptr;  // the same with one condition changed
};

std::span<const Segment> segments();
std::string sql_of(const Segment& segment, Dialect dialect);
std::string with_dates(std::string sql);

}  // namespace shuke::bench

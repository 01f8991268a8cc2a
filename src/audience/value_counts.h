// src/audience/value_counts.h
//
// How many customers have each value of an attribute of text or of choice: what a group is made of, in one pass.
//
//   in   the attribute's name (province, platform, tier, lifecycle, rfm.class, gender …), and who (all customers that
//        exist as of the instant when null)
//   out  the most frequent value first, among equals in the order of the texts; a choice as its key; the empty value, for
//        those in whom it is missing, last
//
// Errors   those of binding: a name nobody knows, an attribute that is neither text nor choice
// Threads  pure; blocks are shared out over the pool
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::audience {

struct ValueCount {
    std::string value;
    std::uint64_t customers = 0;
};

Result<std::vector<ValueCount>> count_by_value(const Version& version, std::string_view attribute, Instant as_of,
                                               const Selection* who = nullptr, WorkerPool* pool = nullptr);

}  // namespace shuke::audience

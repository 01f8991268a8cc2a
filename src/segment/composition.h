// src/segment/composition.h: what a selection is made of: by region, life cycle, RFM class, tier, spend, gender and
// platform. Each bucket carries the expression that says it.
//
// Errors   none; a bug when the language does not know its own attributes
// Cost     one pass over the selection for each of the seven
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::segment {

struct Bucket {
    std::string value, zh, en;  // value "": missing
    std::uint64_t customers = 0;
    double share = 0;  // of the selection
    std::string expression;
};
using Composition = std::vector<std::pair<std::string_view, std::vector<Bucket>>>;

// Names: region (the most frequent provinces), lifecycle, rfm_class, tier, spend_histogram, gender, platform; buckets of
// nobody are left out, but for the histogram's.
Composition composition(const audience::Version& version, const audience::Selection& selection, Instant as_of,
                        audience::WorkerPool* pool = nullptr);

}  // namespace shuke::segment

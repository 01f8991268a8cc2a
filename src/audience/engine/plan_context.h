// src/audience/engine/plan_context.h: what compiling an expression for one version and one instant needs.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audience/engine/aggregate.h"
#include "audience/engine/block.h"
#include "audience/expression/bound.h"
#include "audience/schema.h"
#include "audience/version.h"
#include "base/instant.h"

namespace shuke::audience {

class Counters;
class PredicateCache;
class WorkerPool;

// Numbers of all customers by block and slot (NaN = missing), by metric_key: what a population metric was taken from, so
// that `x > average(x)` measures x once.
using MeasuredMetrics = std::map<std::string, std::shared_ptr<const std::vector<SlotNumbers>>>;

struct PlanContext {
    const Version& version;
    Instant as_of;
    WorkerPool* pool = nullptr;  // for what compiling has to evaluate: population metrics, segments with a top
    PredicateCache* cache = nullptr;
    Counters* counters = nullptr;                                                     // for a profile
    std::shared_ptr<MeasuredMetrics> measured = std::make_shared<MeasuredMetrics>();  // so far, for this question

    const SharedTables& shared() const { return version.shared(); }
    std::int64_t now() const { return as_of.seconds(); }
};

// Which dictionary a text field's or attribute's texts are in.
TextDomain domain_of(FieldKey field);
TextDomain domain_of(AttributeKey attribute);

// text of the domain by the codes a column has: null where the column's codes are the domain's own.
const std::vector<std::uint32_t>* text_of_stored(const SharedTables& shared, FieldKey field);

// For every text code of the domain (0 = missing first): does it pass?
std::vector<std::uint8_t> passing_texts(const SharedTables& shared, TextDomain domain, const bound::TextTest& test);

}  // namespace shuke::audience

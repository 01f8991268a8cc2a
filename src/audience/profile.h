// src/audience/profile.h
//
// What the engine did to answer an expression: each condition in the order in which it was asked, with the blocks it
// read, those in which nothing of its facts could match, those that the cache knew, and the time it took. For whoever
// wants to know why a question is slow, and for `shuke segment explain --engine`.
//
// Threads  as evaluate()
// Cost     two readings of the clock a condition and block on top of evaluate()
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::audience {

struct ConditionProfile {
    std::string text;
    std::uint64_t read = 0;     // blocks whose rows were looked at
    std::uint64_t skipped = 0;  // blocks in which none of its facts can match, or nobody was left to ask about
    std::uint64_t cached = 0;   // blocks of which everything asked was known
    std::uint64_t asked = 0;    // customers it was asked about
    std::uint64_t kept = 0;     // of these, who satisfied it
    double milliseconds = 0;    // of all threads together; that of its parts is in it
    std::vector<ConditionProfile> parts;
};

struct Profile {
    ConditionProfile root;
    double plan_milliseconds = 0;      // compiling, population metrics and segments with a top among it
    double evaluate_milliseconds = 0;  // by the clock
    std::uint64_t chosen = 0;
    std::uint64_t customers = 0;
    std::uint64_t blocks = 0;
    unsigned threads = 1;
};

Profile profile(const Version& version, const BoundExpression& expression, Instant as_of, WorkerPool* pool = nullptr,
                PredicateCache* cache = nullptr);

}  // namespace shuke::audience

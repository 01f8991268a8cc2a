// src/segment/library.h
//
// Ready-made segments, to begin with: each with its names, its definition and one line on when to use it. They are
// data; saving one copies its definition, which may then be changed like any other.
//
// What needs words that the language does not have yet says so in `needs`; it is shown, and cannot be saved.
#pragma once

#include <span>
#include <string_view>

namespace shuke::segment {

struct ReadyMade {
    std::string_view key;               // what commands take
    std::string_view group;             // "life cycle" …
    std::string_view name_zh, name_en;  // either is understood, too
    std::string_view expression;
    std::string_view use_zh, use_en;  // when to use it
    std::string_view needs = {};      // words it waits for; empty: ready
};

std::span<const ReadyMade> library();
// By key or either name; null where there is none.
const ReadyMade* find_ready_made(std::string_view name);

}  // namespace shuke::segment

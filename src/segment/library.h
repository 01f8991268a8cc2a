// src/segment/library.h
//
// Ready-made segments, to begin with: each with its names, its definition and one line on when to use it. They are
// data; saving one copies its definition, which may then be changed like any other. Some ask for what not every shop
// has (reviews, tickets, points …) and find nobody until it has.
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
};

std::span<const ReadyMade> library();
// By key or either name; null where there is none.
const ReadyMade* find_ready_made(std::string_view name);

}  // namespace shuke::segment

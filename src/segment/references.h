// src/segment/references.h: what an expression names: segment("…"), was_in("…"), list("…").
//
// Read from the tokens, so that it needs no record and works on text that does not bind (any more).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shuke::segment {

struct References {
    std::set<std::string> segments;  // by definition: segment("…")
    std::set<std::string> was_in;    // by recorded membership: was_in("…")
    std::set<std::string> lists;     // list("…")
};
References references_of(std::string_view expression);

// A way from `start` back to itself along segment("…"), its names in order, both ends included; empty if there is none.
// `expressions` holds every definition by name. was_in("…") closes no circle: it reads what was recorded.
std::vector<std::string> find_cycle(const std::map<std::string, std::string>& expressions, const std::string& start);

}  // namespace shuke::segment

// src/api/body_json.h
//
// A body as JSON. What would cost much to read before anybody could judge it is refused at sight: nesting deeper than
// kDepthMax, and objects of more than kMembersMax members (ours keep the order of their members and look for one among all,
// so reading grows with the square).
//
// Errors   request.json, with the place
// Threads  any
#pragma once

#include <string_view>

#include "api/problem.h"

namespace shuke::api {

inline constexpr int kDepthMax = 1000;
inline constexpr int kMembersMax = 1000;

Result<Json> read_json(std::string_view text);

}  // namespace shuke::api

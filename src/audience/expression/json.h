// src/audience/expression/json.h
//
// The expression as JSON, for the console's builder and for whatever stores it: to_json and from_json are each other's
// inverse, as parse and print are. The form is versioned:
//
//   {"version": 1, "where": PREDICATE, "top": {"amount": "20", "percent": true, "by": METRIC}, "sample": {"percent": "10",
//    "seed": 7}}
//
//   PREDICATE   {"all": true} | {"and": [P…]} | {"or": [P…]} | {"not": P} | {"any": FACTS} | {"flag": NAME}
//             | {"compare": [METRIC, OP, METRIC]} | {"in": [METRIC, [VALUE…]]} | {"not_in": …} | {"missing": METRIC}
//             | {"known": METRIC} | {"during": [METRIC, WINDOW]} | {"segment": NAME} | {"was_in": …} | {"list": …}
//             | {"tag": …} | {"reachable": …} | {"subscribed": …}
//   METRIC      VALUE | {"call": AGGREGATE, FACTS…} | {"calculate": [METRIC, SIGN, METRIC…]}
//             | {"average": METRIC} | {"median": METRIC} | {"percentile": METRIC, "percent": NUMBER}
//   VALUE       {"name": …} | {"text": …} | {"number": "2.50"} | {"date": "2024-03-01"}
//   FACTS       "fact", "field", "where": PREDICATE, "window": WINDOW; all but the fact may be absent
//   WINDOW      text, as in the language: "within last 90 days"
//
// Numbers are texts, so that 2.50 stays 2.50. Unknown members are an error, so that a typing mistake is not overheard.
//
// Errors   expression.json names the member by its path (/where/and/1/compare/0); expression.too_deep, .too_long.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "audience/expression.h"

namespace shuke::audience {

nlohmann::ordered_json to_json(const Expression& expression);
Result<Expression> from_json(const nlohmann::ordered_json& json);
Result<Expression> from_json(std::string_view text);

}  // namespace shuke::audience

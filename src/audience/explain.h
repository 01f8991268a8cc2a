// src/audience/explain.h
//
// Why is this customer in the audience, or not? Every predicate of the expression with the value it saw and
// whether it held. Computed by the engine itself, on the customer's own block, so it never differs from evaluate().
//
// Errors   expression.customer_unknown when the version has no such customer.
#pragma once

#include <string>
#include <vector>

#include "audience/evaluate.h"

namespace shuke::audience {

struct Explanation {
    std::string text;  // the predicate, printed
    std::string seen;  // the value it saw: "3", "412.50", "浙江", "2011-11-20 10:15:00"; empty if missing or not a leaf
    bool missing = false;  // the value it saw was missing
    bool held = false;
    std::string words_en, words_zh;  // one sentence each
    std::vector<Explanation> parts;  // of and, or, not
};

// The root's words say so when the customer did not exist yet as of the instant; nothing holds then.
Result<Explanation> explain(const Version& version, const BoundExpression& expression, CustomerId customer,
                            Instant as_of);

}  // namespace shuke::audience

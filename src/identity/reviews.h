// src/identity/reviews.h
//
// Pairs of customers that a person should look at: two accounts carry the same identifier, one that does not unite by itself
// (a landline, a payer's account, a phone that many names use), and nobody has decided yet.
//
// A review's id is the identifier's: of several pairs behind one identifier the two oldest customers come first, and the
// next pair when these are decided.
//
// Call inside a transaction; errors are Failures: review.unknown
#pragma once

#include <soci/soci.h>

#include <vector>

#include "base/crypto.h"
#include "base/personal.h"
#include "identity/customer_sets.h"

namespace shuke::identity {

struct Review {
    std::int64_t id = 0;
    CustomerId a = {}, b = {};
    record::AccountId account_a = {}, account_b = {};
    int kind = 0;  // IdentifierKind
    Personal<std::string> value{""};
};
// By id, those above `after`.
std::vector<Review> open_reviews(soci::session& session, const KeyRing& keys, Instant now, std::int64_t after,
                                 std::size_t most);

enum class Verdict : std::uint8_t { kSame, kDifferent, kLater };
// Customers there are now of the two. Later: comes back in 30 days.
std::vector<CustomerId> decide_review(soci::session& session, const KeyRing& keys, std::int64_t id, Verdict verdict,
                                      const std::string& reason, const Decision& decision);

}  // namespace shuke::identity

// src/record/survivors.h
//
// Who is who today: the living customer behind an id that was merged, perhaps more than once. Read once, for many ids.
//
// Cost  one scan over the merged customers, 16 B each.
#pragma once

#include <soci/soci.h>

#include <functional>
#include <unordered_map>

#include "base/id.h"

namespace shuke::record {

class Survivors {
public:
    explicit Survivors(soci::session& session);
    CustomerId of(CustomerId customer) const;
    // Every id that was merged, with its living customer, in no order.
    void for_each(const std::function<void(CustomerId merged, CustomerId living)>& visit) const;

private:
    std::unordered_map<std::int64_t, std::int64_t> merged_into_;
};

}  // namespace shuke::record

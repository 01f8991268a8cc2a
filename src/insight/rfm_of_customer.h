// src/insight/rfm_of_customer.h: one customer's place in an RFM table, and why, in words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "insight/rfm.h"

namespace shuke::insight {

struct RfmReason {
    std::string zh, en;
};
struct RfmOfCustomer {
    RfmRow row;
    std::vector<RfmReason> reasons;  // of r, f and m
};
// Nothing: the customer is not in the table. `digits`: of the base currency.
std::optional<RfmOfCustomer> rfm_of(const RfmResult& table, CustomerId customer, int digits);

}  // namespace shuke::insight

// bench/segments/arrays.h
//
// The world as plain arrays, grouped by customer, each customer's rows ascending in time: what a C++ programmer would
// write by hand for these questions, and what the peers are loaded from. Customer c (from 0; its id is c + 1) owns the
// rows [offsets[c], offsets[c + 1]). States are those of end_of_world(): paid, kept, net are stored, not derived.
//
// Cost     about 40 bytes an order, 16 a line.
#pragma once

#include <cstdint>
#include <vector>

#include "segments/world.h"

namespace shuke::bench {

template <class T>
using Array = std::vector<T>;

struct Arrays {
    struct Customers {
        Array<std::uint8_t> gender, province;
        Array<std::uint32_t> created_at;
    } customers;
    struct Orders {
        Array<std::uint32_t> offsets, id, at;
        Array<std::uint8_t> shop, paid, kept, channel, province, hour;  // shop 1 or 2: platform too
        Array<std::int32_t> amount, discount, net;                      // net: of kept orders, less refunds
        Array<std::int32_t> day;                                        // shop-local
    } orders;
    struct Lines {
        Array<std::uint32_t> offsets, at;
        Array<std::uint8_t> paid;
        Array<std::uint16_t> product, category;
        Array<std::int32_t> amount;
    } lines;
    struct Refunds {
        Array<std::uint32_t> offsets, at;
        Array<std::int32_t> amount;
    } refunds;
    struct Messages {
        Array<std::uint32_t> offsets, at;
        Array<std::uint8_t> channel, delivered;
    } messages;

    std::uint32_t size() const { return static_cast<std::uint32_t>(customers.gender.size()); }
};

Arrays make_arrays(const WorldShape& shape);

}  // namespace shuke::bench

// src/base/id.h: one tag per kind of thing; a CustomerId never fits where an OrderId goes. 0 = none.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace shuke {

template <class Tag>
struct Id {
    std::int64_t value = 0;
    auto operator<=>(const Id&) const = default;
    explicit operator bool() const { return value != 0; }
};

using ShopId = Id<struct ShopTag>;
using CustomerId = Id<struct CustomerTag>;
using OrderId = Id<struct OrderTag>;
using RefundId = Id<struct RefundTag>;
using ProductId = Id<struct ProductTag>;
using LabelId = Id<struct LabelTag>;
using ImportId = Id<struct ImportTag>;

}  // namespace shuke

template <class Tag>
struct std::hash<shuke::Id<Tag>> {
    std::size_t operator()(shuke::Id<Tag> id) const noexcept { return std::hash<std::int64_t>()(id.value); }
};

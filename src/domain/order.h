// src/domain/order.h: the states of an order and what a shop is. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"

namespace shuke {

// In the order of an order's life. `closed` ends an order early: a closed order that was paid was paid and is
// (usually) refunded; one that was not paid was given up.
enum class OrderStatus : std::uint8_t { kCreated, kPaid, kShipped, kSigned, kFinished, kClosed };

inline constexpr std::string_view kOrderStatusNames[] = {"created", "paid", "shipped", "signed", "finished", "closed"};

inline std::string_view to_string(OrderStatus status) { return kOrderStatusNames[static_cast<std::size_t>(status)]; }

// "delivered" is another word for signed.
inline std::optional<OrderStatus> parse_order_status(std::string_view text) {
    if (text == "delivered") return OrderStatus::kSigned;
    for (std::size_t i = 0; i < std::size(kOrderStatusNames); ++i) {
        if (kOrderStatusNames[i] == text) return static_cast<OrderStatus>(i);
    }
    return std::nullopt;
}

struct Shop {
    ShopId id;
    std::string platform;  // "taobao", "shopify", "online-retail" … as the source names it
    std::string name;
    Currency currency = Currency::kCNY;
    std::string time_zone = "Asia/Shanghai";
};

}  // namespace shuke

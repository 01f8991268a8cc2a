// src/record/order_pages.h: orders as people look through them: some at a time, the newest first, with their lines.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/money.h"
#include "domain/order.h"
#include "record/orders.h"

namespace shuke::record {

struct PagedLine {
    std::int32_t line_no = 0;
    std::string product, title, sku, category, brand;
    std::int64_t quantity_milli = 0;
    std::int64_t price = kMissingAmount, amount = kMissingAmount, discount = kMissingAmount, refunded = kMissingAmount;
};
struct PagedOrder {
    OrderId id;
    std::string order_no;
    ShopId shop;
    CustomerId customer;  // 0: a guest
    OrderHeader header;   // amount: stated, else the sum of the lines
    std::vector<PagedLine> lines;
};
struct OrderFilter {
    std::string order_no = {};       // "": any
    Day from = kNoDay, to = kNoDay;  // shop-local days of creation, both included; kNoDay: open
    std::optional<OrderStatus> status = {};
    std::vector<ShopId> shops = {};          // empty: of any
    std::vector<CustomerId> customers = {};  // of these; empty: of any
    std::int64_t before = 0;                 // ids below; 0: from the newest on
    int limit = 50;
};
std::vector<PagedOrder> page_of_orders(soci::session& session, const OrderFilter& filter);
std::optional<PagedOrder> paged_order(soci::session& session, OrderId id);

}  // namespace shuke::record

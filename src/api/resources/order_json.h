// src/api/resources/order_json.h
#pragma once

#include <span>

#include "api/call.h"
#include "record/order_pages.h"

namespace shuke::api {

Json order_json(const record::PagedOrder& order, std::span<const Shop> shops);
Json lines_json(const record::PagedOrder& order);
// The page that the call asks for, of orders the filter lets through.
Reply order_page(Call& call, record::OrderFilter filter);

}  // namespace shuke::api

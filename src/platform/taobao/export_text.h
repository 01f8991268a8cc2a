// src/platform/taobao/export_text.h
//
// How the seller centre of Taobao and Tmall (卖家中心) writes cells into its CSV exports, and how spreadsheets leave
// them behind.
//
// Threads  pure.
// Source   header rows and samples compared over public importers; docs/guide/formats.md.
#pragma once

#include <optional>
#include <string_view>

#include "domain/order.h"

namespace shuke::platform::taobao {

// ="123" → 123; '138… → 138…; a lone ' is an empty cell. Masked values (李**, 130****0002, ~…==~1~) and privacy numbers
// (18000000000-1234) stay as they are.
std::string_view plain_cell(std::string_view cell);

// "199.00元", "￥199.00" → "199.00"; 无退款申请 (no refund is asked for) → "0".
std::string_view number_text(std::string_view cell);

// 订单状态. Commas, full-width or not, and blanks do not matter. nullopt: a word that is not known.
std::optional<OrderStatus> parse_export_status(std::string_view word);

}  // namespace shuke::platform::taobao

// src/ingest/format/taobao.h
//
// The order exports of Taobao's and Tmall's seller centre, told apart by their headings:
//
//   ExportOrderList         one row an order → kOrder; the monthly report of seven columns is one of these
//   ExportOrderDetailList   one row an order line → kLine, joined to its order by the order number
//
// What was paid. Our `amount` is what the buyer paid for the order, before refunds; an unpaid order's is what is asked
// for it (总金额, else 买家应付货款 + 买家应付邮费). 买家实际支付金额 is the paid amount in most exports and what is left of it
// after refunds in others, the monthly report among them. It is the latter where it and 退款金额 add up to 总金额, or
// where less is left than was refunded; then the two together were paid. (In the other reading the buyer would have
// used vouchers for exactly the amount of the refund.)
//
// A line's status says something of its order unless it is 交易关闭, which may be of that line alone.
//
// Rejects  order_no.*, status.unknown, time.*, number.*, amount.negative, price.negative, quantity.negative
#pragma once

#include "ingest/format/row_format.h"

namespace shuke::ingest {

enum class TaobaoFile { kNone, kOrders, kLines };
TaobaoFile taobao_file(const Heading& heading);

// Of a heading that taobao_file knows. Errors header.duplicate_column.
Result<std::unique_ptr<RowFormat>> make_taobao_format(const Heading& heading, SourceInfo& info);

}  // namespace shuke::ingest

// src/platform/taobao/export_columns.h
//
// The headings of the seller centre's order exports, of all generations (about 2013, 2018, 2019, 2021) and of the
// monthly order report. A generation is an earlier one with columns added, so one table serves all; several headings
// may mean one column, the first one present counts. Columns without use here (发票抬头, 物流公司 …) are not listed.
#pragma once

#include <string_view>

namespace shuke::platform::taobao {

// ExportOrderList: one row an order. Also the report 订单编号, 总金额, 买家实际支付金额, 收货地址, 订单创建时间, 订单付款时间, 退款金额.
enum class OrderColumn : int {
    kOrderNo,
    kNick,
    kPayerAccount,
    kGoodsDue,
    kPostageDue,
    kTotal,
    kPaid,
    kRefunded,
    kStatus,
    kBuyerMessage,
    kReceiver,
    kAddress,
    kTelephone,
    kPhone,
    kCreatedAt,
    kPaidAt,
    kShippedAt,
    kFinishedAt,
    kSellerNote,
    kShop,
    kDevice,
};

// ExportOrderDetailList: one row an order line.
enum class DetailColumn : int {
    kOrderNo,
    kTitle,
    kPrice,
    kQuantity,
    kSkuCode,
    kSkuText,
    kStatus,
    kProductCode,
    kCreatedAt,
    kLineId,
    kDue,
    kPaid,
    kRefunded,
};

template <class Column>
struct ExportColumn {
    Column column;
    std::string_view heading;
};

inline constexpr ExportColumn<OrderColumn> kOrderColumns[] = {
    {OrderColumn::kOrderNo, "订单编号"},
    {OrderColumn::kNick, "买家会员名"},
    {OrderColumn::kNick, "买家昵称"},
    {OrderColumn::kPayerAccount, "买家支付宝账号"},
    {OrderColumn::kGoodsDue, "买家应付货款"},
    {OrderColumn::kPostageDue, "买家应付邮费"},
    {OrderColumn::kTotal, "总金额"},
    {OrderColumn::kPaid, "买家实际支付金额"},
    {OrderColumn::kPaid, "买家实付金额"},
    {OrderColumn::kPaid, "支付金额"},
    {OrderColumn::kRefunded, "退款金额"},
    {OrderColumn::kStatus, "订单状态"},
    {OrderColumn::kBuyerMessage, "买家留言"},
    {OrderColumn::kReceiver, "收货人姓名"},
    {OrderColumn::kReceiver, "收货人"},
    {OrderColumn::kAddress, "收货地址"},
    {OrderColumn::kTelephone, "联系电话"},
    {OrderColumn::kPhone, "联系手机"},
    {OrderColumn::kCreatedAt, "订单创建时间"},
    {OrderColumn::kCreatedAt, "买家下单时间"},
    {OrderColumn::kPaidAt, "订单付款时间"},
    {OrderColumn::kShippedAt, "发货时间"},
    {OrderColumn::kFinishedAt, "确认收货时间"},
    {OrderColumn::kSellerNote, "订单备注"},
    {OrderColumn::kSellerNote, "商家备忘"},
    {OrderColumn::kShop, "店铺名称"},
    {OrderColumn::kDevice, "是否手机订单"},
};

inline constexpr ExportColumn<DetailColumn> kDetailColumns[] = {
    {DetailColumn::kOrderNo, "订单编号"},
    {DetailColumn::kOrderNo, "主订单编号"},
    {DetailColumn::kTitle, "标题"},
    {DetailColumn::kTitle, "宝贝标题"},
    {DetailColumn::kPrice, "价格"},
    {DetailColumn::kPrice, "商品价格"},
    {DetailColumn::kQuantity, "购买数量"},
    {DetailColumn::kSkuCode, "外部系统编号"},
    {DetailColumn::kSkuText, "商品属性"},
    {DetailColumn::kSkuText, "宝贝规格"},
    {DetailColumn::kStatus, "订单状态"},
    {DetailColumn::kProductCode, "商家编码"},
    {DetailColumn::kCreatedAt, "创建时间"},
    {DetailColumn::kCreatedAt, "订单创建时间"},
    {DetailColumn::kLineId, "子订单编号"},
    {DetailColumn::kDue, "买家应付货款"},
    {DetailColumn::kPaid, "买家实际支付金额"},
    {DetailColumn::kPaid, "买家实付金额"},
    {DetailColumn::kRefunded, "退款金额"},
};

}  // namespace shuke::platform::taobao

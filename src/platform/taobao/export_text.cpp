#include "platform/taobao/export_text.h"

#include <string>

#include "base/text.h"

namespace shuke::platform::taobao {
namespace {

struct StatusWord {
    std::string_view word;  // without commas and blanks
    OrderStatus status;
};

// What the exports write, and the words of the open platform's documentation for the same states.
constexpr StatusWord kStatusWords[] = {
    {"等待买家付款", OrderStatus::kCreated},
    {"没有创建支付宝交易", OrderStatus::kCreated},
    {"买家已付款等待卖家发货", OrderStatus::kPaid},
    {"等待卖家发货", OrderStatus::kPaid},
    {"卖家部分发货", OrderStatus::kPaid},
    {"部分发货", OrderStatus::kPaid},
    {"卖家已发货等待买家确认", OrderStatus::kShipped},
    {"等待买家确认收货", OrderStatus::kShipped},
    {"买家已签收", OrderStatus::kSigned},
    {"交易成功", OrderStatus::kFinished},
    {"交易关闭", OrderStatus::kClosed},
    {"交易被淘宝关闭", OrderStatus::kClosed},
    {"付款以前卖家或买家主动关闭交易", OrderStatus::kClosed},
    {"付款以后用户退款成功交易自动关闭", OrderStatus::kClosed},
};

std::string without_commas_and_blanks(std::string_view word) {
    std::string plain;
    while (!word.empty()) {
        bool skipped = false;
        for (const std::string_view mark : {",", "，", "、", " ", "\u3000", "\t", "\n", "\r"}) {
            if (!word.starts_with(mark)) continue;
            word.remove_prefix(mark.size());
            skipped = true;
            break;
        }
        if (skipped) continue;
        plain += word.front();
        word.remove_prefix(1);
    }
    return plain;
}

}  // namespace

std::string_view plain_cell(std::string_view cell) {
    cell = trim(cell);
    if (cell.size() >= 3 && cell.starts_with("=\"") && cell.ends_with('"'))
        cell = trim(cell.substr(2, cell.size() - 3));
    if (cell.starts_with('\'')) cell = trim(cell.substr(1));
    return cell;
}

std::string_view number_text(std::string_view cell) {
    cell = plain_cell(cell);
    if (cell == "无退款申请") return "0";
    for (const std::string_view mark : {"￥", "¥"}) {
        if (cell.starts_with(mark)) cell = trim(cell.substr(mark.size()));
    }
    if (cell.ends_with("元")) cell = trim(cell.substr(0, cell.size() - std::string_view("元").size()));
    return cell;
}

std::optional<OrderStatus> parse_export_status(std::string_view word) {
    const std::string plain = without_commas_and_blanks(plain_cell(word));
    for (const StatusWord& known : kStatusWords) {
        if (known.word == plain) return known.status;
    }
    return std::nullopt;
}

}  // namespace shuke::platform::taobao

#include "insight/rfm_of_customer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/money.h"

namespace shuke::insight {
namespace {

RfmReason reason(const char* zh_what, const std::string& zh_value, const std::string& en_value, int score,
                 int least_high) {
    const bool high = score >= least_high;
    return {
        fmt::format("{} {}，得 {} 分，属{}（{} 分起为高）", zh_what, zh_value, score, high ? "高" : "低", least_high),
        fmt::format("{}: score {}, {} (high from {})", en_value, score, high ? "high" : "low", least_high)};
}

}  // namespace

std::optional<RfmOfCustomer> rfm_of(const RfmResult& table, CustomerId customer, int digits) {
    const auto at = std::ranges::lower_bound(table.rows, customer, {}, &RfmRow::customer);
    if (at == table.rows.end() || at->customer != customer) return std::nullopt;
    RfmOfCustomer found{*at, {}};
    const std::string money = format_minor(at->monetary, digits);
    found.reasons.push_back(reason("最近一次购买在", fmt::format("{} 天前", at->recency_days),
                                   fmt::format("last bought {} days ago", at->recency_days), at->r, table.r_high));
    found.reasons.push_back(reason("购买", fmt::format("{} 次", at->frequency),
                                   fmt::format("bought {} times", at->frequency), at->f, table.f_high));
    found.reasons.push_back(reason("消费", money, "spent " + money, at->m, table.m_high));
    return found;
}

}  // namespace shuke::insight

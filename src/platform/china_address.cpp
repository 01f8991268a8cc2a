#include "platform/china_address.h"

#include <algorithm>

#include "base/text.h"

namespace shuke::platform {
namespace {

// GB/T 2260: the 34 units of the first level.
constexpr std::string_view kProvinces[] = {
    "北京", "天津", "上海", "重庆",   "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽",
    "福建", "江西", "山东", "河南",   "湖北", "湖南", "广东", "海南", "四川",   "贵州", "云南", "陕西",
    "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港",   "澳门",
};
constexpr std::string_view kProvinceEndings[] = {
    "", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区",
};
// How the name of a district or town ends, and what ends alike but is part of a street address.
constexpr std::string_view kDistrictEndings[] = {"区", "县", "市", "旗", "镇", "乡", "街道"};
constexpr std::string_view kStreetEndings[] = {"小区", "社区", "校区", "厂区"};

bool ends_with_one_of(std::string_view text, const auto& endings) {
    return std::ranges::any_of(endings, [&](std::string_view ending) { return text.ends_with(ending); });
}

bool is_district(std::string_view text) {
    constexpr std::size_t kLongestBytes = 60;  // 20 characters: 孟连傣族拉祜族佤族自治县 has 12
    const bool has_digit = text.find_first_of("0123456789") != text.npos;
    return !has_digit && text.size() <= kLongestBytes && ends_with_one_of(text, kDistrictEndings) &&
           !ends_with_one_of(text, kStreetEndings);
}

// Takes the text up to the next single blank.
std::string_view take_part(std::string_view& rest) {
    const std::size_t blank = rest.find(' ');
    const std::string_view part = rest.substr(0, blank);
    rest = blank == rest.npos ? std::string_view() : rest.substr(blank + 1);
    return part;
}

// Takes "(310000)" from the end.
std::string_view take_postcode(std::string_view& text) {
    const bool wide = text.ends_with("）");
    if (!wide && !text.ends_with(')')) return {};
    const std::size_t open = text.rfind(wide ? "（" : "(");
    if (open == text.npos) return {};
    const std::size_t mark = wide ? std::string_view("（").size() : 1;
    const std::string_view inside = text.substr(open + mark, text.size() - open - 2 * mark);
    const bool digits = std::ranges::all_of(inside, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || (!inside.empty() && inside.size() != 6)) return {};
    text = trim(text.substr(0, open));
    return inside == "000000" ? std::string_view() : inside;
}

}  // namespace

std::string_view short_province_name(std::string_view name) {
    for (const std::string_view province : kProvinces) {
        if (!name.starts_with(province)) continue;
        if (std::ranges::find(kProvinceEndings, name.substr(province.size())) != std::end(kProvinceEndings))
            return province;
    }
    return name;
}

ChinaAddress split_china_address(std::string_view text) {
    ChinaAddress address;
    std::string_view rest = trim(text);
    address.postcode = take_postcode(rest);
    address.province = short_province_name(take_part(rest));
    address.city = take_part(rest);
    std::string_view behind = rest;
    const std::string_view third = take_part(behind);
    if (third.empty() || is_district(third)) {
        address.district = third;
        rest = behind;
    }
    address.street = trim(rest);
    return address;
}

}  // namespace shuke::platform

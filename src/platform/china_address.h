// src/platform/china_address.h
//
// Chinese receiver addresses as the shop systems write them in one cell: "省 市 区 详细(邮编)".
//
// Threads  pure.
#pragma once

#include <string>
#include <string_view>

namespace shuke::platform {

struct ChinaAddress {
    std::string_view province;                          // short: 广东, 上海, 内蒙古
    std::string_view city, district, street, postcode;  // as written; empty where the address has none
};

// Parts are separated by single blanks; two blanks are an empty part. Municipalities repeat their name
// ("上海 上海市 浦东新区 …"), some cities have no districts, a province may stand alone. Postcode 000000 means none.
// The parts point into `text`, or to names of provinces that live for ever.
ChinaAddress split_china_address(std::string_view text);

// 广东省, 广东 → 广东; 内蒙古自治区 → 内蒙古; 上海市 → 上海; 香港特别行政区 → 香港. Other names stay as they are.
std::string_view short_province_name(std::string_view name);

}  // namespace shuke::platform

// Aim: an address cell falls into its parts, whatever city it is of. Method: one address of each kind.
#include "platform/china_address.h"

#include <gtest/gtest.h>

namespace shuke::platform {
namespace {

std::string parts(std::string_view text) {
    const ChinaAddress a = split_china_address(text);
    std::string all;
    for (const std::string_view part : {a.province, a.city, a.district, a.street, a.postcode})
        all += std::string(part) + "|";
    return all;
}

TEST(ChinaAddress, TheUsualFormFallsIntoFiveParts) {
    EXPECT_EQ(parts("浙江省 杭州市 西湖区 示例路1号(310000)"), "浙江|杭州市|西湖区|示例路1号|310000|");
    EXPECT_EQ(parts("广东省 深圳市 南山区 示例大道2号 示例小区3栋(518000)"),
              "广东|深圳市|南山区|示例大道2号 示例小区3栋|518000|");
}

TEST(ChinaAddress, AMunicipalityRepeatsItsName) {
    EXPECT_EQ(parts("上海 上海市 浦东新区 示例弄4号(200120)"), "上海|上海市|浦东新区|示例弄4号|200120|");
}

TEST(ChinaAddress, SomeCitiesHaveNoDistricts) {
    EXPECT_EQ(parts("广东省 东莞市 示例大道2号(523000)"), "广东|东莞市||示例大道2号|523000|");
    EXPECT_EQ(parts("广东省 东莞市  示例大道2号 3栋(523000)"), "广东|东莞市||示例大道2号 3栋|523000|");
    EXPECT_EQ(parts("广东省 东莞市 示例小区 3栋(523000)"), "广东|东莞市||示例小区 3栋|523000|");
    EXPECT_EQ(parts("广东省 东莞市 南城街道 示例小区 3栋"), "广东|东莞市|南城街道|示例小区 3栋||");
}

TEST(ChinaAddress, PartsMayBeMissing) {
    EXPECT_EQ(parts("上海"), "上海|||||");
    EXPECT_EQ(parts("内蒙古自治区"), "内蒙古|||||");
    EXPECT_EQ(parts("广东省 深圳市"), "广东|深圳市||||");
    EXPECT_EQ(parts("广东省 深圳市 南山区"), "广东|深圳市|南山区|||");
    EXPECT_EQ(parts(" "), "|||||");
}

TEST(ChinaAddress, MaskedAndCipheredStreetsStayAsTheyAre) {
    EXPECT_EQ(parts("广东省 深圳市 南山区 ***"), "广东|深圳市|南山区|***||");
    EXPECT_EQ(parts("江苏省 南京市 鼓楼区 ~DEMOxCIPHERx==~1~"), "江苏|南京市|鼓楼区|~DEMOxCIPHERx==~1~||");
}

TEST(ChinaAddress, OnlySixDigitsInTheLastParenthesesAreAPostcode) {
    EXPECT_EQ(parts("广东省 深圳市 南山区 路1号（518000）"), "广东|深圳市|南山区|路1号|518000|");
    EXPECT_EQ(parts("广东省 深圳市 南山区 路1号(000000)"), "广东|深圳市|南山区|路1号||");
    EXPECT_EQ(parts("广东省 深圳市 南山区 路1号()"), "广东|深圳市|南山区|路1号||");
    EXPECT_EQ(parts("广东省 深圳市 南山区 路1号(近地铁)"), "广东|深圳市|南山区|路1号(近地铁)||");
    EXPECT_EQ(parts("广东省 深圳市 南山区 (1)楼(518000)"), "广东|深圳市|南山区|(1)楼|518000|");
}

TEST(ChinaAddress, AProvinceHasOneNameHoweverItIsWritten) {
    for (const auto& [written, name] : {std::pair{"广东", "广东"},
                                        {"广东省", "广东"},
                                        {"上海", "上海"},
                                        {"上海市", "上海"},
                                        {"内蒙古", "内蒙古"},
                                        {"内蒙古自治区", "内蒙古"},
                                        {"广西壮族自治区", "广西"},
                                        {"宁夏回族自治区", "宁夏"},
                                        {"新疆维吾尔自治区", "新疆"},
                                        {"西藏自治区", "西藏"},
                                        {"香港特别行政区", "香港"},
                                        {"澳门特别行政区", "澳门"},
                                        {"台湾省", "台湾"}}) {
        EXPECT_EQ(short_province_name(written), name);
    }
    EXPECT_EQ(short_province_name("海外"), "海外");
    EXPECT_EQ(short_province_name("吉林市"), "吉林");
    EXPECT_EQ(short_province_name("北京路"), "北京路");
}

}  // namespace
}  // namespace shuke::platform

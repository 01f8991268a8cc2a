// tests/api/merchant_file.h: an invented merchant as a native CSV file, the same for every run of a seed: every customer has
// bought at least once, few of them often; two lines in three orders of five, most of it in the last year.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace shuke::tests {

struct Merchant {
    std::int64_t customers = 1000;
    std::int64_t until = 0;  // seconds since 1970: the newest order is from just before
    std::uint64_t seed = 1;
};
struct MerchantFile {
    std::int64_t orders = 0, lines = 0;
};
// Customer n is "c<n>" to the shop, with this phone.
std::string phone_of(std::int64_t customer);  // "13" and n in nine digits
MerchantFile write_merchant(const Merchant& merchant, const std::filesystem::path& file);

}  // namespace shuke::tests

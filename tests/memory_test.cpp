// Aim     the memory an import takes does not grow with the file: under 500 MB.
// Method  a generated native file of 300,000 lines, 3 million with SHUKE_PROVE=1; the peak that the kernel saw of the process.

#include <cstdlib>
#include <fstream>

#include "shuke_program.h"

namespace {

using namespace product;

constexpr std::int64_t kMostKilobytes = 500'000;

int lines_to_import() {
    const char* prove = std::getenv("SHUKE_PROVE");
    return prove != nullptr && std::string_view(prove) == "1" ? 3'000'000 : 300'000;
}

// Three lines an order, four orders a buyer; the third line of each order stands far behind the others.
fs::path generated(const Shuke& shuke, int lines) {
    const fs::path file = shuke.folder() / "orders.csv";
    std::ofstream out(file, std::ios::binary);
    out << "order_no,external_id,name,phone,created_at,paid_at,product,title,category,quantity,price\n";
    const auto row = [&](int order, int line) {
        const int buyer = order / 4;
        out << "order-2024-" << order << ",buyer-" << buyer << ",Name " << buyer % 9'973 << ','
            << 13'000'000'000 + buyer << ",2024-0" << 1 + order % 9 << "-11 10:00:00,2024-0" << 1 + order % 9
            << "-11 10:05:00,p" << (order * 7 + line) % 20'000 << ",A title of usual length "
            << (order * 7 + line) % 20'000 << ",category " << order % 40 << ',' << 1 + line << ',' << order % 900
            << ".99\n";
    };
    for (int order = 0; order < lines / 3; ++order) {
        row(order, 0);
        row(order, 1);
        if (order >= 50'000) row(order - 50'000, 2);
    }
    for (int order = std::max(0, lines / 3 - 50'000); order < lines / 3; ++order) row(order, 2);
    return file;
}

TEST(Memory, OfAnImportStaysBelowFiveHundredMegabytes) {
    Shuke shuke;
    const int lines = lines_to_import();
    const std::string file = generated(shuke, lines).string();
    for (const char* number : {"imported", "unchanged"}) {
        const Finished finished = shuke.run({"import", file, "--json"});
        ASSERT_EQ(finished.exit_code, 0) << finished.err;
        EXPECT_EQ(Json::parse(finished.out)[number], lines);
        EXPECT_LT(finished.peak_memory_kb, kMostKilobytes) << number;
        RecordProperty(std::string("peak_kb_") + number, std::to_string(finished.peak_memory_kb));
    }
    EXPECT_EQ(shuke.count("count(orders) = 4"), lines / 12);
}

}  // namespace

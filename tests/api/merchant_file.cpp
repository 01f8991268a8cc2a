#include "api/merchant_file.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>

#include "base/time_zone.h"

namespace shuke::tests {
namespace {

constexpr const char* kPlaces[] = {"浙江,杭州", "广东,广州", "广东,深圳", "上海,上海", "北京,北京",
                                   "江苏,南京", "四川,成都", "湖北,武汉", "山东,青岛", "福建,厦门",
                                   "河南,郑州", "陕西,西安", "湖南,长沙", "辽宁,大连"};
constexpr const char* kSurnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙"};
constexpr const char* kGivenNames[] = {"伟", "芳", "娜", "敏", "静", "磊", "洋",
                                       "艳", "勇", "杰", "娟", "涛", "明", "超"};
constexpr std::int64_t kDay = 86'400;

class Writer {
public:
    Writer(const Merchant& merchant, const std::filesystem::path& file)
        : merchant_(merchant), out_(file), random_(merchant.seed) {
        out_
            << "order_no,external_id,name,phone,province,city,status,created_at,paid_at,amount,channel,line_no,product,"
               "title,category,quantity,price\n";
    }

    MerchantFile write() {
        for (std::int64_t customer = 0; customer < merchant_.customers; ++customer) {
            // Half buy once, a quarter twice … at most twelve times.
            std::int64_t orders = 1;
            while (orders < 12 && below(2) == 0) ++orders;
            for (std::int64_t i = 0; i < orders; ++i) write_order(customer);
        }
        out_.close();
        if (!out_) throw std::runtime_error("the merchant's file cannot be written");
        return counts_;
    }

private:
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
    // Of a draw that is the same for all orders of the customer.
    template <std::size_t N>
    static const char* pick(const char* const (&list)[N], std::int64_t customer) {
        return list[static_cast<std::size_t>(customer * 2'654'435'761 % 4'294'967'291) % N];
    }

    void write_order(std::int64_t customer) {
        const std::int64_t days = below(3) == 0 ? 1000 : 365;
        const std::int64_t created = merchant_.until - 1 - below(days * kDay);
        const std::int64_t paid = created + below(1800);
        const bool is_paid = below(20) != 0 && paid < merchant_.until;
        const std::string head = "M" + std::to_string(++counts_.orders) + ",c" + std::to_string(customer) + "," +
                                 pick(kSurnames, customer) + pick(kGivenNames, customer / 7) + "," +
                                 phone_of(customer) + "," + pick(kPlaces, customer / 3) + "," +
                                 (is_paid ? "paid," : "created,") + format_iso(Instant::from_seconds(created)) + "," +
                                 (is_paid ? format_iso(Instant::from_seconds(paid)) : "") + ",";
        const std::int64_t lines = below(5) < 3 ? 2 : 1;
        const std::string amount = std::to_string(10 + below(40) * below(40)) + ".00,";
        for (std::int64_t line = 1; line <= lines; ++line) {
            const std::int64_t product = below(2000);
            out_ << head << amount << (product % 3 == 0 ? "app," : "web,") << line << ",p" << product << ",商品"
                 << product << ",c" << product % 100 << ",1," << 10 + product % 90 << ".00\n";
            ++counts_.lines;
        }
    }

    const Merchant& merchant_;
    std::ofstream out_;
    std::mt19937_64 random_;
    MerchantFile counts_;
};

}  // namespace

std::string phone_of(std::int64_t customer) {
    const std::string digits = std::to_string(customer);
    return "13" + std::string(9 - std::min<std::size_t>(digits.size(), 9), '0') + digits;
}

MerchantFile write_merchant(const Merchant& merchant, const std::filesystem::path& file) {
    return Writer(merchant, file).write();
}

}  // namespace shuke::tests

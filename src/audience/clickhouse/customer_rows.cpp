#include <limits>

#include "audience/clickhouse/customer_row.h"
#include "audience/clickhouse/tables.h"
#include "audience/engine/bits.h"
#include "audience/engine/block.h"
#include "base/text.h"

namespace shuke::audience::clickhouse {
namespace {

// ---- how a column is written ----

template <Column CustomerColumns::* kColumn>
void customer_number(CustomerRow& row) {
    row.number((row.block.customers.*kColumn).value_at(row.slot));
}
template <Column CustomerColumns::* kColumn, TextDomain kDomain>
void customer_text(CustomerRow& row) {
    row.text(row.text_of(kDomain, (row.block.customers.*kColumn).stored_at(row.slot)));
}
template <Column CustomerColumns::* kColumn, TextDomain kDomain>
void customer_normal(CustomerRow& row) {
    row.text(row.normal_of(kDomain, (row.block.customers.*kColumn).stored_at(row.slot)));
}
void birthday(CustomerRow& row) {
    const std::int64_t packed = row.block.customers.birthday.value_at(row.slot);
    if (packed == kMissing) return row.number(kMissing);
    const std::int64_t month = packed / 31;
    const CivilDate date{static_cast<std::int32_t>(month / 12), static_cast<std::uint8_t>(month % 12 + 1),
                         static_cast<std::uint8_t>(packed % 31 + 1)};
    row.number(to_day(date).days_since_epoch);
}
void gender(CustomerRow& row) { row.number(static_cast<std::int64_t>(row.block.customers.gender.stored_at(row.slot))); }

template <Column OrderColumns::* kColumn>
void orders(CustomerRow& row) {
    row.numbers(row.orders, [&](std::uint32_t order) { return (row.block.orders.*kColumn).value_at(order); });
}
template <Column OrderColumns::* kColumn>
void order_days(CustomerRow& row) {
    row.numbers(row.orders, [&](std::uint32_t order) {
        return row.day((row.block.orders.*kColumn).value_at(order), row.block.orders.shop.stored_at(order));
    });
}
template <Column OrderColumns::* kColumn, TextDomain kDomain>
void order_texts(CustomerRow& row) {
    row.texts(row.orders,
              [&](std::uint32_t order) { return row.text_of(kDomain, (row.block.orders.*kColumn).stored_at(order)); });
}
template <Column OrderColumns::* kColumn, TextDomain kDomain>
void order_normals(CustomerRow& row) {
    row.texts(row.orders, [&](std::uint32_t order) {
        return row.normal_of(kDomain, (row.block.orders.*kColumn).stored_at(order));
    });
}

// Shops are numbers in blocks; their names and platforms stand in a table by number.
using ShopTexts = std::vector<std::uint32_t> SharedTables::*;
template <ShopTexts kTexts, TextDomain kDomain>
void order_shops(CustomerRow& row) {
    row.texts(row.orders, [&](std::uint32_t order) {
        return row.text_of(kDomain, (row.shared.*kTexts)[row.block.orders.shop.stored_at(order)]);
    });
}
template <ShopTexts kTexts, TextDomain kDomain>
void order_shop_normals(CustomerRow& row) {
    row.texts(row.orders, [&](std::uint32_t order) {
        return row.normal_of(kDomain, (row.shared.*kTexts)[row.block.orders.shop.stored_at(order)]);
    });
}
template <ShopTexts kTexts, TextDomain kDomain>
void refund_shops(CustomerRow& row) {
    row.texts(row.refunds, [&](std::uint32_t refund) {
        return row.text_of(kDomain, (row.shared.*kTexts)[row.block.refunds.shop.stored_at(refund)]);
    });
}
template <ShopTexts kTexts, TextDomain kDomain>
void refund_shop_normals(CustomerRow& row) {
    row.texts(row.refunds, [&](std::uint32_t refund) {
        return row.normal_of(kDomain, (row.shared.*kTexts)[row.block.refunds.shop.stored_at(refund)]);
    });
}

template <Column LineColumns::* kColumn>
void lines(CustomerRow& row) {
    row.numbers(row.lines, [&](std::uint32_t line) { return (row.block.lines.*kColumn).value_at(line); });
}
template <TextDomain kDomain>
void labels(CustomerRow& row) {
    row.texts(row.lines, [&](std::uint32_t line) {
        return row.text_of(kDomain, row.shared.label_texts(kDomain)[row.block.lines.label.stored_at(line)]);
    });
}
template <TextDomain kDomain>
void label_normals(CustomerRow& row) {
    row.texts(row.lines, [&](std::uint32_t line) {
        return row.normal_of(kDomain, row.shared.label_texts(kDomain)[row.block.lines.label.stored_at(line)]);
    });
}

template <Column RefundColumns::* kColumn>
void refunds(CustomerRow& row) {
    row.numbers(row.refunds, [&](std::uint32_t refund) { return (row.block.refunds.*kColumn).value_at(refund); });
}
template <Column RefundColumns::* kColumn>
void refund_days(CustomerRow& row) {
    row.numbers(row.refunds, [&](std::uint32_t refund) {
        return row.day((row.block.refunds.*kColumn).value_at(refund), row.block.refunds.shop.stored_at(refund));
    });
}
template <Column RefundColumns::* kColumn, TextDomain kDomain>
void refund_texts(CustomerRow& row) {
    row.texts(row.refunds, [&](std::uint32_t refund) {
        return row.text_of(kDomain, (row.block.refunds.*kColumn).stored_at(refund));
    });
}
template <Column RefundColumns::* kColumn, TextDomain kDomain>
void refund_normals(CustomerRow& row) {
    row.texts(row.refunds, [&](std::uint32_t refund) {
        return row.normal_of(kDomain, (row.block.refunds.*kColumn).stored_at(refund));
    });
}

struct ProfileOrFactColumn {
    std::string_view name, type;
    void (*write)(CustomerRow&);
};

using C = CustomerColumns;
using O = OrderColumns;
using L = LineColumns;
using R = RefundColumns;
using enum TextDomain;
constexpr std::string_view kInt = "Int64", kText = "String", kInts = "Array(Int64)", kTexts = "Array(String)";
constexpr auto kNames = &SharedTables::shop_names;
constexpr auto kPlatforms = &SharedTables::shop_platforms;

constexpr ProfileOrFactColumn kColumns[] = {
    {"customer", kInt, customer_number<&C::id>},
    {"generation", kInt, [](CustomerRow& row) { row.number(row.generation); }},
    {"exists_from", kInt, customer_number<&C::exists_from>},
    {"created_at", kInt, customer_number<&C::created_at>},
    {"birthday", kInt, birthday},
    {"birthday_packed", kInt, customer_number<&C::birthday>},  // (year · 12 + month − 1) · 31 + day − 1
    {"gender", kInt, gender},                                  // 0 missing, 1 male, 2 female
    {"province", kText, customer_text<&C::province, kProvince>},
    {"province_nfkc", kText, customer_normal<&C::province, kProvince>},
    {"city", kText, customer_text<&C::city, kCity>},
    {"city_nfkc", kText, customer_normal<&C::city, kCity>},
    {"district", kText, customer_text<&C::district, kDistrict>},
    {"district_nfkc", kText, customer_normal<&C::district, kDistrict>},
    {"shop", kText, customer_text<&C::shop, kShop>},
    {"shop_nfkc", kText, customer_normal<&C::shop, kShop>},
    {"platform", kText, customer_text<&C::platform, kPlatform>},
    {"platform_nfkc", kText, customer_normal<&C::platform, kPlatform>},

    {"orders.at", kInts, orders<&O::at>},
    {"orders.at_day", kInts, order_days<&O::at>},
    {"orders.hour", kInts,
     [](CustomerRow& row) { row.numbers(row.orders, [&](auto i) { return row.local_hour(i); }); }},
    {"orders.paid_at", kInts, orders<&O::paid_at>},
    {"orders.paid_at_day", kInts, order_days<&O::paid_at>},
    {"orders.shipped_at", kInts, orders<&O::shipped_at>},
    {"orders.shipped_at_day", kInts, order_days<&O::shipped_at>},
    {"orders.signed_at", kInts, orders<&O::signed_at>},
    {"orders.signed_at_day", kInts, order_days<&O::signed_at>},
    {"orders.finished_at", kInts, orders<&O::finished_at>},
    {"orders.finished_at_day", kInts, order_days<&O::finished_at>},
    {"orders.closed_at", kInts, orders<&O::closed_at>},
    {"orders.closed_at_day", kInts, order_days<&O::closed_at>},
    // From when on the order was so: see engine/block.h.
    {"orders.paid_from", kInts, orders<&O::paid_from>},
    {"orders.shipped_from", kInts, orders<&O::shipped_from>},
    {"orders.signed_from", kInts, orders<&O::signed_from>},
    {"orders.finished_from", kInts, orders<&O::finished_from>},
    {"orders.closed_from", kInts, orders<&O::closed_from>},
    {"orders.lost_from", kInts,
     [](CustomerRow& row) { row.numbers(row.orders, [&](auto i) { return row.lost_from(i); }); }},
    {"orders.amount", kInts, orders<&O::amount>},
    {"orders.discount", kInts, orders<&O::discount>},
    {"orders.items", kInts, [](CustomerRow& row) { row.numbers(row.orders, [&](auto i) { return row.items(i); }); }},
    {"orders.lines", "Array(UInt64)",
     [](CustomerRow& row) { row.numbers(row.orders, [&](auto i) { return std::int64_t{row.lines_of(i).size()}; }); }},
    // Tells shops of one name apart; only within a row.
    {"orders.shop_number", kInts,
     [](CustomerRow& row) {
         row.numbers(row.orders, [&](auto i) { return static_cast<std::int64_t>(row.block.orders.shop.stored_at(i)); });
     }},
    {"orders.shop", kTexts, order_shops<kNames, kShop>},
    {"orders.shop_nfkc", kTexts, order_shop_normals<kNames, kShop>},
    {"orders.platform", kTexts, order_shops<kPlatforms, kPlatform>},
    {"orders.platform_nfkc", kTexts, order_shop_normals<kPlatforms, kPlatform>},
    {"orders.channel", kTexts, order_texts<&O::channel, kChannel>},
    {"orders.channel_nfkc", kTexts, order_normals<&O::channel, kChannel>},
    {"orders.province", kTexts, order_texts<&O::province, kProvince>},
    {"orders.province_nfkc", kTexts, order_normals<&O::province, kProvince>},
    {"orders.city", kTexts, order_texts<&O::city, kCity>},
    {"orders.city_nfkc", kTexts, order_normals<&O::city, kCity>},
    {"orders.coupon", kTexts, order_texts<&O::coupon, kCoupon>},
    {"orders.coupon_nfkc", kTexts, order_normals<&O::coupon, kCoupon>},
    // Of each order its refunds of a positive amount.
    {"order_refunded_from", "Array(Array(Int64))",
     [](CustomerRow& row) { row.refunds_of_orders([&](auto i) { return row.block.refunds.at.value_at(i); }); }},
    {"order_refunded_amount", "Array(Array(Int64))",
     [](CustomerRow& row) { row.refunds_of_orders([&](auto i) { return row.block.refunds.amount.value_at(i); }); }},

    // In the order of their orders, orders.lines of each.
    {"lines.product", kTexts, labels<kProduct>},
    {"lines.product_nfkc", kTexts, label_normals<kProduct>},
    {"lines.title", kTexts, labels<kTitle>},
    {"lines.title_nfkc", kTexts, label_normals<kTitle>},
    {"lines.sku", kTexts, labels<kSku>},
    {"lines.sku_nfkc", kTexts, label_normals<kSku>},
    {"lines.category", kTexts, labels<kCategory>},
    {"lines.category_nfkc", kTexts, label_normals<kCategory>},
    {"lines.brand", kTexts, labels<kBrand>},
    {"lines.brand_nfkc", kTexts, label_normals<kBrand>},
    {"lines.quantity", kInts, lines<&L::quantity>},
    {"lines.price", kInts, lines<&L::price>},
    {"lines.amount", kInts, lines<&L::amount>},
    {"lines.discount", kInts, lines<&L::discount>},
    {"lines.refunded", kInts, lines<&L::refunded>},

    {"refunds.order", kInts,  // its place among the orders, from 1; 0: none known
     [](CustomerRow& row) {
         row.numbers(row.refunds, [&](auto i) {
             const auto order = static_cast<std::int64_t>(row.block.refunds.order.stored_at(i));
             return order == 0 ? 0 : order - row.orders.begin;
         });
     }},
    {"refunds.exists_from", kInts,
     [](CustomerRow& row) { row.numbers(row.refunds, [&](auto i) { return row.refund_exists_from(i); }); }},
    {"refunds.at", kInts, refunds<&R::at>},
    {"refunds.at_day", kInts, refund_days<&R::at>},
    {"refunds.done_at", kInts, refunds<&R::done_at>},
    {"refunds.done_at_day", kInts, refund_days<&R::done_at>},
    {"refunds.dated", kInts,
     [](CustomerRow& row) {
         row.numbers(row.refunds,
                     [&](auto i) { return static_cast<std::int64_t>(row.block.refunds.dated.stored_at(i)); });
     }},
    {"refunds.amount", kInts, refunds<&R::amount>},
    {"refunds.kind", kTexts, refund_texts<&R::kind, kRefundKind>},
    {"refunds.kind_nfkc", kTexts, refund_normals<&R::kind, kRefundKind>},
    {"refunds.reason", kTexts, refund_texts<&R::reason, kRefundReason>},
    {"refunds.reason_nfkc", kTexts, refund_normals<&R::reason, kRefundReason>},
    {"refunds.status", kTexts, refund_texts<&R::status, kRefundStatus>},
    {"refunds.status_nfkc", kTexts, refund_normals<&R::status, kRefundStatus>},
    {"refunds.shop", kTexts, refund_shops<kNames, kShop>},
    {"refunds.shop_nfkc", kTexts, refund_shop_normals<kNames, kShop>},
    {"refunds.platform", kTexts, refund_shops<kPlatforms, kPlatform>},
    {"refunds.platform_nfkc", kTexts, refund_shop_normals<kPlatforms, kPlatform>},

    // What lasted from when until when: the kinds are those of SpanKind.
    {"spans.kind", kInts,
     [](CustomerRow& row) {
         row.numbers(row.spans, [&](auto i) { return std::int64_t{row.span_text(i).front() - 'a'}; });
     }},
    {"spans.name", kTexts,
     [](CustomerRow& row) { row.texts(row.spans, [&](auto i) { return row.span_text(i).substr(1); }); }},
    {"spans.from", kInts,
     [](CustomerRow& row) { row.numbers(row.spans, [&](auto i) { return row.block.spans.from.value_at(i); }); }},
    {"spans.until", kInts,  // still: the latest number there is
     [](CustomerRow& row) {
         row.numbers(row.spans, [&](auto i) {
             const std::int64_t until = row.block.spans.until.value_at(i);
             return until == kMissing ? std::numeric_limits<std::int64_t>::max() : until;
         });
     }},
};

const std::vector<CustomerColumn>& columns() {
    static const std::vector<CustomerColumn> kAll = [] {
        std::vector<CustomerColumn> all;
        for (const ProfileOrFactColumn& column : kColumns)
            all.push_back({std::string(column.name), column.type, column.write});
        add_price_columns(all);
        add_event_columns(all);
        add_trait_columns(all);
        return all;
    }();
    return kAll;
}

}  // namespace

struct CustomerRows::Texts {
    NormalTexts normal;
};

CustomerRows::CustomerRows(const Version& version) : version_(version) {
    auto texts = std::make_unique<Texts>();
    for (std::size_t domain = 0; domain < texts->normal.size(); ++domain) {
        const Dictionary& dictionary = version.shared().texts[domain];
        texts->normal[domain].resize(dictionary.max_code() + std::size_t{1});
        for (std::uint32_t code = 1; code <= dictionary.max_code(); ++code) {
            std::string normal = nfkc(dictionary.text(code));
            if (normal != dictionary.text(code)) texts->normal[domain][code] = std::move(normal);
        }
    }
    texts_ = std::move(texts);
}

CustomerRows::~CustomerRows() = default;

std::vector<Slot> CustomerRows::slots() const {
    std::vector<Slot> slots;
    for (std::size_t block = 0; block < version_.blocks().size(); ++block) {
        version_.living(block).for_each(
            [&](std::size_t slot) { slots.push_back(static_cast<Slot>(block * kBlockSlots + slot)); });
    }
    return slots;
}

void CustomerRows::append(Slot slot, std::int64_t generation, std::string& out) const {
    CustomerRow row(version_.shared(), texts_->normal, *version_.blocks()[slot / kBlockSlots], slot % kBlockSlots,
                    generation, out);
    for (const CustomerColumn& column : columns()) column.write(row);
}

void CustomerRows::append_gone(CustomerId customer, std::int64_t generation, std::string& out) {
    for (const CustomerColumn& column : columns()) {
        if (column.name == "customer") {
            append_number(out, customer.value);
        } else if (column.name == "generation") {
            append_number(out, generation);
        } else if (column.name == "exists_from") {
            append_number(out, std::numeric_limits<std::int64_t>::max());
        } else if (column.type == kInt) {
            append_number(out, kMissing);
        } else {
            append_size(out, 0);  // an empty text, an empty array
        }
    }
}

std::vector<ColumnDefinition> customer_columns() {
    std::vector<ColumnDefinition> definitions;
    for (const CustomerColumn& column : columns()) definitions.push_back({column.name, column.type});
    return definitions;
}

}  // namespace shuke::audience::clickhouse

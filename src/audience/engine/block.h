// src/audience/engine/block.h
//
// The layout of audience.md: a block holds up to 1,024 customers and all their facts as columns, clustered by slot and
// sorted by (time, id), facts without a time first. offsets[slot] … offsets[slot + 1] are a slot's rows.
//
// A fact's states as of an instant come from *effective* instants, computed when the block is built:
//   paid_from      paid_at; unknown though the status (paid … finished) says paid: created_at
//   shipped_from   shipped_at; unknown though the status says shipped or more: paid_from; signed, finished likewise
//   closed_from    closed_at; unknown though the status is closed: the latest known of the other times
// each missing where the state was never reached, and kAlways where it was reached at no known time. A closed order
// without paid_at was never paid. An order is wholly refunded from the first loss on: the moment at which its refunds
// add up to its amount (refunds of a negative amount refund nothing; an order of no amount, or of zero or less, is never lost).
//
// A refund without its own time has its order's paid_from as `at` and is not dated; one that can never count, because
// its order was never paid, is left out. It exists when its order does.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audience/config.h"
#include "audience/engine/column.h"
#include "audience/engine/dictionary.h"
#include "audience/version.h"
#include "base/id.h"
#include "domain/events.h"
#include "domain/facts.h"

namespace shuke::audience {

inline constexpr std::int64_t kAlways = kMissing + 1;  // a state reached at no known time

struct RowSpace {
    std::uint32_t rows = 0;
    std::vector<std::uint32_t> offsets;  // kBlockSlots + 1
};

struct CustomerColumns {
    Column id, created_at, exists_from, birthday, gender, province, city, district, shop, platform;
};

struct Loss {
    std::uint32_t row;  // of orders
    std::int64_t from;
};

struct OrderColumns : RowSpace {
    Column at, paid_at, shipped_at, signed_at, finished_at, closed_at;
    Column paid_from, shipped_from, signed_from, finished_from, closed_from;
    Column amount, discount, shop, channel, province, city, coupon;
    Column day, hour;          // of `at` in the shop's zone: days since 1970, 0 to 23
    std::vector<Loss> losses;  // ascending rows
    std::vector<std::uint32_t>
        repeats;               // rows of a shop and day that an earlier one of the customer has too, ascending
    bool days_ascend = false;  // within each slot, unknown days first
};

struct LineColumns : RowSpace {
    Column order;  // code: row of the order + 1
    Column label, quantity, price, amount, discount, refunded;
};

struct RefundColumns : RowSpace {
    Column order;  // code: row of the order + 1; 0 = none known
    Column at, done_at, amount, kind, reason, status, shop;
    Column dated;  // code: 1 = its own time is known
};

// What lasted from when until when: see SpanFact. `from` is never missing, `until` missing: still.
struct SpanColumns : RowSpace {
    Column what;  // code of TextDomain::kSpan
    Column from, until;
};

// One kind of event, sorted by (at, id); a block without any has no columns and no offsets.
struct EventColumns : RowSpace {
    Column at, shop, label;      // shop and label: codes, 0 = none
    std::vector<Column> values;  // by event_columns(kind)
};

// Rows by slot, the newest last: see TraitFact. A missing `from`: always; a missing value: none from then on.
struct TraitColumns : RowSpace {
    Column what;  // code of TextDomain::kTrait
    Column from, value;
};

struct Block {
    std::uint64_t serial = next_serial();  // tells it from every other block of the process
    std::uint32_t slots = 0;               // used ones
    CustomerColumns customers;
    OrderColumns orders;
    LineColumns lines;
    RefundColumns refunds;
    SpanColumns spans;
    TraitColumns traits;
    std::array<EventColumns, kEventKinds> events;
    ColumnStore customer_store, order_store, line_store, refund_store, span_store, trait_store, event_store;

    static std::uint64_t next_serial() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }
};

// Birthdays are stored so that both their order and their day of the year are plain arithmetic.
constexpr std::int64_t pack_date(CivilDate date) {
    return (std::int64_t{date.year} * 12 + date.month - 1) * 31 + date.day - 1;
}
inline constexpr std::int64_t kPackedYear = 12 * 31;

// Everything with texts: which dictionary its codes are of.
enum class TextDomain : std::uint8_t {
    kShop,
    kPlatform,
    kChannel,
    kProvince,
    kCity,
    kDistrict,
    kCoupon,
    kRefundKind,
    kRefundReason,
    kRefundStatus,
    kSpan,       // kind and name: see span_text
    kTrait,      // type and name: see trait_text
    kTraitText,  // of tiers and custom attributes
    kEventText,  // every text of an event but its product and shop
    kProduct,
    kTitle,
    kSku,
    kCategory,
    kBrand,
    kCount,
};

// What all blocks of a version share. Shops and labels have codes from 1 on; entry 0 stands for "missing". Tables of a
// later version hold those of the one before: codes never change their meaning, so blocks outlive versions. zones[0] is the
// configured zone: that of rows without a shop.
struct SharedTables {
    std::array<Dictionary, static_cast<std::size_t>(TextDomain::kCount)> texts;
    std::vector<std::uint32_t> shop_names{0}, shop_platforms{0};  // codes of kShop, kPlatform, by shop code
    std::vector<std::uint32_t> shop_zones{0};                     // index into zones, by shop code
    std::vector<TimeZone> zones;
    std::vector<std::int64_t> shop_ids;                // by shop code − 1
    std::array<std::vector<std::uint32_t>, 5> labels;  // kProduct … kBrand: code of the text, by label code
    std::vector<std::int64_t> label_ids;               // ascending
    std::vector<std::uint32_t> label_codes;            // of label_ids
    std::array<std::vector<std::int64_t>, 3> prices;   // list_price, cost, listed_at, by label code; empty: none known

    Dictionary& dictionary(TextDomain domain) { return texts[static_cast<std::size_t>(domain)]; }
    const Dictionary& dictionary(TextDomain domain) const { return texts[static_cast<std::size_t>(domain)]; }
    const std::vector<std::uint32_t>& label_texts(TextDomain domain) const {
        return labels[static_cast<std::size_t>(domain) - static_cast<std::size_t>(TextDomain::kProduct)];
    }
    std::uint64_t bytes() const;
    bool has_all_of(const SharedTables& later) const;  // nothing was added to it since
};

// Tables that hold all of the earlier ones and may grow.
SharedTables grown_on(const std::shared_ptr<const SharedTables>& before);

// How a span's kind and name are one text of the dictionary kSpan; its code, 0 where no customer has such a span.
std::string span_text(SpanKind kind, std::string_view name);
std::uint32_t span_code(const SharedTables& shared, SpanKind kind, std::string_view name);
std::string trait_text(TraitType type, std::string_view name);
std::uint32_t trait_code(const SharedTables& shared, TraitType type, std::string_view name);

}  // namespace shuke::audience

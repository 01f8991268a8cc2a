#include "audience/builder.h"

#include <algorithm>
#include <numeric>

#include "audience/engine/bits.h"
#include "audience/engine/fold.h"
#include "audience/engine/staging.h"
#include "audience/schema.h"
#include "audience/worker_pool.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

// Counting sort: rows by group, in order of arrival within each.
template <class Row, class GroupOf>
Groups group_rows(const StagedRows<Row>& rows, std::uint32_t groups, GroupOf group_of) {
    Groups result;
    result.begin.assign(groups + 1, 0);
    bool grouped = true;
    std::uint32_t previous = 0;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::uint32_t group = group_of(rows[row]);
        ++result.begin[group + 1];
        grouped = grouped && group >= previous;
        previous = group;
    }
    std::inclusive_scan(result.begin.begin(), result.begin.end(), result.begin.begin());
    if (grouped) return result;
    std::vector<std::uint32_t> next(result.begin.begin(), result.begin.end() - 1);
    result.order.resize(rows.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row) result.order[next[group_of(rows[row])]++] = row;
    return result;
}

// By kind and column: how many words there are to choose from; 0 where it is no choice.
std::size_t words_of(EventKind kind, std::size_t column) {
    static const auto kWords = [] {
        std::array<std::vector<std::size_t>, kEventKinds> words;
        for (std::size_t i = 0; i < kEventKinds; ++i) {
            const Fact& fact = facts()[static_cast<std::size_t>(FactKind::kShipments) + i];
            for (const EventColumn& one : event_columns(static_cast<EventKind>(i))) {
                const Field* field = find_field(fact, one.name);
                words[i].push_back(one.value == EventValue::kChoice && field != nullptr ? field->choices.size() : 0);
            }
        }
        return words;
    }();
    return kWords[static_cast<std::size_t>(kind)][column];
}

}  // namespace

struct Builder::Staging {
    Config config;
    Staged staged;
    IdIndex shop_ids, label_ids;
    std::vector<std::array<std::uint32_t, 5>> labels;  // codes of kProduct … kBrand
    std::vector<std::array<std::int64_t, 3>> prices;   // of labels: list_price, cost, listed_at
    bool any_price = false;
    std::shared_ptr<const Version> base;
    std::vector<CustomerId> changed;  // of the base
    bool guests_anew = false;

    Dictionary& texts(TextDomain domain) { return staged.shared.dictionary(domain); }

    std::uint32_t shop_code(ShopId shop) {
        const std::uint32_t index = shop_ids.find(shop.value);
        SHUKE_CHECK(shop && index != IdIndex::kNone, "shop " + std::to_string(shop.value) + " was not added");
        return index + 1;
    }

    std::uint32_t slot_of(CustomerId customer) {
        const std::uint32_t slot = customer ? staged.customer_ids.find(customer.value) : IdIndex::kNone;
        return slot == IdIndex::kNone ? kGuest : slot;
    }

    // Labels sorted by category, brand, product …, so that the labels of one category have neighbouring codes: asking
    // for a category is then a range test on the label column.
    std::vector<std::uint32_t> sort_labels();
    void place_guests(Layout& layout);
    Version::Parts joined_to_base(Version::Parts added, WorkerPool* pool) const;
};

Builder::Builder(Config config) : staging_(std::make_unique<Staging>()) {
    staging_->staged.shared.zones.push_back(config.zone);
    staging_->config = std::move(config);
}

Builder Builder::on(std::shared_ptr<const Version> base, std::vector<CustomerId> changed) {
    Builder builder(base->config());
    Staging& s = *builder.staging_;
    const SharedTables& known = base->shared();
    s.staged.shared = grown_on(base->parts().shared);
    for (const std::int64_t shop : known.shop_ids) s.shop_ids.add(shop);
    for (const std::int64_t label : known.label_ids) s.label_ids.add(label);
    s.labels.resize(known.label_ids.size());
    s.prices.resize(known.label_ids.size());
    s.base = std::move(base);
    s.changed = std::move(changed);
    std::ranges::sort(s.changed);
    return builder;
}

void Builder::replace_guests() {
    SHUKE_CHECK(staging_->base != nullptr, "only a base has guests to replace");
    staging_->guests_anew = true;
}

Builder::Builder(Builder&&) noexcept = default;
Builder::~Builder() = default;

Status Builder::add_shop(const Shop& shop) {
    const auto zone = TimeZone::find(shop.time_zone);
    if (!zone) return std::unexpected(zone.error());
    SharedTables& shared = staging_->staged.shared;
    auto known = std::ranges::find(shared.zones, *zone);
    if (known == shared.zones.end()) known = shared.zones.insert(known, *zone);
    staging_->shop_ids.add(shop.id.value);
    shared.shop_ids.push_back(shop.id.value);
    shared.shop_names.push_back(shared.dictionary(TextDomain::kShop).add(shop.name));
    shared.shop_platforms.push_back(shared.dictionary(TextDomain::kPlatform).add(shop.platform));
    shared.shop_zones.push_back(static_cast<std::uint32_t>(known - shared.zones.begin()));
    SHUKE_CHECK(shared.shop_names.size() <= 0xFFFF, "more than 65,534 shops");
    return {};
}

void Builder::add_label(const LabelFact& label) {
    Staging& s = *staging_;
    s.label_ids.add(label.id.value);
    s.labels.push_back({s.texts(TextDomain::kProduct).add(label.product), s.texts(TextDomain::kTitle).add(label.title),
                        s.texts(TextDomain::kSku).add(label.sku), s.texts(TextDomain::kCategory).add(label.category),
                        s.texts(TextDomain::kBrand).add(label.brand)});
    s.prices.push_back({label.list_price, label.cost, to_seconds(label.listed_at)});
    for (const std::int64_t value : s.prices.back()) s.any_price = s.any_price || value != kMissing;
}

void Builder::add_customer(const CustomerFact& customer) {
    Staging& s = *staging_;
    const auto& ids = s.staged.customer_ids.ids();
    SHUKE_CHECK(ids.empty() || ids.back() < customer.id.value, "customers must come in ascending id");
    s.staged.customer_ids.add(customer.id.value);
    StagedCustomer row;
    row.created_at = to_seconds(customer.created_at);
    if (customer.birthday != kNoDay) row.birthday = pack_date(to_civil(customer.birthday));
    row.gender = static_cast<std::uint8_t>(customer.gender);
    row.province = s.texts(TextDomain::kProvince).add(customer.province);
    row.city = s.texts(TextDomain::kCity).add(customer.city);
    row.district = s.texts(TextDomain::kDistrict).add(customer.district);
    row.shop = s.texts(TextDomain::kShop).add(customer.shop);
    const auto& names = s.staged.shared.shop_names;
    const auto shop = std::ranges::find(names, row.shop);
    if (row.shop != 0 && shop != names.end())
        row.platform = s.staged.shared.shop_platforms[static_cast<std::size_t>(shop - names.begin())];
    s.staged.customers.push_back(row);
}

void Builder::add_order(const OrderFact& order) {
    Staging& s = *staging_;
    const std::uint32_t index = s.staged.order_ids.add(order.id.value);
    StagedOrder row;
    row.id = order.id.value;
    const Instant times[] = {order.created_at, order.paid_at,     order.shipped_at,
                             order.signed_at,  order.finished_at, order.closed_at};
    for (unsigned i = 0; i < std::size(times); ++i) {
        const std::int64_t seconds = to_seconds(times[i]);
        row.times[i] = s.staged.order_overflow.put(seconds == kMissing ? kMissing : seconds - kStagingEpoch, index, i);
    }
    row.amount = s.staged.order_overflow.put(order.amount, index, 6);
    row.discount = s.staged.order_overflow.put(order.discount, index, 7);
    row.slot = s.slot_of(order.customer);
    row.channel = s.texts(TextDomain::kChannel).add(order.channel);
    row.province = s.texts(TextDomain::kProvince).add(order.province);
    row.city = s.texts(TextDomain::kCity).add(order.city);
    row.coupon = s.texts(TextDomain::kCoupon).add(order.coupon);
    row.shop = static_cast<std::uint16_t>(s.shop_code(order.shop));
    row.status = order.status;
    s.staged.orders.push_back(row);
}

void Builder::add_line(const LineFact& line) {
    Staged& s = staging_->staged;
    const std::uint32_t order = s.order_ids.find(line.order.value);
    SHUKE_CHECK(order != IdIndex::kNone, "a line came before its order " + std::to_string(line.order.value));
    const std::uint32_t label = line.label ? staging_->label_ids.find(line.label.value) : IdIndex::kNone;
    const std::uint64_t row = s.lines.size();
    s.lines.push_back({order, label, line.line_no, s.line_overflow.put(line.quantity_milli, row, 0),
                       s.line_overflow.put(line.price, row, 1), s.line_overflow.put(line.amount, row, 2),
                       s.line_overflow.put(line.discount, row, 3), s.line_overflow.put(line.refunded, row, 4)});
}

void Builder::add_refund(const RefundFact& refund) {
    Staging& s = *staging_;
    StagedRefund row;
    row.id = refund.id.value;
    row.order = refund.order ? s.staged.order_ids.find(refund.order.value) : IdIndex::kNone;
    row.slot = s.slot_of(refund.customer);
    row.shop = s.shop_code(refund.shop);
    if (row.order != IdIndex::kNone) row.slot = s.staged.orders[row.order].slot;
    if (row.order != IdIndex::kNone) row.shop = s.staged.orders[row.order].shop;
    row.at = to_seconds(refund.at);
    row.done_at = to_seconds(refund.done_at);
    row.amount = refund.amount;
    row.kind = s.texts(TextDomain::kRefundKind).add(refund.kind);
    row.reason = s.texts(TextDomain::kRefundReason).add(refund.reason);
    row.status = s.texts(TextDomain::kRefundStatus).add(refund.status);
    s.staged.refunds.push_back(row);
}

void Builder::add_span(const SpanFact& span) {
    Staging& s = *staging_;
    const std::uint32_t slot = s.slot_of(span.customer);
    if (slot == kGuest) return;
    s.staged.spans.push_back({slot, s.texts(TextDomain::kSpan).add(span_text(span.kind, span.name)),
                              to_seconds(span.from), to_seconds(span.until)});
}

void Builder::add_trait(const TraitFact& trait) {
    Staging& s = *staging_;
    const std::uint32_t slot = s.slot_of(trait.customer);
    if (slot == kGuest) return;
    std::int64_t value = trait.number;
    if (trait.type == TraitType::kTime && value != kMissing) value = Instant{value}.seconds();
    if (trait.type == TraitType::kText) {
        const std::uint32_t code = s.texts(TextDomain::kTraitText).add(trait.text);
        value = code == 0 ? kMissing : std::int64_t{code};
    }
    s.staged.traits.push_back(
        {slot, s.texts(TextDomain::kTrait).add(trait_text(trait.type, trait.name)), to_seconds(trait.from), value});
}

void Builder::add_event(const EventFact& event) {
    Staging& s = *staging_;
    const auto columns = event_columns(event.kind);
    SHUKE_CHECK(event.at != kNever && event.values.size() == columns.size(), "an event without its time or a value");
    const std::uint32_t slot = s.slot_of(event.customer);
    if (slot == kGuest) return;
    StagedEvents& staged = s.staged.events[static_cast<std::size_t>(event.kind)];
    const std::uint32_t label = event.label ? s.label_ids.find(event.label.value) : IdIndex::kNone;
    staged.rows.push_back({event.id, event.at.seconds(), slot, event.shop ? s.shop_code(event.shop) : 0, label});
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const EventFact::Value& value = event.values[i];
        switch (columns[i].value) {
            case EventValue::kText: staged.values.push_back(s.texts(TextDomain::kEventText).add(value.text)); break;
            case EventValue::kTime:
            case EventValue::kPlanned: staged.values.push_back(to_seconds(Instant{value.number})); break;
            case EventValue::kChoice: {  // a word that is not known here, from a newer record, is none
                const auto most = static_cast<std::int64_t>(words_of(event.kind, i));
                staged.values.push_back(value.number >= 1 && value.number <= most ? value.number : 0);
                break;
            }
            case EventValue::kFlag: staged.values.push_back(value.number == 1 ? 1 : 0); break;
            case EventValue::kNumber:
            case EventValue::kMoney: staged.values.push_back(value.number); break;
        }
    }
}

std::vector<std::uint32_t> Builder::Staging::sort_labels() {
    constexpr std::size_t kSortBy[] = {3, 4, 0, 2, 1};  // category, brand, product, sku, title
    const auto text = [&](std::uint32_t label, std::size_t column) {
        return staged.shared.texts[static_cast<std::size_t>(TextDomain::kProduct) + column].text(labels[label][column]);
    };
    const auto known = static_cast<std::uint32_t>(staged.shared.label_ids.size());  // they keep their codes
    std::vector<std::uint32_t> sorted(labels.size() - known);
    std::iota(sorted.begin(), sorted.end(), known);
    std::ranges::sort(sorted, [&](std::uint32_t a, std::uint32_t b) {
        for (const std::size_t column : kSortBy) {
            if (labels[a][column] == labels[b][column]) continue;
            return text(a, column) < text(b, column);
        }
        return a < b;
    });
    auto& codes = staged.shared.label_codes;
    codes.resize(labels.size());
    for (auto& texts_of_labels : staged.shared.labels) texts_of_labels.resize(labels.size() + 1, 0);
    for (std::uint32_t position = 0; position < sorted.size(); ++position) {
        const std::uint32_t code = known + position + 1;
        codes[sorted[position]] = code;
        for (std::size_t column = 0; column < 5; ++column)
            staged.shared.labels[column][code] = labels[sorted[position]][column];
    }
    staged.shared.label_ids = label_ids.ids();
    for (std::size_t column = 0; column < 3; ++column) {
        auto& known_prices = staged.shared.prices[column];
        if (!any_price && known_prices.empty()) continue;
        known_prices.resize(known + 1, kMissing);
        for (const std::uint32_t label : sorted) known_prices.push_back(prices[label][column]);
    }
    return codes;
}

// Every guest order, and every refund of nobody known, gets a slot of its own behind the customers' blocks.
void Builder::Staging::place_guests(Layout& layout) {
    layout.customer_slots = static_cast<std::uint32_t>(staged.customers.size());
    layout.slots = (layout.customer_slots + kBlockSlots - 1) / kBlockSlots * kBlockSlots;
    for (std::size_t i = 0; i < staged.orders.size(); ++i) {
        if (staged.orders[i].slot == kGuest) staged.orders[i].slot = layout.slots++;
    }
    for (std::size_t i = 0; i < staged.refunds.size(); ++i) {
        StagedRefund& refund = staged.refunds[i];
        if (refund.order != IdIndex::kNone) {
            refund.slot = staged.orders[refund.order].slot;
        } else if (refund.slot == kGuest) {
            refund.slot = layout.slots++;
        }
    }
}

std::shared_ptr<const Version> Builder::build(WorkerPool* pool) {
    Staging& s = *staging_;
    Staged& staged = s.staged;
    Layout layout;
    layout.label_codes = s.sort_labels();
    s.place_guests(layout);
    layout.orders_of_slot =
        group_rows(staged.orders, layout.slots, [](const StagedOrder& order) { return order.slot; });
    layout.lines_of_order = group_rows(staged.lines, static_cast<std::uint32_t>(staged.orders.size()),
                                       [](const StagedLine& line) { return line.order; });
    layout.refunds_of_slot =
        group_rows(staged.refunds, layout.slots, [](const StagedRefund& refund) { return refund.slot; });
    layout.spans_of_slot = group_rows(staged.spans, layout.slots, [](const StagedSpan& span) { return span.slot; });
    if (staged.traits.size() > 0) {
        layout.traits_of_slot =
            group_rows(staged.traits, layout.slots, [](const StagedTrait& trait) { return trait.slot; });
    }
    for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
        if (staged.events[kind].rows.size() == 0) continue;
        layout.events_of_slot[kind] =
            group_rows(staged.events[kind].rows, layout.slots, [](const StagedEvent& event) { return event.slot; });
    }
    layout.row_of_order.resize(staged.orders.size());

    Version::Blocks blocks((layout.slots + kBlockSlots - 1) / kBlockSlots);
    std::vector<BuildSpace> spaces(workers(pool));
    run_tasks(pool, blocks.size(), [&](std::size_t block, unsigned worker) {
        const auto begin = static_cast<std::uint32_t>(block) * kBlockSlots;
        const std::uint32_t living = begin < layout.customer_slots ? layout.customer_slots : layout.slots;
        blocks[block] = build_block(staged, layout, begin, std::min(begin + kBlockSlots, living), spaces[worker]);
    });
    const auto customer_blocks = blocks.begin() + (layout.customer_slots + kBlockSlots - 1) / kBlockSlots;
    Version::Parts parts;
    parts.config = s.config;
    parts.guest_blocks.assign(customer_blocks, blocks.end());
    blocks.erase(customer_blocks, blocks.end());
    for (const auto& block : blocks) parts.living.push_back(SlotBits::first(block->slots));
    parts.settled = blocks.size();
    parts.blocks = std::move(blocks);
    parts.shared = std::make_shared<const SharedTables>(std::move(staged.shared));
    if (s.base != nullptr) parts = s.joined_to_base(std::move(parts), pool);
    staging_ = std::make_unique<Staging>();
    staging_->config = parts.config;
    return std::make_shared<const Version>(std::move(parts));
}

// The base, the slots of those who changed dead, and behind it what they are now.
Version::Parts Builder::Staging::joined_to_base(Version::Parts added, WorkerPool* pool) const {
    Version::Parts parts = base->parts();
    // Nothing new in the tables: the versions share them.
    if (!parts.shared->has_all_of(*added.shared)) parts.shared = std::move(added.shared);
    for (const CustomerId customer : changed) {
        const auto slot = base->slot_of(customer);
        if (slot) parts.living[*slot / kBlockSlots].reset(*slot % kBlockSlots);
    }
    for (const std::int64_t customer : staged.customer_ids.ids()) {
        SHUKE_CHECK(std::ranges::binary_search(changed, CustomerId{customer}),
                    "customer " + std::to_string(customer) + " is not said to have changed");
    }
    std::ranges::move(added.blocks, std::back_inserter(parts.blocks));
    std::ranges::move(added.living, std::back_inserter(parts.living));
    if (guests_anew) parts.guest_blocks = std::move(added.guest_blocks);
    fold(parts, pool);
    return parts;
}

}  // namespace shuke::audience

#include "audience/version.h"

#include <algorithm>

#include "audience/engine/bits.h"
#include "audience/engine/block.h"
#include "base/check.h"

namespace shuke::audience {

namespace {

void add_rows(FactCounts& counts, const Block& block, std::uint32_t slot) {
    const auto rows = [&](const RowSpace& space) { return space.offsets[slot + 1] - space.offsets[slot]; };
    counts.orders += rows(block.orders);
    counts.lines += rows(block.lines);
    counts.refunds += rows(block.refunds);
    for (const EventColumns& events : block.events) counts.events += events.rows == 0 ? 0 : rows(events);
}

void add_all(FactCounts& counts, const Block& block) {
    counts.orders += block.orders.rows;
    counts.lines += block.lines.rows;
    counts.refunds += block.refunds.rows;
    for (const EventColumns& events : block.events) counts.events += events.rows;
}

void subtract(FactCounts& counts, const FactCounts& part) {
    counts.orders -= part.orders;
    counts.lines -= part.lines;
    counts.refunds -= part.refunds;
    counts.events -= part.events;
}

}  // namespace

Version::Version(Parts parts) : parts_(std::move(parts)) {
    SHUKE_CHECK(parts_.living.size() == parts_.blocks.size(), "every block has its living slots");
    for (std::size_t number = 0; number < parts_.blocks.size(); ++number) {
        const Block& block = *parts_.blocks[number];
        const SlotBits& living = parts_.living[number];
        customers_ += static_cast<std::uint32_t>(living.count());
        add_all(facts_, block);
        FactCounts dead;
        SlotBits::first(block.slots).without(living).for_each([&](std::size_t slot) {
            add_rows(dead, block, static_cast<std::uint32_t>(slot));
        });
        subtract(facts_, dead);
        if (number < parts_.settled) continue;
        living.for_each([&](std::size_t slot) {
            moved_.push_back({block.customers.id.value_at(slot), static_cast<Slot>(number * kBlockSlots + slot)});
        });
    }
    std::ranges::sort(moved_, {}, &Moved::customer);
    for (const auto& block : parts_.guest_blocks) add_all(guest_facts_, *block);
}

Version::~Version() = default;

const SlotBits& Version::living(std::size_t block) const { return parts_.living[block]; }

CustomerId Version::customer_at(Slot slot) const {
    const std::size_t block = slot / kBlockSlots;
    SHUKE_CHECK(block < parts_.blocks.size() && parts_.living[block].test(slot % kBlockSlots),
                "slot " + std::to_string(slot) + " is not a customer's");
    return CustomerId{parts_.blocks[block]->customers.id.value_at(slot % kBlockSlots)};
}

std::optional<Slot> Version::slot_of(CustomerId customer) const {
    const auto moved = std::ranges::lower_bound(moved_, customer.value, {}, &Moved::customer);
    if (moved != moved_.end() && moved->customer == customer.value) return moved->slot;
    return settled_slot(customer);
}

std::optional<Slot> Version::settled_slot(CustomerId customer) const {
    const auto end = parts_.blocks.begin() + static_cast<std::ptrdiff_t>(parts_.settled);
    const auto behind = std::partition_point(parts_.blocks.begin(), end, [&](const auto& block) {
        return block->customers.id.min <= customer.value;  // a block's ids ascend: min is its first
    });
    if (behind == parts_.blocks.begin()) return std::nullopt;
    const auto number = static_cast<std::size_t>(behind - parts_.blocks.begin()) - 1;
    const Block& block = *parts_.blocks[number];
    std::uint32_t low = 0;
    std::uint32_t high = block.slots;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (block.customers.id.value_at(middle) < customer.value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == block.slots || block.customers.id.value_at(low) != customer.value) return std::nullopt;
    if (!parts_.living[number].test(low)) return std::nullopt;
    return static_cast<Slot>(number * kBlockSlots + low);
}

LabelId Version::last_label() const {
    const auto& ids = parts_.shared->label_ids;
    return ids.empty() ? LabelId{} : LabelId{*std::ranges::max_element(ids)};
}

MemoryReport Version::bytes() const {
    MemoryReport report;
    report.shared_bytes = parts_.shared->bytes();
    const auto offsets = [](const RowSpace& space) { return space.offsets.size() * sizeof(std::uint32_t); };
    for (const Blocks* blocks : {&parts_.blocks, &parts_.guest_blocks}) {
        for (const auto& block : *blocks) {
            report.customers_bytes += sizeof(Block) + sizeof(SlotBits) + block->customer_store.bytes() +
                                      block->span_store.bytes() + offsets(block->spans) + block->trait_store.bytes() +
                                      offsets(block->traits);
            report.orders_bytes += block->order_store.bytes() + offsets(block->orders) +
                                   block->orders.losses.size() * sizeof(Loss) +
                                   block->orders.repeats.size() * sizeof(std::uint32_t);
            report.lines_bytes += block->line_store.bytes() + offsets(block->lines);
            report.refunds_bytes += block->refund_store.bytes() + offsets(block->refunds);
            report.fact_rows += block->orders.rows + block->lines.rows + block->refunds.rows;
            report.events_bytes += block->event_store.bytes();
            for (const EventColumns& events : block->events) {
                report.events_bytes += offsets(events) + events.values.size() * sizeof(Column);
                report.fact_rows += events.rows;
            }
        }
    }
    report.customers_bytes += moved_.size() * sizeof(Moved);
    return report;
}

std::string span_text(SpanKind kind, std::string_view name) {
    return std::string(1, static_cast<char>('a' + static_cast<int>(kind))) + std::string(name);
}

std::uint32_t span_code(const SharedTables& shared, SpanKind kind, std::string_view name) {
    return shared.dictionary(TextDomain::kSpan).find(span_text(kind, name));
}

std::string trait_text(TraitType type, std::string_view name) {
    return std::string(1, static_cast<char>('a' + static_cast<int>(type))) + std::string(name);
}

std::uint32_t trait_code(const SharedTables& shared, TraitType type, std::string_view name) {
    return shared.dictionary(TextDomain::kTrait).find(trait_text(type, name));
}

std::uint64_t SharedTables::bytes() const {
    std::uint64_t bytes = (shop_names.size() * 3 + zones.size() * 2) * sizeof(std::uint32_t);
    for (const Dictionary& dictionary : texts) bytes += dictionary.bytes();
    for (const auto& texts_of_labels : labels) bytes += texts_of_labels.size() * sizeof(std::uint32_t);
    bytes += (shop_ids.size() + label_ids.size()) * sizeof(std::int64_t) + label_codes.size() * sizeof(std::uint32_t);
    for (const auto& of_labels : prices) bytes += of_labels.size() * sizeof(std::int64_t);
    return bytes;
}

SharedTables grown_on(const std::shared_ptr<const SharedTables>& before) {
    SharedTables tables;
    for (std::size_t domain = 0; domain < tables.texts.size(); ++domain)
        tables.texts[domain] = Dictionary::growing_on({before, &before->texts[domain]});
    tables.shop_names = before->shop_names;
    tables.shop_platforms = before->shop_platforms;
    tables.shop_zones = before->shop_zones;
    tables.zones = before->zones;
    tables.shop_ids = before->shop_ids;
    tables.labels = before->labels;
    tables.prices = before->prices;
    tables.label_ids = before->label_ids;
    tables.label_codes = before->label_codes;
    return tables;
}

bool SharedTables::has_all_of(const SharedTables& later) const {
    const auto same_texts = [](const Dictionary& a, const Dictionary& b) { return a.max_code() == b.max_code(); };
    return std::ranges::equal(texts, later.texts, same_texts) && shop_ids.size() == later.shop_ids.size() &&
           label_ids.size() == later.label_ids.size();
}

}  // namespace shuke::audience

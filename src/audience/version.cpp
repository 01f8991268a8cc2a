#include "audience/version.h"

#include <algorithm>

#include "audience/engine/block.h"
#include "base/check.h"

namespace shuke::audience {

Version::Version(Config config, std::shared_ptr<const SharedTables> shared, Blocks blocks, Blocks guest_blocks)
    : config_(std::move(config)),
      shared_(std::move(shared)),
      blocks_(std::move(blocks)),
      guest_blocks_(std::move(guest_blocks)) {
    const auto add = [](FactCounts& counts, const Block& block) {
        counts.orders += block.orders.rows;
        counts.lines += block.lines.rows;
        counts.refunds += block.refunds.rows;
        for (const EventColumns& events : block.events) counts.events += events.rows;
    };
    for (const auto& block : blocks_) {
        customers_ += block->slots;
        add(facts_, *block);
    }
    for (const auto& block : guest_blocks_) add(guest_facts_, *block);
}

CustomerId Version::customer_at(Slot slot) const {
    SHUKE_CHECK(slot < customers_, "slot " + std::to_string(slot) + " is not a customer's");
    return CustomerId{blocks_[slot / kBlockSlots]->customers.id.value_at(slot % kBlockSlots)};
}

std::optional<Slot> Version::slot_of(CustomerId customer) const {
    std::uint32_t low = 0;
    std::uint32_t high = customers_;
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (customer_at(middle) < customer) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == customers_ || customer_at(low) != customer) return std::nullopt;
    return low;
}

MemoryReport Version::bytes() const {
    MemoryReport report;
    report.shared_bytes = shared_->bytes();
    const auto offsets = [](const RowSpace& space) { return space.offsets.size() * sizeof(std::uint32_t); };
    for (const Blocks* blocks : {&blocks_, &guest_blocks_}) {
        for (const auto& block : *blocks) {
            report.customers_bytes += sizeof(Block) + block->customer_store.bytes() + block->span_store.bytes() +
                                      offsets(block->spans) + block->trait_store.bytes() + offsets(block->traits);
            report.orders_bytes +=
                block->order_store.bytes() + offsets(block->orders) + block->orders.losses.size() * sizeof(Loss);
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
    for (const auto& of_labels : prices) bytes += of_labels.size() * sizeof(std::int64_t);
    return bytes;
}

}  // namespace shuke::audience

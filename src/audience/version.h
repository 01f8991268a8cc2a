// src/audience/version.h
//
// One consistent picture of all customers and their facts: immutable blocks of 1,024 customers and what they share
// (dictionaries, shops, labels). Whoever holds the shared_ptr sees this picture until letting go.
//
// A customer has a slot. Most blocks are *settled*: their slots ascend with customer ids, block after block. Customers
// that changed since lie in the blocks behind them, once more and anew; the slot they left is dead. So a later version
// shares all blocks with the one before except a few (Builder::on, engine/fold.h). Guests, who are nobody known, have
// blocks apart and are never among the customers.
//
// Threads  immutable: any number of readers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "audience/config.h"
#include "base/id.h"

namespace shuke::audience {

struct Block;
struct SharedTables;
struct SlotBits;

inline constexpr std::uint32_t kBlockSlots = 1024;

using Slot = std::uint32_t;

struct MemoryReport {
    std::uint64_t customers_bytes = 0;
    std::uint64_t orders_bytes = 0;
    std::uint64_t lines_bytes = 0;
    std::uint64_t refunds_bytes = 0;
    std::uint64_t events_bytes = 0;
    std::uint64_t shared_bytes = 0;  // dictionaries, labels, shops
    std::uint64_t fact_rows = 0;     // orders + lines + refunds + events, guests included
    std::uint64_t total() const {
        return customers_bytes + orders_bytes + lines_bytes + refunds_bytes + events_bytes + shared_bytes;
    }
    double bytes_per_fact() const {
        return fact_rows == 0 ? 0.0 : static_cast<double>(total()) / static_cast<double>(fact_rows);
    }
};

struct FactCounts {
    std::uint64_t orders = 0, lines = 0, refunds = 0, events = 0;
};

class Version {
public:
    using Blocks = std::vector<std::shared_ptr<const Block>>;

    struct Parts {
        Config config;
        std::shared_ptr<const SharedTables> shared;
        Blocks blocks;                 // of customers: the settled ones first
        std::vector<SlotBits> living;  // by block: whose slots are not dead
        std::size_t settled = 0;       // how many blocks are
        Blocks guest_blocks;
    };

    explicit Version(Parts parts);
    ~Version();
    Version(const Version&) = delete;
    Version& operator=(const Version&) = delete;

    const Config& config() const { return parts_.config; }
    std::uint32_t customers() const { return customers_; }
    FactCounts facts() const { return facts_; }              // of customers
    FactCounts guest_facts() const { return guest_facts_; }  // of nobody known

    CustomerId customer_at(Slot slot) const;
    std::optional<Slot> slot_of(CustomerId customer) const;
    LabelId last_label() const;  // the greatest id that is known; 0: none
    MemoryReport bytes() const;

    // For the engine's own files.
    std::span<const std::shared_ptr<const Block>> blocks() const { return parts_.blocks; }
    std::span<const std::shared_ptr<const Block>> guest_blocks() const { return parts_.guest_blocks; }
    const SlotBits& living(std::size_t block) const;
    const SharedTables& shared() const { return *parts_.shared; }
    const Parts& parts() const { return parts_; }
    bool slots_ascend() const { return parts_.settled == parts_.blocks.size(); }  // with customer ids

private:
    struct Moved {
        std::int64_t customer;
        Slot slot;
    };

    std::optional<Slot> settled_slot(CustomerId customer) const;

    Parts parts_;
    std::vector<Moved> moved_;  // who lives behind the settled blocks, by ascending id
    std::uint32_t customers_ = 0;
    FactCounts facts_;
    FactCounts guest_facts_;
};

}  // namespace shuke::audience

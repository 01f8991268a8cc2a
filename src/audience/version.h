// src/audience/version.h
//
// One consistent picture of all customers and their facts: immutable blocks of 1,024 customers and what they share
// (dictionaries, shops, labels). Whoever holds the shared_ptr sees this picture until letting go.
//
// A customer has a dense slot: slots ascend with customer ids.
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

    Version(Config config, std::shared_ptr<const SharedTables> shared, Blocks blocks, Blocks guest_blocks);

    const Config& config() const { return config_; }
    std::uint32_t customers() const { return customers_; }
    FactCounts facts() const { return facts_; }              // of customers
    FactCounts guest_facts() const { return guest_facts_; }  // of nobody known

    CustomerId customer_at(Slot slot) const;
    std::optional<Slot> slot_of(CustomerId customer) const;
    MemoryReport bytes() const;

    // For the engine's own files.
    std::span<const std::shared_ptr<const Block>> blocks() const { return blocks_; }
    std::span<const std::shared_ptr<const Block>> guest_blocks() const { return guest_blocks_; }
    const SharedTables& shared() const { return *shared_; }

private:
    Config config_;
    std::shared_ptr<const SharedTables> shared_;
    Blocks blocks_;
    Blocks guest_blocks_;
    std::uint32_t customers_ = 0;
    FactCounts facts_;
    FactCounts guest_facts_;
};

}  // namespace shuke::audience

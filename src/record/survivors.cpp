#include "record/survivors.h"

#include "record/bulk_select.h"

namespace shuke::record {

Survivors::Survivors(soci::session& session) {
    BulkSelect select(session, "SELECT id, merged_into FROM customers WHERE merged_into IS NOT NULL",
                      {Type::kInteger, Type::kInteger});
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) merged_into_[select.integer(0, i)] = select.integer(1, i);
    }
}

CustomerId Survivors::of(CustomerId customer) const {
    // Bounded, so that a damaged record with a ring cannot hold the program.
    for (std::size_t steps = 0; steps <= merged_into_.size(); ++steps) {
        const auto next = merged_into_.find(customer.value);
        if (next == merged_into_.end()) return customer;
        customer = CustomerId{next->second};
    }
    return customer;
}

void Survivors::for_each(const std::function<void(CustomerId, CustomerId)>& visit) const {
    for (const auto& [merged, unused] : merged_into_) visit(CustomerId{merged}, of(CustomerId{merged}));
}

}  // namespace shuke::record

#include "record/whose.h"

#include <map>

#include "record/changes.h"
#include "record/survivors.h"

namespace shuke::record {

Whose Whose::of(const std::vector<CustomerId>& customers) {
    Whose whose(Kind::kThese);
    for (const CustomerId customer : customers)
        whose.ids_ += (whose.ids_.empty() ? "" : ",") + std::to_string(customer.value);
    return whose;
}

std::string Whose::condition(std::string_view column) const {
    if (kind_ == Kind::kAll) return "1 = 1";
    if (kind_ == Kind::kNobody) return std::string(column) + " IS NULL";
    return std::string(column) + " IN (" + ids_ + ")";
}

std::vector<std::vector<CustomerId>> changed_groups(soci::session& session, const std::vector<CustomerId>& changed,
                                                    std::size_t size) {
    const Survivors survivors(session);
    std::map<CustomerId, std::vector<CustomerId>> merged;  // by living customer
    for (const CustomerId customer : changed) {
        if (customer != kGuests) merged[survivors.of(customer)];
    }
    survivors.for_each([&](CustomerId id, CustomerId living) {
        const auto group = merged.find(living);
        if (group != merged.end()) group->second.push_back(id);
    });
    std::vector<std::vector<CustomerId>> groups;
    for (auto& [living, ids] : merged) {
        if (groups.empty() || groups.back().size() >= size) groups.emplace_back();
        groups.back().push_back(living);
        groups.back().insert(groups.back().end(), ids.begin(), ids.end());
    }
    return groups;
}

}  // namespace shuke::record

// src/record/whose.h: whose facts are wanted: everybody's, those of customers that changed, or of nobody known.
#pragma once

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"

namespace shuke::record {

class Whose {
public:
    static Whose everybody() { return Whose(Kind::kAll); }
    static Whose guests() { return Whose(Kind::kNobody); }  // orders and refunds of nobody known
    // Of these customers, each given with all ids that were merged into it.
    static Whose of(const std::vector<CustomerId>& customers);

    bool is_everybody() const { return kind_ == Kind::kAll; }
    bool is_guests() const { return kind_ == Kind::kNobody; }
    // "column is one of theirs", as SQL made of our own numbers.
    std::string condition(std::string_view column) const;

private:
    enum class Kind { kAll, kNobody, kThese };
    explicit Whose(Kind kind) : kind_(kind) {}
    Kind kind_;
    std::string ids_;
};

// Who was stamped since, in groups that Whose::of takes: a living customer and the ids merged into it in one, living
// customers ascending; no guests. A group has about `size` ids.
std::vector<std::vector<CustomerId>> changed_groups(soci::session& session, const std::vector<CustomerId>& changed,
                                                    std::size_t size);

}  // namespace shuke::record

// src/audience/clickhouse/query.h
//
// One SELECT over shuke_customers while it is being written: what is asked, and the named parts in its WITH.
//
// Threads  one
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audience/clickhouse/translate.h"
#include "audience/config.h"
#include "audience/engine/window_range.h"
#include "base/instant.h"

namespace shuke::audience::clickhouse {

struct Asked {
    const Config& config;
    Instant as_of;
    const std::optional<Picture>& picture;
    std::int64_t now() const { return as_of.seconds(); }
    Day today() const { return config.zone.day_of(as_of); }
};

class Query {
public:
    explicit Query(const Asked& asked) : asked_(asked) {}
    const Asked& asked() const { return asked_; }
    std::int64_t now() const { return asked_.now(); }

    // The name of an expression, which then stands once in the WITH however often it is used.
    std::string define(std::string_view name, std::string expression);
    // Over the customers who exist and satisfy the condition; `rest`: ORDER BY … as it stands.
    std::string select(std::string_view what, const std::string& condition, const std::string& rest = "") const;

private:
    const Asked& asked_;
    std::vector<std::pair<std::string, std::string>> definitions_;  // name, expression
};

// The condition on a row of shuke_customers that it is the newest published one of its customer.
std::string is_visible(const std::optional<Picture>& picture);

}  // namespace shuke::audience::clickhouse

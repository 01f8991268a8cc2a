// The columns of events, traits and product prices, from their lists in domain/events.h: a new column there comes by
// itself.
#include <algorithm>
#include <set>

#include "audience/clickhouse/customer_row.h"
#include "audience/clickhouse/event_fields.h"
#include "audience/engine/points_left.h"
#include "audience/schema.h"

namespace shuke::audience::clickhouse {
namespace {

class EventWriter {
public:
    explicit EventWriter(EventKind kind) : kind_(kind), prefix_(event_prefix(kind)) {}

    template <class ValueOf>
    void numbers(const std::string& name, ValueOf value_of) {
        columns.push_back({prefix_ + name, "Array(Int64)", [kind = kind_, value_of](CustomerRow& row) {
                               const EventColumns& events = row.events(kind);
                               row.numbers(row.rows_of(events),
                                           [&](std::uint32_t i) { return value_of(row, events, i); });
                           }});
    }
    template <class ValueOf>
    void times(const std::string& name, ValueOf value_of) {
        numbers(name, value_of);
        numbers(name + "_day", [value_of](const CustomerRow& row, const EventColumns& events, std::uint32_t i) {
            return row.day(value_of(row, events, i), events.shop.stored_at(i));
        });
    }
    template <class CodeOf>
    void texts(const std::string& name, TextDomain domain, CodeOf code_of) {
        columns.push_back({prefix_ + name, "Array(String)", [kind = kind_, domain, code_of](CustomerRow& row) {
                               const EventColumns& events = row.events(kind);
                               row.texts(row.rows_of(events),
                                         [&](std::uint32_t i) { return row.text_of(domain, code_of(row, events, i)); });
                           }});
        columns.push_back(
            {prefix_ + name + "_nfkc", "Array(String)", [kind = kind_, domain, code_of](CustomerRow& row) {
                 const EventColumns& events = row.events(kind);
                 row.texts(row.rows_of(events),
                           [&](std::uint32_t i) { return row.normal_of(domain, code_of(row, events, i)); });
             }});
    }
    void value_columns() {
        const auto all = event_columns(kind_);
        for (std::size_t column = 0; column < all.size(); ++column) {
            const std::string name(all[column].name);
            const auto value = [column](const CustomerRow&, const EventColumns& events, std::uint32_t i) {
                return events.values[column].value_at(i);
            };
            const auto code = [column](const CustomerRow&, const EventColumns& events, std::uint32_t i) {
                return static_cast<std::int64_t>(events.values[column].stored_at(i));
            };
            switch (all[column].value) {
                case EventValue::kTime:
                case EventValue::kPlanned: times(name, value); break;
                case EventValue::kNumber:
                case EventValue::kMoney: numbers(name, value); break;
                case EventValue::kChoice:
                case EventValue::kFlag: numbers(name, code); break;
                case EventValue::kText: texts(name, TextDomain::kEventText, code); break;
            }
        }
    }

    std::vector<CustomerColumn> columns;

private:
    EventKind kind_;
    std::string prefix_;
};

// What is left of each entry of the points ledger, as steps: from when on it was so much.
template <class Use>
void for_each_step(const CustomerRow& row, Use use) {
    const EventColumns& events = row.events(EventKind::kPoints);
    const Rows rows = row.rows_of(events);
    std::vector<PointsEntry> entries;
    std::set<std::int64_t> moments;
    for (std::uint32_t i = rows.begin; i < rows.end; ++i) {
        const auto column = [&](std::string_view name) -> const Column& {
            return events.values[event_column(EventKind::kPoints, name)];
        };
        const bool counts = column("kind").stored_at(i) != static_cast<std::uint64_t>(PointsKind::kExpire);
        entries.push_back(
            {events.at.value_at(i), column("amount").value_at(i), column("expires_at").value_at(i), counts});
        moments.insert(entries.back().at);
        if (entries.back().expires_at != kMissing) moments.insert(entries.back().expires_at);
    }
    std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>> steps(entries.size());  // moment, left
    std::vector<std::int64_t> left(entries.size());
    for (const std::int64_t moment : moments) {
        const auto known = std::ranges::upper_bound(entries, moment, {}, &PointsEntry::at) - entries.begin();
        points_left(std::span(entries).first(static_cast<std::size_t>(known)), moment, left.data());
        for (std::size_t i = 0; i < static_cast<std::size_t>(known); ++i) {
            const std::int64_t before = steps[i].empty() ? 0 : steps[i].back().second;
            if (left[i] != before) steps[i].emplace_back(moment, left[i]);
        }
    }
    use(steps);
}

CustomerColumn points_steps(std::string name, bool moments) {
    return {std::move(name), "Array(Array(Int64))", [moments](CustomerRow& row) {
                for_each_step(row, [&](const auto& steps) {
                    row.size(steps.size());
                    for (const auto& of_entry : steps) {
                        row.size(of_entry.size());
                        for (const auto& [moment, left] : of_entry) row.number(moments ? moment : left);
                    }
                });
            }};
}

// A trait's type and name are one text of the dictionary: see trait_text.
template <class ValueOf>
CustomerColumn trait_numbers(std::string name, ValueOf value_of) {
    return {std::move(name), "Array(Int64)", [value_of](CustomerRow& row) {
                const TraitColumns& traits = row.block.traits;
                row.numbers(row.rows_of(traits), [&](std::uint32_t i) { return value_of(row, traits, i); });
            }};
}
template <class TextOf>
CustomerColumn trait_texts(std::string name, TextOf text_of) {
    return {std::move(name), "Array(String)", [text_of](CustomerRow& row) {
                const TraitColumns& traits = row.block.traits;
                row.texts(row.rows_of(traits), [&](std::uint32_t i) { return text_of(row, traits, i); });
            }};
}
std::string_view trait_what(const CustomerRow& row, const TraitColumns& traits, std::uint32_t i) {
    return row.text_of(TextDomain::kTrait, traits.what.stored_at(i));
}
TraitType type_of(const CustomerRow& row, const TraitColumns& traits, std::uint32_t i) {
    return static_cast<TraitType>(trait_what(row, traits, i).front() - trait_text(TraitType::kNumber, "").front());
}
std::uint64_t text_code(const CustomerRow& row, const TraitColumns& traits, std::uint32_t i) {
    const std::int64_t value = traits.value.value_at(i);
    return type_of(row, traits, i) == TraitType::kText && value != kMissing ? static_cast<std::uint64_t>(value) : 0;
}

}  // namespace

void add_event_columns(std::vector<CustomerColumn>& columns) {
    for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
        EventWriter writer(static_cast<EventKind>(kind));
        using E = const EventColumns&;
        using C = const CustomerRow&;
        writer.times("at", [](C, E events, std::uint32_t i) { return events.at.value_at(i); });
        writer.texts("shop", TextDomain::kShop,
                     [](C row, E events, std::uint32_t i) { return row.shared.shop_names[events.shop.stored_at(i)]; });
        writer.texts("platform", TextDomain::kPlatform, [](C row, E events, std::uint32_t i) {
            return row.shared.shop_platforms[events.shop.stored_at(i)];
        });
        for (const ProductField& product : product_fields(static_cast<EventKind>(kind))) {
            writer.texts(std::string(product.name), product.domain, [domain = product.domain](C row, E events, auto i) {
                return row.shared.label_texts(domain)[events.label.stored_at(i)];
            });
        }
        writer.value_columns();
        std::ranges::move(writer.columns, std::back_inserter(columns));
    }
    columns.push_back(points_steps("points_left_from", true));
    columns.push_back(points_steps("points_left", false));
}

void add_trait_columns(std::vector<CustomerColumn>& columns) {
    using T = const TraitColumns&;
    using C = const CustomerRow&;
    columns.push_back(trait_numbers("traits.type", [](C row, T traits, std::uint32_t i) {
        return static_cast<std::int64_t>(type_of(row, traits, i));
    }));
    columns.push_back(trait_texts(
        "traits.name", [](C row, T traits, std::uint32_t i) { return trait_what(row, traits, i).substr(1); }));
    columns.push_back(
        trait_numbers("traits.from", [](C, T traits, std::uint32_t i) { return traits.from.value_at(i); }));
    columns.push_back(trait_numbers("traits.number", [](C row, T traits, std::uint32_t i) {
        return type_of(row, traits, i) == TraitType::kText ? kMissing : traits.value.value_at(i);
    }));
    columns.push_back(trait_texts("traits.text", [](C row, T traits, std::uint32_t i) {
        return row.text_of(TextDomain::kTraitText, text_code(row, traits, i));
    }));
    columns.push_back(trait_texts("traits.text_nfkc", [](C row, T traits, std::uint32_t i) {
        return row.normal_of(TextDomain::kTraitText, text_code(row, traits, i));
    }));
}

void add_price_columns(std::vector<CustomerColumn>& columns) {
    const auto price = [](const CustomerRow& row, std::size_t column, std::uint32_t line) {
        const std::vector<std::int64_t>& of_label = row.shared.prices[column];
        return of_label.empty() ? kMissing : of_label[row.block.lines.label.stored_at(line)];
    };
    constexpr std::string_view kNames[] = {"lines.list_price", "lines.cost", "lines.listed_at"};
    for (std::size_t column = 0; column < 3; ++column) {
        columns.push_back({std::string(kNames[column]), "Array(Int64)", [price, column](CustomerRow& row) {
                               row.numbers(row.lines, [&](std::uint32_t line) { return price(row, column, line); });
                           }});
    }
    columns.push_back({"lines.listed_at_day", "Array(Int64)", [price](CustomerRow& row) {
                           row.numbers(row.lines, [&](std::uint32_t line) {
                               const auto order = static_cast<std::uint32_t>(row.block.lines.order.stored_at(line) - 1);
                               return row.day(price(row, 2, line), row.block.orders.shop.stored_at(order));
                           });
                       }});
}

}  // namespace shuke::audience::clickhouse

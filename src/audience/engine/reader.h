// src/audience/engine/reader.h
//
// A field's value for any row of a fact: straight from a narrow column, or by way of the row's order. Times after the
// instant are missing, unless they are set beforehand; texts come as codes of their own dictionary.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "audience/engine/block_run.h"
#include "audience/engine/plan_context.h"

namespace shuke::audience {

// Any row, at the price of a switch: for the few rows that first, last and distinct look at.
class FieldReader {
public:
    FieldReader(BlockRun& run, Level level, FieldKey field)
        : column_(run.column(field)),
          order_rows_(level == level_of(field) ? nullptr : &run.order_rows(level)),
          latest_(is_past_time(field) ? run.as_of() : std::numeric_limits<std::int64_t>::max()),
          text_of_(is_text_field(field) ? text_of_stored(run.shared(), field) : nullptr),
          is_code_(is_text_field(field)) {}

    std::int64_t operator()(std::size_t row) const {
        if (order_rows_ != nullptr) {
            const std::uint64_t order = order_rows_->stored_at(row);
            if (order == 0) return kMissing;
            row = order - 1;
        }
        const std::uint64_t stored = column_.stored_at(row);
        if (is_code_) {
            const std::uint64_t text = text_of_ == nullptr ? stored : (*text_of_)[stored];
            return text == 0 ? kMissing : static_cast<std::int64_t>(text);
        }
        const std::int64_t value = column_.decode(stored);
        return value > latest_ ? kMissing : value;
    }

private:
    const Column& column_;
    const Column* order_rows_;
    std::int64_t latest_;
    const std::vector<std::uint32_t>* text_of_;
    bool is_code_;
};

// The narrow rows of a column that needs neither mapping nor cutting.
template <class T>
struct NarrowReader {
    const T* rows;
    std::uint64_t base_minus_one;
    std::int64_t operator()(std::size_t row) const {
        return rows[row] == 0 ? kMissing : static_cast<std::int64_t>(base_minus_one + rows[row]);
    }
};

// Calls use(reader) with the fastest reader there is.
template <class Use>
void with_reader(BlockRun& run, Level level, FieldKey field, Use use) {
    const Column& column = run.column(field);
    const bool plain =
        level == level_of(field) && !is_text_field(field) && (!is_past_time(field) || column.max <= run.as_of());
    const auto base_minus_one = static_cast<std::uint64_t>(column.base) - 1;
    if (plain && visit_rows(column, [&]<class T>(const T* rows) { use(NarrowReader<T>{rows, base_minus_one}); }))
        return;
    use(FieldReader(run, level, field));
}

}  // namespace shuke::audience

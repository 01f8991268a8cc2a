#include "audience/engine/expiry.h"

#include <algorithm>

#include "audience/engine/block_columns.h"
#include "audience/engine/block_run.h"
#include "audience/engine/window_range.h"

namespace shuke::audience {
namespace {

// The least value that is at least `least`; kLatest where there is none.
std::int64_t next_value(const Column& column, std::size_t rows, std::int64_t least) {
    if (rows == 0 || column.all_missing() || column.max < least) return kLatest;
    if (column.min >= least) return column.min;
    if (column.width == 0) return kLatest;             // its one value is less
    const std::uint64_t first = column.encode(least);  // least lies within (min, max]
    std::uint64_t found = ~std::uint64_t{0};
    visit_rows(column, [&]<class T>(const T* stored) {
        T best = std::numeric_limits<T>::max();
        for (std::size_t row = 0; row < rows; ++row) {
            const T value = stored[row];
            best = value >= first && value < best ? value : best;
        }
        found = best;
    });
    return column.decode(found);
}

// A time that comes, or is only just there: what was to last until then has ended a second later.
std::int64_t next_time(const Block& block, std::int64_t from) {
    std::int64_t next = kLatest;
    const auto look = [&](const auto& columns, std::size_t rows) {
        for (const auto& named : columns) {
            if (named.stored == Stored::kTimes) next = std::min(next, next_value(*named.column, rows, from));
        }
    };
    look(customer_columns(block), block.slots);
    for (const auto& table : tables_of(block)) look(table.columns, table.rows->rows);
    for (const Loss& loss : block.orders.losses) {
        if (loss.from >= from) next = std::min(next, loss.from);
    }
    return std::max(next, from + 1);
}

struct Times {
    const Column* column;  // null: they are not stored
    std::size_t rows;
};

Times times_of(const Block& block, FieldKey field) {
    if (!is_event_field(field)) {
        const bool of_refunds = level_of(field) == Level::kRefund;
        return {stored_column(block, field), of_refunds ? block.refunds.rows : block.orders.rows};
    }
    const EventField event = event_field(field);
    const EventColumns& events = block.events[static_cast<std::size_t>(event.kind)];
    if (event.place == EventPlace::kAt || events.rows == 0) return {&events.at, events.rows};
    return {&events.values[event.column], events.rows};
}

bool is_planned_time(FieldKey field) {
    if (!is_event_field(field) || event_field(field).place != EventPlace::kColumn) return false;
    const EventField event = event_field(field);
    return event_columns(event.kind)[event.column].value == EventValue::kPlanned;
}

Window days_ago(std::int64_t days) {
    Window window;
    window.kind = Window::Kind::kWithinLast;
    window.n = days;
    return window;
}

bool depends_on_today(const Window& window) {
    return window.kind == Window::Kind::kThis || window.kind == Window::Kind::kLast;
}

bool is_in_months(const Window& window) {
    return window.unit == Unit::kMonth || window.unit == Unit::kQuarter || window.unit == Unit::kYear;
}

}  // namespace

Expiry::Expiry(const bound::Predicate& leaf, const Config& config) : lifecycle_(config.lifecycle), zone_(config.zone) {
    if (leaf.kind == bound::Predicate::Kind::kAny) add(leaf.facts);
    if (leaf.kind == bound::Predicate::Kind::kTest || leaf.kind == bound::Predicate::Kind::kCompare) add(leaf.left);
    if (leaf.kind == bound::Predicate::Kind::kCompare) add(leaf.right);
    if (const auto* test = std::get_if<bound::WindowTest>(&leaf.test)) add_window_of(leaf.left, test->window);
}

Expiry::Expiry(const bound::Metric& metric, const Config& config) : lifecycle_(config.lifecycle), zone_(config.zone) {
    add(metric);
}

void Expiry::add(const bound::Facts& facts) {
    if (facts.where) add(*facts.where);
    if (facts.window) add(facts.fact->at, *facts.window);
}

void Expiry::add(const bound::Row& row) {
    for (const bound::Row& part : row.parts) add(part);
    if (row.kind != bound::Row::Kind::kLeaf) return;
    if (row.field->key == FieldKey::kListedAt) at_once_ = true;  // a time that the block does not have
    if (const auto* test = std::get_if<bound::WindowTest>(&row.test)) add(row.field->key, test->window);
}

void Expiry::add(const bound::Metric& metric) {
    for (const bound::Metric& part : metric.parts) add(part);
    if (metric.field != nullptr && metric.field->key == FieldKey::kListedAt) at_once_ = true;
    if (metric.kind == bound::Metric::Kind::kAggregate) return add(metric.facts);
    if (metric.kind == bound::Metric::Kind::kPopulation) at_once_ = true;
    if (metric.kind != bound::Metric::Kind::kAttribute) return;
    if (metric.attribute->key == AttributeKey::kAge) by_calendar_ = true;
    if (metric.attribute->key == AttributeKey::kLifecycle) {
        for (const int days :
             {lifecycle_.silent_after_days, lifecycle_.sleeping_after_days, lifecycle_.lost_after_days})
            add(FieldKey::kAt, days_ago(days));
    }
}

void Expiry::add(FieldKey field, const Window& window) {
    if (field == FieldKey::kPurchaseAt) field = FieldKey::kAt;  // its first order's
    if (is_calendar_window(window)) {
        by_calendar_ = by_calendar_ || depends_on_today(window);
    } else if (is_past_time(field) || is_planned_time(field)) {
        edges_.push_back({field, window});
    } else {
        at_once_ = true;
    }
}

// A window on a metric: on the field it is taken from, or on what an attribute stands for.
void Expiry::add_window_of(const bound::Metric& metric, const Window& window) {
    if (metric.field != nullptr) return add(metric.field->key, window);
    const auto is = [&](AttributeKey key) { return metric.attribute != nullptr && metric.attribute->key == key; };
    if (is(AttributeKey::kFirstOrderAt) || is(AttributeKey::kLastOrderAt)) return add(FieldKey::kAt, window);
    (is(AttributeKey::kBirthday) ? by_calendar_ : at_once_) = true;
}

std::int64_t Expiry::next_midnight(std::int64_t from) const {
    const Day today = zone_.day_of(Instant::from_seconds(from));
    return std::max(from + 1, zone_.start_of(Day{today.days_since_epoch + 1}).seconds());
}

// Lengths as they are at `from`: seconds that a time lies behind (last, ago) or ahead of (next) the instant. A row
// crosses the edge when its time lies exactly there, or one second later; the earlier of the two is taken.
std::int64_t Expiry::next_on_edge(const Edge& edge, const Block& block, std::int64_t from) const {
    const Times times = times_of(block, edge.field);
    if (times.column == nullptr) return from + 1;
    const bool ahead = edge.window.kind == Window::Kind::kWithinNext;
    const auto length_at = [&](std::int64_t second) {
        const WindowRange range = window_range(edge.window, Instant::from_seconds(second), zone_, zone_);
        if (ahead) return second - range.high;
        return edge.window.kind == Window::Kind::kMoreThanAgo ? second - range.high - 1 : second - range.low;
    };
    std::int64_t next = kLatest;
    const std::int64_t length = length_at(from);
    if (is_in_months(edge.window)) {
        next = next_midnight(from);
        if (length_at(next - 1) != length) return from + 1;  // a clock changes today or on the window's other day
    }
    if (length > kLatest / 2 || length < kEarliest / 2) return next;  // farther away than any date
    const std::int64_t crossing = next_value(*times.column, times.rows, from - length);
    if (crossing != kLatest) next = std::min(next, std::max(from + 1, crossing + length));
    if (!ahead) return next;
    const std::int64_t passing = next_value(*times.column, times.rows, from);  // it comes, and is ahead no longer
    return passing == kLatest ? next : std::min(next, std::max(from + 1, passing));
}

std::int64_t Expiry::next_change(const Block& block, std::int64_t from) const {
    if (at_once_) return from + 1;
    std::int64_t next = std::min(by_calendar_ ? next_midnight(from) : kLatest, next_time(block, from));
    for (const Edge& edge : edges_) next = std::min(next, next_on_edge(edge, block, from));
    return next;
}

}  // namespace shuke::audience

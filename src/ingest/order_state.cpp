#include "ingest/order_state.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

namespace shuke::ingest {
namespace {

// The furthest stage that the times speak of. A closing time alone closes.
OrderStatus implied_status(const OrderRow& row) {
    if (row.closed_at != kNever) return OrderStatus::kClosed;
    if (row.finished_at != kNever) return OrderStatus::kFinished;
    if (row.signed_at != kNever) return OrderStatus::kSigned;
    if (row.shipped_at != kNever) return OrderStatus::kShipped;
    if (row.paid_at != kNever) return OrderStatus::kPaid;
    return OrderStatus::kCreated;
}

OrderStatus status_of(const OrderRow& row) {
    const OrderStatus implied = implied_status(row);
    return row.status ? std::max(*row.status, implied) : implied;
}

bool says_nothing_of_state(const OrderRow& row) {
    return row.updated_at == kNever && !row.status && implied_status(row) == OrderStatus::kCreated;
}

// Stages are 0 … 5 and so older than any time of our days.
std::int64_t version_of(const record::OrderHeader& header) {
    return header.updated_at != kNever ? header.updated_at.us_since_epoch : static_cast<std::int64_t>(header.status);
}

class Fields {
public:
    Fields(OrderState& state, const OrderRow& row)
        : header_(state.header), was_(version_of(state.header)), is_empty_(state.is_empty) {
        version_ = row.updated_at != kNever     ? row.updated_at.us_since_epoch
                   : says_nothing_of_state(row) ? std::max(was_, std::int64_t{0})
                                                : static_cast<std::int64_t>(status_of(row));
        read_exceptions();
    }

    std::int64_t version() const { return version_; }
    bool changed() const { return changed_; }

    // Whether the row's word counts for this field; notes it as told.
    bool counts(char field, bool is_said, bool is_known) {
        if (!is_said) {
            if (is_known) keep(field);
            return false;
        }
        const bool newer = !is_known || is_empty_ || version_ >= version_of_field(field);
        if (newer)
            versions_[field] = version_;
        else
            keep(field);
        return newer;
    }

    template <class T>
    void take(char field, T& known, const T& said, const T& missing) {
        if (counts(field, said != missing, known != missing) && said != known) {
            known = said;
            changed_ = true;
        }
    }
    void take_text(char field, std::string& known, std::string_view said) {
        if (counts(field, !said.empty(), !known.empty()) && said != known) {
            known = said;
            changed_ = true;
        }
    }

    // After all fields: the status and update time are those of the furthest and newest row.
    void advance(const OrderRow& row) {
        const OrderStatus status = std::max(header_.status, status_of(row));
        if (status != header_.status || row.updated_at > header_.updated_at) changed_ = true;
        header_.status = status;
        header_.updated_at = std::max(header_.updated_at, row.updated_at);
        write_exceptions();
    }

private:
    std::int64_t version_of_field(char field) const {
        const auto exception = versions_.find(field);
        return exception == versions_.end() ? was_ : exception->second;
    }
    void keep(char field) { versions_.try_emplace(field, was_); }

    void read_exceptions() {
        const std::string& text = header_.older_fields;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find(';', at), text.size());
            std::int64_t version = 0;
            std::from_chars(text.data() + at + 1, text.data() + end, version);
            versions_[text[at]] = version;
            at = end + 1;
        }
    }
    void write_exceptions() {
        const std::int64_t newest = version_of(header_);
        std::string text;
        for (const auto& [field, version] : versions_) {
            if (version < newest) text += field + std::to_string(version) + ";";
        }
        header_.older_fields = std::move(text);
    }

    record::OrderHeader& header_;
    std::int64_t was_;
    bool is_empty_;
    std::int64_t version_ = 0;
    bool changed_ = false;
    std::map<char, std::int64_t> versions_;  // of fields that are known
};

}  // namespace

Applied apply(OrderState& state, const OrderRow& row, Currency currency) {
    auto& header = state.header;
    Fields fields(state, row);
    fields.take('c', header.created_at, row.created_at, kNever);
    fields.take('p', header.paid_at, row.paid_at, kNever);
    fields.take('s', header.shipped_at, row.shipped_at, kNever);
    fields.take('g', header.signed_at, row.signed_at, kNever);
    fields.take('f', header.finished_at, row.finished_at, kNever);
    fields.take('x', header.closed_at, row.closed_at, kNever);
    fields.take('m', header.currency, row.currency, Currency::kNone);
    fields.take('a', header.amount, row.amount, kMissingAmount);
    fields.take('d', header.discount, row.discount, kMissingAmount);
    fields.take('r', header.refunded, row.refunded, kMissingAmount);
    fields.take('t', header.refunded_at, row.refunded_at, kNever);
    fields.take_text('h', header.channel, row.channel);
    fields.take_text('o', header.coupon, row.coupon);
    fields.take_text('v', header.province, row.buyer.province);
    fields.take_text('y', header.city, row.buyer.city);
    const bool takes_note = fields.counts('n', !row.note.empty(), !header.note_sealed.empty());
    fields.advance(row);
    if (header.currency == Currency::kNone) header.currency = currency;
    const bool changed = fields.changed() || state.is_empty;
    state.is_empty = false;
    return {changed, takes_note, fields.version()};
}

}  // namespace shuke::ingest

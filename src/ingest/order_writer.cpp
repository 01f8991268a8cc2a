#include "ingest/order_writer.h"

#include <algorithm>

#include "record/changes.h"

namespace shuke::ingest {

using record::OrderGlance;
using record::OrderLine;
using record::SideKind;
using record::StoredOrder;

namespace {

Hash128 order_hash(ShopId shop, std::string_view order_no) {
    return FieldHasher().add(shop.value).add(order_no).finish();
}

// One number for what all rows of the group say of the order: equal rows count once.
std::int64_t header_content(const std::vector<DigestedRow>& rows) {
    std::int64_t content = rows.front().digest.header;
    std::int64_t last = content;
    for (const auto& [row, digest] : rows) {
        if (digest.header == last) continue;
        last = digest.header;
        content = static_cast<std::int64_t>(FieldHasher().add(content).add(last).finish().low);
    }
    return content;
}

Instant time_of(const OrderRow& row) {
    for (const Instant at : {row.created_at, row.paid_at, row.updated_at}) {
        if (at != kNever) return at;
    }
    return kNever;
}

identity::Buyer buyer_of(const OrderRow& row) {
    const BuyerColumns& said = row.buyer;
    return {.external_id = said.external_id,
            .open_id = said.open_id,
            .union_id = said.union_id,
            .nick = said.nick,
            .payer_account = said.payer_account,
            .member_no = said.member_no,
            .phone = said.phone,
            .telephone = said.telephone,
            .email = said.email,
            .name = said.name,
            .province = said.province,
            .city = said.city,
            .district = said.district,
            .street = said.street,
            .postcode = said.postcode,
            .gender = said.gender,
            .birthday = said.birthday};
}

std::uint64_t line_key(std::int64_t order, std::int32_t line_no) {
    // Small line numbers of neighbouring orders share a container of the bitmap.
    return line_no < 64 ? static_cast<std::uint64_t>(order) * 64 + static_cast<std::uint64_t>(line_no)
                        : (std::uint64_t{1} << 63) | static_cast<std::uint64_t>(order) << 20 |
                              static_cast<std::uint64_t>(line_no);
}

void add_amount(std::int64_t& sum, std::int64_t amount) {
    if (amount == kMissingAmount) return;
    const std::int64_t before = sum == kMissingAmount ? 0 : sum;
    if (__builtin_add_overflow(before, amount, &sum)) {
        throw Failure{{Code::kInvalid, "number.too_large", "the lines of an order add up to more than can be stored"}};
    }
}

// Counts rows of the file: several OrderRows may come from one row (equal row_number).
template <class Changed>
void count_rows(const std::vector<DigestedRow>& rows, const std::vector<bool>& refused, WriteCounts& counts,
                Changed changed) {
    for (std::size_t i = 0; i < rows.size();) {
        bool any = false;
        bool all_refused = !refused.empty();
        const auto number = rows[i].row->row_number;
        for (; i < rows.size() && rows[i].row->row_number == number; ++i) {
            any |= changed(i);
            all_refused = all_refused && refused[i];
        }
        if (!all_refused) ++(any ? counts.imported : counts.unchanged);
    }
}

// The first i, from hint on and round, for which same(i); `size` when there is none or it is known that there is none.
template <class Same>
std::size_t search(std::size_t size, std::size_t hint, bool nothing_left, bool beyond_last, Same same) {
    if (nothing_left || beyond_last) return size;
    for (std::size_t step = 0; step < size; ++step) {
        const std::size_t i = hint + step < size ? hint + step : hint + step - size;
        if (same(i)) return i;
    }
    return size;
}

Day day_of(const ShopInfo& shop, Instant at) { return at == kNever ? kNoDay : shop.zone.day_of(at); }

constexpr int kLinesMax = 100'000;  // of one order; a file with one number in every row is a mistake, not an order

Error too_many_lines(std::string_view order_no) {
    return {Code::kInvalid, "order.too_many_lines",
            "order '" + std::string(order_no.substr(0, 40)) + "' has more than " + std::to_string(kLinesMax) +
                " lines; check that the order number column is the right one"};
}

}  // namespace

OrderWriter::OrderWriter(record::WriteSession& session, const KeyRing& keys, const Clock& clock, Options options)
    : session_(session),
      keys_(keys),
      clock_(clock),
      options_(std::move(options)),
      orders_(session),
      side_documents_(session),
      labels_(session),
      resolver_(session, keys,
                {.region = "CN",
                 .shared_names_max = options_.shared_names_max,
                 .import = options_.import,
                 .actor = options_.actor,
                 .before_reshaping = [this] {
                     labels_.flush();
                     orders_.flush();
                     side_documents_.flush();
                 }}) {
    fill_filter();
}

// What is new since it was filled last: ids ascend, and a filter only ever gains.
void OrderWriter::fill_filter() {
    if (filled_orders_ < 0) {
        long long rows = 0;
        session_.now() << "SELECT count(*) FROM orders", soci::into(rows);
        known_orders_.reset(static_cast<std::size_t>(rows) + 8'000'000);
        filled_orders_ = 0;
    }
    long long id = 0, shop = 0, newest = filled_orders_;
    std::string order_no;
    soci::statement select = (session_.now().prepare << "SELECT id, shop_id, order_no FROM orders WHERE id > :id",
                              soci::use(filled_orders_), soci::into(id), soci::into(shop), soci::into(order_no));
    select.execute();
    for (; select.fetch(); newest = std::max(newest, id)) known_orders_.add(order_hash(ShopId{shop}, order_no));
    filled_orders_ = newest;
}

void OrderWriter::next_file() {
    visited_ = {};
    partial_ = {};
    taken_ = {};
    visited_side_documents_ = {};
    key_numbers_.clear();
}

void OrderWriter::begin() {
    next_order_ = orders_.next_id();
    next_side_document_ = side_documents_.next_id();
    key_numbers_.clear();
    orders_.begin();
    labels_.begin();
    resolver_.begin();
}

void OrderWriter::commit_rows() {
    resolver_.flush();
    labels_.flush();
    orders_.flush();
    side_documents_.flush();
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
    record::append_changes(session_, touched_);
    touched_.clear();
}

void OrderWriter::forget() {
    orders_.discard();
    side_documents_.discard();
    labels_.forget();
    resolver_.forget();
    touched_.clear();
    fill_filter();
}

void OrderWriter::touch(CustomerId customer, WriteCounts& counts) {
    touched_.push_back(customer);  // guests too: their orders count in totals
    if (customer) counts.customers.add(static_cast<std::uint64_t>(customer.value));
}

void OrderWriter::write(const ShopInfo& shop, const std::vector<DigestedRow>& rows, WriteCounts& counts) {
    switch (rows.front().row->kind) {
        case RowKind::kCancelledLine: return write_side_document(shop, rows, SideKind::kCancellation, counts);
        case RowKind::kAdjustment: return write_side_document(shop, rows, SideKind::kAdjustment, counts);
        case RowKind::kLine:
        case RowKind::kOrder: return write_order(shop, rows, counts);
    }
}

void OrderWriter::write_order(const ShopInfo& shop, const std::vector<DigestedRow>& rows, WriteCounts& counts) {
    if (rows.front().row->order_no.empty()) {
        for (const auto& row : rows) write_purchase(shop, row, counts);
        return;
    }
    const std::string order_no(rows.front().row->order_no);
    write_document(shop, order_no, find_order(shop, order_no), rows, counts);
}

// A purchase without a number is named by its content and its place among equal ones: "…", "… #2", "… #3".
void OrderWriter::write_purchase(const ShopInfo& shop, const DigestedRow& row, WriteCounts& counts) {
    int& number = key_numbers_[row.digest.document];
    for (++number;; ++number) {
        const std::string order_no =
            std::string(row.row->order_key) + (number == 1 ? "" : " #" + std::to_string(number));
        const auto known = find_order(shop, order_no);
        if (known && visited_.contains(static_cast<std::uint64_t>(known->id.value))) continue;
        return write_document(shop, order_no, known, {row}, counts);
    }
}

std::optional<OrderGlance> OrderWriter::find_order(const ShopInfo& shop, const std::string& order_no) {
    if (!known_orders_.may_contain(order_hash(shop.shop.id, order_no))) return std::nullopt;
    return orders_.find(shop.shop.id, order_no);
}

void OrderWriter::write_document(const ShopInfo& shop, const std::string& order_no,
                                 const std::optional<OrderGlance>& known, const std::vector<DigestedRow>& rows,
                                 WriteCounts& counts) {
    const std::int64_t header = header_content(rows);
    if (!known) return insert_order(shop, order_no, header, rows, counts);
    if (is_unchanged(*known, header, rows)) {
        visit(known->id.value);
        if (options_.resolve_unchanged && !resolver_.is_erased(known->account)) resolve(shop, rows);
        count_rows(rows, {}, counts, [](std::size_t) { return false; });
        return;
    }
    update_order(shop, order_no, *known, header, rows, counts);
}

bool OrderWriter::is_unchanged(const OrderGlance& known, std::int64_t header,
                               const std::vector<DigestedRow>& rows) const {
    if (known.header_content != header || visited_.contains(static_cast<std::uint64_t>(known.id.value))) return false;
    int count = 0;
    std::uint64_t sum = 0;
    for (const auto& [row, digest] : rows) {
        if (row->kind != RowKind::kLine) continue;
        ++count;
        sum += static_cast<std::uint64_t>(line_sum_term(digest.line, row->line_refunded));
    }
    return count == known.line_count && static_cast<std::int64_t>(sum) == known.lines_content;
}

std::optional<identity::Resolved> OrderWriter::resolve(const ShopInfo& shop, const std::vector<DigestedRow>& rows) {
    std::optional<identity::Resolved> resolved;
    std::int64_t last = 0;
    for (const auto& [row, digest] : rows) {
        if (resolved && digest.header == last) continue;
        last = digest.header;
        if (const auto who = resolver_.resolve(buyer_of(*row), shop.shop, time_of(*row), clock_.now())) {
            const bool changed = who->changed || (resolved && resolved->changed);
            if (!resolved) resolved = who;
            resolved->changed = changed;
        }
    }
    return resolved;
}

OrderLine OrderWriter::make_line(const ShopInfo& shop, const DigestedRow& digested, std::int32_t line_no) {
    const OrderRow& row = *digested.row;
    const LabelId label = labels_.find_or_create(
        shop.shop.id,
        {.product = row.product, .title = row.title, .sku = row.sku, .category = row.category, .brand = row.brand});
    OrderLine line;
    line.line_no = line_no;
    line.source_id = row.source_line_id;
    line.label = label;
    line.quantity_milli = row.quantity_milli;
    line.price = row.price;
    line.amount = row.line_amount;
    line.discount = row.line_discount;
    line.refunded = row.line_refunded;
    line.content = digested.digest.line;
    return line;
}

Applied OrderWriter::note_state(OrderState& state, const OrderRow& row, Currency currency) {
    Applied applied = apply(state, row, currency);
    if (applied.takes_note && keys_.unseal(state.header.note_sealed).value_or("") != row.note) {
        state.header.note_sealed = keys_.seal(row.note);
        applied.changed = true;
    }
    return applied;
}

void OrderWriter::insert_order(const ShopInfo& shop, const std::string& order_no, std::int64_t header,
                               const std::vector<DigestedRow>& rows, WriteCounts& counts) {
    StoredOrder order;
    OrderState state;
    versions_.clear();
    for (const auto& [row, digest] : rows) {
        versions_.push_back(note_state(state, *row, shop.shop.currency).version);
    }
    order.glance.id = OrderId{next_order_++};
    order.glance.header_content = header;
    visit(order.glance.id.value);
    known_orders_.add(order_hash(shop.shop.id, order_no));
    if (const auto who = resolve(shop, rows)) {
        order.glance.customer = who->customer;
        order.glance.account = who->account;
    }
    order.header = std::move(state.header);
    if (resolver_.is_erased(order.glance.account)) order.header.note_sealed.clear();
    const Matched matched = match_lines(shop, order, rows, counts);
    orders_.insert(shop.shop.id, order_no, order, day_of(shop, order.header.created_at), options_.import);
    if (orders_.write_refund(shop.shop.id, order_no, order, true, day_of(shop, order.header.refunded_at),
                             options_.import))
        ++counts.refunds;
    ++counts.orders;
    ++counts.new_orders;
    touch(order.glance.customer, counts);
    count_rows(rows, matched.refused, counts, [](std::size_t) { return true; });
}

void OrderWriter::update_order(const ShopInfo& shop, const std::string& order_no, const OrderGlance& known,
                               std::int64_t header, const std::vector<DigestedRow>& rows, WriteCounts& counts) {
    orders_.flush();
    StoredOrder order = orders_.load(known.id);
    OrderState state{order.header, false};
    const std::int64_t known_version = state.header.updated_at != kNever
                                           ? state.header.updated_at.us_since_epoch
                                           : static_cast<std::int64_t>(state.header.status);
    bool header_changed = false;
    versions_.clear();
    for (const auto& [row, digest] : rows) {
        const Applied applied = note_state(state, *row, order.header.currency);
        header_changed |= applied.changed;
        versions_.push_back(applied.version);
    }
    const bool is_newest = *std::max_element(versions_.begin(), versions_.end()) >= known_version;
    const bool is_erased = resolver_.is_erased(order.glance.account);
    const auto who = is_erased ? std::nullopt : resolve(shop, rows);
    if (is_erased) state.header.note_sealed.clear();
    if (who && !order.glance.account) {
        order.glance.account = who->account;
        order.glance.customer = who->customer;
        header_changed = true;
    } else if (who && who->account == order.glance.account) {
        order.glance.customer = who->customer;
    }
    order.header = std::move(state.header);
    const Matched matched = match_lines(shop, order, rows, counts);
    if (orders_.write_refund(shop.shop.id, order_no, order, false, day_of(shop, order.header.refunded_at),
                             options_.import)) {
        header_changed = true;
        ++counts.refunds;
    }
    if (header_changed || matched.changed) {
        if (header_changed && is_newest) order.glance.header_content = header;
        orders_.update(order, day_of(shop, order.header.created_at), options_.import);
        ++counts.orders;
    }
    const bool all_changed = header_changed || (who && who->changed);
    if (all_changed || matched.changed) touch(order.glance.customer, counts);
    count_rows(rows, matched.refused, counts, [&](std::size_t i) { return all_changed || matched.rows[i]; });
}

OrderWriter::Matched OrderWriter::match_lines(const ShopInfo& shop, StoredOrder& order,
                                              const std::vector<DigestedRow>& rows, WriteCounts& counts) {
    Matched matched;
    matched.rows.resize(rows.size());
    auto& glance = order.glance;
    const bool is_new = glance.line_count == 0;
    const auto id = static_cast<std::uint64_t>(glance.id.value);
    const bool revisited = !is_new && visited_.contains(id);
    std::vector<OrderLine> lines = is_new ? std::vector<OrderLine>{} : orders_.lines(glance.id);
    std::vector<bool> taken(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        taken[i] =
            revisited && (!partial_.contains(id) || taken_.contains(line_key(glance.id.value, lines[i].line_no)));
    }
    auto untaken = static_cast<std::size_t>(std::count(taken.begin(), taken.end(), false));
    std::size_t hint = 0;  // rows mostly come in the order of the lines
    std::int32_t last_no = lines.empty() ? 0 : lines.back().line_no;
    std::uint64_t sum = static_cast<std::uint64_t>(glance.lines_content);
    const auto write_line = [&](const OrderLine& line) {
        sum += static_cast<std::uint64_t>(line_sum_term(line.content, line.refunded));
        add_amount(order.lines_amount, line.amount);
        ++counts.lines;
        matched.changed = true;
    };
    std::map<std::int32_t, std::size_t> new_by_number;  // this group's own numbered lines
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto& [row, digest] = rows[r];
        if (row->kind != RowKind::kLine) continue;
        const bool keyed = row->source_line_no > 0 || !row->source_line_id.empty();
        const auto same = [&](std::size_t i) {
            if (row->source_line_no > 0) return lines[i].line_no == row->source_line_no;
            if (!row->source_line_id.empty()) return lines[i].source_id == row->source_line_id;
            return !taken[i] && lines[i].content == digest.line;
        };
        const std::size_t at = search(lines.size(), hint, untaken == 0 && !keyed, row->source_line_no > last_no, same);
        if (at == lines.size()) {
            if (glance.line_count >= kLinesMax) {
                matched.refused.resize(rows.size());
                matched.refused[r] = true;
                counts.refused.push_back({row, too_many_lines(row->order_no)});
                continue;
            }
            const std::int32_t number = row->source_line_no > 0 ? row->source_line_no : last_no + 1;
            last_no = std::max(last_no, number);
            lines.push_back(make_line(shop, rows[r], number));
            if (keyed) lines.back().version = versions_[r];
            taken.push_back(true);
            new_by_number[number] = lines.size() - 1;
            ++glance.line_count;
            matched.rows[r] = true;
            continue;
        }
        if (!taken[at]) --untaken;
        taken[at] = true;
        hint = at + 1;
        OrderLine& line = lines[at];
        const bool differs = line.content != digest.line ||
                             (row->line_refunded != kMissingAmount && row->line_refunded != line.refunded);
        const bool is_older = keyed && line.version != kMissingAmount && versions_[r] < line.version;
        if (!differs || is_older) continue;
        OrderLine changed = make_line(shop, rows[r], line.line_no);
        if (keyed) changed.version = versions_[r];
        if (changed.refunded == kMissingAmount) changed.refunded = line.refunded;
        matched.rows[r] = true;
        if (new_by_number.contains(line.line_no)) {
            line = changed;
            continue;
        }
        sum -= static_cast<std::uint64_t>(line_sum_term(line.content, line.refunded));
        if (line.amount != kMissingAmount) order.lines_amount -= line.amount;
        write_line(changed);
        orders_.update_line(glance.id, changed);
        line = changed;
    }
    for (const auto& [number, index] : new_by_number) {
        write_line(lines[index]);
        orders_.insert_line(glance.id, lines[index]);
    }
    glance.lines_content = static_cast<std::int64_t>(sum);
    // Remember what is matched, in case rows of this order come again.
    visit(glance.id.value);
    if (std::find(taken.begin(), taken.end(), false) == taken.end()) {
        partial_.remove(id);
    } else {
        partial_.add(id);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (taken[i]) taken_.add(line_key(glance.id.value, lines[i].line_no));
        }
    }
    return matched;
}

void OrderWriter::write_side_document(const ShopInfo& shop, const std::vector<DigestedRow>& rows, SideKind kind,
                                      WriteCounts& counts) {
    const OrderRow& first = *rows.front().row;
    const std::string document_no(first.order_no);
    side_documents_.flush();
    const auto known = side_documents_.find(shop.shop.id, kind, document_no);
    record::SideDocument document = known.value_or(record::SideDocument{});
    std::vector<OrderLine> lines;
    if (known) {
        lines = side_documents_.lines(known->id);
    } else {
        document.id = next_side_document_++;
        document.at = first.created_at;
        document.day = day_of(shop, first.created_at);
        document.currency = first.currency == Currency::kNone ? shop.shop.currency : first.currency;
    }
    std::vector<bool> taken(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        taken[i] = visited_side_documents_.contains(line_key(document.id, lines[i].line_no));
    }
    if (kind == SideKind::kCancellation && (!known || options_.resolve_unchanged)) {
        if (const auto who = resolve(shop, rows); who && !known) {
            document.customer = who->customer;
            document.account = who->account;
        }
    }
    std::vector<bool> changed(rows.size());
    std::vector<OrderLine> added;
    std::int32_t last_no = lines.empty() ? 0 : lines.back().line_no;
    std::uint64_t sum = static_cast<std::uint64_t>(document.lines_content);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        std::size_t at = 0;
        while (at < lines.size() && (taken[at] || lines[at].content != rows[r].digest.line)) ++at;
        std::int32_t number = 0;
        if (at < lines.size()) {
            taken[at] = true;
            number = lines[at].line_no;
        } else {
            number = ++last_no;
            added.push_back(make_line(shop, rows[r], number));
            sum += static_cast<std::uint64_t>(line_sum_term(added.back().content, kMissingAmount));
            changed[r] = true;
        }
        visited_side_documents_.add(line_key(document.id, number));
    }
    document.line_count += static_cast<int>(added.size());
    document.lines_content = static_cast<std::int64_t>(sum);
    if (!known)
        side_documents_.insert(shop.shop.id, kind, document_no, document, options_.import);
    else if (!added.empty())
        side_documents_.update_lines(document, options_.import);
    for (const auto& line : added) side_documents_.insert_line(document.id, line);
    if (!added.empty()) touch(document.customer, counts);
    if (kind == SideKind::kAdjustment)
        counts.adjustments += static_cast<std::int64_t>(rows.size());
    else
        count_rows(rows, {}, counts, [&](std::size_t i) { return changed[i]; });
}

}  // namespace shuke::ingest

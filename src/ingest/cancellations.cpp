#include "ingest/cancellations.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace shuke::ingest {

using record::CancellationRefund;
using record::CancelledLine;
using record::PurchasedLine;

namespace {

// What can still be taken back, for each customer and product from the newest purchase to the oldest.
class Purchases {
public:
    explicit Purchases(std::vector<PurchasedLine> lines) : lines_(std::move(lines)) {
        std::sort(lines_.begin(), lines_.end(), [](const PurchasedLine& a, const PurchasedLine& b) {
            return std::tuple(a.customer, a.product, b.at, b.order, b.quantity_milli) <
                   std::tuple(b.customer, b.product, a.at, a.order, a.quantity_milli);
        });
    }

    // The newest purchase line that holds this one; in `order` alone when it is given.
    PurchasedLine* find(const CancelledLine& line, OrderId order = {}) {
        const auto begin = std::lower_bound(
            lines_.begin(), lines_.end(), std::tuple(line.customer, line.product),
            [](const PurchasedLine& one, const auto& key) { return std::tuple(one.customer, one.product) < key; });
        for (auto at = begin; at != lines_.end() && at->customer == line.customer && at->product == line.product;
             ++at) {
            const bool holds =
                at->at <= line.at && at->quantity_milli >= line.quantity_milli && at->amount >= line.amount;
            if (holds && (!order || at->order == order)) return &*at;
        }
        return nullptr;
    }

    std::set<std::pair<Instant, OrderId>> orders_holding(const CancelledLine& line) {
        std::set<std::pair<Instant, OrderId>> orders;
        const auto begin = std::lower_bound(
            lines_.begin(), lines_.end(), std::tuple(line.customer, line.product),
            [](const PurchasedLine& one, const auto& key) { return std::tuple(one.customer, one.product) < key; });
        for (auto at = begin; at != lines_.end() && at->customer == line.customer && at->product == line.product;
             ++at) {
            if (at->at <= line.at && at->quantity_milli >= line.quantity_milli && at->amount >= line.amount)
                orders.emplace(at->at, at->order);
        }
        return orders;
    }

private:
    std::vector<PurchasedLine> lines_;
};

void take_back(PurchasedLine& purchase, const CancelledLine& line) {
    purchase.quantity_milli -= line.quantity_milli;
    purchase.amount -= line.amount;
}

// The purchase that holds every line of the invoice at once, with its lines taken back; 0 when there is none.
OrderId take_back_whole(std::span<const CancelledLine> invoice, Purchases& purchases) {
    auto candidates = purchases.orders_holding(invoice.front());
    for (const auto& line : invoice.subspan(1)) {
        if (candidates.empty()) break;
        const auto holding = purchases.orders_holding(line);
        std::erase_if(candidates, [&](const auto& order) { return !holding.contains(order); });
    }
    for (auto newest = candidates.rbegin(); newest != candidates.rend(); ++newest) {
        // Two lines of one product must fit together, so try and, if they do not, put back.
        std::vector<std::pair<PurchasedLine*, const CancelledLine*>> done;
        for (const auto& line : invoice) {
            PurchasedLine* purchase = purchases.find(line, newest->second);
            if (purchase == nullptr) break;
            take_back(*purchase, line);
            done.emplace_back(purchase, &line);
        }
        if (done.size() == invoice.size()) return newest->second;
        for (const auto& [purchase, line] : done) {
            purchase->quantity_milli += line->quantity_milli;
            purchase->amount += line->amount;
        }
    }
    return {};
}

}  // namespace

std::vector<CancellationRefund> match_cancellations(const std::vector<CancelledLine>& cancelled,
                                                    std::vector<PurchasedLine> purchased) {
    Purchases purchases(std::move(purchased));
    std::vector<CancellationRefund> refunds;
    for (std::size_t begin = 0; begin < cancelled.size();) {
        std::size_t end = begin;
        while (end < cancelled.size() && cancelled[end].document_no == cancelled[begin].document_no &&
               cancelled[end].at == cancelled[begin].at)
            ++end;
        const std::span<const CancelledLine> invoice(cancelled.data() + begin, end - begin);
        const CancelledLine& first = invoice.front();
        std::map<OrderId, std::int64_t> amounts;
        const OrderId whole = first.customer ? take_back_whole(invoice, purchases) : OrderId{};
        for (const auto& line : invoice) {
            OrderId order = whole;
            if (PurchasedLine* purchase = whole || !first.customer ? nullptr : purchases.find(line)) {
                take_back(*purchase, line);
                order = purchase->order;
            }
            amounts[order] += line.amount;
        }
        for (const auto& [order, amount] : amounts) {
            refunds.push_back({first.document_no, order, first.customer, first.at, first.day, first.currency, amount});
        }
        begin = end;
    }
    return refunds;
}

Settled settle_cancellations(soci::session& session, ShopId shop, ImportId import) {
    const auto cancelled = record::cancelled_lines(session, shop);
    if (cancelled.empty()) return {};
    const auto wanted = match_cancellations(cancelled, record::purchased_lines(session, shop));
    const auto key = [](const CancellationRefund& one) { return std::tuple(one.refund_no, one.order); };
    const auto content = [&](const CancellationRefund& one) {
        return std::tuple(one.refund_no, one.order, one.customer, one.at, one.day, one.currency, one.amount);
    };
    std::map<std::tuple<std::string, OrderId>, CancellationRefund> stale;
    for (auto& refund : record::cancellation_refunds(session, shop)) stale.emplace(key(refund), refund);
    std::vector<CancellationRefund> missing;
    std::set<std::string> documents;
    std::set<CustomerId> customers;
    const auto note = [&](const CancellationRefund& refund) {
        documents.insert(refund.refund_no);
        if (refund.customer) customers.insert(refund.customer);
    };
    for (const auto& refund : wanted) {
        const auto known = stale.find(key(refund));
        if (known != stale.end() && content(known->second) == content(refund)) {
            stale.erase(known);
            continue;
        }
        missing.push_back(refund);
        note(refund);
    }
    for (const auto& [unused, refund] : stale) {
        record::delete_refund(session, shop, refund);
        note(refund);
    }
    record::insert_refunds(session, shop, missing, import);
    return {{customers.begin(), customers.end()}, static_cast<std::int64_t>(documents.size())};
}

}  // namespace shuke::ingest

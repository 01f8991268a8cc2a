// src/audience/builder.h
//
// Customers' facts in, one immutable Version out: of everybody, or of an earlier Version with some customers anew.
//
//   in   shops, labels and customers first, then orders, then the orders' lines and refunds; events, spans and traits
//        any time after customers. Customers in ascending id, each once. Orders, lines and refunds in any order among their kind; fastest with orders
//        in ascending id and lines grouped by order.
//   out  build(): the Version. The builder is empty afterwards.
//
// Builder::on(base, changed) takes the facts of the changed customers alone, all they have, and gives a Version in
// which they have these instead; who of them is not added exists no longer. Of shops and labels it wants those that
// the base does not know. Guests stay as they are. After replace_guests() it wants all guests' facts too, in place of the old.
//
// Who belongs where
//   - An order whose customer is 0 or was not added (somebody forgotten) is a guest's.
//   - A refund belongs to the customer of its order; without a known order to its own customer, else to a guest.
//   - A line whose label was not added has no product, title, sku, category, brand.
//
// Errors   add_shop: time_zone.unknown. A line without its order, a shop that was not added, customers out of order
//          and an id given twice are bugs (SHUKE_CHECK).
// Threads  one caller; build() works on the pool it is given.
// Cost     while adding about 64 bytes an order and 32 a line. On a base: in proportion to what changed, apart from one
//          pointer and 128 bytes a block, and from the labels where a new one is among them.
#pragma once

#include <memory>
#include <vector>

#include "audience/config.h"
#include "audience/version.h"
#include "base/error.h"
#include "domain/events.h"
#include "domain/facts.h"

namespace shuke::audience {

class WorkerPool;

class Builder {
public:
    explicit Builder(Config config);
    static Builder on(std::shared_ptr<const Version> base, std::vector<CustomerId> changed);
    Builder(Builder&&) noexcept;
    ~Builder();

    void replace_guests();  // on a base

    Status add_shop(const Shop& shop);
    void add_label(const LabelFact& label);
    void add_customer(const CustomerFact& customer);
    void add_order(const OrderFact& order);
    void add_line(const LineFact& line);
    void add_refund(const RefundFact& refund);
    // Of a customer that was not added: left out.
    void add_span(const SpanFact& span);
    void add_trait(const TraitFact& trait);
    void add_event(const EventFact& event);

    std::shared_ptr<const Version> build(WorkerPool* pool = nullptr);  // without a pool: on the calling thread

private:
    struct Staging;
    std::unique_ptr<Staging> staging_;
};

}  // namespace shuke::audience

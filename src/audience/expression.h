// src/audience/expression.h
//
// The audience language as callers use it: text → Expression → BoundExpression, which evaluate.h answers.
//
//   parse   syntax only. Error expression.syntax, expression.too_deep, expression.too_long.
//   print   the canonical text: parse(print(x)) == x.
//   bind    names and types against the schema. Errors expression.unknown_field, expression.unknown_fact,
//           expression.unknown_function, expression.type, expression.value, expression.not_available.
//
// An Error's detail names line and column, shows the line with a caret, and says what was found, what was expected
// and the nearest known name. Expressions hold no personal values but what the user typed into them.
//
// Threads  pure; a BoundExpression may be shared.
// Cost     linear in the text; a list of 100,000 ids parses and binds in about 20 ms.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audience/expression/ast.h"
#include "audience/schema.h"
#include "base/error.h"
#include "base/id.h"
#include "base/money.h"

namespace shuke::audience {

struct Expression {
    Predicate root;
    std::optional<Top> top = std::nullopt;
    std::optional<Sample> sample = std::nullopt;
    std::string source = {};  // the text it came from, for messages; empty when it was not text
    bool operator==(const Expression& other) const {
        return root == other.root && top == other.top && sample == other.sample;
    }
};

Result<Expression> parse(std::string_view text);
std::string print(const Predicate& predicate);
std::string print(const Expression& expression);

// One of the merchant's own: custom.NAME.
struct CustomAttribute {
    std::string name;
    Type type = Type::kText;           // kText, kNumber, kMoney, kDate or kChoice
    std::vector<std::string> choices;  // of kChoice
};

struct BindOptions {
    Currency base_currency = Currency::kCNY;  // money literals are decimals of it
    // Who has one of these external ids, in the record? Without it external_id is not available. May throw Failure.
    std::function<std::vector<CustomerId>(const std::vector<std::string>&)> find_external_ids = nullptr;
    // The definition of a saved segment, by name; nullopt: there is none. Without it segment("…") is not available.
    std::function<std::optional<std::string>(const std::string&)> find_segment = nullptr;
    // Names that segment(), was_in(), list() and tag() may have, for messages; may be empty.
    std::function<std::vector<std::string>(Membership::Kind)> known_names = nullptr;
    // Tiers, the lowest first. Without them a tier only compares with = and in, whatever its name.
    std::function<std::vector<std::string>()> tiers = nullptr;
    // Without them custom.NAME is not available.
    std::function<std::vector<CustomAttribute>()> custom_attributes = nullptr;
};

namespace bound {
struct Selection;
struct Predicate;
struct Metric;
}  // namespace bound

class BoundExpression {
public:
    BoundExpression(Expression expression, std::shared_ptr<const bound::Selection> selection)
        : expression_(std::move(expression)), selection_(std::move(selection)) {}
    const Expression& expression() const { return expression_; }
    const bound::Selection& selection() const { return *selection_; }
    const bound::Predicate& root() const;

private:
    Expression expression_;
    std::shared_ptr<const bound::Selection> selection_;
};

Result<BoundExpression> bind(Expression expression, const BindOptions& options);
Result<BoundExpression> parse_and_bind(std::string_view text, const BindOptions& options);

// A METRIC alone ("sum(orders.amount where kept)", "order_count"): what measure.h gives for every customer.
using BoundMetric = std::shared_ptr<const bound::Metric>;
Result<BoundMetric> bind_metric(std::string_view text, const BindOptions& options);

}  // namespace shuke::audience

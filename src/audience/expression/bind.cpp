#include <algorithm>
#include <cmath>

#include "audience/expression.h"
#include "audience/expression/bind_rows.h"
#include "audience/expression/bind_value.h"
#include "audience/expression/bound.h"
#include "audience/expression/parser.h"
#include "audience/expression/printer.h"
#include "audience/expression/problem.h"
#include "audience/schema.h"

namespace shuke::audience {
namespace {

class Binder {
public:
    Binder(const BindOptions& options, std::string_view source)
        : options_(options), source_(source), rows_(source, info(options.base_currency).digits) {}

    bound::Predicate predicate(const Predicate& node) const {
        return std::visit([&](const auto& alternative) { return bind_node(alternative, node.place); }, node.node);
    }

    bound::Metric metric(const Operand& operand) const {
        if (const auto* name = std::get_if<Name>(&operand)) return attribute_metric(*name);
        if (const auto* call = std::get_if<Call>(&operand)) return call_metric(*call);
        if (const auto* number = std::get_if<Number>(&operand)) return constant_metric(*number);
        complain("expression.type", place_of(operand),
                 "a condition begins with an attribute, a metric or a number, not with " + print(operand));
    }

    [[noreturn]] void complain(std::string key, Place place, std::string message) const {
        raise({std::move(key), place, std::move(message)}, source_);
    }

private:
    // ---- about customers ----
    bound::Predicate bind_node(const AllCustomers&, Place) const { return {}; }
    bound::Predicate bind_node(const And& node, Place) const {
        return joined(bound::Predicate::Kind::kAnd, node.parts);
    }
    bound::Predicate bind_node(const Or& node, Place) const { return joined(bound::Predicate::Kind::kOr, node.parts); }
    bound::Predicate bind_node(const Not& node, Place) const { return joined(bound::Predicate::Kind::kNot, node.part); }
    bound::Predicate bind_node(const Any& node, Place) const {
        if (!node.facts.field.empty()) {
            complain("expression.type", node.facts.field_place,
                     "any(…) asks for rows, not for a field; write any(" + node.facts.fact + " where " +
                         node.facts.field + " …)");
        }
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kAny;
        result.facts = rows_.facts(node.facts);
        return result;
    }
    bound::Predicate bind_node(const Flag& node, Place place) const {
        complain("expression.type", place,
                 print(Operand{node.name}) + " alone is no condition; compare it with a value");
    }
    bound::Predicate bind_node(const Compare& node, Place) const {
        if (const auto ids = identity(node.left)) return id_equality(node, *ids);
        bound::Predicate result;
        result.left = metric(node.left);
        if (is_metric(node.right, result.left.type)) return comparison(node, std::move(result));
        result.kind = bound::Predicate::Kind::kTest;
        result.test = value_binder(result.left, print(node.left)).compare(node.op, value_of(node.right, source_));
        return result;
    }
    bound::Predicate bind_node(const In& node, Place) const {
        if (const auto ids = identity(node.left)) return id_list(node, *ids);
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kTest;
        result.left = metric(node.left);
        result.test = value_binder(result.left, print(node.left)).in(node.values);
        result.negated = node.negated;
        return result;
    }
    bound::Predicate bind_node(const IsMissing& node, Place) const {
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kTest;
        result.left = metric(node.left);
        refuse_external_id(result.left, place_of(node.left));
        result.test = bound::KnownTest{node.negated};
        return result;
    }
    bound::Predicate bind_node(const InWindow& node, Place) const {
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kTest;
        result.left = metric(node.left);
        const bool birthday = result.left.attribute != nullptr && result.left.attribute->key == AttributeKey::kBirthday;
        if (birthday) {
            check_birthday_window(node.window);
        } else if (result.left.type != Type::kTime) {
            complain("expression.type", node.window.place,
                     print(node.left) + " is " + std::string(describe(result.left.type)) +
                         ", not a time, so it has no window");
        }
        result.test = bound::WindowTest{node.window};
        return result;
    }

    bound::Predicate joined(bound::Predicate::Kind kind, const std::vector<Predicate>& parts) const {
        bound::Predicate result;
        result.kind = kind;
        for (const Predicate& part : parts) result.parts.push_back(predicate(part));
        return result;
    }

    // Windows without an end would hold for every birthday, since its year is ignored.
    void check_birthday_window(const Window& window) const {
        using Kind = Window::Kind;
        if (window.kind == Kind::kSince || window.kind == Kind::kBefore || window.kind == Kind::kMoreThanAgo) {
            complain("expression.type", window.place,
                     "a birthday's window ignores the year, so '" + print(window) +
                         "' means nothing; compare instead, birthday < " + "1990-01-01 or age >= 18");
        }
    }

    // ---- id and external_id: sets of customers, however long ----
    std::optional<AttributeKey> identity(const Operand& operand) const {
        const auto* name = std::get_if<Name>(&operand);
        const Attribute* attribute = name != nullptr ? find_attribute(name->text) : nullptr;
        if (attribute == nullptr) return std::nullopt;
        if (attribute->key != AttributeKey::kId && attribute->key != AttributeKey::kExternalId) return std::nullopt;
        return attribute->key;
    }

    bound::Predicate id_equality(const Compare& node, AttributeKey key) const {
        const bool by_value = std::holds_alternative<Name>(node.right) || std::holds_alternative<Text>(node.right) ||
                              std::holds_alternative<Number>(node.right);
        if (key == AttributeKey::kId && node.op == Op::kEqual && std::holds_alternative<Number>(node.right)) {
            return id_list(In{node.left, false, {value_of(node.right, source_)}}, key);
        }
        if (key == AttributeKey::kExternalId) {
            if (node.op != Op::kEqual || !by_value) {
                complain("expression.type", place_of(node.right),
                         "external_id is only known by its exact value; use =, in or not (external_id = …)");
            }
            return id_list(In{node.left, false, {value_of(node.right, source_)}}, key);
        }
        bound::Predicate result;
        result.left = metric(node.left);
        if (is_metric(node.right, result.left.type)) return comparison(node, std::move(result));
        result.kind = bound::Predicate::Kind::kTest;
        result.test = value_binder(result.left, "id").compare(node.op, value_of(node.right, source_));
        return result;
    }

    bound::Predicate id_list(const In& node, AttributeKey key) const {
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kIds;
        result.negated = node.negated;
        if (key == AttributeKey::kId) {
            bound::Metric id = metric(node.left);
            result.ids = std::get<bound::NumberSetTest>(value_binder(id, "id").in(node.values)).values;
            return result;
        }
        if (!options_.find_external_id) {
            complain("expression.not_available", place_of(node.left), "external_id is not available here");
        }
        for (const Value& value : node.values) {
            for (const CustomerId id : options_.find_external_id(text_of(value, "external_id", source_))) {
                result.ids.push_back(id.value);
            }
        }
        std::ranges::sort(result.ids);
        result.ids.erase(std::ranges::unique(result.ids).begin(), result.ids.end());
        return result;
    }

    void refuse_external_id(const bound::Metric& left, Place place) const {
        if (left.attribute == nullptr || left.attribute->key != AttributeKey::kExternalId) return;
        complain("expression.type", place,
                 "external_id is only known by its exact value; use =, in or not (external_id = …)");
    }

    // ---- metrics ----
    bound::Metric constant_metric(const Number& number) const {
        bound::Metric result;
        result.scale = number.value.scale;
        result.constant = static_cast<double>(number.value.units);
        return result;
    }

    bound::Metric attribute_metric(const Name& name) const {
        const Attribute* attribute = find_attribute(name.text);
        if (attribute == nullptr) {
            complain("expression.unknown_field", name.place,
                     "found " + quoted(name.text) + ", expected an attribute: " + either(attribute_names()) +
                         suggestion(name.text, attribute_names()));
        }
        if (!attribute->available())
            complain("expression.not_available", name.place, name.text + " is not available yet");
        bound::Metric result;
        result.kind = bound::Metric::Kind::kAttribute;
        result.attribute = attribute;
        result.type = attribute->type;
        result.scale = rows_.scale_of(attribute->type);
        return result;
    }

    bound::Metric call_metric(const Call& call) const {
        bound::Metric result;
        result.kind = bound::Metric::Kind::kAggregate;
        result.aggregate = call.aggregate;
        result.facts = rows_.facts(call.facts);
        if (call.facts.field.empty()) {
            if (call.aggregate != Aggregate::kCount) {
                const std::string word(word_of(call.aggregate));
                complain("expression.type", call.facts.place,
                         word + " needs a field of " + call.facts.fact + ", such as " + word + "(" + call.facts.fact +
                             (call.aggregate == Aggregate::kDistinct ? ".shop" : ".amount") + " …)");
            }
            return result;
        }
        result.field = &rows_.field(*result.facts.fact, call.facts.field, call.facts.field_place);
        check_aggregate(call, *result.field);
        const bool counts = call.aggregate == Aggregate::kCount || call.aggregate == Aggregate::kDistinct;
        result.type = counts ? Type::kNumber : result.field->type;
        result.scale = counts ? 0 : rows_.scale_of(result.type);
        return result;
    }

    void check_aggregate(const Call& call, const Field& field) const {
        using enum Aggregate;
        const bool adds = call.aggregate == kSum || call.aggregate == kAvg;
        const bool orders = call.aggregate == kMin || call.aggregate == kMax;
        const bool ordered = is_numeric(field.type) || field.type == Type::kTime || field.type == Type::kDate;
        if (field.type != Type::kFlag && (!adds || is_numeric(field.type)) && (!orders || ordered)) return;
        const std::string instead = field.type == Type::kFlag ? "; put it behind where: count(" + call.facts.fact +
                                                                    " where " + call.facts.field + ")"
                                                              : "";
        complain("expression.type", call.facts.field_place,
                 call.facts.field + " is " + std::string(describe(field.type)) + ", which has no " +
                     std::string(word_of(call.aggregate)) + instead);
    }

    // A bare word on the right is a metric only where a number or a time is expected.
    static bool is_metric(const Operand& right, Type left) {
        if (std::holds_alternative<Call>(right)) return true;
        return std::holds_alternative<Name>(right) && left != Type::kText && left != Type::kChoice;
    }

    bound::Predicate comparison(const Compare& node, bound::Predicate result) const {
        result.kind = bound::Predicate::Kind::kCompare;
        result.op = node.op;
        result.right = metric(node.right);
        const Type left = result.left.type;
        const Type right = result.right.type;
        const bool comparable = left == right ? left != Type::kChoice : is_numeric(left) && is_numeric(right);
        if (!comparable) {
            complain("expression.type", place_of(node.right),
                     print(node.left) + " is " + std::string(describe(left)) + " and " + print(node.right) + " is " +
                         std::string(describe(right)) + "; they cannot be compared");
        }
        const bool order = node.op != Op::kEqual && node.op != Op::kNotEqual;
        if (node.op == Op::kContains || node.op == Op::kStartsWith || (left == Type::kText && order)) {
            complain("expression.type", place_of(node.right),
                     "two metrics compare with = != < <= > >=, two texts with = and !=");
        }
        return result;
    }

    ValueBinder value_binder(const bound::Metric& left, std::string name) const {
        refuse_external_id(left, {});
        std::span<const Choice> choices;
        if (left.attribute != nullptr) choices = left.attribute->choices;
        if (left.field != nullptr && left.type == Type::kChoice) choices = left.field->choices;
        return ValueBinder{std::move(name), left.type, left.scale, choices, source_};
    }

    const BindOptions& options_;
    std::string_view source_;
    RowBinder rows_;
};

}  // namespace

Result<BoundExpression> bind(Expression expression, const BindOptions& options) {
    try {
        auto root =
            std::make_shared<const bound::Predicate>(Binder(options, expression.source).predicate(expression.root));
        return BoundExpression(std::move(expression), std::move(root));
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

Result<BoundExpression> parse_and_bind(std::string_view text, const BindOptions& options) {
    auto expression = parse(text);
    if (!expression) return std::unexpected(expression.error());
    return bind(std::move(*expression), options);
}

Result<BoundMetric> bind_metric(std::string_view text, const BindOptions& options) {
    try {
        const Operand operand = parse_metric(text);
        const Binder binder(options, text);
        auto metric = std::make_shared<const bound::Metric>(binder.metric(operand));
        if (metric->type == Type::kText || metric->type == Type::kChoice) {
            binder.complain("expression.type", {}, print(operand) + " is text; a metric is a number, a time or a date");
        }
        return metric;
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::audience

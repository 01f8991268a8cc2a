#include "audience/expression/bind_rows.h"

#include "audience/expression/bind_value.h"
#include "audience/expression/printer.h"
#include "audience/expression/problem.h"

namespace shuke::audience {
namespace {

[[noreturn]] void complain(std::string_view source, std::string key, Place place, std::string message) {
    raise({std::move(key), place, std::move(message)}, source);
}

// The condition behind where, about the rows of one fact.
class ConditionBinder {
public:
    ConditionBinder(const RowBinder& names, const Fact& fact, std::string_view source)
        : names_(names), fact_(fact), source_(source) {}

    bound::Row row(const Predicate& node) const {
        return std::visit([&](const auto& alternative) { return bind_row(alternative, node.place); }, node.node);
    }

private:
    bound::Row rows(bound::Row::Kind kind, const std::vector<Predicate>& parts) const {
        bound::Row result{kind, {}, nullptr, {}};
        for (const Predicate& part : parts) result.parts.push_back(row(part));
        return result;
    }
    bound::Row bind_row(const And& node, Place) const { return rows(bound::Row::Kind::kAnd, node.parts); }
    bound::Row bind_row(const Or& node, Place) const { return rows(bound::Row::Kind::kOr, node.parts); }
    bound::Row bind_row(const Not& node, Place) const { return rows(bound::Row::Kind::kNot, node.part); }
    bound::Row bind_row(const Flag& node, Place place) const {
        const Field& known = names_.field(fact_, node.name.text, place);
        if (known.type != Type::kFlag) {
            complain(
                source_, "expression.type", place,
                node.name.text + " is " + std::string(describe(known.type)) + ", so it needs a comparison behind it");
        }
        return leaf(known, bound::FlagTest{});
    }
    bound::Row bind_row(const Compare& node, Place) const {
        const Field& known = row_field(node.left);
        return leaf(known, row_values(known).compare(node.op, value_of(node.right, source_)));
    }
    bound::Row bind_row(const In& node, Place) const {
        const Field& known = row_field(node.left);
        bound::Row result = leaf(known, row_values(known).in(node.values));
        if (!node.negated) return result;
        bound::Row negation{bound::Row::Kind::kNot, {}, nullptr, {}};
        negation.parts.push_back(std::move(result));
        return negation;
    }
    bound::Row bind_row(const IsMissing& node, Place place) const {
        const Field& known = row_field(node.left);
        if (known.type == Type::kFlag) {
            complain(source_, "expression.type", place, std::string(known.name) + " is yes or no, never missing");
        }
        return leaf(known, bound::KnownTest{node.negated});
    }
    bound::Row bind_row(const InWindow& node, Place) const {
        const Field& known = row_field(node.left);
        if (known.type != Type::kTime) {
            complain(source_, "expression.type", node.window.place,
                     std::string(known.name) + " is " + std::string(describe(known.type)) +
                         ", not a time, so it has no window");
        }
        return leaf(known, bound::WindowTest{node.window});
    }
    template <class CustomerNode>
    bound::Row bind_row(const CustomerNode&, Place place) const {
        complain(source_, "expression.type", place,
                 "a condition about rows of " + std::string(fact_.name) + " cannot ask about customers");
    }

    static bound::Row leaf(const Field& field, bound::Test test) {
        return {bound::Row::Kind::kLeaf, {}, &field, std::move(test)};
    }
    const Field& row_field(const Operand& left) const {
        const auto* name = std::get_if<Name>(&left);
        if (name == nullptr)
            complain(source_, "expression.type", place_of(left),
                     "found " + print(left) + ", expected a field of " + std::string(fact_.name));
        return names_.field(fact_, name->text, name->place);
    }
    ValueBinder row_values(const Field& field) const {
        return ValueBinder{std::string(field.name), field.type, names_.scale_of(field.type), field.choices, source_};
    }

    const RowBinder& names_;
    const Fact& fact_;
    std::string_view source_;
};

}  // namespace

int RowBinder::scale_of(Type type) const {
    if (type == Type::kMoney) return money_digits_;
    return type == Type::kPieces ? 3 : 0;
}

bound::Facts RowBinder::facts(const FactSet& set) const {
    const Fact* fact = find_fact(set.fact);
    if (fact == nullptr) {
        complain(source_, "expression.unknown_fact", set.place,
                 "found " + quoted(set.fact) + ", expected a fact: " + either(fact_names()) +
                     suggestion(set.fact, fact_names()));
    }
    bound::Facts result;
    result.fact = fact;
    if (!set.where.empty()) result.where = ConditionBinder(*this, *fact, source_).row(set.where.front());
    if (!set.window.empty()) result.window = set.window.front();
    return result;
}

const Field& RowBinder::field(const Fact& fact, std::string_view name, Place place) const {
    const Field* found = find_field(fact, name);
    if (found == nullptr) {
        complain(source_, "expression.unknown_field", place,
                 "found " + quoted(name) + ", expected a field of " + std::string(fact.name) + ": " +
                     either(field_names(fact)) + suggestion(name, field_names(fact)));
    }
    return *found;
}

Value value_of(const Operand& operand, std::string_view source) {
    if (const auto* name = std::get_if<Name>(&operand)) return *name;
    if (const auto* text = std::get_if<Text>(&operand)) return *text;
    if (const auto* number = std::get_if<Number>(&operand)) return *number;
    if (const auto* date = std::get_if<Date>(&operand)) return *date;
    complain(source, "expression.type", place_of(operand), "found " + print(operand) + ", expected a value");
}
Place place_of(const Operand& operand) {
    return std::visit([](const auto& alternative) { return alternative.place; }, operand);
}

}  // namespace shuke::audience

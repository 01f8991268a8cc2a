#include <algorithm>
#include <cmath>

#include "audience/expression.h"
#include "audience/expression/bind_rows.h"
#include "audience/expression/bind_value.h"
#include "audience/expression/bind_words.h"
#include "audience/expression/bound.h"
#include "audience/expression/parser.h"
#include "audience/expression/printer.h"
#include "audience/expression/problem.h"
#include "audience/schema.h"
#include "base/text.h"

namespace shuke::audience {
namespace {

constexpr int kMaxScale = 9;
constexpr std::size_t kMaxSegments = 200;  // a definition counts as often as it is named

// The saved segments whose definitions are being bound, outermost first, and how many have been in all.
struct SegmentPath {
    std::vector<std::string> names;
    std::size_t bound = 0;
};

std::shared_ptr<const bound::Selection> bind_selection(const Expression& expression, const BindOptions& options,
                                                       SegmentPath& path);

class Binder {
public:
    Binder(const BindOptions& options, std::string_view source, SegmentPath& path)
        : options_(options),
          source_(source),
          words_(options, source),
          rows_(source, info(options.base_currency).digits),
          path_(path) {}

    bound::Predicate predicate(const Predicate& node) const {
        return std::visit([&](const auto& alternative) { return bind_node(alternative, node.place); }, node.node);
    }

    bound::Metric metric(const Operand& operand) const {
        if (const auto* name = std::get_if<Name>(&operand)) return attribute_metric(*name);
        if (const auto* call = std::get_if<Call>(&operand)) return call_metric(*call);
        if (const auto* number = std::get_if<Number>(&operand)) return constant_metric(*number);
        if (const auto* arithmetic = std::get_if<Arithmetic>(&operand)) return arithmetic_metric(*arithmetic);
        if (const auto* population = std::get_if<Population>(&operand)) return population_metric(*population);
        complain("expression.type", place_of(operand),
                 "a condition begins with an attribute, a metric or a number, not with " + print(operand));
    }

    // What may rank customers: a number or a moment.
    bound::Metric ranking(const Operand& operand) const {
        bound::Metric result = metric(operand);
        if (result.type == Type::kText || result.type == Type::kChoice) {
            complain("expression.type", place_of(operand),
                     print(operand) + " is text; a metric is a number, a time or a date");
        }
        return result;
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
        const Value value = value_of(node.right, source_);
        result.test = result.left.type == Type::kText
                          ? words_.compare(result.left, print(node.left), node.op, value)
                          : value_binder(result.left, print(node.left)).compare(node.op, value);
        return result;
    }
    bound::Predicate bind_node(const In& node, Place) const {
        if (const auto ids = identity(node.left)) return id_list(node, *ids);
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kTest;
        result.left = metric(node.left);
        const std::string name = print(node.left);
        result.test = words_.has_words(result.left) ? words_.in(result.left, name, node.values)
                                                    : value_binder(result.left, name).in(node.values);
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
        const auto is = [&](AttributeKey key) {
            return result.left.attribute != nullptr && result.left.attribute->key == key;
        };
        if (is(AttributeKey::kBirthday)) {
            check_birthday_window(node.window);
        } else if (result.left.type != Type::kTime && !(result.left.type == Type::kDate && is(AttributeKey::kCustom))) {
            complain("expression.type", node.window.place,
                     print(node.left) + " is " + std::string(describe(result.left.type)) +
                         ", not a time, so it has no window");
        }
        result.test = bound::WindowTest{node.window};
        return result;
    }

    // ---- membership ----
    bound::Predicate bind_node(const Membership& node, Place) const {
        if (node.kind == Membership::Kind::kSegment) return segment(node);
        check_name_is_known(node);
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kSpan;
        result.name = nfkc(node.name);  // as names are kept
        switch (node.kind) {
            case Membership::Kind::kWasIn: result.span = SpanKind::kMember; break;
            case Membership::Kind::kList: result.span = SpanKind::kList; break;
            case Membership::Kind::kTag: result.span = SpanKind::kTag; break;
            case Membership::Kind::kSubscribed: result.span = SpanKind::kSubscribed; break;
            default: result.span = SpanKind::kAddress;
        }
        return result;
    }

    void check_name_is_known(const Membership& node) const {
        if (!options_.known_names) return;
        const std::vector<std::string> known = options_.known_names(node.kind);
        const bool channel = node.kind == Membership::Kind::kReachable || node.kind == Membership::Kind::kSubscribed;
        if (channel || std::ranges::find(known, nfkc(node.name)) != known.end()) return;
        refuse_unknown_name(node, known);
    }

    [[noreturn]] void refuse_unknown_name(const Membership& node, const std::vector<std::string>& known) const {
        const std::vector<std::string_view> names(known.begin(), known.end());
        complain("expression.unknown_name", node.place,
                 "found " + quoted(node.name) + ", expected the name of a known " + std::string(thing_of(node.kind)) +
                     suggestion(node.name, names));
    }
    static std::string_view thing_of(Membership::Kind kind) {
        switch (kind) {
            case Membership::Kind::kSegment:
            case Membership::Kind::kWasIn: return "segment";
            case Membership::Kind::kList: return "list";
            case Membership::Kind::kTag: return "tag";
            default: return "channel";
        }
    }

    bound::Predicate segment(const Membership& node) const {
        if (!options_.find_segment)
            complain("expression.not_available", node.place, "segment(…) is not available here");
        const std::string name = nfkc(node.name);
        const std::optional<std::string> definition = options_.find_segment(name);
        if (!definition)
            refuse_unknown_name(node,
                                options_.known_names ? options_.known_names(node.kind) : std::vector<std::string>{});
        if (std::ranges::find(path_.names, name) != path_.names.end())
            complain("expression.circular", node.place, "segments refer to each other in a circle: " + circle(name));
        if (++path_.bound > kMaxSegments)
            complain("expression.too_long", node.place,
                     "the expression and the segments it names refer to more than " + std::to_string(kMaxSegments) +
                         " segments in all");
        path_.names.push_back(name);
        bound::Predicate result;
        result.kind = bound::Predicate::Kind::kSegment;
        result.name = name;
        auto inner = parse(*definition);
        if (!inner) refuse_definition(node, inner.error());
        try {
            result.segment = bind_selection(*inner, options_, path_);
        } catch (const Failure& failure) {
            refuse_definition(node, failure.error);
        }
        path_.names.pop_back();
        return result;
    }
    [[noreturn]] void refuse_definition(const Membership& node, const Error& error) const {
        complain(error.key, node.place,
                 "the definition of segment " + quoted(node.name) + " is wrong: " + error.detail);
    }
    std::string circle(const std::string& again) const {
        std::string text;
        for (const std::string& name : path_.names) text += name + " → ";
        return text + again;
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
        if (!options_.find_external_ids) {
            complain("expression.not_available", place_of(node.left), "external_id is not available here");
        }
        std::vector<std::string> texts;
        texts.reserve(node.values.size());
        for (const Value& value : node.values) texts.push_back(text_of(value, "external_id", source_));
        for (const CustomerId id : options_.find_external_ids(texts)) result.ids.push_back(id.value);
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

    bound::Metric number_metric(const Operand& operand) const {
        bound::Metric result = metric(operand);
        if (is_numeric(result.type)) return result;
        complain("expression.type", place_of(operand),
                 print(operand) + " is " + std::string(describe(result.type)) + ", which cannot be calculated with");
    }

    // Left to right, two at a time.
    bound::Metric arithmetic_metric(const Arithmetic& node) const {
        bound::Metric result;
        result.kind = bound::Metric::Kind::kArithmetic;
        result.signs = node.signs;
        for (const OperandNode& part : node.parts) result.parts.push_back(number_metric(part.value));
        result.type = result.parts.front().type;
        result.scale = result.parts.front().scale;
        for (std::size_t i = 1; i < result.parts.size(); ++i) {
            const bound::Metric& next = result.parts[i];
            const char sign = node.signs[i - 1];
            if (sign == '/') {
                result.type = Type::kNumber;
                result.scale = 0;
            } else if (sign == '*') {
                result.type = Type::kNumber;
                result.scale += next.scale;
            } else {
                if (result.type != next.type) result.type = Type::kNumber;
                result.scale = std::max(result.scale, next.scale);
            }
            if (result.scale > kMaxScale)
                complain("expression.value", node.place, "too many decimals are multiplied; expected at most 9 in all");
        }
        return result;
    }

    bound::Metric population_metric(const Population& node) const {
        bound::Metric result;
        result.kind = bound::Metric::Kind::kPopulation;
        result.population = node.kind;
        result.percent = static_cast<double>(node.percent.units) / std::pow(10.0, node.percent.scale);
        result.parts.push_back(number_metric(node.metric.front().value));
        result.type = result.parts.front().type;
        result.scale = result.parts.front().scale;
        return result;
    }

    bound::Metric attribute_metric(const Name& name) const {
        const Attribute* attribute = find_attribute(name.text);
        if (attribute == nullptr) {
            complain("expression.unknown_field", name.place,
                     "found " + quoted(name.text) + ", expected an attribute: " + either(attribute_names()) +
                         suggestion(name.text, attribute_names()));
        }
        bound::Metric result;
        result.kind = bound::Metric::Kind::kAttribute;
        result.attribute = attribute;
        result.type = attribute->type;
        if (is_trait(attribute->key)) result.trait = attribute->name;
        if (attribute->key == AttributeKey::kCustom) {
            const CustomAttribute custom = words_.custom_attribute(name);
            result.trait = std::string(kCustomPrefix) + custom.name;
            result.type = custom.type == Type::kChoice ? Type::kText : custom.type;
        }
        result.scale = rows_.scale_of(result.type);
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
        if (std::holds_alternative<Call>(right) || std::holds_alternative<Arithmetic>(right) ||
            std::holds_alternative<Population>(right))
            return true;
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
    WordBinder words_;
    RowBinder rows_;
    SegmentPath& path_;
};

std::shared_ptr<const bound::Selection> bind_selection(const Expression& expression, const BindOptions& options,
                                                       SegmentPath& path) {
    const Binder binder(options, expression.source, path);
    auto selection = std::make_shared<bound::Selection>();
    selection->root = binder.predicate(expression.root);
    if (const auto& top = expression.top) {
        selection->top.emplace();
        selection->top->amount = static_cast<double>(top->amount.units) / std::pow(10.0, top->amount.scale);
        selection->top->percent = top->percent;
        selection->top->metric = binder.ranking(top->metric);
    }
    if (const auto& sample = expression.sample) {
        selection->sample_below =
            static_cast<std::uint32_t>(sample->percent.units) * (sample->percent.scale == 2   ? 1u
                                                                 : sample->percent.scale == 1 ? 10u
                                                                                              : 100u);
        selection->seed = sample->seed.value_or(0);
    }
    return selection;
}

}  // namespace

const bound::Predicate& BoundExpression::root() const { return selection_->root; }

Result<BoundExpression> bind(Expression expression, const BindOptions& options) {
    try {
        SegmentPath path;
        auto selection = bind_selection(expression, options, path);
        return BoundExpression(std::move(expression), std::move(selection));
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
        SegmentPath path;
        return std::make_shared<const bound::Metric>(Binder(options, text, path).ranking(parse_metric(text)));
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::audience

#include "audience/expression/words.h"

#include <array>

#include "audience/expression/printer.h"
#include "audience/schema.h"
#include "base/time_zone.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kListItemsShown = 5;

std::string_view pick(const Words& words, Language language) {
    return language == Language::kEnglish ? words.en : words.zh;
}

Words unit_words(Unit unit) {
    constexpr Words kWords[] = {{"分钟", "minutes"}, {"小时", "hours"},      {"天", "days"}, {"周", "weeks"},
                                {"个月", "months"},  {"个季度", "quarters"}, {"年", "years"}};
    return kWords[static_cast<std::size_t>(unit)];
}
Words this_unit(Unit unit) {
    constexpr Words kWords[] = {{},
                                {},
                                {"今天", "today"},
                                {"本周", "this week"},
                                {"本月", "this month"},
                                {"本季度", "this quarter"},
                                {"今年", "this year"}};
    return kWords[static_cast<std::size_t>(unit)];
}
Words last_unit(Unit unit) {
    constexpr Words kWords[] = {{},
                                {},
                                {"昨天", "yesterday"},
                                {"上周", "last week"},
                                {"上月", "last month"},
                                {"上季度", "last quarter"},
                                {"去年", "last year"}};
    return kWords[static_cast<std::size_t>(unit)];
}

Words op_words(Op op) {
    constexpr Words kWords[] = {{"等于", "equal to"},   {"不等于", "not equal to"}, {"小于", "less than"},
                                {"不超过", "at most"},  {"大于", "more than"},      {"不少于", "at least"},
                                {"包含", "containing"}, {"开头为", "starting with"}};
    return kWords[static_cast<std::size_t>(op)];
}

Words aggregate_words(Aggregate aggregate) {
    constexpr Words kWords[] = {
        {"数量", "number"},   {"合计", "sum"},   {"平均", "average"}, {"最小", "least"},
        {"最大", "greatest"}, {"首次", "first"}, {"最近", "last"},    {"不同个数", "number of different values"}};
    return kWords[static_cast<std::size_t>(aggregate)];
}

std::string value_in_words(const Operand& value) {
    if (const auto* name = std::get_if<Name>(&value)) return name->text;
    if (const auto* text = std::get_if<Text>(&value)) return "“" + text->text + "”";
    return print(value);
}

class Speaker {
public:
    explicit Speaker(Language language) : language_(language), english_(language == Language::kEnglish) {}

    std::string facts(const FactSet& set, std::string_view of) const {
        const Fact* fact = find_fact(set.fact);
        std::string text = set.window.empty() ? "" : in_words(set.window.front(), language_);
        std::string name(of);
        if (name.empty()) name = fact == nullptr ? set.fact : std::string(pick(fact->words, language_));
        std::string condition = set.where.empty() ? "" : row(fact, set.where.front());
        if (!condition.empty()) condition = english_ ? " (" + condition + ")" : "（" + condition + "）";
        if (english_) return name + condition + (text.empty() ? "" : " " + text);
        return (text.empty() ? "" : text + "的") + name + condition;
    }

    std::string call(const Call& call) const {
        const Fact* fact = find_fact(call.facts.fact);
        const std::string name = fact == nullptr ? call.facts.fact : std::string(pick(fact->words, language_));
        const std::string aggregate(pick(aggregate_words(call.aggregate), language_));
        const Field* field = fact == nullptr ? nullptr : find_field(*fact, call.facts.field);
        const std::string of = field == nullptr ? "" : std::string(pick(field->words, language_));
        if (english_)
            return facts(call.facts,
                         of.empty() ? aggregate + " of " + name : aggregate + " of " + of + " over " + name);
        return facts(call.facts, of.empty() ? name + aggregate : name + of + aggregate);
    }

    std::string demand(const Predicate& predicate) const {
        if (const auto* node = std::get_if<Compare>(&predicate.node)) {
            const bool metric =
                !std::holds_alternative<Name>(node->right) && !std::holds_alternative<Text>(node->right) &&
                !std::holds_alternative<Number>(node->right) && !std::holds_alternative<Date>(node->right);
            return std::string(pick(op_words(node->op), language_)) + " " +
                   (metric ? in_words(node->right, language_) : value_in_words(node->right));
        }
        if (const auto* node = std::get_if<In>(&predicate.node)) return list(*node);
        if (const auto* node = std::get_if<IsMissing>(&predicate.node)) {
            if (english_) return node->negated ? "known" : "missing";
            return node->negated ? "已知" : "缺失";
        }
        if (const auto* node = std::get_if<InWindow>(&predicate.node)) return in_words(node->window, language_);
        return "";
    }

private:
    std::string row(const Fact* fact, const Predicate& predicate) const {
        if (const auto* node = std::get_if<And>(&predicate.node))
            return joined(fact, node->parts, english_ ? " and " : "且");
        if (const auto* node = std::get_if<Or>(&predicate.node))
            return joined(fact, node->parts, english_ ? " or " : "或");
        if (const auto* node = std::get_if<Not>(&predicate.node))
            return (english_ ? "not " : "非") + bracketed(fact, node->part.front());
        if (const auto* node = std::get_if<Flag>(&predicate.node)) return field_name(fact, node->name.text);
        if (const auto* node = std::get_if<Compare>(&predicate.node)) return condition(fact, node->left, predicate);
        if (const auto* node = std::get_if<In>(&predicate.node)) return condition(fact, node->left, predicate);
        if (const auto* node = std::get_if<IsMissing>(&predicate.node)) return condition(fact, node->left, predicate);
        if (const auto* node = std::get_if<InWindow>(&predicate.node)) return condition(fact, node->left, predicate);
        return "";
    }
    std::string bracketed(const Fact* fact, const Predicate& predicate) const {
        const bool group = std::holds_alternative<And>(predicate.node) || std::holds_alternative<Or>(predicate.node);
        return group ? "(" + row(fact, predicate) + ")" : row(fact, predicate);
    }
    std::string joined(const Fact* fact, const std::vector<Predicate>& parts, std::string_view word) const {
        std::string text;
        for (const Predicate& part : parts) {
            if (!text.empty()) text += word;
            text += bracketed(fact, part);
        }
        return text;
    }
    std::string condition(const Fact* fact, const Operand& left, const Predicate& predicate) const {
        const auto* name = std::get_if<Name>(&left);
        return (name == nullptr ? print(left) : field_name(fact, name->text)) + (english_ ? " " : "") +
               demand(predicate);
    }
    std::string field_name(const Fact* fact, const std::string& name) const {
        const Field* field = fact == nullptr ? nullptr : find_field(*fact, name);
        return field == nullptr ? name : std::string(pick(field->words, language_));
    }
    std::string list(const In& node) const {
        std::string text = english_ ? (node.negated ? "none of " : "one of ") : (node.negated ? "不属于 " : "属于 ");
        for (std::size_t i = 0; i < node.values.size() && i < kListItemsShown; ++i) {
            if (i > 0) text += english_ ? ", " : "、";
            text += std::visit([](const auto& value) { return value_in_words(Operand{value}); }, node.values[i]);
        }
        if (node.values.size() <= kListItemsShown) return text;
        const std::string count = std::to_string(node.values.size());
        return text + (english_ ? " … (" + count + " values)" : " 等 " + count + " 个值");
    }

    Language language_;
    bool english_;
};

}  // namespace

std::string in_words(const Window& window, Language language) {
    const std::string n = std::to_string(window.n);
    const std::string unit(pick(unit_words(window.unit), language));
    const std::string from = format_date(window.from);
    const bool english = language == Language::kEnglish;
    switch (window.kind) {
        case Window::Kind::kWithinLast:
            return english ? "within the last " + n + " " + unit : "近 " + n + " " + unit + "内";
        case Window::Kind::kWithinNext:
            return english ? "within the next " + n + " " + unit : "未来 " + n + " " + unit + "内";
        case Window::Kind::kMoreThanAgo:
            return english ? "more than " + n + " " + unit + " ago" : n + " " + unit + "以前";
        case Window::Kind::kOn: return english ? "on " + from : from + " 当天";
        case Window::Kind::kBetween:
            return english ? "from " + from + " to " + format_date(window.to) : from + " 至 " + format_date(window.to);
        case Window::Kind::kSince: return english ? "since " + from : from + " 起";
        case Window::Kind::kBefore: return english ? "before " + from : from + " 之前";
        case Window::Kind::kThis: return std::string(pick(this_unit(window.unit), language));
        case Window::Kind::kLast: return std::string(pick(last_unit(window.unit), language));
    }
    return "";
}

std::string in_words(const FactSet& facts, Language language) { return Speaker(language).facts(facts, ""); }

namespace {

std::string arithmetic_in_words(const Arithmetic& node, Language language) {
    std::string text;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
        if (i > 0) {
            const char sign = node.signs[i - 1];
            text += sign == '*' ? " × " : sign == '/' ? " ÷ " : sign == '-' ? " − " : " + ";
        }
        const bool brackets = std::holds_alternative<Arithmetic>(node.parts[i].value);
        text += (brackets ? "(" : "") + in_words(node.parts[i].value, language) + (brackets ? ")" : "");
    }
    return text;
}

std::string population_in_words(const Population& node, Language language) {
    const std::string metric = in_words(node.metric.front().value, language);
    const bool english = language == Language::kEnglish;
    switch (node.kind) {
        case Population::Kind::kAverage: return english ? "the average customer's " + metric : "全体客户平均" + metric;
        case Population::Kind::kMedian:
            return english ? "the median customer's " + metric : "全体客户" + metric + "的中位数";
        case Population::Kind::kPercentile: break;
    }
    return english ? "percentile " + print(node.percent) + " of all customers' " + metric
                   : "全体客户" + metric + "的 " + print(node.percent) + " 分位数";
}

}  // namespace

std::string in_words(const Membership& node, Language language) {
    const bool english = language == Language::kEnglish;
    const std::string name = english ? "“" + node.name + "”" : "「" + node.name + "」";
    switch (node.kind) {
        case Membership::Kind::kSegment: return english ? "in segment " + name : "属于人群" + name;
        case Membership::Kind::kWasIn: return english ? "was in segment " + name : "当时在人群" + name + "中";
        case Membership::Kind::kList: return english ? "on list " + name : "在名单" + name + "中";
        case Membership::Kind::kTag: return english ? "has tag " + name : "有标签" + name;
        case Membership::Kind::kReachable:
            return english ? "reachable by " + node.name : "可通过 " + node.name + " 触达";
        case Membership::Kind::kSubscribed: return english ? "subscribed to " + node.name : "已订阅 " + node.name;
    }
    return "";
}

std::string in_words(const Operand& operand, Language language) {
    if (const auto* call = std::get_if<Call>(&operand)) return Speaker(language).call(*call);
    if (const auto* node = std::get_if<Arithmetic>(&operand)) return arithmetic_in_words(*node, language);
    if (const auto* node = std::get_if<Population>(&operand)) return population_in_words(*node, language);
    if (const auto* name = std::get_if<Name>(&operand)) {
        if (name->text.starts_with(kCustomPrefix)) return name->text.substr(kCustomPrefix.size());
        const Attribute* attribute = find_attribute(name->text);
        return attribute == nullptr ? name->text : std::string(pick(attribute->words, language));
    }
    return value_in_words(operand);
}

std::string demand_in_words(const Predicate& predicate, Language language) {
    return Speaker(language).demand(predicate);
}

}  // namespace shuke::audience

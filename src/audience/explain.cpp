#include "audience/explain.h"

#include <algorithm>
#include <cmath>

#include "audience/engine/predicate_plan.h"
#include "audience/engine/selection.h"
#include "audience/expression/printer.h"
#include "audience/expression/words.h"
#include "base/check.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kLongestText = 2000;  // of a predicate; a list of 100,000 ids is not read by anybody

struct SeenValue {
    std::string text;
    bool missing = false;
};

class Explainer {
public:
    Explainer(const PlanContext& context, BlockRun& run, std::size_t slot) : context_(context), run_(run), slot_(slot) {
        who_.set(slot);
    }

    Explanation explain(const Predicate& node, const bound::Predicate& bound) {
        Explanation result;
        result.text = print(node);
        if (result.text.size() > kLongestText) result.text = result.text.substr(0, kLongestText) + "…";
        result.held = holds(bound);
        if (const auto* parts = parts_of(node)) return explain_parts(std::move(result), node, *parts, bound);
        if (const auto* any = std::get_if<Any>(&node.node)) return explain_any(std::move(result), *any, bound);
        if (const auto* membership = std::get_if<Membership>(&node.node))
            return say(std::move(result), in_words(*membership, Language::kEnglish),
                       in_words(*membership, Language::kChinese), "", "");
        if (bound.kind == bound::Predicate::Kind::kAll)
            return say(std::move(result), "every customer", "所有客户", "", "");
        return explain_leaf(std::move(result), node, bound);
    }

    // What top and sample made of the customer, below the predicate.
    Explanation explain_choice(Explanation of_root, const BoundExpression& expression) {
        const bound::Selection& selection = expression.selection();
        Explanation result;
        result.text = print(expression.expression());
        bound::Selection so_far;
        so_far.root = selection.root;
        result.parts.push_back(std::move(of_root));
        if (selection.top) {
            so_far.top = selection.top;
            const auto& top = *expression.expression().top;
            const std::string amount = print(top.amount) + (top.percent ? "%" : "");
            const SeenValue value = seen(selection.top->metric);
            Explanation part;
            part.text = "top " + amount + " by " + print(top.metric);
            part.seen = value.text;
            part.missing = value.missing;
            part.held = is_among(so_far);
            result.parts.push_back(
                say(std::move(part), in_words(top.metric, Language::kEnglish), in_words(top.metric, Language::kChinese),
                    "to be among the top " + amount + " of those chosen", "位于入选者的前 " + amount));
        }
        if (selection.sample_below) {
            Explanation part;
            const std::string share = print(expression.expression().sample->percent) + "%";
            part.text = "sample " + share;
            part.held = in_sample(run_.block().customers.id.value_at(slot_), selection.seed, *selection.sample_below);
            result.parts.push_back(say(std::move(part), "the random sample of " + share, share + " 随机抽样", "", ""));
        }
        result.held = std::ranges::all_of(result.parts, &Explanation::held);
        return say(std::move(result), "every part is needed", "须全部符合", "", "");
    }

private:
    bool is_among(const bound::Selection& selection) { return select(context_, selection)[run_.number()].test(slot_); }
    bool holds(const bound::Predicate& bound) {
        SlotBits who = who_;
        compile_predicate(bound, context_).refine(run_, who);
        return who.test(slot_);
    }

    static const std::vector<Predicate>* parts_of(const Predicate& node) {
        if (const auto* joined = std::get_if<And>(&node.node)) return &joined->parts;
        if (const auto* joined = std::get_if<Or>(&node.node)) return &joined->parts;
        if (const auto* negated = std::get_if<Not>(&node.node)) return &negated->part;
        return nullptr;
    }

    Explanation explain_parts(Explanation result, const Predicate& node, const std::vector<Predicate>& parts,
                              const bound::Predicate& bound) {
        std::size_t held = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            result.parts.push_back(explain(parts[i], bound.parts[i]));
            held += result.parts.back().held ? 1 : 0;
        }
        const std::string of = std::to_string(held) + "/" + std::to_string(parts.size());
        if (std::holds_alternative<Not>(node.node))
            return say(std::move(result), "the opposite of the part below", "与下面的条件相反", "", "");
        const bool every = std::holds_alternative<And>(node.node);
        return say(std::move(result), (every ? "every part is needed, " : "one part is enough, ") + of + " held",
                   (every ? "须全部符合，" : "符合其一即可，") + of + " 符合", "", "");
    }

    Explanation explain_any(Explanation result, const Any& any, const bound::Predicate& bound) {
        bound::Metric count;
        count.kind = bound::Metric::Kind::kAggregate;
        count.facts = bound.facts;
        result.seen = seen(count).text;
        return say(std::move(result), in_words(any.facts, Language::kEnglish), in_words(any.facts, Language::kChinese),
                   "at least 1", "至少 1");
    }

    Explanation explain_leaf(Explanation result, const Predicate& node, const bound::Predicate& bound) {
        const Operand& left = left_of(node);
        const SeenValue value = bound.kind == bound::Predicate::Kind::kIds ? seen_id() : seen(bound.left);
        result.seen = value.text;
        result.missing = value.missing;
        std::string beside;  // what the right side of a comparison of metrics was
        if (bound.kind == bound::Predicate::Kind::kCompare) {
            const SeenValue right = seen(bound.right);
            beside = right.missing ? "missing" : right.text;
        }
        const auto demand = [&](Language language) {
            const std::string wanted = demand_in_words(node, language);
            return beside.empty() ? wanted : wanted + " (" + beside + ")";
        };
        return say(std::move(result), in_words(left, Language::kEnglish), in_words(left, Language::kChinese),
                   demand(Language::kEnglish), demand(Language::kChinese));
    }

    static const Operand& left_of(const Predicate& node) {
        if (const auto* compare = std::get_if<Compare>(&node.node)) return compare->left;
        if (const auto* in = std::get_if<In>(&node.node)) return in->left;
        if (const auto* missing = std::get_if<IsMissing>(&node.node)) return missing->left;
        const auto* window = std::get_if<InWindow>(&node.node);
        SHUKE_CHECK(window != nullptr, "a condition without a left side");
        return window->left;
    }

    // "WHAT: 3; wanted at least 2; holds"
    static Explanation say(Explanation result, std::string en, std::string zh, const std::string& demand_en,
                           const std::string& demand_zh) {
        const bool saw = result.missing || !result.seen.empty();
        if (saw) en += ": " + (result.missing ? std::string("missing") : result.seen);
        if (saw) zh += "：" + (result.missing ? std::string("缺失") : result.seen);
        if (!demand_en.empty()) en += "; wanted " + demand_en;
        if (!demand_zh.empty()) zh += "；要求" + demand_zh;
        result.words_en = en + (result.held ? "; holds" : "; does not hold");
        result.words_zh = zh + (result.held ? "；符合" : "；不符合");
        return result;
    }

    // ---- values ----
    SeenValue seen_id() { return {std::to_string(run_.block().customers.id.value_at(slot_)), false}; }

    SeenValue seen(const bound::Metric& metric) {
        const MetricPlan plan = compile_metric(metric, context_);
        if (metric.type == Type::kText || metric.type == Type::kChoice) return seen_word(metric, plan);
        if (metric.type == Type::kTime) return seen_time(plan);
        SlotNumbers values;
        plan.numbers(run_, who_, values);
        const double value = values[slot_];
        if (std::isnan(value)) return {"", true};
        if (metric.type == Type::kDate) return {format_date(Day{static_cast<std::int32_t>(value)}), false};
        return {number_text(value, metric.scale, metric.type), false};
    }

    SeenValue seen_word(const bound::Metric& metric, const MetricPlan& plan) {
        SlotCodes codes;
        plan.codes(run_, who_, codes);
        const std::uint32_t code = codes[slot_];
        if (code == 0) return {"", true};
        if (metric.type == Type::kText)
            return {std::string(context_.shared().dictionary(plan.domain).text(code)), false};
        const auto choices = metric.attribute != nullptr ? metric.attribute->choices : metric.field->choices;
        return {std::string(choices[code - 1].key), false};
    }

    SeenValue seen_time(const MetricPlan& plan) {
        SlotTimes times;
        plan.times(run_, who_, times);
        if (times.seconds[slot_] == kMissing) return {"", true};
        const std::uint32_t zone = times.zone[slot_];
        const TimeZone& of = zone == kConfiguredZone ? context_.version.config().zone : context_.shared().zones[zone];
        return {format_local(Instant::from_seconds(times.seconds[slot_]), of), false};
    }

    // Money always with its decimals; other numbers without needless zeros.
    static std::string number_text(double value, int scale, Type type) {
        const auto rounded = static_cast<std::int64_t>(std::llround(value));
        const bool whole = static_cast<double>(rounded) == value;
        if (type == Type::kMoney) return print(Decimal{rounded, static_cast<std::uint8_t>(scale)});
        std::string text = whole ? print(Decimal{rounded, static_cast<std::uint8_t>(scale)})
                                 : std::to_string(value / std::pow(10.0, scale));
        if (text.find('.') == std::string::npos) return text;
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
        return text;
    }

    const PlanContext& context_;
    BlockRun& run_;
    std::size_t slot_;
    SlotBits who_;
};

}  // namespace

Result<Explanation> explain(const Version& version, const BoundExpression& expression, CustomerId customer,
                            Instant as_of) {
    const std::optional<Slot> slot = version.slot_of(customer);
    if (!slot) {
        return fail(Code::kNotFound, "expression.customer_unknown",
                    "there is no customer " + std::to_string(customer.value));
    }
    const PlanContext context{version, as_of};
    Workspace workspace;
    const std::size_t block = *slot / kBlockSlots;
    BlockRun run(version, block, context.now(), workspace);
    if (run.existing_customers().test(*slot % kBlockSlots)) {
        Explainer explainer(context, run, *slot % kBlockSlots);
        auto of_root = explainer.explain(expression.expression().root, expression.root());
        if (expression.selection().is_plain()) return of_root;
        return explainer.explain_choice(std::move(of_root), expression);
    }
    Explanation result;
    result.text = print(expression.expression());
    const std::string at = format_local(as_of, version.config().zone);
    result.words_en = "the customer did not exist yet at " + at + "; does not hold";
    result.words_zh = "该客户在 " + at + " 时尚不存在；不符合";
    return result;
}

}  // namespace shuke::audience

#include "audience/expression/sentence.h"

#include "audience/expression/printer.h"
#include "audience/schema.h"

namespace shuke::audience {
namespace {

class Speaker {
public:
    explicit Speaker(Language language) : language_(language), chinese_(language == Language::kChinese) {}

    std::string say(const Predicate& predicate) const {
        return std::visit([&](const auto& node) { return say(node, predicate); }, predicate.node);
    }

private:
    std::string pick(const char* zh, const char* en) const { return chinese_ ? zh : en; }

    std::string joined(const std::vector<Predicate>& parts, const char* zh, const char* en) const {
        std::string text;
        for (const auto& part : parts) {
            const bool nested = std::holds_alternative<And>(part.node) || std::holds_alternative<Or>(part.node);
            const std::string one = nested ? pick("（", "(") + say(part) + pick("）", ")") : say(part);
            text += (text.empty() ? "" : pick(zh, en)) + one;
        }
        return text;
    }

    std::string say(const AllCustomers&, const Predicate&) const { return pick("所有客户", "all customers"); }
    std::string say(const And& node, const Predicate&) const { return joined(node.parts, "，并且", ", and "); }
    std::string say(const Or& node, const Predicate&) const { return joined(node.parts, "，或者", ", or "); }
    std::string say(const Not& node, const Predicate&) const {
        return pick("并非（", "not (") + say(node.part.front()) + pick("）", ")");
    }
    std::string say(const Any& node, const Predicate&) const {
        return pick("有过", "has ") + in_words(node.facts, language_);
    }
    std::string say(const Membership& node, const Predicate&) const { return in_words(node, language_); }
    std::string say(const Flag& node, const Predicate&) const { return in_words(Operand(node.name), language_); }
    template <class Compared>
    std::string say(const Compared& node, const Predicate& predicate) const {
        return in_words(node.left, language_) + pick("", " ") + demand_in_words(predicate, language_);
    }

    Language language_;
    bool chinese_;
};

}  // namespace

std::string sentence(const Expression& expression, Language language) {
    const bool chinese = language == Language::kChinese;
    std::string text = Speaker(language).say(expression.root);
    if (expression.top) {
        const std::string amount = print(expression.top->amount) + (expression.top->percent ? "%" : "");
        text += chinese ? "，按" + in_words(expression.top->metric, language) + "取前 " + amount
                        : ", the top " + amount + " by " + in_words(expression.top->metric, language);
    }
    if (expression.sample) {
        const std::string share = print(expression.sample->percent) + "%";
        text += chinese ? "，随机抽取 " + share : ", a random " + share + " of them";
    }
    return text;
}

}  // namespace shuke::audience

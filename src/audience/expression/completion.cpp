#include "audience/expression/completion.h"

#include <algorithm>

#include "audience/expression/lexer.h"
#include "base/text.h"

namespace shuke::audience {
namespace {

constexpr std::size_t kMost = 60;

struct Word {
    std::string_view text, zh, en;
};
constexpr Word kOperators[] = {{"=", "等于", "is"},
                               {"!=", "不等于", "is not"},
                               {">", "大于", "above"},
                               {">=", "不少于", "at least"},
                               {"<", "小于", "below"},
                               {"<=", "不多于", "at most"},
                               {"in", "属于", "one of"},
                               {"not in", "不属于", "none of"},
                               {"is missing", "未知", "not known"},
                               {"is known", "已知", "known"},
                               {"within last", "最近", "within the last"},
                               {"contains", "包含", "contains"}};
constexpr Word kJoiners[] = {{"and", "并且", "and"},
                             {"or", "或者", "or"},
                             {"top", "前 N 名", "the best"},
                             {"sample", "随机抽样", "a random part"}};

// The tokens before the place, as texts; an unfinished quote counts as the word being typed.
struct Before {
    std::vector<std::string> words;
    std::string begun;  // the word that ends at the place
    std::size_t from = 0;
};

bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || c == '_' || c == '.';
}

Before look_back(std::string_view text, std::size_t at) {
    Before before;
    std::size_t from = at;
    const auto quotes =
        static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '"'));
    if (quotes % 2 == 1) {
        from = text.rfind('"', at == 0 ? 0 : at - 1);
    } else {
        while (from > 0 && is_word_byte(text[from - 1])) --from;
    }
    before.from = from;
    before.begun = text.substr(from, at - from);
    try {
        for (const auto& token : tokenize(text.substr(0, from))) {
            if (token.kind != TokenKind::kEnd) before.words.emplace_back(fold(token.text));
        }
    } catch (const Failure&) {
        // What cannot be read tells nothing; everything is offered.
    }
    return before;
}

class Offers {
public:
    Offers(const Before& before, const KnownNames& known, Language language)
        : before_(before), known_(known), chinese_(language == Language::kChinese) {}

    std::vector<Completion> take() {
        const auto& words = before_.words;
        const std::string last = words.empty() ? "" : words.back();
        const std::string previous = words.size() < 2 ? "" : words[words.size() - 2];
        if (last == "(" && offer_inside(previous)) return finish();
        if (is_comparison(last) || last == "[" || (last == "," && in_list())) {
            offer_values();
        } else if (last == "where" || (fact_ && (last == "and" || last == "not" || last == "or"))) {
            offer_fields();
        } else if (words.empty() || last == "and" || last == "or" || last == "not" || last == "(") {
            offer_beginnings();
        } else {
            offer_continuations(last);
        }
        return finish();
    }

    void find_fact() {
        int depth = 0;
        for (auto word = before_.words.rbegin(); word != before_.words.rend(); ++word) {
            if (*word == ")") ++depth;
            if (*word == "(" && --depth < 0) depth = 0;
            const auto dot = word->find('.');
            const auto* fact = shuke::audience::find_fact(word->substr(0, dot));
            if (fact != nullptr && depth == 0) {
                fact_ = fact;
                return;
            }
        }
    }

private:
    std::string words_of(const Words& words) const { return std::string(chinese_ ? words.zh : words.en); }

    void add(std::string label, std::string insert, std::string_view kind, std::string detail) {
        const std::string wanted = fold(before_.begun.starts_with('"') ? before_.begun.substr(1) : before_.begun);
        const std::string own = fold(label), meaning = fold(detail);
        if (!wanted.empty() && own.find(wanted) == std::string::npos && meaning.find(wanted) == std::string::npos)
            return;
        (own.starts_with(wanted) ? best_ : others_)
            .push_back({std::move(label), std::move(insert), kind, std::move(detail)});
    }

    void add_text(const std::string& text, std::string_view kind, const std::string& detail = {}) {
        add(text, is_bare_word(text) ? text : quote(text), kind, detail);
    }

    static bool is_comparison(const std::string& word) {
        return word == "=" || word == "!=" || word == ">" || word == ">=" || word == "<" || word == "<=";
    }

    bool in_list() const { return std::ranges::find(before_.words, "[") != before_.words.end(); }

    bool offer_inside(const std::string& function) {
        const auto names = [&](const std::vector<std::string>& list, std::string_view kind) {
            for (const auto& name : list) add(name, quote(name), kind, "");
            return true;
        };
        if (function == "segment" || function == "was_in") return names(known_.segments, "segment");
        if (function == "list") return names(known_.lists, "list");
        if (function == "tag") return names(known_.tags, "tag");
        if (function == "reachable" || function == "subscribed") return names(known_.channels, "channel");
        for (const auto& one : aggregate_words()) {
            if (one.name != function) continue;
            for (const auto& fact : facts()) offer_aggregate(one, fact);
            return true;
        }
        if (function != "any") return false;
        for (const auto& fact : facts())
            add(std::string(fact.name), std::string(fact.name) + " where ", "fact", words_of(fact.words));
        return true;
    }

    void offer_aggregate(const AggregateWord& one, const Fact& fact) {
        const std::string name(fact.name);
        if (!one.needs_field) return add(name, name, "fact", words_of(fact.words));
        constexpr std::string_view kTypes[] = {"text", "choice", "number", "money", "pieces", "time", "date", "flag"};
        for (const auto* part : {&fact.own, &fact.inherit}) {
            for (const auto& field : *part) {
                if (std::ranges::find(one.field_types, kTypes[static_cast<std::size_t>(field.type)]) ==
                    one.field_types.end())
                    continue;
                add(name + "." + std::string(field.name), name + "." + std::string(field.name), "field",
                    words_of(fact.words) + " · " + words_of(field.words));
            }
        }
    }

    void offer_beginnings() {
        for (const auto& one : attributes()) {
            if (one.key != AttributeKey::kCustom)
                add(std::string(one.name), std::string(one.name) + " ", "attribute", words_of(one.words));
        }
        for (const auto& one : known_.custom)
            add("custom." + one.name, "custom." + one.name + " ", "attribute", one.name);
        for (const auto& one : aggregate_words())
            add(std::string(one.name), std::string(one.name) + "(", "aggregate", words_of(one.words));
        add("any", "any(", "aggregate", chinese_ ? "有过" : "there is");
        for (const auto& one : membership_words())
            add(std::string(one.name), std::string(one.name) + "(", "keyword", words_of(one.words));
        add("not", "not ", "keyword", chinese_ ? "并非" : "not");
        add("all customers", "all customers", "keyword", chinese_ ? "所有客户" : "everybody");
    }

    void offer_fields() {
        if (fact_ == nullptr) return offer_beginnings();
        for (const auto* part : {&fact_->own, &fact_->inherit}) {
            for (const auto& field : *part)
                add(std::string(field.name), std::string(field.name) + " ", "field", words_of(field.words));
        }
        add("not", "not ", "keyword", chinese_ ? "并非" : "not");
    }

    // What the thing that is compared is.
    void offer_values() {
        std::string subject;
        for (auto word = before_.words.rbegin(); word != before_.words.rend() && subject.empty(); ++word) {
            const std::string name =
                word->find('.') != std::string::npos && !word->starts_with("rfm.") && !word->starts_with("custom.")
                    ? word->substr(word->find('.') + 1)
                    : *word;
            if ((fact_ != nullptr && find_field(*fact_, name) != nullptr) || find_attribute(name) != nullptr)
                subject = name;
        }
        const Field* field = fact_ != nullptr ? find_field(*fact_, subject) : nullptr;
        const Attribute* attribute = field == nullptr && !subject.empty() ? find_attribute(subject) : nullptr;
        const auto choices = field != nullptr       ? field->choices
                             : attribute != nullptr ? attribute->choices
                                                    : std::span<const Choice>{};
        for (const auto& choice : choices)
            add(std::string(choice.key), std::string(choice.key), "value", words_of(choice.words));
        const auto texts = [&](const std::vector<std::string>& list) {
            for (const auto& one : list) add_text(one, "value");
        };
        if (subject == "province") texts(known_.provinces);
        if (subject == "shop") texts(known_.shops);
        if (subject == "platform") texts(known_.platforms);
        if (subject == "category") texts(known_.categories);
        if (subject == "channel") texts(known_.channels);
        if (subject == "tier") texts(known_.tiers);
        for (const auto& one : known_.custom) {
            if (subject == "custom." + one.name) texts(one.choices);
        }
    }

    void offer_continuations(const std::string& last) {
        const bool after_value = before_.words.size() >= 2 && is_comparison(before_.words[before_.words.size() - 2]);
        if (fact_ != nullptr && (shuke::audience::find_fact(last.substr(0, last.find('.'))) != nullptr))
            add("where", "where ", "keyword", chinese_ ? "其中" : "those that");
        if (!after_value && last != ")") {
            for (const auto& one : kOperators)
                add(std::string(one.text), std::string(one.text) + " ", "operator",
                    std::string(chinese_ ? one.zh : one.en));
        }
        for (const auto& one : window_words())
            add(std::string(one.text), std::string(one.text), "window", words_of(one.words));
        if (last == ")") {
            for (const auto& one : kOperators)
                add(std::string(one.text), std::string(one.text) + " ", "operator",
                    std::string(chinese_ ? one.zh : one.en));
        }
        for (const auto& one : kJoiners)
            add(std::string(one.text), std::string(one.text) + " ", "keyword", std::string(chinese_ ? one.zh : one.en));
    }

    std::vector<Completion> finish() {
        best_.insert(best_.end(), std::make_move_iterator(others_.begin()), std::make_move_iterator(others_.end()));
        if (best_.size() > kMost) best_.resize(kMost);
        return std::move(best_);
    }

    const Before& before_;
    const KnownNames& known_;
    bool chinese_;
    const Fact* fact_ = nullptr;
    std::vector<Completion> best_, others_;
};

const std::vector<std::string_view> kNumeric = {"number", "money", "pieces"};
const std::vector<std::string_view> kAny = {"text", "choice", "number", "money", "pieces", "time", "date", "flag"};

}  // namespace

Completions complete(std::string_view text, std::size_t at, const KnownNames& known, Language language) {
    const Before before = look_back(text, std::min(at, text.size()));
    Offers offers(before, known, language);
    offers.find_fact();
    return {before.from, offers.take()};
}

std::span<const AggregateWord> aggregate_words() {
    static const std::vector<AggregateWord> kWords = {
        {"count", {"次数", "number of"}, false, {}},
        {"sum", {"合计", "sum of"}, true, kNumeric},
        {"avg", {"平均", "average of"}, true, kNumeric},
        {"min", {"最小", "least"}, true, {"number", "money", "pieces", "time", "date"}},
        {"max", {"最大", "greatest"}, true, {"number", "money", "pieces", "time", "date"}},
        {"first", {"首次的", "first"}, true, kAny},
        {"last", {"最近一次的", "last"}, true, kAny},
        {"distinct", {"不同的个数", "number of different"}, true, kAny}};
    return kWords;
}

std::span<const WindowWord> window_words() {
    static constexpr WindowWord kWords[] = {{"within last 7 days", {"近 7 天", "within the last 7 days"}},
                                            {"within last 30 days", {"近 30 天", "within the last 30 days"}},
                                            {"within last 90 days", {"近 90 天", "within the last 90 days"}},
                                            {"within last 180 days", {"近 180 天", "within the last 180 days"}},
                                            {"within last 365 days", {"近一年", "within the last year"}},
                                            {"more than 90 days ago", {"90 天以前", "more than 90 days ago"}},
                                            {"within next 7 days", {"未来 7 天", "within the next 7 days"}},
                                            {"this month", {"本月", "this month"}},
                                            {"last month", {"上月", "last month"}},
                                            {"this year", {"今年", "this year"}}};
    return kWords;
}

std::span<const MembershipWord> membership_words() {
    static constexpr MembershipWord kWords[] = {{"segment", {"属于人群", "in the segment"}, "segments"},
                                                {"was_in", {"曾记录在人群", "recorded in the segment"}, "segments"},
                                                {"list", {"在名单", "on the list"}, "lists"},
                                                {"tag", {"有标签", "has the tag"}, "tags"},
                                                {"reachable", {"可触达", "can be reached by"}, "channels"},
                                                {"subscribed", {"已订阅", "has agreed to"}, "channels"}};
    return kWords;
}

}  // namespace shuke::audience

#include "audience/expression/bind_words.h"

#include <algorithm>

#include "audience/expression/bind_value.h"
#include "audience/expression/problem.h"
#include "base/text.h"

namespace shuke::audience {
namespace {

bool is_order(Op op) { return op >= Op::kLess && op <= Op::kGreaterEqual; }
bool is_tier(const bound::Metric& left) {
    return left.attribute != nullptr && left.attribute->key == AttributeKey::kTier;
}

bool passes(std::size_t word, Op op, std::size_t than) {
    switch (op) {
        case Op::kLess: return word < than;
        case Op::kLessEqual: return word <= than;
        case Op::kGreater: return word > than;
        case Op::kGreaterEqual: return word >= than;
        default: return word == than;
    }
}

Place place_of(const Value& value) {
    return std::visit([](const auto& alternative) { return alternative.place; }, value);
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

CustomAttribute WordBinder::custom_attribute(const Name& name) const {
    if (!options_.custom_attributes)
        raise({"expression.not_available", name.place, name.text + " is not available here"}, source_);
    const std::string wanted = nfkc(std::string_view(name.text).substr(kCustomPrefix.size()));
    std::vector<CustomAttribute> known = options_.custom_attributes();
    const auto found = std::ranges::find(known, wanted, &CustomAttribute::name);
    if (found != known.end()) return std::move(*found);
    std::vector<std::string> names;
    for (const CustomAttribute& one : known) names.push_back(std::string(kCustomPrefix) + one.name);
    const std::string expected = known.empty() ? ", but no custom attribute is defined"
                                               : ", expected a custom attribute: " + either(views_of(names)) +
                                                     suggestion(name.text, views_of(names));
    raise({"expression.unknown_field", name.place, "found " + quoted(name.text) + expected}, source_);
}

// What such a text may be, in order; nothing where any text goes.
std::vector<std::string> WordBinder::words_of(const bound::Metric& left) const {
    if (is_tier(left) && options_.tiers) return options_.tiers();
    if (left.attribute == nullptr || left.attribute->key != AttributeKey::kCustom) return {};
    for (CustomAttribute& one : options_.custom_attributes()) {
        if (std::string(kCustomPrefix) + one.name == left.trait) return std::move(one.choices);
    }
    return {};
}

std::size_t WordBinder::place_among(const std::vector<std::string>& words, const std::string& name,
                                    const Value& value) const {
    const std::string wanted = text_of(value, name, source_);
    const auto found = std::ranges::find(words, nfkc(wanted));
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    raise({"expression.value", place_of(value),
           "found " + quoted(wanted) + ", expected a " + name + ": " + either(views_of(words)) +
               suggestion(wanted, views_of(words))},
          source_);
}

bound::Test WordBinder::compare(const bound::Metric& left, const std::string& name, Op op, const Value& value) const {
    const std::vector<std::string> words = words_of(left);
    if (is_tier(left) && is_order(op) && options_.tiers && words.empty()) {
        (void)text_of(value, name, source_);  // a text it must be all the same
        return bound::TextTest{};             // of no tier is everybody, as long as there are none
    }
    const bool by_name = op == Op::kEqual || op == Op::kNotEqual || (is_order(op) && is_tier(left));
    if (words.empty() || !by_name) return ValueBinder{name, Type::kText, 0, {}, source_}.compare(op, value);
    const std::size_t place = place_among(words, name, value);
    bound::TextTest test;
    test.negated = op == Op::kNotEqual;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (passes(i, op, place)) test.values.push_back(words[i]);
    }
    return test;
}

bound::Test WordBinder::in(const bound::Metric& left, const std::string& name, const std::vector<Value>& values) const {
    const std::vector<std::string> words = words_of(left);
    bound::TextTest test;
    for (const Value& value : values) test.values.push_back(words[place_among(words, name, value)]);
    return test;
}

}  // namespace shuke::audience

// src/audience/expression/bind_words.h
//
// Names that the record knows rather than the schema: custom attributes, their choices, and tiers with their ranks.
//
// Errors   expression.not_available, expression.unknown_field, expression.value, as a Failure (problem.h).
// Threads  pure, but for what BindOptions ask.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/expression.h"
#include "audience/expression/bound.h"

namespace shuke::audience {

class WordBinder {
public:
    WordBinder(const BindOptions& options, std::string_view source) : options_(options), source_(source) {}

    // Behind custom.NAME; an unknown one is refused with the nearest.
    CustomAttribute custom_attribute(const Name& name) const;

    // Is it a text of which only some are known: a tier, an attribute with choices?
    bool has_words(const bound::Metric& left) const { return !words_of(left).empty(); }
    // `name OP value` and `name in values` of such a text. A tier at or above another is one of those from it on.
    bound::Test compare(const bound::Metric& left, const std::string& name, Op op, const Value& value) const;
    bound::Test in(const bound::Metric& left, const std::string& name, const std::vector<Value>& values) const;

private:
    std::vector<std::string> words_of(const bound::Metric& left) const;
    std::size_t place_among(const std::vector<std::string>& words, const std::string& name, const Value& value) const;

    const BindOptions& options_;
    std::string_view source_;
};

}  // namespace shuke::audience

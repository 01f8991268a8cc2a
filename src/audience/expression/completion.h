// src/audience/expression/completion.h
//
// What may stand at a place of an expression that is being typed. Goes by the words around the place, not by a grammar: it
// works on text that does not parse yet, and offers a little too much rather than too little.
//
//   in   the text, the place (a byte offset), names that the record knows
//   out  the byte at which the word begun there starts, and what may replace it, the likeliest first
//
// Threads  pure
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/expression.h"
#include "audience/expression/words.h"

namespace shuke::audience {

struct KnownNames {
    std::vector<std::string> tags, lists, segments, shops, platforms, channels, categories, provinces, tiers;
    std::vector<CustomAttribute> custom;
};

struct Completion {
    std::string label, insert;
    std::string_view
        kind;  // attribute, fact, field, aggregate, operator, window, value, keyword, segment, list, tag, channel
    std::string detail;
};
struct Completions {
    std::size_t from = 0;
    std::vector<Completion> items;
};
Completions complete(std::string_view text, std::size_t at, const KnownNames& known, Language language);

// The words of the language beside attributes and facts, for whoever builds expressions from parts.
struct AggregateWord {
    std::string_view name;
    Words words;
    bool needs_field;
    std::vector<std::string_view> field_types;
};
struct WindowWord {
    std::string_view text;
    Words words;
};
struct MembershipWord {
    std::string_view name;
    Words words;
    std::string_view names;  // which of the known names: segments, lists …
};
std::span<const AggregateWord> aggregate_words();
std::span<const WindowWord> window_words();
std::span<const MembershipWord> membership_words();

}  // namespace shuke::audience

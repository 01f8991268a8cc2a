// src/audience/expression/words.h: parts of an expression as a marketer would say them, in English and Chinese.
#pragma once

#include <string>

#include "audience/expression/ast.h"

namespace shuke::audience {

enum class Language : std::uint8_t { kEnglish, kChinese };

std::string in_words(const Window& window, Language language);
// "number of orders (paid) within the last 90 days" · 近 90 天内的订单数（已付款）
std::string in_words(const Operand& operand, Language language);
std::string in_words(const FactSet& facts, Language language);
std::string in_words(const Membership& membership, Language language);
// What a predicate demands of its left side: "at least 2" · 不少于 2. Empty for and, or, not, any.
std::string demand_in_words(const Predicate& predicate, Language language);

}  // namespace shuke::audience

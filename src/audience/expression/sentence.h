// src/audience/expression/sentence.h: a whole expression as a marketer would say it, in Chinese or English.
#pragma once

#include <string>

#include "audience/expression.h"
#include "audience/expression/words.h"

namespace shuke::audience {

std::string sentence(const Expression& expression, Language language);

}  // namespace shuke::audience

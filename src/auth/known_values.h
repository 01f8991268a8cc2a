// src/auth/known_values.h: what a person who is to be erased is known by, for finding it inside text: rejected rows,
// unknown rows of lists, expressions. Errs on the side of finding: too short a value is compared whole, a longer one also
// as a part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/identifiers.h"

namespace shuke::auth {

class KnownValues {
public:
    void add_identifier(identity::IdentifierKind kind, const std::string& value);
    void add_name(const std::string& name);
    void add_text(const std::string& text);  // a street

    bool empty() const { return folded_.empty() && phones_.empty(); }
    bool are_in(std::string_view text) const;
    // The expression with each of the values, where it stands as a quoted word, replaced by "erased".
    std::string without(std::string expression) const;

private:
    bool is_one(std::string_view word) const;

    std::vector<std::string> raw_;     // identifiers as they are written in expressions
    std::vector<std::string> folded_;  // fold() of each
    std::vector<std::string> phones_;  // digits without country
    std::vector<identity::Identifier> identifiers_;
};

}  // namespace shuke::auth

// src/identity/erased_text.h
//
// Does a text name a person who was erased? Rejected rows are kept as they came, so they are asked before they are kept.
// What is known of such a person are fingerprints: each word of the text is compared as every kind of identifier, and as
// a name. Errs on the side of yes: a namesake's row counts as well. Numbers below 10,000 say nothing.
//
// Cost  nothing where nobody was erased; else some 20 µs a word
#pragma once

#include <soci/soci.h>

#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "domain/order.h"
#include "record/erasures.h"

namespace shuke::identity {

class ErasedText {
public:
    ErasedText(soci::session& session, const KeyRing& keys);
    bool names_erased(std::string_view text) const;

private:
    bool is_erased(std::string_view word) const;

    const KeyRing& keys_;
    record::Erasures erasures_;
    std::vector<Shop> shops_;
};

// The fingerprint by which the name of somebody who was erased is known.
Hash128 fingerprint_of_name(const KeyRing& keys, std::string_view name);

// What stands between the separators and quotes of CSV and JSON, trimmed.
std::vector<std::string_view> words_of(std::string_view text);
// Too short to tell anybody: one or two letters, or a number below 10,000.
bool says_nobody(std::string_view word);

}  // namespace shuke::identity

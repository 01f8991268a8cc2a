// src/identity/identifiers.h
//
// What identifies a buyer, in the one form in which equal means equal. Pure functions, no I/O.
//
//   in   a value as a platform or a person wrote it ("'+86 138-0000-0001", "Ann.B+x@gmail.com")
//   out  its kind, the normalised value, and whether equal values may unite two people
//
// Source  E.164 (ITU-T); mobile ranges 1[3-9] of mainland China; privacy numbers are a mobile with a 3–4 digit
//         extension; provider rules for matching e-mail (Gmail ignores dots and +tags).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shuke::identity {

// Stored as numbers: never renumber.
enum class IdentifierKind : std::uint8_t {
    kExternalId = 1,  // the shop system's customer number; unique within the shop
    kOpenId = 2,      // the platform's buyer id within a shop
    kUnionId = 3,     // the platform's id across the accounts of one owner
    kNick = 4,        // a unique account name (旺旺); unique within the platform
    kMemberNo = 5,    // membership card; the same everywhere
    kPhone = 6,       // a person's mobile, E.164
    kEmail = 7,
    kTelephone = 8,       // landlines, service numbers, masked and unreadable numbers: kept for calls, never unite
    kPayerAccount = 9,    // whoever paid (支付宝账号): often somebody else
    kPrivacyNumber = 10,  // a platform's temporary number: not personal
};

std::string_view to_string(IdentifierKind kind);

struct Identifier {
    IdentifierKind kind;
    std::string value;
    bool trusted;  // equal values unite people (unless too many names share them)
};

// Empty and junk values (all zeros, 12345678901 …) are nothing. `region` as ISO 3166 ("CN") for numbers without +.
std::optional<Identifier> normalise_phone(std::string_view text, std::string_view region);
std::optional<Identifier> normalise_email(std::string_view text);
// Masked (示***1) and encrypted (~…==~1~) account names identify nobody.
std::optional<Identifier> normalise_nick(std::string_view text);
std::optional<Identifier> normalise_id(IdentifierKind kind, std::string_view text);

// Masked by a platform (130****0002) or encrypted (~…==~1~): to be shown, never to be compared.
bool is_hidden(std::string_view text);

// A name for counting different people behind one number: without titles, blanks and case. Empty when it is
// masked or encrypted and so says nothing.
std::string normalise_name(std::string_view text);

// "130****0002", "a***@example.com", "张*": what may be shown to whoever may not see the value.
std::string mask(IdentifierKind kind, std::string_view value);
std::string mask_name(std::string_view name);

}  // namespace shuke::identity

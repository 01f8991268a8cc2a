// src/auth/masking.h
//
// How a person's data are shown: one policy for console, API, command line and files. Everything is masked
// (138****5678, a***@example.com, 张**); the clear values come from reveal(), which asks for the permission and leaves
// an audit entry with the fields and the reason before anything is shown.
#pragma once

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <vector>

#include "auth/principal.h"
#include "base/personal.h"
#include "identity/identifiers.h"

namespace shuke::auth {

struct Revelation {
    std::string subject;              // "customer 812", "export 7"
    std::vector<std::string> fields;  // "phone", "name" …
    std::string reason;
};

class Masking {
public:
    Masking() = default;  // masks

    std::string name(const Personal<std::string>& value) const;
    std::string identifier(identity::IdentifierKind kind, const Personal<std::string>& value) const;
    std::string phone(const Personal<std::string>& value) const;
    std::string email(const Personal<std::string>& value) const;
    std::string address(const Personal<std::string>& value) const;  // street, postcode, free text: *** or nothing
    std::string birthday(Day day) const;                            // "****-05-17"; "" when unknown
    bool is_clear() const { return clear_; }

private:
    friend Result<Masking> reveal(soci::session&, const Principal&, const Revelation&, Instant);
    bool clear_ = false;
};

// What a colleague wrote, with the mobile numbers (of China, and those with a country code) and e-mails in it masked.
std::string mask_in_text(std::string_view text);

// In the caller's write transaction. Errors auth.forbidden (customers.reveal), reveal.no_reason, reveal.no_fields.
Result<Masking> reveal(soci::session& session, const Principal& principal, const Revelation& revelation, Instant now);

}  // namespace shuke::auth

#include "auth/masking.h"

#include "base/text.h"
#include "base/time_zone.h"
#include "record/changes.h"

namespace shuke::auth {

using identity::IdentifierKind;

namespace {

constexpr std::size_t kReasonBytesMax = 500;

}  // namespace

std::string Masking::name(const Personal<std::string>& value) const {
    return clear_ ? value.reveal() : identity::mask_name(value.reveal());
}

std::string Masking::identifier(IdentifierKind kind, const Personal<std::string>& value) const {
    if (clear_ || value.reveal().empty()) return value.reveal();
    return identity::mask(kind, value.reveal());
}

std::string Masking::phone(const Personal<std::string>& value) const {
    return identifier(IdentifierKind::kPhone, value);
}

std::string Masking::email(const Personal<std::string>& value) const {
    return identifier(IdentifierKind::kEmail, value);
}

std::string Masking::address(const Personal<std::string>& value) const {
    return clear_ || value.reveal().empty() ? value.reveal() : "***";
}

std::string Masking::birthday(Day day) const {
    if (day == kNoDay) return {};
    const std::string date = format_date(day);
    return clear_ ? date : "****" + date.substr(4);
}

Result<Masking> reveal(soci::session& session, const Principal& principal, const Revelation& revelation, Instant now) {
    if (auto may = principal.require(Permission::kCustomersReveal); !may) return std::unexpected(may.error());
    const std::string_view reason = trim(revelation.reason);
    if (reason.empty() || reason.size() > kReasonBytesMax) {
        return fail(Code::kInvalid, "reveal.no_reason",
                    "say why personal data are to be shown, in at most " + std::to_string(kReasonBytesMax) + " bytes");
    }
    if (revelation.fields.empty())
        return fail(Code::kInvalid, "reveal.no_fields", "say which fields are to be shown, for example phone");
    record::append_audit(session,
                         {principal.actor(), "customer.reveal", revelation.subject,
                          "fields: " + join(revelation.fields, ", ") + "; reason: " + std::string(reason)},
                         now);
    Masking clear;
    clear.clear_ = true;
    return clear;
}

}  // namespace shuke::auth

#include "auth/masking.h"

#include "base/text.h"
#include "base/time_zone.h"
#include "record/changes.h"

namespace shuke::auth {

using identity::IdentifierKind;

namespace {

constexpr std::size_t kReasonBytesMax = 500;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_mail(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-' ||
           c == '+' || c == '@';
}

// Where a run of such characters that begins at `from` ends.
template <class Belongs>
std::size_t end_of(std::string_view text, std::size_t from, Belongs belongs) {
    while (from < text.size() && belongs(text[from])) ++from;
    return from;
}

// 13800000001, +8613800000001, 138 0000 0001, 138-0000-0001: the digits, where that is what the run is.
bool is_mobile(std::string_view run) {
    std::string digits;
    for (const char c : run) {
        if (is_digit(c)) digits += c;
    }
    if (run.starts_with('+')) return digits.size() >= 8 && digits.size() <= 15;
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

}  // namespace

std::string mask_in_text(std::string_view text) {
    std::string masked;
    for (std::size_t at = 0; at < text.size();) {
        if (is_mail(text[at])) {
            const std::size_t end = end_of(text, at, is_mail);
            const auto word = text.substr(at, end - at);
            const auto sign = word.find('@');
            if (sign != std::string_view::npos && sign > 0 && word.find('.', sign) != std::string_view::npos) {
                masked += identity::mask(IdentifierKind::kEmail, word);
                at = end;
                continue;
            }
        }
        if (is_digit(text[at]) || text[at] == '+') {
            std::size_t end = end_of(text, at + 1, [](char c) { return is_digit(c) || c == ' ' || c == '-'; });
            while (end > at + 1 && !is_digit(text[end - 1])) --end;
            const auto run = text.substr(at, end - at);
            masked += is_mobile(run) ? identity::mask(IdentifierKind::kPhone, run) : std::string(run);
            at = end;
            continue;
        }
        // A letter's word goes by as a whole, so that digits inside it (a part number) are no phone.
        const std::size_t end = is_mail(text[at]) ? end_of(text, at, is_mail) : at + 1;
        masked += text.substr(at, end - at);
        at = end;
    }
    return masked;
}

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

#include "identity/identifiers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace shuke::identity {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::string_view kKindNames[] = {"",          "external_id",   "open_id",       "union_id",
                                           "nick",      "member_no",     "phone",         "email",
                                           "telephone", "payer_account", "privacy_number"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_chinese_mobile(std::string_view digits) {
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9' && all_digits(digits);
}

// What spreadsheets wrap around a value: ' = "…" and a float's ".0".
std::string_view without_guards(std::string_view text) {
    text = trim(text);
    while (!text.empty() && (text.front() == '\'' || text.front() == '=' || text.front() == '"')) text.remove_prefix(1);
    while (!text.empty() && text.back() == '"') text.remove_suffix(1);
    if (text.size() > 2 && text.ends_with(".0") && all_digits(text.substr(0, text.size() - 2))) text.remove_suffix(2);
    return trim(text);
}

struct SplitNumber {
    std::string digits;  // with a leading + where given
    std::string extension;
};

// Separates "18877771111-123", "…转1234", "…,1234", "…#1234" into number and extension, and drops decoration.
SplitNumber split_number(std::string_view text) {
    std::string plain = nfkc(text);
    for (const std::string_view word : {"转", "轉", "ext.", "ext", "x", "#", ",", "，"}) {
        if (const auto at = plain.find(word); at != std::string::npos && at > 0) plain.replace(at, word.size(), "|");
    }
    const auto bar = plain.find('|');
    SplitNumber out;
    const auto keep_digits = [](std::string_view from, std::string& to) {
        for (const char c : from) {
            if (is_digit(c) || (c == '+' && to.empty())) to += c;
        }
    };
    keep_digits(std::string_view(plain).substr(0, bar), out.digits);
    if (bar != std::string::npos) keep_digits(std::string_view(plain).substr(bar + 1), out.extension);
    if (out.extension.empty()) {
        // A mobile, a dash and three or four digits: the dash tells it from a grouped number.
        const auto dash = plain.rfind('-');
        if (dash != std::string::npos && dash > 0) {
            std::string head;
            std::string tail;
            keep_digits(std::string_view(plain).substr(0, dash), head);
            keep_digits(std::string_view(plain).substr(dash + 1), tail);
            std::string_view national = head;
            if (national.starts_with("+86"))
                national.remove_prefix(3);
            else if (national.starts_with("86") && national.size() == 13)
                national.remove_prefix(2);
            if (is_chinese_mobile(national) && (tail.size() == 3 || tail.size() == 4)) return {head, tail};
        }
    }
    return out;
}

// Prefixes of the mainland that do not belong to the number.
std::string_view without_chinese_prefix(std::string_view digits) {
    for (const std::string_view prefix : {"+86", "0086", "17951", "12593", "86", "0"}) {
        if (digits.starts_with(prefix) && is_chinese_mobile(digits.substr(prefix.size())))
            return digits.substr(prefix.size());
    }
    return digits;
}

bool is_junk(std::string_view digits) {
    if (digits.size() < 5) return true;
    if (std::all_of(digits.begin(), digits.end(), [&](char c) { return c == digits.front(); })) return true;
    return digits == "12345678901" || digits == "13800138000" || digits == "1234567890" || digits == "123456789";
}

std::optional<Identifier> parse_any_phone(const std::string& digits, std::string_view region) {
    const auto* util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util->Parse(digits, std::string(region), &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
        !util->IsPossibleNumber(number)) {
        return std::nullopt;
    }
    std::string e164;
    util->Format(number, PhoneNumberUtil::E164, &e164);
    const auto type = util->GetNumberType(number);
    const bool mobile = type == PhoneNumberUtil::MOBILE || type == PhoneNumberUtil::FIXED_LINE_OR_MOBILE;
    return Identifier{mobile ? IdentifierKind::kPhone : IdentifierKind::kTelephone, e164, mobile};
}

bool is_mail_text(std::string_view text) {
    return text.size() <= 254 && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == ',' || c == ';';
           });
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 13> kRoles = {"info",  "sales",   "service",   "noreply", "no-reply",
                                                     "admin", "support", "contact",   "office",  "kefu",
                                                     "shop",  "order",   "postmaster"};
constexpr std::array<std::string_view, 7> kTagDomains = {"outlook.com", "hotmail.com",    "fastmail.com", "icloud.com",
                                                         "proton.me",   "protonmail.com", "live.com"};

bool is_relay(std::string_view domain) {
    return domain.starts_with("guest.") || domain.starts_with("marketplace.amazon.") ||
           domain == "privaterelay.appleid.com" || domain == "members.ebay.com";
}

}  // namespace

std::string_view to_string(IdentifierKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

bool is_hidden(std::string_view text) {
    if (text.find('*') != std::string_view::npos) return true;
    if (text.size() < 3 || text.front() != '~') return false;
    return text.back() == '~' || text.rfind('~') + 4 >= text.size();  // "~…~1~", cut by some exports to "~…~1"
}

std::optional<Identifier> normalise_phone(std::string_view text, std::string_view region) {
    text = without_guards(text);
    if (text.empty()) return std::nullopt;
    if (is_hidden(text)) return Identifier{IdentifierKind::kTelephone, std::string(text), false};
    if (region == "CN" && is_chinese_mobile(text)) {  // nearly all of them
        if (is_junk(text)) return std::nullopt;
        return Identifier{IdentifierKind::kPhone, "+86" + std::string(text), true};
    }
    const SplitNumber number = split_number(text);
    if (is_junk(number.digits)) return std::nullopt;
    const std::string_view national = without_chinese_prefix(number.digits);
    const bool chinese = is_chinese_mobile(national) && (region == "CN" || national.size() != number.digits.size());
    if (!number.extension.empty() && is_chinese_mobile(national)) {
        return Identifier{IdentifierKind::kPrivacyNumber, "+86" + std::string(national) + "-" + number.extension,
                          false};
    }
    if (chinese) {
        if (is_junk(national)) return std::nullopt;
        return Identifier{IdentifierKind::kPhone, "+86" + std::string(national), true};
    }
    if (auto parsed = parse_any_phone(number.digits, region)) {
        if (!number.extension.empty()) {
            parsed->kind = IdentifierKind::kTelephone;
            parsed->value += "-" + number.extension;
            parsed->trusted = false;
        }
        return parsed;
    }
    return Identifier{IdentifierKind::kTelephone, std::string(number.digits), false};
}

std::optional<Identifier> normalise_email(std::string_view text) {
    const std::string folded = fold(without_guards(text));
    const auto at = folded.find('@');
    if (at == std::string::npos || at == 0 || at > 64 || at + 1 == folded.size() ||
        folded.find('@', at + 1) != std::string::npos || folded.find('.', at) == std::string::npos ||
        folded.back() == '.' || !is_mail_text(folded) || is_hidden(folded)) {
        return std::nullopt;
    }
    std::string local = folded.substr(0, at);
    std::string domain = folded.substr(at + 1);
    if (domain == "googlemail.com") domain = "gmail.com";
    const bool gmail = domain == "gmail.com";
    if (gmail || one_of(domain, kTagDomains)) local.erase(std::min(local.find('+'), local.size()));
    if (gmail) std::erase(local, '.');
    if (local.empty()) return std::nullopt;
    const bool personal = !one_of(local, kRoles) && !is_relay(domain);
    return Identifier{IdentifierKind::kEmail, local + "@" + domain, personal};
}

std::optional<Identifier> normalise_nick(std::string_view text) {
    text = without_guards(text);
    if (text.empty() || is_hidden(text)) return std::nullopt;
    std::string nick = fold(text);
    if (const auto colon = nick.find(':'); colon != std::string::npos && colon > 0) nick.erase(colon);  // 主账号:子账号
    if (nick.empty()) return std::nullopt;
    return Identifier{IdentifierKind::kNick, nick, true};
}

std::optional<Identifier> normalise_id(IdentifierKind kind, std::string_view text) {
    text = without_guards(text);
    if (text.empty() || is_hidden(text)) return std::nullopt;
    const bool trusted = kind != IdentifierKind::kPayerAccount;
    return Identifier{kind, std::string(text), trusted};
}

std::string normalise_name(std::string_view text) {
    if (is_hidden(trim(text))) return {};
    std::string name = fold(text);
    std::erase(name, ' ');
    for (const std::string_view title : {"先生", "女士", "小姐", "太太", "老师", "(收)", "收"}) {
        if (name.size() > title.size() && name.ends_with(title)) name.erase(name.size() - title.size());
    }
    return name;
}

std::string mask(IdentifierKind kind, std::string_view value) {
    if (is_hidden(value)) return std::string(value);
    switch (kind) {
        case IdentifierKind::kPhone:
        case IdentifierKind::kTelephone:
        case IdentifierKind::kPrivacyNumber: {
            if (value.starts_with("+86")) value.remove_prefix(3);
            if (value.size() < 8) return "****";
            return std::string(value.substr(0, 3)) + "****" + std::string(value.substr(value.size() - 4));
        }
        case IdentifierKind::kEmail: {
            const auto at = value.find('@');
            return std::string(value.substr(0, 1)) + "***" + std::string(value.substr(std::min(at, value.size())));
        }
        case IdentifierKind::kExternalId:
        case IdentifierKind::kOpenId:
        case IdentifierKind::kUnionId:
            // A number of the shop's own says nothing about a person, unless it is a phone or an e-mail.
            if (value.find('@') == std::string_view::npos && !is_chinese_mobile(value)) return std::string(value);
            [[fallthrough]];
        case IdentifierKind::kNick:
        case IdentifierKind::kMemberNo:
        case IdentifierKind::kPayerAccount: return mask_name(value);
    }
    return "***";
}

std::string mask_name(std::string_view name) {
    if (name.empty()) return {};
    std::size_t first = 1;
    while (first < name.size() && (static_cast<unsigned char>(name[first]) & 0xC0) == 0x80) ++first;
    return std::string(name.substr(0, first)) + "**";
}

}  // namespace shuke::identity

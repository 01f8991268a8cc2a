// src/base/money.h
//
// Whole minor units (fen, cents) of one currency; exact, so a ledger always adds up. Amounts with more
// decimals than the currency has are rounded half away from zero, once, where they enter.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/error.h"

namespace shuke {

// ISO 4217 numeric code; 0 = not known. Any active code is a value, the named ones are those our code speaks of.
enum class Currency : std::uint16_t { kNone = 0, kCNY = 156, kEUR = 978, kGBP = 826, kUSD = 840, kJPY = 392 };

struct CurrencyInfo {
    Currency currency;
    char code[4];
    std::uint8_t digits;  // decimals of the minor unit
};

// The three-letter code in any case. Error currency.unknown names what was found.
Result<Currency> parse_currency(std::string_view text);
const CurrencyInfo& info(Currency currency);  // kNone and unknown values: a bug
inline std::string_view code(Currency currency) { return info(currency).code; }

struct Money {
    std::int64_t minor = 0;
    Currency currency = Currency::kCNY;
    bool operator==(const Money&) const = default;
};

Money operator+(Money a, Money b);  // one currency and within 64 bits, else SHUKE_CHECK; convert first, at a dated rate

// An amount that is not known (a missing exchange rate, say). Never zero in disguise.
inline constexpr std::int64_t kMissingAmount = std::numeric_limits<std::int64_t>::min();

// An exact decimal: units · 10^-scale. What a file said, before it is rounded to minor units.
struct Decimal {
    std::int64_t units = 0;
    std::uint8_t scale = 0;  // 0 … 9
    bool operator==(const Decimal&) const = default;
};

// "1234.5", "-0.5", "+3", "1,234.50" (grouping commas by three), "1.5e3"; surrounding blanks ignored.
// Errors number.invalid (with what was found), number.too_precise (> 9 decimals that are not zeros), number.too_large.
Result<Decimal> parse_decimal(std::string_view text);

struct Rounded {
    std::int64_t minor;
    double error;  // rounded − exact, in minor units
};

// value in major units → minor units with `digits` decimals, rounded half away from zero. Error number.too_large.
Result<Rounded> to_minor(Decimal value, int digits);
// quantity · price, multiplied exactly, then rounded once.
Result<Rounded> to_minor(Decimal quantity, Decimal price, int digits);

// round_half_away(minor_from · rate · 10^(digits_to − digits_from)); rate in ten-millionths (1e-7) of `to` per one of `from`.
Result<std::int64_t> convert_minor(std::int64_t minor_from, int digits_from, std::int64_t rate_e7, int digits_to);

std::string format_minor(std::int64_t minor, int digits);  // "-12.30"
std::string to_string(Money money);                        // "12.30 GBP"

}  // namespace shuke

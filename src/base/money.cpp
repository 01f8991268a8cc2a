#include "base/money.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "base/check.h"

namespace shuke {
namespace {

// ISO 4217:2015 with the minor units as published; sorted by code.
constexpr CurrencyInfo kCurrencies[] = {
    {Currency{784}, "AED", 2}, {Currency{971}, "AFN", 2}, {Currency{8}, "ALL", 2},   {Currency{51}, "AMD", 2},
    {Currency{973}, "AOA", 2}, {Currency{32}, "ARS", 2},  {Currency{36}, "AUD", 2},  {Currency{533}, "AWG", 2},
    {Currency{944}, "AZN", 2}, {Currency{977}, "BAM", 2}, {Currency{52}, "BBD", 2},  {Currency{50}, "BDT", 2},
    {Currency{975}, "BGN", 2}, {Currency{48}, "BHD", 3},  {Currency{108}, "BIF", 0}, {Currency{60}, "BMD", 2},
    {Currency{96}, "BND", 2},  {Currency{68}, "BOB", 2},  {Currency{986}, "BRL", 2}, {Currency{44}, "BSD", 2},
    {Currency{64}, "BTN", 2},  {Currency{72}, "BWP", 2},  {Currency{933}, "BYN", 2}, {Currency{84}, "BZD", 2},
    {Currency{124}, "CAD", 2}, {Currency{976}, "CDF", 2}, {Currency{756}, "CHF", 2}, {Currency{152}, "CLP", 0},
    {Currency{156}, "CNY", 2}, {Currency{170}, "COP", 2}, {Currency{188}, "CRC", 2}, {Currency{192}, "CUP", 2},
    {Currency{132}, "CVE", 2}, {Currency{203}, "CZK", 2}, {Currency{262}, "DJF", 0}, {Currency{208}, "DKK", 2},
    {Currency{214}, "DOP", 2}, {Currency{12}, "DZD", 2},  {Currency{818}, "EGP", 2}, {Currency{232}, "ERN", 2},
    {Currency{230}, "ETB", 2}, {Currency{978}, "EUR", 2}, {Currency{242}, "FJD", 2}, {Currency{238}, "FKP", 2},
    {Currency{826}, "GBP", 2}, {Currency{981}, "GEL", 2}, {Currency{936}, "GHS", 2}, {Currency{292}, "GIP", 2},
    {Currency{270}, "GMD", 2}, {Currency{324}, "GNF", 0}, {Currency{320}, "GTQ", 2}, {Currency{328}, "GYD", 2},
    {Currency{344}, "HKD", 2}, {Currency{340}, "HNL", 2}, {Currency{332}, "HTG", 2}, {Currency{348}, "HUF", 2},
    {Currency{360}, "IDR", 2}, {Currency{376}, "ILS", 2}, {Currency{356}, "INR", 2}, {Currency{368}, "IQD", 3},
    {Currency{364}, "IRR", 2}, {Currency{352}, "ISK", 0}, {Currency{388}, "JMD", 2}, {Currency{400}, "JOD", 3},
    {Currency{392}, "JPY", 0}, {Currency{404}, "KES", 2}, {Currency{417}, "KGS", 2}, {Currency{116}, "KHR", 2},
    {Currency{174}, "KMF", 0}, {Currency{408}, "KPW", 2}, {Currency{410}, "KRW", 0}, {Currency{414}, "KWD", 3},
    {Currency{136}, "KYD", 2}, {Currency{398}, "KZT", 2}, {Currency{418}, "LAK", 2}, {Currency{422}, "LBP", 2},
    {Currency{144}, "LKR", 2}, {Currency{430}, "LRD", 2}, {Currency{426}, "LSL", 2}, {Currency{434}, "LYD", 3},
    {Currency{504}, "MAD", 2}, {Currency{498}, "MDL", 2}, {Currency{969}, "MGA", 2}, {Currency{807}, "MKD", 2},
    {Currency{104}, "MMK", 2}, {Currency{496}, "MNT", 2}, {Currency{446}, "MOP", 2}, {Currency{929}, "MRU", 2},
    {Currency{480}, "MUR", 2}, {Currency{462}, "MVR", 2}, {Currency{454}, "MWK", 2}, {Currency{484}, "MXN", 2},
    {Currency{458}, "MYR", 2}, {Currency{943}, "MZN", 2}, {Currency{516}, "NAD", 2}, {Currency{566}, "NGN", 2},
    {Currency{558}, "NIO", 2}, {Currency{578}, "NOK", 2}, {Currency{524}, "NPR", 2}, {Currency{554}, "NZD", 2},
    {Currency{512}, "OMR", 3}, {Currency{590}, "PAB", 2}, {Currency{604}, "PEN", 2}, {Currency{598}, "PGK", 2},
    {Currency{608}, "PHP", 2}, {Currency{586}, "PKR", 2}, {Currency{985}, "PLN", 2}, {Currency{600}, "PYG", 0},
    {Currency{634}, "QAR", 2}, {Currency{946}, "RON", 2}, {Currency{941}, "RSD", 2}, {Currency{643}, "RUB", 2},
    {Currency{646}, "RWF", 0}, {Currency{682}, "SAR", 2}, {Currency{90}, "SBD", 2},  {Currency{690}, "SCR", 2},
    {Currency{938}, "SDG", 2}, {Currency{752}, "SEK", 2}, {Currency{702}, "SGD", 2}, {Currency{654}, "SHP", 2},
    {Currency{706}, "SOS", 2}, {Currency{968}, "SRD", 2}, {Currency{728}, "SSP", 2}, {Currency{930}, "STN", 2},
    {Currency{760}, "SYP", 2}, {Currency{748}, "SZL", 2}, {Currency{764}, "THB", 2}, {Currency{972}, "TJS", 2},
    {Currency{934}, "TMT", 2}, {Currency{788}, "TND", 3}, {Currency{776}, "TOP", 2}, {Currency{949}, "TRY", 2},
    {Currency{780}, "TTD", 2}, {Currency{901}, "TWD", 2}, {Currency{834}, "TZS", 2}, {Currency{980}, "UAH", 2},
    {Currency{800}, "UGX", 0}, {Currency{840}, "USD", 2}, {Currency{858}, "UYU", 2}, {Currency{860}, "UZS", 2},
    {Currency{928}, "VES", 2}, {Currency{704}, "VND", 0}, {Currency{548}, "VUV", 0}, {Currency{882}, "WST", 2},
    {Currency{950}, "XAF", 0}, {Currency{951}, "XCD", 2}, {Currency{952}, "XOF", 0}, {Currency{953}, "XPF", 0},
    {Currency{886}, "YER", 2}, {Currency{710}, "ZAR", 2}, {Currency{967}, "ZMW", 2},
};

constexpr std::array<std::int64_t, 19> kPowersOfTen = [] {
    std::array<std::int64_t, 19> powers{};
    std::int64_t power = 1;
    for (auto& entry : powers) {
        entry = power;
        if (power <= std::numeric_limits<std::int64_t>::max() / 10) power *= 10;
    }
    return powers;
}();

__extension__ typedef __int128 Wide;

__extension__ typedef unsigned __int128 UnsignedWide;

Wide power_of_ten(int exponent) {
    Wide power = 1;
    for (; exponent > 18; --exponent) power *= 10;
    return power * kPowersOfTen[static_cast<std::size_t>(exponent)];
}

// numerator / denominator rounded half away from zero; denominator > 0.
Wide divide_half_away(Wide numerator, Wide denominator) {
    const bool negative = numerator < 0;
    const UnsignedWide magnitude =
        negative ? UnsignedWide(0) - static_cast<UnsignedWide>(numerator) : static_cast<UnsignedWide>(numerator);
    const UnsignedWide divisor = static_cast<UnsignedWide>(denominator);
    UnsignedWide quotient = magnitude / divisor;
    if ((magnitude % divisor) * 2 >= divisor) ++quotient;
    return negative ? -static_cast<Wide>(quotient) : static_cast<Wide>(quotient);
}

std::unexpected<Error> too_large() {
    return fail(Code::kInvalid, "number.too_large",
                "the amount is beyond what can be stored (about 92 quadrillion minor units)");
}

bool fits(Wide value) {
    return value > std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

// units · 10^-scale in major units → minor units.
Result<Rounded> round_to_minor(Wide units, int scale, int digits) {
    if (scale <= digits) {
        const Wide minor = units * power_of_ten(digits - scale);
        if (!fits(minor)) return too_large();
        return Rounded{static_cast<std::int64_t>(minor), 0.0};
    }
    const Wide divisor = power_of_ten(scale - digits);
    const Wide minor = divide_half_away(units, divisor);
    if (!fits(minor)) return too_large();
    const double error = static_cast<double>(minor * divisor - units) / static_cast<double>(divisor);
    return Rounded{static_cast<std::int64_t>(minor), error};
}

}  // namespace

Result<Currency> parse_currency(std::string_view text) {
    if (text.size() == 3) {
        char upper[3];
        for (std::size_t i = 0; i < 3; ++i) {
            upper[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[i])));
        }
        const std::string_view wanted(upper, 3);
        const auto* found = std::lower_bound(
            std::begin(kCurrencies), std::end(kCurrencies), wanted,
            [](const CurrencyInfo& entry, std::string_view name) { return std::string_view(entry.code) < name; });
        if (found != std::end(kCurrencies) && std::string_view(found->code) == wanted) return found->currency;
        if (wanted == "RMB") return Currency::kCNY;
    }
    return fail(Code::kInvalid, "currency.unknown",
                "'" + std::string(text.substr(0, 20)) +
                    "' is not a currency; expected an ISO 4217 code such as CNY, GBP or USD");
}

const CurrencyInfo& info(Currency currency) {
    for (const auto& entry : kCurrencies) {
        if (entry.currency == currency) return entry;
    }
    SHUKE_CHECK(false, "currency " + std::to_string(static_cast<int>(currency)) + " is not in the ISO 4217 table");
    std::abort();
}

Money operator+(Money a, Money b) {
    SHUKE_CHECK(a.currency == b.currency, "sums need one currency");
    Money sum = a;
    SHUKE_CHECK(!__builtin_add_overflow(a.minor, b.minor, &sum.minor), "sum of money exceeds 64 bits");
    return sum;
}

Result<Decimal> parse_decimal(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    const auto invalid = [&] {
        return fail(Code::kInvalid, "number.invalid",
                    "'" + std::string(text.substr(0, 40)) + "' is not a number; expected digits such as 1234.50");
    };
    std::size_t i = 0;
    const bool negative = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    Wide units = 0;
    int scale = 0;
    int digits_seen = 0;
    bool in_fraction = false;
    int group = -1;  // digits since the last grouping comma; -1 before any comma
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= '0' && c <= '9') {
            if (units > (Wide{1} << 100)) return too_large();
            units = units * 10 + (c - '0');
            ++digits_seen;
            if (in_fraction)
                ++scale;
            else if (group >= 0)
                ++group;
        } else if (c == ',' && !in_fraction && digits_seen > 0 && (group == 3 || (group < 0 && digits_seen <= 3))) {
            group = 0;
        } else if (c == '.' && !in_fraction && (group < 0 || group == 3)) {
            in_fraction = true;
        } else {
            break;
        }
    }
    if (digits_seen == 0 || (group >= 0 && group != 3)) return invalid();
    if (i < text.size()) {
        if (text[i] != 'e' && text[i] != 'E') return invalid();
        std::size_t at = i + 1;
        const bool minus = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
        int exponent = 0;
        const std::size_t first = at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && exponent < 1000; ++at) {
            exponent = exponent * 10 + (text[at] - '0');
        }
        if (at == first || at != text.size()) return invalid();
        scale += minus ? exponent : -exponent;
    }
    for (; scale < 0; ++scale) {
        if (units > (Wide{1} << 64)) return too_large();
        units *= 10;
    }
    while (scale > 0 && units % 10 == 0) {
        units /= 10;
        --scale;
    }
    if (scale > 9) {
        if (units == 0) return Decimal{};
        return fail(Code::kInvalid, "number.too_precise",
                    "'" + std::string(text.substr(0, 40)) + "' has more than 9 decimals");
    }
    if (!fits(units)) return too_large();
    return Decimal{static_cast<std::int64_t>(negative ? -units : units), static_cast<std::uint8_t>(scale)};
}

Result<Rounded> to_minor(Decimal value, int digits) { return round_to_minor(value.units, value.scale, digits); }

Result<Rounded> to_minor(Decimal quantity, Decimal price, int digits) {
    return round_to_minor(Wide{quantity.units} * price.units, quantity.scale + price.scale, digits);
}

Result<std::int64_t> convert_minor(std::int64_t minor_from, int digits_from, std::int64_t rate_e7, int digits_to) {
    Wide product = Wide{minor_from} * rate_e7;
    int scale = 7 + digits_from - digits_to;  // product · 10^-scale = minor units of the target
    for (; scale < 0; ++scale) product *= 10;
    const Wide minor = divide_half_away(product, power_of_ten(scale));
    if (!fits(minor)) return too_large();
    return static_cast<std::int64_t>(minor);
}

std::string format_minor(std::int64_t minor, int digits) {
    const bool negative = minor < 0;
    std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
    const auto unit = static_cast<std::uint64_t>(kPowersOfTen[static_cast<std::size_t>(digits)]);
    std::string text = negative ? "-" : "";
    text += std::to_string(magnitude / unit);
    if (digits > 0) {
        std::string fraction = std::to_string(magnitude % unit);
        text += '.';
        text.append(static_cast<std::size_t>(digits) - fraction.size(), '0');
        text += fraction;
    }
    return text;
}

std::string to_string(Money money) {
    const auto& about = info(money.currency);
    return format_minor(money.minor, about.digits) + " " + about.code;
}

}  // namespace shuke

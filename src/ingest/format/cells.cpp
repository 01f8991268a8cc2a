#include "ingest/format/cells.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace shuke::ingest {
namespace {

constexpr std::int64_t kUsPerSecond = 1'000'000;
constexpr std::int64_t kUsPerDay = 86'400 * kUsPerSecond;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Two digits at `at`; a value above 99 if they are not digits.
int two_digits(std::string_view text, std::size_t at) {
    const int tens = text[at] - '0';
    const int ones = text[at + 1] - '0';
    return static_cast<unsigned>(tens) > 9 || static_cast<unsigned>(ones) > 9 ? 1000 : tens * 10 + ones;
}

// The everyday form YYYY-MM-DD[ HH:MM[:SS]]; nullopt for all others, right or wrong.
std::optional<std::pair<CivilDate, std::int64_t>> read_plain_time(std::string_view text) {
    const std::size_t size = text.size();
    if ((size != 10 && size != 16 && size != 19) || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
    const int month = two_digits(text, 5);
    const int day = two_digits(text, 8);
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    if (size > 10) {
        const int hour = two_digits(text, 11);
        const int minute = two_digits(text, 14);
        const int second = size == 19 ? two_digits(text, 17) : 0;
        const bool plain = (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && (size == 16 || text[16] == ':');
        if (!plain || hour > 23 || minute > 59 || second > 59) return std::nullopt;
        seconds = hour * 3600 + minute * 60 + second;
    }
    return std::pair{CivilDate{year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)},
                     seconds * kUsPerSecond};
}

constexpr std::int64_t kMostMinor = 1'000'000'000'000'000;

Result<Rounded> bounded(Result<Rounded> amount) {
    if (!amount || (amount->minor <= kMostMinor && amount->minor >= -kMostMinor)) return amount;
    return fail(Code::kInvalid, "number.too_large",
                "the amount is beyond 10,000,000,000,000; is it a number of another column?");
}

}  // namespace

Result<Rounded> to_amount(Decimal value, int digits) { return bounded(to_minor(value, digits)); }
Result<Rounded> to_amount(Decimal quantity, Decimal price, int digits) {
    return bounded(to_minor(quantity, price, digits));
}

Instant LocalClock::at(Day day, std::int64_t us_of_day) {
    KnownDay& known = days_[static_cast<std::uint32_t>(day.days_since_epoch) % days_.size()];
    if (known.day != day) {
        const Instant start = zone_.start_of(day);
        const Instant next = zone_.start_of(Day{day.days_since_epoch + 1});
        known = {day, start, next.us_since_epoch - start.us_since_epoch == kUsPerDay};
    }
    if (!known.whole) return zone_.to_instant(day, us_of_day);
    return Instant{known.start.us_since_epoch + us_of_day};
}

Result<Instant> LocalClock::read(std::string_view text) {
    if (text.empty() || text.starts_with("0000-00-00")) return kNever;
    if (const auto plain = read_plain_time(text)) return at(to_day(plain->first), plain->second);
    const auto time = parse_time(text);
    if (!time) return std::unexpected(time.error());
    return to_instant(*time, zone_);
}

Result<Decimal> read_decimal(std::string_view text) {
    std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
    std::int64_t units = 0;
    std::size_t point = text.size();
    for (const std::size_t first = i; i < text.size() && text.size() - first <= 18; ++i) {
        if (is_digit(text[i]))
            units = units * 10 + (text[i] - '0');
        else if (text[i] == '.' && point == text.size() && i > first)
            point = i;
        else
            break;
    }
    const std::size_t scale = point == text.size() ? 0 : text.size() - point - 1;
    if (text.empty() || i < text.size() || scale > 9 || !is_digit(text.back())) return parse_decimal(text);
    return Decimal{text[0] == '-' ? -units : units, static_cast<std::uint8_t>(scale)};
}

std::string_view Cells::tidy(int column, std::string_view text) {
    text = trim(text);
    if (text.size() <= kMostBytes) return text;
    reject(column, "cell.too_large",
           "the cell holds " + std::to_string(text.size()) + " bytes; at most " + std::to_string(kMostBytes) +
               " are taken");
    return {};
}

Instant Cells::time(int column, LocalClock& clock) {
    const auto instant = clock.read(text(column));
    if (instant) return *instant;
    reject(column, instant.error());
    return kNever;
}

Day Cells::date(int column) {
    const std::string_view value = text(column);
    if (value.empty() || value.starts_with("0000-00-00")) return kNoDay;
    const auto time = parse_time(value);
    if (time) return time->day;
    reject(column, time.error());
    return kNoDay;
}

std::optional<Decimal> Cells::number(int column) {
    const std::string_view value = text(column);
    if (value.empty()) return std::nullopt;
    const auto number = read_decimal(value);
    if (number) return *number;
    reject(column, number.error());
    return std::nullopt;
}

std::int64_t Cells::amount(int column, int digits) { return amount(column, number(column), digits); }

std::int64_t Cells::amount(int column, std::optional<Decimal> value, int digits) {
    if (!value) return kMissingAmount;
    if (value->units < 0) {
        reject(column, "amount.negative",
               "'" + std::string(cut(text(column), 40)) + "' is negative; expected zero or more");
        return kMissingAmount;
    }
    const auto rounded = to_amount(*value, digits);
    if (rounded) return rounded->minor;
    reject(column, rounded.error());
    return kMissingAmount;
}

void Cells::reject(int column, std::string key, std::string reason) {
    if (!fault_) fault_ = RowFault{columns_.heading_of(column), std::move(key), std::move(reason)};
}

bool is_scientific(std::string_view text) {
    // One digit, perhaps a fraction, E+ and an exponent: what spreadsheets write, and no shop as an order number.
    std::size_t i = 0;
    if (i == text.size() || !is_digit(text[i++])) return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        while (i < text.size() && is_digit(text[i])) ++i;
    }
    if (i + 2 >= text.size() || (text[i] != 'E' && text[i] != 'e') || text[i + 1] != '+') return false;
    return std::ranges::all_of(text.substr(i + 2), is_digit);
}

std::string_view read_order_no(Cells& cells, int column, std::string_view text) {
    if (text.empty()) {
        cells.reject(column, "order_no.missing", "the row has no order number");
    } else if (is_scientific(text)) {
        cells.reject(
            column, "order_no.scientific",
            "'" + std::string(cut(text, 40)) +
                "' has lost its digits in a spreadsheet; export the file again and import it unopened, or keep "
                "the column as text");
    }
    return text;
}

}  // namespace shuke::ingest

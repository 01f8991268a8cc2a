#include "app/identifier_file.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "base/text.h"
#include "ingest/source/csv_reader.h"

namespace shuke::app {
namespace {

struct Heading {
    std::string_view name, kind;
};
// As files have them, folded.
constexpr Heading kHeadings[] = {
    {"phone", "phone"},
    {"mobile", "phone"},
    {"手机", "phone"},
    {"手机号", "phone"},
    {"手机号码", "phone"},
    {"联系手机", "phone"},
    {"电话", "phone"},
    {"email", "email"},
    {"e-mail", "email"},
    {"邮箱", "email"},
    {"电子邮箱", "email"},
    {"nick", "nick"},
    {"旺旺", "nick"},
    {"旺旺号", "nick"},
    {"昵称", "nick"},
    {"买家会员名", "nick"},
    {"买家昵称", "nick"},
    {"external_id", "external_id"},
    {"customerid", "external_id"},
    {"外部编号", "external_id"},
    {"member_no", "member_no"},
    {"会员号", "member_no"},
    {"会员卡号", "member_no"},
    {"open_id", "open_id"},
    {"openid", "open_id"},
    {"union_id", "union_id"},
    {"unionid", "union_id"},
    {"id", "id"},
    {"customer_id", "id"},
    {"客户编号", "id"},
};
constexpr std::string_view kKinds[] = {"phone",         "email",          "nick",     "external_id",
                                       "member_no",     "open_id",        "union_id", "telephone",
                                       "payer_account", "privacy_number", "id"};

std::string_view kind_of_heading(std::string_view cell) {
    const std::string folded = fold(cell);
    const auto found = std::ranges::find(kHeadings, std::string_view(folded), &Heading::name);
    return found == std::end(kHeadings) ? std::string_view() : found->kind;
}

// A spreadsheet's way to keep digits: ="0138…".
std::string_view plain(std::string_view cell) {
    cell = trim(cell);
    if (cell.starts_with("=\"") && cell.ends_with('"') && cell.size() >= 3) return cell.substr(2, cell.size() - 3);
    return cell;
}

struct Choice {
    std::size_t column = 0;
    std::string kind;
    bool has_heading = false;
};

Result<Choice> choose(const ingest::Record& first, const std::string& column, const std::string& kind) {
    Choice choice;
    choice.kind = kind;
    for (std::size_t i = 0; i < first.cells.size(); ++i) {
        const bool wanted =
            column.empty() ? !kind_of_heading(first.cells[i]).empty() : fold(first.cells[i]) == fold(column);
        if (!wanted) continue;
        choice.column = i;
        choice.has_heading = true;
        if (kind.empty()) choice.kind = kind_of_heading(first.cells[i]);
        return choice;
    }
    if (column.empty()) return choice;
    // What the first row holds is not said: without a heading it is somebody's data.
    return fail(Code::kInvalid, "list.unknown_column",
                "the file has no column '" + column + "'; its first row has " + std::to_string(first.cells.size()) +
                    " columns");
}

Result<std::unique_ptr<ingest::TextSource>> open_text(const std::filesystem::path& file) {
    auto stored = ingest::open_file(file);
    if (!stored) return std::unexpected(stored.error());
    auto bytes = ingest::unpack(std::move(*stored));
    if (!bytes) return std::unexpected(bytes.error());
    return ingest::TextSource::open(std::move(*bytes));
}

}  // namespace

Result<IdentifierFile> read_identifiers(const std::filesystem::path& file, const std::string& column,
                                        const std::string& kind) {
    if (!kind.empty() && std::ranges::find(kKinds, std::string_view(kind)) == std::end(kKinds)) {
        std::string kinds;
        for (const auto one : kKinds) kinds += (kinds.empty() ? "" : ", ") + std::string(one);
        return fail(Code::kInvalid, "list.unknown_kind",
                    "there is no identifier '" + kind + "'; choose from: " + kinds);
    }
    auto text = open_text(file);
    if (!text) return std::unexpected(text.error());
    ingest::TextWindow window(std::move(*text));
    const ingest::CsvDialect dialect = ingest::detect_dialect(window.peek(64 << 10));
    ingest::CsvReader reader(std::move(window), dialect);
    IdentifierFile result;
    std::optional<Choice> choice;
    std::deque<std::string> texts;
    while (true) {
        ingest::Record record;
        ingest::RecordFault fault;
        texts.clear();
        const auto found = reader.next(record, fault, texts);
        if (!found) return std::unexpected(found.error());
        if (*found == ingest::Found::kEnd) return result;
        // A row that cannot be read is a row that names nobody: it is kept as it stands.
        if (*found == ingest::Found::kRejected) {
            result.values.emplace_back(record.raw);
            continue;
        }
        if (!choice) {
            auto chosen = choose(record, column, kind);
            if (!chosen) return std::unexpected(chosen.error());
            choice = std::move(*chosen);
            result.kind = choice->kind;
            if (choice->has_heading) {
                result.column = record.cells[choice->column];
                continue;
            }
        }
        const std::string_view cell = choice->column < record.cells.size() ? plain(record.cells[choice->column]) : "";
        result.values.push_back(cell.empty() || choice->kind.empty() ? std::string(cell)
                                                                     : choice->kind + ":" + std::string(cell));
    }
}

}  // namespace shuke::app

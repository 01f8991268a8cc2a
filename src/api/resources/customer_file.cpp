#include "api/resources/customer_file.h"

#include <xlsxwriter.h>

#include <cmath>
#include <fstream>

#include "auth/masking.h"
#include "base/time_zone.h"

namespace shuke::api {
namespace {

namespace fs = std::filesystem;

// Quoted where needed, and guarded where a spreadsheet would take it for a formula.
std::string csv_field(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
        text.find_first_not_of("+-0123456789.") != std::string::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string time_text(const std::optional<double>& seconds) {
    return seconds ? format_iso(Instant::from_seconds(static_cast<std::int64_t>(*seconds))) : "";
}

std::string join_tags(const std::vector<std::string>& tags) {
    std::string text;
    for (const auto& tag : tags) text += (text.empty() ? "" : "|") + tag;
    return text;
}

}  // namespace

struct CustomerFile::Writer {
    std::ofstream csv;
    lxw_workbook* book = nullptr;
    lxw_worksheet* sheet = nullptr;
    lxw_row_t row = 0;
};

CustomerFile::CustomerFile(fs::path file, std::vector<std::string> columns, Currency currency, bool clear)
    : file_(std::move(file)),
      columns_(std::move(columns)),
      currency_(currency),
      clear_(clear),
      writer_(std::make_unique<Writer>()) {
    const std::string part = file_.string() + ".part";
    if (file_.extension() == ".xlsx") {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        writer_->book = workbook_new_opt(part.c_str(), &options);
        writer_->sheet = workbook_add_worksheet(writer_->book, "customers");
    } else {
        writer_->csv.open(part, std::ios::binary | std::ios::trunc);
        writer_->csv << "\xEF\xBB\xBF";  // Excel takes a file without it for the system's own encoding
    }
    put(columns_);
}

CustomerFile::~CustomerFile() {
    if (writer_->book != nullptr) workbook_close(writer_->book);
    std::error_code ignored;
    fs::remove(file_.string() + ".part", ignored);
}

void CustomerFile::put(const std::vector<std::string>& cells) {
    if (writer_->sheet != nullptr) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            worksheet_write_string(writer_->sheet, writer_->row, static_cast<lxw_col_t>(i), cells[i].c_str(), nullptr);
        ++writer_->row;
        return;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) writer_->csv << (i == 0 ? "" : ",") << csv_field(cells[i]);
    writer_->csv << "\r\n";
}

std::string CustomerFile::cell(const live::CustomerRow& row, const std::string& column) const {
    const auth::Masking masking;
    const auto& card = row.card;
    const auto shown = [&](const Personal<std::string>& value, auto mask) {
        return clear_ ? value.reveal() : mask(value);
    };
    if (column == "id") return std::to_string(card.id.value);
    if (column == "name") return shown(card.name, [&](const auto& v) { return masking.name(v); });
    if (column == "phone") return shown(card.phone, [&](const auto& v) { return masking.phone(v); });
    if (column == "email") return shown(card.email, [&](const auto& v) { return masking.email(v); });
    if (column == "external_id")
        return shown(card.external_id,
                     [&](const auto& v) { return masking.identifier(identity::IdentifierKind::kExternalId, v); });
    if (column == "gender") return row.gender;
    if (column == "province") return row.province;
    if (column == "city") return row.city;
    if (column == "district") return row.district;
    if (column == "shop") return row.shop;
    if (column == "tier") return row.tier;
    if (column == "lifecycle") return row.lifecycle;
    if (column == "rfm_class") return row.rfm_class;
    if (column == "order_count") return row.order_count ? std::to_string(std::llround(*row.order_count)) : "0";
    if (column == "total_spent")
        return row.total_spent ? format_minor(std::llround(*row.total_spent), info(currency_).digits) : "";
    if (column == "avg_order_value")
        return row.avg_order_value ? format_minor(std::llround(*row.avg_order_value), info(currency_).digits) : "";
    if (column == "first_order_at") return time_text(row.first_order_at);
    if (column == "last_order_at") return time_text(row.last_order_at);
    if (column == "tags") return join_tags(card.tags);
    if (column == "birthday") return clear_ || row.birthday.size() < 5 ? row.birthday : "****" + row.birthday.substr(4);
    return "";
}

void CustomerFile::add(const live::CustomerRow& row) {
    std::vector<std::string> cells;
    for (const auto& column : columns_) cells.push_back(cell(row, column));
    put(cells);
}

Status CustomerFile::finish() {
    const std::string part = file_.string() + ".part";
    bool written = true;
    if (writer_->book != nullptr) {
        written = workbook_close(writer_->book) == LXW_NO_ERROR;
        writer_->book = nullptr;
    } else {
        writer_->csv.close();
        written = !writer_->csv.fail();
    }
    std::error_code problem;
    if (written) fs::rename(part, file_, problem);
    if (!written || problem) return fail(Code::kUnavailable, "file.unwritable", "the export's file cannot be written");
    fs::permissions(file_, fs::perms::owner_read | fs::perms::owner_write, problem);
    return {};
}

}  // namespace shuke::api

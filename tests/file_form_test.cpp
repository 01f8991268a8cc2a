// Aim     the same orders give the same customers in whatever form a program wrote the file.
// Method  one text with Chinese names, quotes, commas and line breaks inside cells, rewritten in each form and imported into
//         a fresh data folder; `segment list` and every `customer show --json` must be those of the plain file.

#include "shuke_program.h"

namespace {

using namespace product;

const std::string kPlain =
    "order_no,external_id,name,phone,email,gender,birthday,province,city,status,created_at,paid_at,amount,product,"
    "title,category,quantity,price\n"
    "o1,c1,张示例,13912345670,zhang@example.com,女,1990-02-28,浙江,杭州,paid,2024-01-10 10:00,2024-01-10 "
    "10:05,199,DRS-1,\"连衣裙, 红色 \"\"M\"\"\",连衣裙,1,199\n"
    "o1,c1,张示例,13912345670,zhang@example.com,女,1990-02-28,浙江,杭州,paid,2024-01-10 10:00,2024-01-10 "
    "10:05,199,SHT-2,\"短裤\n第二行\",裤子,2,0\n"
    "o2,c2,李示例,13912345671,,,,广东,深圳,created,2024-01-11 00:30,,98.50,TEE-3,T恤 £5,上衣,1,98.50\n"
    "o3,c1,张示例,13912345670,zhang@example.com,女,1990-02-28,浙江,杭州,finished,2024-02-29 23:59,2024-02-29 "
    "23:59,1.005,GFT-4,赠品; 一份,,3,0.335\n"
    "o4,,王示例,13912345672,,,,,,paid,2024-03-01 08:00,2024-03-01 08:00,20,TEE-3,T恤 £5,上衣,1,20\n";

const char* const kWho[] = {"c1", "c2", "13912345672"};

Json all_customers(const Shuke& shuke) {
    Json all = {{"count", shuke.count("all customers")},
                {"ids", shuke.list("all customers")},
                {"buyers", shuke.list("sum(orders.amount where paid) >= 20")}};
    for (const char* who : kWho) all[who] = without_ids(shuke.customer(who));
    return all;
}

// Cells again as text, with another delimiter, and with quotes where needed or everywhere.
std::string written(char delimiter, bool quote_all, const std::string& line_end) {
    std::string text;
    CsvRows rows(kPlain);
    for (Row row; rows.next(row);) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const bool needs = quote_all || row[i].find_first_of(std::string("\"\n") + delimiter) != std::string::npos;
            text += (i > 0 ? std::string(1, delimiter) : "") +
                    (needs ? "\"" + replaced(row[i], "\"", "\"\"") + "\"" : row[i]);
        }
        text += line_end;
    }
    return text;
}

std::string as_ndjson() {
    std::string text;
    CsvRows rows(kPlain);
    Row heading, row;
    for (rows.next(heading); rows.next(row);) {
        Json object = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!row[i].empty()) object[heading[i]] = row[i];
        }
        text += object.dump() + "\n";
    }
    return text;
}

// Columns in another order, with two that no format knows.
std::string with_columns_moved() {
    std::string text;
    CsvRows rows(kPlain);
    int number = 0;
    for (Row row; rows.next(row); ++number) {
        text += number == 0 ? "备注" : "x";
        for (std::size_t i = row.size(); i-- > 0;) text += ",\"" + replaced(row[i], "\"", "\"\"") + "\"";
        text += std::string(number == 0 ? ",unknown" : ",?") + "\n";
    }
    return text;
}

std::string with_untidy_heading() {
    const std::size_t end = kPlain.find('\n');
    std::string heading = replaced(kPlain.substr(0, end), ",", " , ");
    for (char& c : heading) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return heading + " " + kPlain.substr(end);
}

struct Form {
    const char* name;
    std::string (*bytes)();
};

const Form kForms[] = {
    {"ByteOrderMark", [] { return "\xEF\xBB\xBF" + kPlain; }},
    {"Gb18030", [] { return encode(kPlain, "GB18030"); }},
    {"Utf16LittleEndian", [] { return "\xFF\xFE" + encode(kPlain, "UTF-16LE"); }},
    {"Utf16BigEndian", [] { return "\xFE\xFF" + encode(kPlain, "UTF-16BE"); }},
    {"CarriageReturnLineFeed", [] { return written(',', false, "\r\n"); }},
    {"CarriageReturnAlone", [] { return written(',', false, "\r"); }},
    {"Semicolon", [] { return written(';', false, "\n"); }},
    {"Tab", [] { return written('\t', false, "\n"); }},
    {"EverythingQuoted", [] { return written(',', true, "\r\n"); }},
    {"NoLineEndAtTheEnd", [] { return kPlain.substr(0, kPlain.size() - 1); }},
    {"BlankLinesBetween", [] { return "\n" + written(',', false, "\n\n") + "\n\n"; }},
    {"Gzip", [] { return pack_gz(kPlain); }},
    {"GzipInTwoMembers", [] { return pack_gz(kPlain.substr(0, 300)) + pack_gz(kPlain.substr(300)); }},
    {"Zstd", [] { return pack_zst(kPlain); }},
    {"ZstdInTwoFrames", [] { return pack_zst(kPlain.substr(0, 300)) + pack_zst(kPlain.substr(300)); }},
    {"GzipOfGb18030WithTabs", [] { return pack_gz(encode(written('\t', false, "\r\n"), "GB18030")); }},
    {"ZstdOfUtf16WithSemicolons", [] { return pack_zst("\xFF\xFE" + encode(written(';', true, "\r\n"), "UTF-16LE")); }},
    {"Ndjson", as_ndjson},
    {"NdjsonWithByteOrderMarkPacked", [] { return pack_gz("\xEF\xBB\xBF" + as_ndjson()); }},
    {"ColumnsMovedAndUnknownOnes", with_columns_moved},
    {"UntidyHeading", with_untidy_heading},
};

class FileForm : public testing::TestWithParam<Form> {};

TEST_P(FileForm, GivesTheSameCustomersAsThePlainFile) {
    Shuke plain, other;
    EXPECT_EQ(plain.import(kPlain)["imported"], 5);
    // No telling suffix: what a file is shows in its bytes.
    const auto file = other.write_file("export", GetParam().bytes()).string();
    const Json report = other.json({"import", file});
    EXPECT_EQ(report["imported"], 5);
    EXPECT_EQ(report["files"][0]["format"], "native");
    EXPECT_EQ(all_customers(other).dump(1), all_customers(plain).dump(1));
    // The forms are the same file to the record as well.
    EXPECT_EQ(plain.json({"import", file})["unchanged"], 5);
}

INSTANTIATE_TEST_SUITE_P(All, FileForm, testing::ValuesIn(kForms),
                         [](const auto& form) { return std::string(form.param.name); });

TEST(FileForms, ThePlainFileSaysWhatItShould) {
    Shuke shuke;
    shuke.import(kPlain);
    const Json first = shuke.customer("c1");
    EXPECT_EQ(first["name"], "张示例");
    EXPECT_EQ(first["gender"], "female");
    EXPECT_EQ(first["birthday"], "1990-02-28");
    EXPECT_EQ(first["timeline"][0]["lines"][0]["title"], "连衣裙, 红色 \"M\"");
    EXPECT_EQ(first["timeline"][0]["lines"][1]["title"], "短裤\n第二行");
    EXPECT_EQ(first["timeline"][1]["amount"], "1.01") << "1.005, half away from zero";
    EXPECT_EQ(first["timeline"][1]["lines"][0]["amount"], "1.01") << "3 x 0.335, rounded once";
    EXPECT_EQ(shuke.count("any(lines where category = \"连衣裙\")"), 1);
}

}  // namespace

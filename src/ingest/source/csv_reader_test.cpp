// Aim: any CSV that spreadsheets and shop systems write is read as its author meant it; what cannot be is rejected
// row by row, with its true line number, and never takes its neighbours along.
// Method: RFC 4180 case by case; each known sin; random tables written in random dialects and encodings and read back;
// the same bytes in pieces of every size.
#include "ingest/source/csv_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unicode/ucnv.h>

#include "base/text.h"
#include "ingest/source/csv_for_test.h"
#include "ingest/source/line_reader.h"
#include "ingest/source/packed_for_test.h"

namespace shuke::ingest {
namespace {

using namespace std::string_literals;
using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view csv, CsvSteps steps = {}) {
    std::vector<Cells> cells;
    for (const CsvRow& row : read_csv(csv, steps).rows)
        cells.push_back(row.fault.empty() ? row.cells : Cells{row.fault});
    return cells;
}

// --- RFC 4180, by its numbered rules

TEST(CsvRfc4180, Rule1EachRecordIsALine) {
    EXPECT_EQ(cells_of("aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n"),
              (std::vector<Cells>{{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}}));
}

TEST(CsvRfc4180, Rule2TheLastLineMayDoWithoutALineEnd) {
    EXPECT_EQ(cells_of("aaa,bbb\r\nzzz,yyy"), (std::vector<Cells>{{"aaa", "bbb"}, {"zzz", "yyy"}}));
    EXPECT_EQ(cells_of("aaa,bbb\nzzz,"), (std::vector<Cells>{{"aaa", "bbb"}, {"zzz", ""}}));
}

TEST(CsvRfc4180, Rule4BlanksBelongToTheCell) {
    EXPECT_EQ(cells_of("a , b,c "), (std::vector<Cells>{{"a ", " b", "c "}}));
}

TEST(CsvRfc4180, Rule5QuotesAroundACellAreNotPartOfIt) {
    EXPECT_EQ(cells_of("\"aaa\",\"bbb\",ccc\n\"\",,\"\""), (std::vector<Cells>{{"aaa", "bbb", "ccc"}, {"", "", ""}}));
}

TEST(CsvRfc4180, Rule6QuotesHoldLineEndsAndDelimiters) {
    EXPECT_EQ(cells_of("\"aaa\",\"b \r\nbb\",\"c,cc\"\r\nzzz,yyy,xxx"),
              (std::vector<Cells>{{"aaa", "b \r\nbb", "c,cc"}, {"zzz", "yyy", "xxx"}}));
}

TEST(CsvRfc4180, Rule7TwoQuotesAreOne) {
    EXPECT_EQ(cells_of("\"aaa\",\"b\"\"bb\",\"\"\"\",\"\"\"x\"\"\""),
              (std::vector<Cells>{{"aaa", "b\"bb", "\"", "\"x\""}}));
}

// --- line ends, numbers of lines, blank lines

TEST(CsvReader, LfCrLfAndCrEndLines) {
    const std::vector<Cells> expected{{"a", "b"}, {"c", "d"}, {"e", "f"}};
    EXPECT_EQ(cells_of("a,b\nc,d\ne,f\n"), expected);
    EXPECT_EQ(cells_of("a,b\r\nc,d\r\ne,f\r\n"), expected);
    EXPECT_EQ(cells_of("a,b\rc,d\re,f\r"), expected);
    EXPECT_EQ(cells_of("a,b\rc,d\r\ne,f\n"), expected);  // in a file of CRs the others also end lines
}

TEST(CsvReader, ACrAndItsLfAreOneLineEndWhereverAPieceEnds) {
    std::string csv = "a,b\r";
    for (int i = 0; i < 40; ++i) csv += "row " + std::to_string(i) + ",x\r\n";
    for (std::size_t chunk = 16; chunk < 40; ++chunk) {
        const CsvTable table = read_csv(csv, {.chunk_bytes = chunk});
        ASSERT_EQ(table.rows.size(), 41u);
        EXPECT_EQ(table.rows.back().line, 41u);
    }
}

TEST(CsvReader, ACrWithinACellOfAnLfFileIsText) {
    EXPECT_EQ(cells_of("a,b\nx\ry,z\n"), (std::vector<Cells>{{"a", "b"}, {"x\ry", "z"}}));
    EXPECT_EQ(cells_of("a,b\nx,\"y\rz\"\n"), (std::vector<Cells>{{"a", "b"}, {"x", "y\rz"}}));
}

TEST(CsvReader, LineNumbersAreThoseAnEditorShows) {
    const CsvTable table = read_csv("\n  \na,b\n\n1,\"x\ny\n\nz\"\n\n2,3\n");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[0].line, 3u);
    EXPECT_EQ(table.rows[1].line, 5u);
    EXPECT_EQ(table.rows[2].line, 10u);
    EXPECT_EQ(table.rows[1].raw, "1,\"x\ny\n\nz\"");
}

TEST(CsvReader, BlankLinesAreNoRowsButAQuotedEmptyCellIsOne) {
    EXPECT_EQ(cells_of("a\n\n \t \r\n\"\"\nb\n\n"), (std::vector<Cells>{{"a"}, {""}, {"b"}}));
    EXPECT_TRUE(cells_of("").empty());
    EXPECT_TRUE(cells_of("\n\r\n  \n").empty());
}

// --- dialects

TEST(CsvReader, TheDelimiterIsToldFromTheHeading) {
    EXPECT_EQ(read_csv("a;b;c\n1,5;2;3").delimiter, ';');
    EXPECT_EQ(read_csv("a\tb\n1\t2").delimiter, '\t');
    EXPECT_EQ(read_csv("a,b\n1;2;3,4").delimiter, ',');
    EXPECT_EQ(read_csv("only\nx;y").delimiter, ',');
    EXPECT_EQ(read_csv("\"a;b;c;d\",\"e\",f\n").delimiter, ',');
    EXPECT_EQ(read_csv("12\" disk;b;c\n").delimiter, ';');  // a stray quote hides nothing
    EXPECT_EQ(cells_of("\"a\nb\";c\n1;2"), (std::vector<Cells>{{"a\nb", "c"}, {"1", "2"}}));
}

TEST(CsvReader, ExcelsSepLineNamesTheDelimiterAndIsNoRow) {
    const CsvTable table = read_csv("sep=;\r\na;b,c\r\n1;2\r\n");
    EXPECT_EQ(table.delimiter, ';');
    ASSERT_EQ(table.rows.size(), 2u);
    EXPECT_EQ(table.rows[0].line, 2u);
    EXPECT_EQ(table.rows[0].cells, (Cells{"a", "b,c"}));
}

TEST(CsvReader, AByteOrderMarkIsNotPartOfTheFirstCell) {
    EXPECT_EQ(cells_of("\xEF\xBB\xBF"
                       "a,b\n"),
              (std::vector<Cells>{{"a", "b"}}));
    EXPECT_EQ(cells_of("\xEF\xBB\xBF\"a\",b\n"), (std::vector<Cells>{{"a", "b"}}));
}

// --- quotes where they should not be

TEST(CsvReader, QuotesInsideAnUnquotedCellAreText) {
    EXPECT_EQ(cells_of("1,6\" pipe,x\n2,say \"hi\",y\n"),
              (std::vector<Cells>{{"1", "6\" pipe", "x"}, {"2", "say \"hi\"", "y"}}));
}

TEST(CsvReader, AStrayQuoteInsideAQuotedCellIsTextIfTheCellClosesOnThatLine) {
    EXPECT_EQ(cells_of("\"27\" monitor\",x\n"), (std::vector<Cells>{{"27\" monitor", "x"}}));
    EXPECT_EQ(cells_of("\"he said \"hi\" to me\",x\n"), (std::vector<Cells>{{"he said \"hi\" to me", "x"}}));
    EXPECT_EQ(cells_of("\"a\"b\"\"c\",x\n"), (std::vector<Cells>{{"a\"b\"c", "x"}}));
}

TEST(CsvReader, TextBehindAClosingQuoteStaysWithItsCell) {
    EXPECT_EQ(cells_of("\"abc\"def,x\n1,2\n"), (std::vector<Cells>{{"abc\"def", "x"}, {"1", "2"}}));
    EXPECT_EQ(cells_of("\"abc\"def\r\n1\r\n"), (std::vector<Cells>{{"abc\"def"}, {"1"}}));
}

TEST(CsvReader, ACrBehindAClosingQuoteEndsNothingInAnLfFile) {
    EXPECT_EQ(cells_of("a,b\n\"abc\"\rdef,x\n1,2\n"),
              (std::vector<Cells>{{"a", "b"}, {"abc\"\rdef", "x"}, {"1", "2"}}));
}

TEST(CsvReader, BlanksAroundQuotesDoNotMatter) {
    EXPECT_EQ(cells_of("1, \"a,b\" , \"c\"\t\n"), (std::vector<Cells>{{"1", "a,b", "c"}}));
}

TEST(CsvReader, TheSpreadsheetFormulaFormIsOneCell) {
    EXPECT_EQ(cells_of("=\"a,b\",x\n=\"\",y\n=\"9001\"\n"),
              (std::vector<Cells>{{"=\"a,b\"", "x"}, {"=\"\"", "y"}, {"=\"9001\""}}));
    EXPECT_EQ(cells_of("\"=\"\"9001\"\"\",x\n"), (std::vector<Cells>{{"=\"9001\"", "x"}}));
    EXPECT_EQ(cells_of("=\"open,x\n1,2\n"), (std::vector<Cells>{{"=\"open", "x"}, {"1", "2"}}));
}

TEST(CsvReader, AQuoteThatNeverClosesSpoilsItsOwnLineOnly) {
    const CsvTable table = read_csv("a,b\n1,\"open\n2,x\n3,y\n");
    ASSERT_EQ(table.rows.size(), 4u);
    EXPECT_EQ(table.rows[1].fault, "csv.unclosed_quote");
    EXPECT_NE(table.rows[1].reason.find("line 2"), std::string::npos);
    EXPECT_EQ(table.rows[1].raw, "1,\"open");
    EXPECT_EQ(table.rows[2].cells, (Cells{"2", "x"}));
    EXPECT_EQ(table.rows[3].line, 4u);
}

TEST(CsvReader, TheLineWhereTheQuoteWasOpenedIsNamedWhereverTheRowBegins) {
    const CsvTable table = read_csv("a,b\n\"x\ny\nz\",\"open\n2,x\n");
    EXPECT_EQ(table.rows[1].fault, "csv.unclosed_quote");
    EXPECT_NE(table.rows[1].reason.find("line 4"), std::string::npos) << table.rows[1].reason;
    EXPECT_EQ(table.rows[1].line, 2u);
}

// --- bounds

TEST(CsvReader, ACellOfTenMegabytesIsRead) {
    const std::string big(10 << 20, 'x');
    const auto cells = cells_of("a,b\n1,\"" + big + "\"\n2,3\n");
    ASSERT_EQ(cells.size(), 3u);
    EXPECT_TRUE(cells[1][1] == big);
    EXPECT_EQ(cells[2], (Cells{"2", "3"}));
}

TEST(CsvReader, ARowBeyondTheLimitIsRejectedAndTheNextLineIsRead) {
    const CsvTable table = read_csv("a,b\n1," + std::string(40 << 20, 'x') + "\n2,3\n");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[1].fault, "csv.record_too_large");
    EXPECT_LE(table.rows[1].raw.size(), 1000u);
    EXPECT_EQ(table.rows[2].cells, (Cells{"2", "3"}));
    EXPECT_EQ(table.rows[2].line, 3u);
}

TEST(CsvReader, AnOpenQuoteDoesNotSwallowAHugeFile) {
    std::string csv = "a,b\n1,\"open\n";
    while (csv.size() < (3 << 20)) csv += "2,some text that lies behind the open quote\n";
    const CsvTable table = read_csv(csv, {.limits = {.record_bytes = 1 << 20}});
    ASSERT_GT(table.rows.size(), 60'000u);
    EXPECT_EQ(table.rows[1].fault, "csv.record_too_large");
    EXPECT_EQ(table.rows[1].raw, "1,\"open");
    EXPECT_EQ(table.rows[2].cells, (Cells{"2", "some text that lies behind the open quote"}));
}

TEST(CsvReader, TheLimitIsTheSameWhateverThePieces) {
    for (std::size_t length = 90; length < 110; ++length) {
        for (const char* end : {"\n", "\r\n"}) {
            const std::string row = "\"" + std::string(length, 'x') + "\"," + std::string(length / 2, 'y');
            const std::string csv = "a,b" + std::string(end) + row + end + "1,2" + end;
            const CsvTable whole = read_csv(csv, {.limits = {.record_bytes = 150, .columns = 10}});
            EXPECT_EQ(whole.rows[1].fault, row.size() > 150 ? "csv.record_too_large" : "");
            for (const std::size_t chunk : {16, 50, 100, 150, 160}) {
                EXPECT_EQ(read_csv(csv, {.chunk_bytes = chunk, .limits = {.record_bytes = 150, .columns = 10}}), whole);
            }
        }
    }
}

TEST(CsvReader, TooManyColumnsAreRejectedAndTheNextLineIsRead) {
    const CsvTable table = read_csv("a,b\n" + std::string(1'000'000, ',') + "\n2,3\n");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[1].fault, "csv.too_many_columns");
    EXPECT_EQ(table.rows[2].cells, (Cells{"2", "3"}));
}

TEST(CsvReader, ALineOfStrayQuotesTakesTimeInProportionToItsLength) {
    std::string line;
    for (int i = 0; i < 60'000; ++i) line += "\"a\"b,";
    for (int i = 0; i < 200'000; ++i) line += "\"a\"b\"";
    EXPECT_EQ(cells_of("x\n" + line + "c\n1\n").size(), 3u);  // quadratic would be minutes
}

// --- bytes that are no text

TEST(CsvReader, ANulOrABrokenCharacterSpoilsItsOwnRowOnly) {
    std::string good;
    for (int i = 0; i < 20; ++i) good += "示例买家,1\n";
    const CsvTable table = read_csv("名,b\n" + good + "x\0y,2\n"s + "ab\xE7\x86,3\n" + "好,4\n");
    ASSERT_EQ(table.rows.size(), 24u);
    EXPECT_EQ(table.rows[21].fault, "text.nul");
    EXPECT_EQ(table.rows[22].fault, "encoding.invalid");
    EXPECT_EQ(table.rows[22].raw, "ab\uFFFD,3");
    EXPECT_NE(table.rows[22].reason.find("byte " + std::to_string(6 + good.size() + 6 + 2) + " "), std::string::npos)
        << table.rows[22].reason;
    EXPECT_EQ(table.rows[23].cells, (Cells{"好", "4"}));
}

TEST(CsvReader, ATruncatedGzipGivesItsWholeRowsThenTheError) {
    std::string csv = "a,b\n";
    for (unsigned i = 0; i < 50'000; ++i) csv += std::to_string(i) + "," + std::to_string(i * 2654435761u) + "\n";
    const std::string packed = gzip(csv);
    const CsvTable whole = read_csv(packed);
    EXPECT_EQ(whole.rows.size(), 50'001u);
    const CsvTable half = read_csv(std::string_view(packed).substr(0, packed.size() / 2));
    EXPECT_EQ(half.error, "file.truncated");
    ASSERT_GT(half.rows.size(), 10'000u);
    EXPECT_TRUE(std::equal(half.rows.begin(), half.rows.end(), whole.rows.begin()));
}

// --- properties

struct Dialect {
    char delimiter = ',';
    std::string line_end = "\n";
    bool quote_all = false;
    std::string encoding = "UTF-8";
    bool last_line_end = true;
};

std::string write_csv(const std::vector<Cells>& table, const Dialect& dialect) {
    std::string csv;
    for (std::size_t r = 0; r < table.size(); ++r) {
        for (std::size_t c = 0; c < table[r].size(); ++c) {
            const std::string& cell = table[r][c];
            const bool quoted = dialect.quote_all || table[r].size() == 1 || cell.starts_with("=") ||
                                cell.find_first_of(std::string("\"\r\n \t") + dialect.delimiter) != cell.npos;
            if (c > 0) csv += dialect.delimiter;
            if (quoted) csv += '"';
            for (const char byte : cell) csv += byte == '"' ? "\"\"" : std::string(1, byte);
            if (quoted) csv += '"';
        }
        if (r + 1 < table.size() || dialect.last_line_end) csv += dialect.line_end;
    }
    return csv;
}

std::string encode(const std::string& text, const std::string& encoding) {
    if (encoding == "UTF-8") return text;
    const std::string marked = encoding == "gb18030" ? text : "\uFEFF" + text;
    std::string out(marked.size() * 4 + 16, '\0');
    UErrorCode status = U_ZERO_ERROR;
    const auto size = ucnv_convert(encoding.c_str(), "UTF-8", out.data(), static_cast<std::int32_t>(out.size()),
                                   marked.data(), static_cast<std::int32_t>(marked.size()), &status);
    EXPECT_TRUE(U_SUCCESS(status));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

rc::Gen<std::string> any_cell() {
    const auto piece =
        rc::gen::element<std::string>("a", "1", "\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", " ", "=", "=\"", "'",
                                      "熟", "客", "，", "\u3000", "𠮷", "é", "x y", "0.00");
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                        [](const std::vector<std::string>& pieces) { return join(pieces, ""); });
}

rc::Gen<Dialect> any_dialect() {
    return rc::gen::build<Dialect>(
        rc::gen::set(&Dialect::delimiter, rc::gen::element(',', ';', '\t')),
        rc::gen::set(&Dialect::line_end, rc::gen::element<std::string>("\n", "\r\n", "\r")),
        rc::gen::set(&Dialect::quote_all, rc::gen::arbitrary<bool>()),
        rc::gen::set(&Dialect::encoding, rc::gen::element<std::string>("UTF-8", "gb18030", "UTF-16LE", "UTF-16BE")),
        rc::gen::set(&Dialect::last_line_end, rc::gen::arbitrary<bool>()));
}

RC_GTEST_PROP(CsvReaderModel, ATableWrittenInAnyDialectReadsBackEqual, ()) {
    const Dialect dialect = *any_dialect();
    const auto columns = *rc::gen::inRange<std::size_t>(2, 6);
    std::vector<Cells> table = *rc::gen::container<std::vector<Cells>>(rc::gen::container<Cells>(columns, any_cell()));
    Cells heading{"订单编号名称", "价格"};
    for (std::size_t i = 2; i < columns; ++i) heading.push_back("列" + std::to_string(i));
    table.insert(table.begin(), heading);
    const std::string bytes = encode(write_csv(table, dialect), dialect.encoding);
    RC_ASSERT(cells_of(bytes) == table);
    RC_ASSERT(cells_of(gzip(bytes)) == table);
    RC_ASSERT(cells_of(bytes, {.bytes_at_once = *rc::gen::inRange<std::size_t>(1, 30),
                               .chunk_bytes = *rc::gen::inRange<std::size_t>(16, 60)}) == table);
}

RC_GTEST_PROP(CsvReaderModel, AnyBytesReadTheSameInAnyPieces, ()) {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(any_cell());
    const std::string bytes = join(pieces, "\n");
    const ReaderLimits limits{.record_bytes = 60, .columns = 7};
    const CsvTable whole = read_csv(bytes, {.limits = limits});
    for (const std::size_t chunk : {16, 17, 31, 64}) {
        RC_ASSERT(show(read_csv(bytes, {.bytes_at_once = 3, .chunk_bytes = chunk, .limits = limits})) == show(whole));
    }
}

RC_GTEST_PROP(CsvReaderModel, RejectedAndReadRowsTogetherHoldTheWholeFile, ()) {
    const std::string bytes = "a,b\n" + join(*rc::gen::container<std::vector<std::string>>(any_cell()), "\n");
    std::string again;
    for (const CsvRow& row : read_csv(bytes).rows) again += row.raw + "\n";
    const auto without_line_ends = [](std::string text) {
        std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
        return text;
    };
    RC_ASSERT(without_line_ends(again) == without_line_ends(bytes));
}

// --- lines without quotes

TEST(LineReader, BlanksSeparateValuesAndBlankLinesAreSkipped) {
    auto source = TextSource::open(bytes_in_memory(" 00001 19970101  1   11.77\r\n\r\n30 31 32 \n\t\n33"));
    LineReader reader(TextWindow(std::move(*source), 16), LineCells::kSplitByBlanks);
    std::vector<std::pair<std::uint64_t, Cells>> lines;
    Record record;
    RecordFault fault;
    std::deque<std::string> texts;
    while (*reader.next(record, fault, texts) == Found::kRecord) {
        lines.emplace_back(record.line, Cells(record.cells.begin(), record.cells.end()));
    }
    EXPECT_EQ(lines, (std::vector<std::pair<std::uint64_t, Cells>>{
                         {1, {"00001", "19970101", "1", "11.77"}}, {3, {"30", "31", "32"}}, {5, {"33"}}}));
}

}  // namespace
}  // namespace shuke::ingest

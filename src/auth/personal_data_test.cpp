// Aim: one person's data come out whole, and erasing leaves nothing of them in the record: in clear nowhere, sealed
// nowhere, not for those merged into them, and not when the old rows come again; facts for the books and other people's
// data stay.
// Method: every table that may hold personal data gets a row; afterwards each sealed column of the database is opened
// and searched.
#include "auth/personal_data.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "auth/known_values.h"
#include "identity/account_resolver.h"
#include "identity/lookup.h"
#include "record/changes.h"
#include "record/notes.h"
#include "record/shops.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

using identity::AccountResolver;
using identity::Buyer;
using identity::IdentifierKind;

const std::vector<std::string> kPersonal{"欧阳锦绣", "13912345670", "distinct.person@example.org", "瑶池路九百九十九号",
                                         "旺旺特别昵称", "EXT-9F3K", "请敲门", "爱喝茶", "喜欢红色"};

class PersonalDataTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        if (IsSkipped()) return;
        write([&](soci::session& session) {
            shop_ = record::ensure_shop(session, {{}, "taobao", "店", Currency::kCNY, "Asia/Shanghai"}, clock_.now());
        });
        customer_ = resolve(anna(), day(0)).customer;
        other_ = resolve(bert(), day(0)).customer;
        write([&](soci::session& session) { fill_tables(session); });
    }
    Instant day(int days) { return Instant::from_seconds(1'700'000'000 + days * 86'400 - 10 * 86'400); }
    static Buyer anna() {
        return {.external_id = "EXT-9F3K",
                .nick = "旺旺特别昵称",
                .phone = "13912345670",
                .email = "distinct.person@example.org",
                .name = "欧阳锦绣",
                .province = "浙江",
                .city = "杭州",
                .street = "瑶池路九百九十九号",
                .gender = Gender::kFemale,
                .birthday = Day{5000}};
    }
    static Buyer bert() {
        return {.external_id = "B1", .phone = "13700000001", .email = "bert@example.org", .name = "柏特"};
    }
    // As an import does: a session of its own, one transaction.
    identity::Resolved resolve(const Buyer& buyer, Instant fact_at) {
        record::WriteSession session(database().connect());
        database().begin_write(session);
        AccountResolver resolver(session, database().keys(), {.import = {}, .actor = "import 1"});
        resolver.begin();
        const auto resolved = resolver.resolve(buyer, shop_, fact_at, clock_.now());
        resolver.flush();
        resolver.finish();
        database().commit(session);
        return resolved.value_or(identity::Resolved{});
    }
    void fill_tables(soci::session& session) {
        const KeyRing& keys = database().keys();
        const std::string id = std::to_string(customer_.value);
        const std::string text = keys.seal("请敲门 13912345670");
        const std::string value = keys.seal("喜欢红色");
        const std::string row = keys.seal("o9,EXT-9F3K,欧阳锦绣,bad date");
        const std::string others_row = keys.seal("o8,B1,柏特,bad date");
        const std::string rule = keys.seal(R"(external_id in ["EXT-9F3K", "B1"])");
        session << "INSERT INTO orders (id, shop_id, order_no, customer_id, account_id, status, created_at, paid_at, "
                   "day, currency, amount, province, city, note_sealed, header_content, line_count, lines_content) "
                   "VALUES (1, 1, 'O-1', " << id << ", " << id << ", 1, 1, 1, 19000, 156, 5000, '浙江', '杭州', :note, 7, 0, 0)",
            soci::use(text);
        session << "INSERT INTO refunds (id, shop_id, refund_no, order_id, customer_id, currency, amount) VALUES (1, 1, "
                   "'R-1', 1, " << id << ", 156, 100)";
        session << "INSERT INTO reviews (id, customer_id, order_id, shop_id, review_no, at, day, has_text, has_photo, "
                   "follow_up, content_sealed) VALUES (1, NULL, 1, 1, 'V', 1, 1, 1, 0, 0, :text)",
            soci::use(text);
        session << "INSERT INTO interactions (id, customer_id, shop_id, at, day, content_sealed) VALUES (1, " << id
                << ", 1, 1, 1, :text)",
            soci::use(text);
        session << "INSERT INTO tickets (id, customer_id, shop_id, at, day, content_sealed) VALUES (1, " << id
                << ", 1, 1, 1, :text)",
            soci::use(text);
        session << "INSERT INTO messages (id, customer_id, shop_id, at, day, currency, channel, failure) VALUES (1, "
                << id << ", 1, 1, 1, 156, 'email', 'no mailbox distinct.person@example.org')";
        session << "INSERT INTO points_entries (id, customer_id, shop_id, at, day, amount, kind, reason) VALUES (1, "
                << id << ", 1, 1, 1, 10, 1, '爱喝茶')";
        session << "INSERT INTO custom_attributes (customer_id, name, value_sealed, changed_at) VALUES (" << id
                << ", 'taste', :value, 1)",
            soci::use(value);
        session << "INSERT INTO tags (id, name) VALUES (1, 'vip')";
        session << "INSERT INTO customer_tags (customer_id, tag_id, added_at, source) VALUES (" << id
                << ", 1, 1, 'hand')";
        session << "INSERT INTO event_log (seq, kind, customer_id, at, payload_sealed) VALUES (1, 'x', " << id
                << ", 1, :text)",
            soci::use(text);
        session << "INSERT INTO rejected_rows (import_id, row_number, line_number, column_name, problem, "
                   "reason_sealed, row_sealed) VALUES (1, 1, 2, 'created_at', 'time.invalid', :reason, :row)",
            soci::use(value), soci::use(row);
        session << "INSERT INTO rejected_rows (import_id, row_number, line_number, column_name, problem, "
                   "reason_sealed, row_sealed) VALUES (1, 2, 3, 'created_at', 'time.invalid', '', :row)",
            soci::use(others_row);
        session << "INSERT INTO list_unknowns (list_id, value_high, value_low, value_sealed, reason, row_number, at) "
                   "VALUES (1, 1, 1, :value, 'unknown', 1, 1)",
            soci::use(row);
        session << "INSERT INTO segment_versions (segment_id, version, expression_sealed, author, at) VALUES (1, 1, "
                   ":rule, 'x', 1)",
            soci::use(rule);
        session << "INSERT INTO idempotency_keys (principal, key, request_hash, status, body_sealed, created_at) "
                   "VALUES ('x', 'k', 'h', 200, :text, 1)",
            soci::use(text);
        or_throw(record::add_note(session, keys,
                                  {0, customer_, "user:ann", Personal<std::string>("爱喝茶"), clock_.now()}));
    }
    Result<Erased> erase(CustomerId customer, const std::string& reason = "asked for it") {
        Result<Erased> erased;
        const auto done = database().write("test", [&](soci::session& session) {
            erased = or_throw(
                erase_person(session, database(), customer, command_line("cli:test"), reason, clock_.now()));
        });
        if (!done) return std::unexpected(done.error());
        return erased;
    }
    nlohmann::ordered_json document(CustomerId customer) {
        nlohmann::ordered_json read;
        write([&](soci::session& session) {
            read = or_throw(export_personal_data(session, database().keys(), customer, command_line("cli:test"),
                                                 clock_.now()));
        });
        return read;
    }
    // Every text of every table, sealed ones opened.
    std::string everything() {
        std::string all;
        const auto session = database().connect();
        std::vector<std::pair<std::string, std::string>> columns;
        const bool sqlite = database().dialect() == record::Dialect::kSqlite;
        soci::rowset<soci::row> names =
            (session->prepare << (sqlite ? "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                                           "WHERE m.type = 'table' AND lower(c.type) = 'text'"
                                         : "SELECT table_name, column_name FROM information_schema.columns WHERE "
                                           "table_schema = current_schema() AND data_type = 'text'"));
        for (const auto& row : names) columns.emplace_back(row.get<std::string>(0), row.get<std::string>(1));
        EXPECT_GT(columns.size(), 80u);
        for (const auto& [table, column] : columns) {
            soci::rowset<std::string> values =
                (session->prepare << "SELECT " << column << " FROM " << table << " WHERE " << column << " IS NOT NULL");
            for (const auto& value : values) {
                all += table + "." + column + "=" + value + "\n";
                if (const auto opened = database().keys().unseal(value)) all += *opened + "\n";
            }
        }
        return all;
    }
    Shop shop_;
    CustomerId customer_, other_;
};

TEST_P(PersonalDataTest, OneDocumentHoldsAllThatIsKnownAndAsksForThePermission) {
    const auto read = document(customer_);
    const std::string text = read.dump();
    for (const auto& value : kPersonal) {
        if (value == "13912345670") continue;
        EXPECT_NE(text.find(value), std::string::npos) << value;
    }
    EXPECT_NE(text.find("+8613912345670"), std::string::npos);
    EXPECT_EQ(read["orders"][0]["order_no"], "O-1");
    EXPECT_EQ(read["orders"][0]["note"], "请敲门 13912345670");
    EXPECT_EQ(read["notes"][0]["text"], "爱喝茶");
    EXPECT_EQ(read["accounts"][0]["birthday"], "1983-09-10");
    EXPECT_EQ(read["tags"][0]["tag"], "vip");
    EXPECT_EQ(read["reviews"][0]["content"], "请敲门 13912345670");
    EXPECT_EQ(text.find("柏特"), std::string::npos);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'customer.personal_data'"), 1);
    write([&](soci::session& session) {
        const auto refused = export_personal_data(session, database().keys(), customer_, Principal(), clock_.now());
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().key, "auth.forbidden");
        EXPECT_EQ(export_personal_data(session, database().keys(), CustomerId{99}, command_line("x"), clock_.now())
                      .error()
                      .key,
                  "customer.not_found");
    });
}

TEST_P(PersonalDataTest, ErasingLeavesNothingOfThePersonAndAllOfTheOthers) {
    ASSERT_NE(everything().find("欧阳锦绣"), std::string::npos) << "the search works";
    const auto erased = erase(customer_);
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(erased->accounts, 1);
    EXPECT_EQ(erased->identifiers, 4);
    EXPECT_EQ(erased->orders_kept, 1);
    EXPECT_EQ(erased->notes, 1);
    EXPECT_EQ(erased->attributes, 1);
    EXPECT_EQ(erased->rejected_rows, 1);
    EXPECT_EQ(erased->list_rows, 1);
    const std::string left = everything();
    for (const auto& value : kPersonal) EXPECT_EQ(left.find(value), std::string::npos) << value;
    EXPECT_NE(left.find("柏特"), std::string::npos);
    EXPECT_NE(left.find("o8,B1"), std::string::npos);
    EXPECT_NE(left.find(R"(external_id in ["erased", "B1"])"), std::string::npos);
    EXPECT_EQ(number("SELECT count(*) FROM orders WHERE customer_id = 1 AND amount = 5000 AND note_sealed IS NULL"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM refunds WHERE customer_id = 1 AND amount = 100"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM accounts WHERE id = 1 AND name_sealed IS NULL AND street_sealed IS NULL AND "
                     "birthday IS NULL AND gender = 0 AND city IS NULL"),
              1);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'customer.erase' AND subject = 'customer 1'"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM customer_changes WHERE customer_id = 1"), 1);
    write([&](soci::session& session) {
        EXPECT_FALSE(identity::find_customers(session, database().keys(), "13912345670"));
        EXPECT_EQ(erased_at(session, customer_), clock_.now());
        EXPECT_EQ(erased_at(session, other_), kNever);
    });
}

TEST_P(PersonalDataTest, TheFileItselfHoldsNothingInClear) {
    if (database().dialect() != record::Dialect::kSqlite) GTEST_SKIP() << "PostgreSQL's files are the server's";
    ASSERT_TRUE(erase(customer_));
    for (const char* name : {"shuke.db", "shuke.db-wal"}) {
        std::ifstream in(folder_.path() / name, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        for (const auto& value : {"欧阳锦绣", "13912345670", "瑶池路"})
            EXPECT_EQ(bytes.find(value), std::string::npos) << name << " " << value;
    }
}

TEST_P(PersonalDataTest, OldRowsThatComeAgainBringNothingBack) {
    ASSERT_TRUE(erase(customer_));
    for (const Instant at : {day(0), clock_.now(), kNever}) EXPECT_EQ(resolve(anna(), at).customer, customer_);
    // The same person under another key: a guest's row with the same phone.
    Buyer guest;
    guest.phone = "139 1234 5670";
    guest.name = "欧阳锦绣";
    EXPECT_EQ(resolve(guest, day(1)).customer, customer_);
    const std::string left = everything();
    for (const auto& value : kPersonal) EXPECT_EQ(left.find(value), std::string::npos) << value;
    EXPECT_EQ(number("SELECT count(*) FROM accounts"), 2);
}

TEST_P(PersonalDataTest, APurchaseAfterTheErasureIsOfSomebodyNewWhoCanBeErasedAgain) {
    ASSERT_TRUE(erase(customer_));
    clock_.set(Instant{clock_.now().us_since_epoch + 86'400'000'000});
    const CustomerId again = resolve(anna(), clock_.now()).customer;
    EXPECT_NE(again, customer_);
    EXPECT_EQ(resolve(anna(), clock_.now()).customer, again);
    EXPECT_EQ(resolve(anna(), day(0)).customer, customer_) << "the old facts stay apart";
    EXPECT_EQ(document(again)["identifiers"].size(), 4u);
    EXPECT_EQ(document(customer_)["identifiers"].size(), 0u);
    ASSERT_TRUE(erase(again));
    EXPECT_EQ(resolve(anna(), clock_.now()).customer, again);
    EXPECT_EQ(everything().find("欧阳锦绣"), std::string::npos);
}

TEST_P(PersonalDataTest, EverybodyMergedIntoThePersonGoesAsWell) {
    Buyer second;
    second.external_id = "EXT-SECOND";
    second.name = "欧阳小锦";
    second.phone = "13811112222";
    const CustomerId merged = resolve(second, day(0)).customer;
    write([&](soci::session& session) {
        or_throw(record::add_note(session, database().keys(),
                                  {0, merged, "user:ann", Personal<std::string>("小锦的备注"), clock_.now()}));
        identity::merge_customers(session, customer_, merged, {"cli:test", clock_.now()});
    });
    const auto erased = erase(merged);  // by the id that was merged away
    ASSERT_TRUE(erased);
    EXPECT_EQ(erased->customer, customer_);
    EXPECT_EQ(erased->accounts, 2);
    const std::string left = everything();
    for (const auto& value : {"欧阳小锦", "13811112222", "EXT-SECOND", "小锦的备注", "欧阳锦绣"})
        EXPECT_EQ(left.find(value), std::string::npos) << value;
}

TEST_P(PersonalDataTest, AnIdentifierThatSomebodyElseCarriesStaysTheirs) {
    Buyer payer;
    payer.external_id = "P1";
    payer.payer_account = "pay@company";
    const CustomerId one = resolve(payer, day(0)).customer;
    payer.external_id = "P2";
    const CustomerId two = resolve(payer, day(0)).customer;
    ASSERT_NE(one, two);
    ASSERT_TRUE(erase(one));
    EXPECT_EQ(document(one)["identifiers"].size(), 0u);
    EXPECT_EQ(document(two)["identifiers"].size(), 2u);
}

TEST_P(PersonalDataTest, AsksForAPermissionAndAReasonAndHappensOnce) {
    EXPECT_EQ(erase(customer_, "  ").error().key, "erase.no_reason");
    EXPECT_EQ(erase(CustomerId{99}).error().key, "customer.not_found");
    write([&](soci::session& session) {
        EXPECT_EQ(erase_person(session, database(), customer_, Principal(), "x", clock_.now()).error().key,
                  "auth.forbidden");
    });
    ASSERT_TRUE(erase(customer_));
    EXPECT_EQ(erase(customer_).error().key, "customer.erased");
}

SHUKE_ON_BOTH_DATABASES(PersonalDataTest);

TEST(KnownValues, AreFoundInWhateverSpelling) {
    KnownValues values;
    values.add_identifier(IdentifierKind::kPhone, "+8613912345670");
    values.add_identifier(IdentifierKind::kEmail, "annb@gmail.com");
    values.add_identifier(IdentifierKind::kExternalId, "12");
    values.add_identifier(IdentifierKind::kExternalId, "C01");
    values.add_name("李 明");
    for (const char* row : {"o1,13912345670,x", "o1,'+86 139-1234-5670,x", "o1,Ann.B+shop@googlemail.com", "o1,c01,2",
                            "o1,李明,x", "o1,收货人李 明先生"})
        EXPECT_TRUE(values.are_in(row)) << row;
    for (const char* row : {"o1,13912345671,x", "o1,12,2", "o1,C011,2", "o1,李小明"}) EXPECT_FALSE(values.are_in(row)) << row;
    EXPECT_EQ(values.without(R"(external_id in ["C01", 'C01', C01, C011, "C012"] and x > 12)"),
              R"(external_id in ["erased", "erased", "erased", C011, "C012"] and x > 12)");
}

}  // namespace
}  // namespace shuke::auth

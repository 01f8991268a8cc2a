// Aim: a large export needs another person, whoever asked and by whatever means, in time, and begins once; what is shown
// in clear was noted first.
#include "auth/approvals.h"

#include "auth/masking.h"
#include "record/settings.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

Principal user(std::int64_t id, const std::string& name) {
    Principal principal;
    principal.id = id;
    principal.person = UserId{id};
    principal.name = name;
    principal.permissions = {Permission::kCustomersExport, Permission::kExportsApprove};
    return principal;
}

class ApprovalsTest : public record::RecordTest {
protected:
    ExportRequest ask(const Principal& asker, std::int64_t rows) {
        ExportRequest made;
        write([&](soci::session& s) {
            made = or_throw(request_export(s, database().keys(), {7, R"({"where": "city = 杭州"})", "双11短信", rows}, asker,
                                           clock_.now()));
        });
        return made;
    }
    std::string decide(ExportId id, bool approve, const Principal& approver) {
        const auto done = database().write("test", [&](soci::session& s) {
            or_throw(decide_export(s, database().keys(), id, approve, "fine", approver, clock_.now()));
        });
        return done ? "" : done.error().key;
    }
    std::string use(ExportId id) {
        const auto done = database().write(
            "test", [&](soci::session& s) { or_throw(use_approval(s, database().keys(), id, clock_.now())); });
        return done ? "" : done.error().key;
    }
    void advance(std::int64_t hours) { clock_.set(Instant{clock_.now().us_since_epoch + hours * 3'600'000'000}); }
    Principal ann_ = user(1, "ann"), bob_ = user(2, "bob");
};

TEST_P(ApprovalsTest, UpToTheThresholdAnExportBeginsAtOnceAndOnce) {
    const auto small = ask(ann_, 1'000);
    EXPECT_EQ(small.state, ExportState::kApproved);
    EXPECT_EQ(small.parameters, R"({"where": "city = 杭州"})");
    EXPECT_EQ(use(small.id), "");
    EXPECT_EQ(use(small.id), "export.not_approved");
    write([&](soci::session& s) { or_throw(record::set_setting(s, "export_approval_rows", "0", clock_.now())); });
    EXPECT_EQ(ask(ann_, 1).state, ExportState::kWaiting);
}

TEST_P(ApprovalsTest, AboveItAnotherPersonHasToAgree) {
    const auto large = ask(ann_, 1'001);
    EXPECT_EQ(large.state, ExportState::kWaiting);
    EXPECT_EQ(use(large.id), "export.not_approved");
    EXPECT_EQ(decide(large.id, true, ann_), "export.own_request");
    Principal her_key = ann_;
    her_key.kind = Principal::Kind::kKey;
    EXPECT_EQ(decide(large.id, true, her_key), "export.own_request");
    Principal his_key = bob_;
    his_key.kind = Principal::Kind::kKey;
    EXPECT_EQ(decide(large.id, true, his_key), "export.own_request") << "a program is no second person";
    EXPECT_EQ(decide(large.id, true, command_line("cli:root")), "export.own_request");
    Principal without = bob_;
    without.permissions = {};
    EXPECT_EQ(decide(large.id, true, without), "auth.forbidden");
    EXPECT_EQ(decide(ExportId{99}, true, bob_), "export.unknown");
    EXPECT_EQ(decide(large.id, true, bob_), "");
    EXPECT_EQ(decide(large.id, false, bob_), "export.not_waiting");
    EXPECT_EQ(use(large.id), "");
    EXPECT_EQ(use(large.id), "export.not_approved");
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE subject = 'export 1'"), 3);
}

TEST_P(ApprovalsTest, ARequestOfHerKeyIsHers) {
    Principal key = ann_;
    key.kind = Principal::Kind::kKey;
    key.id = 5;
    const auto large = ask(key, 5'000);
    EXPECT_EQ(decide(large.id, true, ann_), "export.own_request");
    EXPECT_EQ(decide(large.id, false, ann_), "") << "she may take it back";
    EXPECT_EQ(use(large.id), "export.not_approved");
}

TEST_P(ApprovalsTest, RequestsAndApprovalsLapse) {
    const auto late = ask(ann_, 5'000);
    advance(72);
    EXPECT_EQ(decide(late.id, true, bob_), "export.expired");
    const auto approved = ask(ann_, 5'000);
    EXPECT_EQ(decide(approved.id, true, bob_), "");
    advance(72);
    EXPECT_EQ(use(approved.id), "export.expired");
    write([&](soci::session& s) {
        EXPECT_EQ(all_exports(s, database().keys(), 10).front().id, approved.id);
        EXPECT_EQ(request_export(s, database().keys(), {1, "{}", " ", 1}, ann_, clock_.now()).error().key,
                  "export.no_reason");
        EXPECT_EQ(request_export(s, database().keys(), {1, "{}", "x", 1}, Principal(), clock_.now()).error().key,
                  "auth.forbidden");
    });
}

TEST_P(ApprovalsTest, ClearValuesComeOnlyWithThePermissionAReasonAndAnEntry) {
    const auto value = [](const char* text) { return Personal<std::string>(text); };
    const Masking masked;
    EXPECT_EQ(masked.phone(value("+8613812345678")), "138****5678");
    EXPECT_EQ(masked.email(value("ann@example.com")), "a***@example.com");
    EXPECT_EQ(masked.name(value("欧阳锦绣")), "欧**");
    EXPECT_EQ(masked.address(value("瑶池路九号")), "***");
    EXPECT_EQ(masked.address(value("")), "");
    EXPECT_EQ(masked.identifier(identity::IdentifierKind::kNick, value("旺旺昵称")), "旺**");
    EXPECT_EQ(masked.identifier(identity::IdentifierKind::kExternalId, value("13812345678")), "1**");
    EXPECT_EQ(masked.birthday(Day{5000}), "****-09-10");
    write([&](soci::session& s) {
        const Revelation wanted{"customer 8", {"phone", "name"}, "退款回访"};
        EXPECT_EQ(reveal(s, ann_, wanted, clock_.now()).error().key, "auth.forbidden");
        const Principal may = command_line("cli:root");
        EXPECT_EQ(reveal(s, may, {"customer 8", {"phone"}, ""}, clock_.now()).error().key, "reveal.no_reason");
        EXPECT_EQ(reveal(s, may, {"customer 8", {}, "x"}, clock_.now()).error().key, "reveal.no_fields");
        const auto clear = reveal(s, may, wanted, clock_.now());
        ASSERT_TRUE(clear);
        EXPECT_EQ(clear->phone(value("+8613812345678")), "+8613812345678");
        EXPECT_EQ(clear->birthday(Day{5000}), "1983-09-10");
    });
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action = 'customer.reveal' AND subject = 'customer 8' AND detail "
                     "= 'fields: phone, name; reason: 退款回访'"),
              1);
}

SHUKE_ON_BOTH_DATABASES(ApprovalsTest);

}  // namespace
}  // namespace shuke::auth

// Aim: whatever is changed, taken out or put into the audit log afterwards is found, and the first wrong entry named;
// also by somebody who works out the hashes anew but has no key. Method: SQL writes beside the program.
#include "auth/audit.h"

#include "record/audit_chain.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

class AuditTest : public record::RecordTest {
protected:
    void SetUp() override {
        RecordTest::SetUp();
        if (IsSkipped()) return;
        for (int i = 1; i <= 6; i += 2) {  // two entries a transaction: 2, 4 and 6 carry seals
            write([&](soci::session& session) {
                append(session, i);
                append(session, i + 1);
            });
        }
    }
    void append(soci::session& session, int i) {
        record::append_audit(session,
                             {"user:ann", i % 2 == 0 ? "customer.reveal" : "tag.add", "customer " + std::to_string(i),
                              "detail " + std::to_string(i)},
                             Instant{clock_.now().us_since_epoch + i});
    }
    AuditProof verify() {
        AuditProof proof;
        EXPECT_TRUE(database().read([&](soci::session& s) { proof = verify_audit(s, database().keys()); }));
        return proof;
    }
    // As somebody who has the database and not the program: nothing is sealed.
    void tamper(const std::string& sql) {
        const auto session = database().connect();
        *session << sql;
    }
    // Works out all hashes from an entry on, as the program would, but for the seals.
    void rechain(std::int64_t from, bool blank_seals) {
        const auto session = database().connect();
        const auto entries = [&] {
            AuditFilter all;
            all.limit = 1000;
            return list_audit(*session, all);
        }();
        std::string former;
        for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
            std::string hash = at->hash;
            if (at->id >= from) hash = record::hash_audit_entry(former, at->id, at->at, at->entry);
            const long long id = at->id;
            *session << "UPDATE audit SET hash = :hash WHERE id = :id", soci::use(hash), soci::use(id);
            if (blank_seals && at->id >= from) *session << "UPDATE audit SET seal = '' WHERE id = :id", soci::use(id);
            former = hash;
        }
    }
};

TEST_P(AuditTest, AnUntouchedLogHolds) {
    const AuditProof proof = verify();
    EXPECT_TRUE(proof.holds()) << proof.problem;
    EXPECT_EQ(proof.entries, 6);
    EXPECT_EQ(proof.last_hash.size(), 64u);
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE seal <> ''"), 3);
}

TEST_P(AuditTest, AnEmptyLogHolds) {
    tamper("DELETE FROM audit");  // sealed head says 6
    EXPECT_EQ(verify().broken_id, 1);
    write([&](soci::session& session) {
        session << "DELETE FROM audit_head";
        record::chain_existing_audit(session, database().keys());
    });
    EXPECT_TRUE(verify().holds());
}

TEST_P(AuditTest, AChangedEntryIsNamed) {
    for (const char* change :
         {"actor = 'user:bob'", "action = 'tag.remove'", "subject = 'customer 9'", "detail = ''", "at = at + 1"}) {
        SCOPED_TRACE(change);
        TearDown();
        SetUp();
        tamper("UPDATE audit SET " + std::string(change) + " WHERE id = 3");
        EXPECT_EQ(verify().broken_id, 3);
    }
}

TEST_P(AuditTest, AMissingEntryIsNamed) {
    tamper("DELETE FROM audit WHERE id = 4");
    EXPECT_EQ(verify().broken_id, 4);
}

TEST_P(AuditTest, EntriesThatChangedPlacesAreNamed) {
    tamper("UPDATE audit SET id = 99 WHERE id = 3");
    tamper("UPDATE audit SET id = 3 WHERE id = 5");
    tamper("UPDATE audit SET id = 5 WHERE id = 99");
    EXPECT_EQ(verify().broken_id, 3);
}

TEST_P(AuditTest, AMissingBeginningIsNamed) {
    tamper("DELETE FROM audit WHERE id <= 2");
    EXPECT_EQ(verify().broken_id, 1);
}

TEST_P(AuditTest, AMissingTailShowsByTheSealedHead) {
    tamper("DELETE FROM audit WHERE id >= 5");
    const AuditProof proof = verify();
    EXPECT_EQ(proof.broken_id, 5);
    EXPECT_NE(proof.problem.find("5 to 6"), std::string::npos) << proof.problem;
}

TEST_P(AuditTest, AHeadSetBackWithTheSealOfAnOlderEntryIsRefused) {
    tamper("DELETE FROM audit WHERE id >= 5");
    tamper(
        "UPDATE audit_head SET entry_id = 4, hash = (SELECT hash FROM audit WHERE id = 4), "
        "seal = (SELECT seal FROM audit WHERE id = 4)");
    EXPECT_FALSE(verify().holds());
    tamper("DELETE FROM audit_head");
    EXPECT_FALSE(verify().holds());
}

TEST_P(AuditTest, HashesWorkedOutAnewFailAtTheFirstSeal) {
    tamper("UPDATE audit SET detail = 'nothing' WHERE id = 3");
    rechain(3, false);
    const AuditProof proof = verify();
    EXPECT_EQ(proof.broken_id, 3);
    EXPECT_NE(proof.problem.find("between entry 3 and 4"), std::string::npos) << proof.problem;
}

TEST_P(AuditTest, HashesWorkedOutAnewWithoutSealsFailAtTheHead) {
    tamper("UPDATE audit SET detail = 'nothing' WHERE id = 4");
    rechain(4, true);
    const AuditProof proof = verify();
    EXPECT_EQ(proof.broken_id, 3);  // the last seal that holds is that of 2
    EXPECT_FALSE(proof.holds());
}

TEST_P(AuditTest, AnEntryWrittenBesideTheProgramIsNamed) {
    const auto session = database().connect();
    append(*session, 7);
    EXPECT_EQ(verify().broken_id, 7);
}

TEST_P(AuditTest, AnEntryWrittenBesideTheProgramIsNotVouchedForByTheNextOne) {
    {
        const auto session = database().connect();
        append(*session, 7);
    }
    write([&](soci::session& session) { session << "UPDATE settings SET value = value"; });
    EXPECT_EQ(verify().broken_id, 7);
    write([&](soci::session& session) { append(session, 8); });
    const AuditProof proof = verify();
    EXPECT_EQ(proof.broken_id, 7);
    EXPECT_NE(proof.problem.find("entry 7 was not written by Shuke"), std::string::npos) << proof.problem;
}

TEST_P(AuditTest, AnEntryOfATransactionThatFailedLeavesNothing) {
    const auto done = database().write("test", [&](soci::session& session) {
        append(session, 7);
        throw Failure{{Code::kInvalid, "test.failed", ""}};
    });
    EXPECT_FALSE(done);
    EXPECT_EQ(verify().entries, 6);
    EXPECT_TRUE(verify().holds());
}

TEST_P(AuditTest, EntriesFromBeforeTheChainAreChainedByTheMigration) {
    record::undo_access(*database().connect());
    EXPECT_EQ(number("SELECT count(*) FROM audit"), 6);
    database_ = open();
    EXPECT_TRUE(verify().holds()) << verify().problem;
    EXPECT_EQ(verify().entries, 6);
    write([&](soci::session& session) { append(session, 7); });
    EXPECT_TRUE(verify().holds());
    tamper("UPDATE audit SET detail = 'x' WHERE id = 2");
    EXPECT_EQ(verify().broken_id, 2);
}

TEST_P(AuditTest, AnEntryNotedElsewhereIsCompared) {
    const AuditProof noted = verify();
    write([&](soci::session& session) { append(session, 7); });
    const auto compare = [&](std::int64_t id, const std::string& hash) {
        Status done;
        EXPECT_TRUE(database().read([&](soci::session& s) { done = compare_audit(s, id, hash); }));
        return done;
    };
    EXPECT_TRUE(compare(noted.last_id, noted.last_hash));
    EXPECT_EQ(compare(noted.last_id, std::string(64, '0')).error().key, "audit.differs");
    EXPECT_EQ(compare(99, noted.last_hash).error().key, "audit.differs");
}

TEST_P(AuditTest, IsListedNewestFirstAndFiltered) {
    const auto ids = [&](const AuditFilter& filter) {
        std::vector<std::int64_t> found;
        EXPECT_TRUE(database().read([&](soci::session& session) {
            for (const auto& entry : list_audit(session, filter)) found.push_back(entry.id);
        }));
        return found;
    };
    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(ids({}), (Ids{6, 5, 4, 3, 2, 1}));
    AuditFilter filter;
    filter.action = "customer.";
    EXPECT_EQ(ids(filter), (Ids{6, 4, 2}));
    filter.action = "customer_reveal";
    EXPECT_EQ(ids(filter), Ids{});
    filter.action = "";
    filter.subject = "customer 3";
    EXPECT_EQ(ids(filter), (Ids{3}));
    filter.subject = "";
    filter.from = Instant{clock_.now().us_since_epoch + 2};
    filter.to = Instant{clock_.now().us_since_epoch + 5};
    filter.limit = 2;
    EXPECT_EQ(ids(filter), (Ids{4, 3}));
    filter.before = 3;
    EXPECT_EQ(ids(filter), (Ids{2}));
    filter.actor = "user:bob";
    EXPECT_EQ(ids(filter), Ids{});
}

SHUKE_ON_BOTH_DATABASES(AuditTest);

}  // namespace
}  // namespace shuke::auth

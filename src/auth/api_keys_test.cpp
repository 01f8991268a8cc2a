// Aim: a key opens what its scopes say while it holds and its maker may, and is nowhere in the record.
#include "auth/api_keys.h"

#include "auth/roles.h"
#include "auth/users.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

class ApiKeysTest : public record::RecordTest {
protected:
    std::optional<CurrentApiKey> find(const std::string& key) {
        std::optional<CurrentApiKey> found;
        EXPECT_TRUE(database().read(
            [&](soci::session& s) { found = find_api_key(s, database().keys(), key, clock_.now()); }));
        return found;
    }
    Result<CreatedApiKey> make(const NewApiKey& wanted, const Principal& maker) {
        Result<CreatedApiKey> made = fail(Code::kInternal, "test.none", "");
        write([&](soci::session& s) { made = create_api_key(s, database().keys(), wanted, maker, clock_.now()); });
        return made;
    }
    Principal cli_ = command_line("cli:test");
};

TEST_P(ApiKeysTest, OpensItsScopesUntilItIsRevoked) {
    const auto made = make({"pos", {Permission::kIngestWrite, Permission::kCustomersRead}, kNever}, cli_);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->key.starts_with("shk_"));
    EXPECT_EQ(made->key.size(), 47u);
    const auto current = find(made->key);
    ASSERT_TRUE(current);
    EXPECT_TRUE(current->principal.can(Permission::kIngestWrite));
    EXPECT_FALSE(current->principal.can(Permission::kCustomersReveal));
    EXPECT_EQ(current->principal.actor(), "key:1 pos");
    EXPECT_FALSE(find(made->key.substr(0, 46) + (made->key.back() == 'x' ? 'y' : 'x')));
    EXPECT_FALSE(find("shk_"));
    EXPECT_EQ(number("SELECT count(*) FROM api_keys WHERE key_hash = '" + made->key + "' OR beginning = '" +
                     made->key + "'"),
              0);
    write([&](soci::session& s) {
        EXPECT_TRUE(should_touch(current->key, clock_.now()));
        touch_api_key(s, current->key.id, clock_.now());
        EXPECT_FALSE(should_touch(all_api_keys(s).front(), clock_.now()));
        or_throw(revoke_api_key(s, current->key.id, {cli_, clock_.now()}));
        EXPECT_EQ(revoke_api_key(s, ApiKeyId{9}, {cli_, clock_.now()}).error().key, "api_key.unknown");
    });
    EXPECT_FALSE(find(made->key));
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action LIKE 'api_key.%'"), 2);
}

TEST_P(ApiKeysTest, ExpiresAtItsMoment) {
    const Instant end{clock_.now().us_since_epoch + 10};
    const auto made = make({"pos", PermissionSet::all(), end}, cli_);
    EXPECT_TRUE(find(made->key));
    clock_.set(end);
    EXPECT_FALSE(find(made->key));
    EXPECT_EQ(make({"pos", PermissionSet::all(), end}, cli_).error().key, "api_key.invalid_expiry");
}

TEST_P(ApiKeysTest, NeverDoesMoreThanItsMakerMayToday) {
    User ann;
    const By by{cli_, clock_.now()};
    write([&](soci::session& s) {
        ann = or_throw(create_user(s, {"ann", "", RoleId{3}, "en"}, by));
    });
    Principal maker;
    write([&](soci::session& s) { maker = or_throw(principal_of(s, ann)); });
    EXPECT_EQ(make({"x", PermissionSet::all(), kNever}, maker).error().key, "api_key.too_much");
    EXPECT_EQ(make({"x", {}, kNever}, maker).error().key, "api_key.no_scopes");
    EXPECT_EQ(make({" ", {Permission::kTagsWrite}, kNever}, maker).error().key, "api_key.invalid_name");
    const auto made = make({"x", {Permission::kTagsWrite, Permission::kCustomersReveal}, kNever}, maker);
    ASSERT_TRUE(made);
    EXPECT_EQ(find(made->key)->principal.person, ann.id);
    const auto change = [&](const UserChange& wanted) {
        write([&](soci::session& s) {
            or_throw(change_user(s, ann.id, or_throw(find_user(s, ann.id)).version, wanted, by));
        });
    };
    UserChange demote, disable;
    demote.role = RoleId{5};
    change(demote);
    EXPECT_TRUE(find(made->key)->principal.can(Permission::kTagsWrite));
    EXPECT_FALSE(find(made->key)->principal.can(Permission::kCustomersReveal));
    disable.disabled = true;
    change(disable);
    EXPECT_FALSE(find(made->key));
}

SHUKE_ON_BOTH_DATABASES(ApiKeysTest);

}  // namespace
}  // namespace shuke::auth

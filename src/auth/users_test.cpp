// Aim: users and roles are kept as they should be: names unique, the last administrator safe, nobody gives more than they
// have, sessions end with what they stood on, and each change is in the audit log.
#include "auth/users.h"

#include "auth/roles.h"
#include "auth/sessions.h"
#include "record/testing/record_for_test.h"

namespace shuke::auth {
namespace {

class UsersTest : public record::RecordTest {
protected:
    By by() { return {command_line("cli:test"), clock_.now()}; }
    By by(const Principal& principal) { return {principal, clock_.now()}; }
    User add(const std::string& name, RoleId role, bool with_password = true) {
        User user;
        write([&](soci::session& session) {
            user = or_throw(create_user(session, {name, "", role, "zh-CN"}, by()));
            if (with_password) or_throw(set_password(session, user.id, "$hash", by()));
            user = or_throw(find_user(session, user.id));
        });
        return user;
    }
    std::string key_of(const std::function<void(soci::session&)>& work) {
        const auto done = database().write("test", work);
        return done ? "" : done.error().key;
    }
    std::string change(const User& user, const UserChange& wanted, const By& who) {
        return key_of([&](soci::session& session) {
            const User now = or_throw(find_user(session, user.id));
            or_throw(change_user(session, user.id, now.version, wanted, who));
        });
    }
    Principal principal(const User& user) {
        Principal found;
        write([&](soci::session& s) { found = or_throw(principal_of(s, or_throw(find_user(s, user.id)))); });
        return found;
    }
    static RoleId role(const char* key, soci::session& session) { return or_throw(find_role(session, key)).id; }
};

TEST_P(UsersTest, NamesAreFoldedAndUnique) {
    const User ann = add("Ａnn", kAdministrator);
    EXPECT_EQ(ann.name, "ann");
    EXPECT_EQ(ann.display_name, "Ａnn");
    write([&](soci::session& s) { EXPECT_EQ(or_throw(find_user(s, "ANN")).id, ann.id); });
    const auto make = [&](const std::string& name, RoleId wanted, const std::string& language) {
        return key_of([&](soci::session& s) { or_throw(create_user(s, {name, "", wanted, language}, by())); });
    };
    EXPECT_EQ(make("aNN", kAdministrator, "en"), "user.name_taken");
    EXPECT_EQ(make("", kAdministrator, "en"), "user.invalid_name");
    EXPECT_EQ(make("a b", kAdministrator, "en"), "user.invalid_name");
    EXPECT_EQ(make("\xff", kAdministrator, "en"), "user.invalid_name");
    EXPECT_EQ(make("bob", RoleId{77}, "en"), "role.unknown");
    EXPECT_EQ(make("bob", kAdministrator, "fr"), "user.invalid_language");
    EXPECT_EQ(number("SELECT count(*) FROM users"), 1);
}

TEST_P(UsersTest, TheLastAdministratorStays) {
    const User ann = add("ann", kAdministrator);
    add("without", kAdministrator, false);  // cannot sign in, so counts for nothing
    UserChange demote, disable;
    demote.role = RoleId{10};
    disable.disabled = true;
    EXPECT_EQ(change(ann, demote, by()), "auth.last_administrator");
    EXPECT_EQ(change(ann, disable, by()), "auth.last_administrator");
    EXPECT_EQ(key_of([&](soci::session& s) { or_throw(delete_user(s, ann.id, by())); }), "auth.last_administrator");
    const User bob = add("bob", kAdministrator);
    EXPECT_EQ(change(ann, demote, by()), "");
    EXPECT_EQ(key_of([&](soci::session& s) { or_throw(delete_user(s, bob.id, by())); }), "auth.last_administrator");
}

TEST_P(UsersTest, NobodyGivesMoreThanTheyHaveNorTouchesWhoHasMore) {
    const User root = add("root", kAdministrator);
    User clerk;
    write([&](soci::session& s) {
        const Role manager = or_throw(create_role(
            s, {"用户管理", {Permission::kUsersManage, Permission::kRolesManage, Permission::kCustomersRead}}, by()));
        clerk = or_throw(create_user(s, {"clerk", "", manager.id, "en"}, by()));
    });
    const By as_clerk = by(principal(clerk));
    const auto forbidden = [&](const std::function<void(soci::session&)>& work) {
        EXPECT_EQ(key_of(work), "auth.forbidden");
    };
    forbidden([&](soci::session& s) { or_throw(create_user(s, {"x", "", kAdministrator, "en"}, as_clerk)); });
    forbidden([&](soci::session& s) { or_throw(set_password(s, root.id, "$other", as_clerk)); });
    forbidden([&](soci::session& s) { or_throw(delete_user(s, root.id, as_clerk)); });
    forbidden([&](soci::session& s) { or_throw(create_role(s, {"more", PermissionSet::all()}, as_clerk)); });
    UserChange up;
    up.role = kAdministrator;
    EXPECT_EQ(change(clerk, up, as_clerk), "auth.forbidden");
    EXPECT_EQ(key_of([&](soci::session& s) {
                  or_throw(create_role(s, {"less", {Permission::kCustomersRead}}, as_clerk));
              }),
              "");
}

TEST_P(UsersTest, ANewRoleOrPasswordOrDisablingEndsTheSessions) {
    add("root", kAdministrator);
    const User ann = add("ann", RoleId{3});
    const auto sessions = [&] { return number("SELECT count(*) FROM sessions"); };
    const auto begin = [&] {
        StartedSession started;
        write([&](soci::session& s) { started = start_session(s, database().keys(), ann.id, {}, false, clock_.now()); });
        return started;
    };
    UserChange wanted;
    begin();
    begin();
    wanted.display_name = "Ann";
    EXPECT_EQ(change(ann, wanted, by()), "");
    EXPECT_EQ(sessions(), 2);
    wanted.role = RoleId{4};
    EXPECT_EQ(change(ann, wanted, by()), "");
    EXPECT_EQ(sessions(), 0);
    begin();
    wanted.disabled = true;
    EXPECT_EQ(change(ann, wanted, by()), "");
    EXPECT_EQ(sessions(), 0);
    EXPECT_TRUE(principal(ann).permissions.empty());
    const auto kept = begin();
    begin();
    write([&](soci::session& s) { or_throw(set_password(s, ann.id, "$new", by(), kept.session.id)); });
    EXPECT_EQ(sessions(), 1);
}

TEST_P(UsersTest, TwoWhoEditAtOnceAreTold) {
    const User ann = add("ann", kAdministrator);
    write([&](soci::session& s) {
        UserChange wanted;
        wanted.display_name = "A";
        or_throw(change_user(s, ann.id, ann.version, wanted, by()));
        EXPECT_EQ(change_user(s, ann.id, ann.version, wanted, by()).error().key, "record.changed_meanwhile");
        const Role own = or_throw(create_role(s, {"own", {Permission::kCustomersRead}}, by()));
        or_throw(change_role(s, own.id, 1, {"own2", {Permission::kTagsWrite}}, by()));
        EXPECT_EQ(change_role(s, own.id, 1, {"own3", {}}, by()).error().key, "record.changed_meanwhile");
    });
}

TEST_P(UsersTest, EveryPostOfTheTradeHasItsRole) {
    write([&](soci::session& s) {
        for (const char* name : {"administrator", "管理员", "CRM经理", "crm专员", "数据分析师", "策划", "文案", "sns", "设计",
                                 "客服", "只读", "Service agent"})
            EXPECT_TRUE(find_role(s, name)) << name;
        EXPECT_EQ(all_roles(s).size(), 10u);
        EXPECT_EQ(or_throw(find_role(s, "管理员")).permissions, PermissionSet::all());
        const Role reader = or_throw(find_role(s, "只读"));
        for (const auto& one : all_permissions()) {
            EXPECT_TRUE(!reader.permissions.has(one.permission) || one.name.ends_with(".read")) << one.name;
        }
        EXPECT_EQ(find_role(s, "boss").error().key, "role.unknown");
    });
}

TEST_P(UsersTest, OwnRolesAreMadeChangedAndDeletedAndBuiltInOnesStay) {
    const User root = add("root", kAdministrator);
    write([&](soci::session& s) {
        const Role made = or_throw(create_role(s, {" 门店 ", {Permission::kCustomersRead}}, by()));
        EXPECT_EQ(made.id, RoleId{100});
        EXPECT_EQ(made.chinese, "门店");
        EXPECT_EQ(create_role(s, {"客服", {}}, by()).error().key, "role.name_taken");
        EXPECT_EQ(create_role(s, {" ", {}}, by()).error().key, "role.invalid_name");
        EXPECT_EQ(change_role(s, kAdministrator, 1, {"x", {}}, by()).error().key, "role.built_in");
        EXPECT_EQ(delete_role(s, kAdministrator, by()).error().key, "role.built_in");
        const User ann = or_throw(create_user(s, {"ann", "", made.id, "en"}, by()));
        EXPECT_EQ(delete_role(s, made.id, by()).error().key, "role.in_use");
        or_throw(change_role(s, made.id, 1, {"门店", {Permission::kTagsWrite}}, by()));
        EXPECT_TRUE(or_throw(principal_of(s, ann)).can(Permission::kTagsWrite));
        EXPECT_FALSE(or_throw(principal_of(s, ann)).can(Permission::kCustomersRead));
        or_throw(delete_user(s, ann.id, by()));
        or_throw(delete_role(s, made.id, by()));
        EXPECT_EQ(find_role(s, made.id).error().key, "role.unknown");
    });
    EXPECT_EQ(number("SELECT count(*) FROM audit WHERE action IN ('user.create', 'user.password', 'user.delete', "
                     "'role.create', 'role.change', 'role.delete')"),
              7);
}

SHUKE_ON_BOTH_DATABASES(UsersTest);

TEST(PermissionSet, IsReadFromNamesAndWritesThem) {
    EXPECT_EQ(PermissionSet::parse("admin"), PermissionSet::all());
    EXPECT_EQ(PermissionSet::parse("tags.write, customers.read")->names(), "customers.read tags.write");
    const auto wrong = PermissionSet::parse("customers.reed");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().detail.find("did you mean customers.read?"), std::string::npos);
    for (const auto& one : all_permissions()) EXPECT_EQ(to_string(one.permission), one.name);
    EXPECT_EQ(all_permissions().size(), 23u);
}

}  // namespace
}  // namespace shuke::auth

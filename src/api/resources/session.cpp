// src/api/resources/session.cpp: signing in and out, the second factor, one's own account, the first administrator.
#include "api/callers.h"
#include "api/resources.h"
#include "auth/passwords.h"
#include "auth/roles.h"
#include "auth/setup.h"
#include "auth/sign_in.h"
#include "auth/totp.h"
#include "record/settings.h"

namespace shuke::api {
namespace {

std::string cookie(const Call& call, const std::string& token) {
    std::string text = std::string(kSessionCookie) + "=" + token +
                       "; Path=" + (call.at.base_path.empty() ? "/" : call.at.base_path) +
                       "; HttpOnly; SameSite=Strict";
    if (call.request.tls) text += "; Secure";
    if (token.empty()) text += "; Max-Age=0";
    return text;
}

Json user_json(soci::session& session, const auth::CurrentSession& current) {
    const auto role = auth::find_role(session, current.user.role);
    Json names = Json::array();
    for (const auto& one : auth::all_permissions()) {
        if (current.principal.can(one.permission)) names.push_back(std::string(one.name));
    }
    return {{"id", current.user.id.value},
            {"name", current.user.name},
            {"display_name", current.user.display_name},
            {"role", role ? role->key : ""},
            {"permissions", names},
            {"language", current.user.language},
            {"totp_enabled", current.user.totp_enabled}};
}

// What GET /session says of this token.
Result<Json> session_json(Call& call, const std::string& token) {
    Json body{{"signed_in", false}, {"needs_setup", false}, {"needs_second_factor", false}, {"has_data", false}};
    auto read = call.at.database.read([&](soci::session& session) {
        body["needs_setup"] = auth::needs_setup(session);
        int orders = 0;
        session << "SELECT count(*) FROM (SELECT id FROM orders LIMIT 1) o", soci::into(orders);
        body["has_data"] = orders > 0;
        if (token.empty()) return;
        const auto current = auth::find_session(session, call.at.database.keys(), token, call.at.clock.now());
        if (!current) return;
        body["signed_in"] = !current->session.awaits_second_factor;
        body["needs_second_factor"] = current->session.awaits_second_factor;
        body["csrf_token"] = current->csrf_token;
        if (current->session.awaits_second_factor) return;
        body["time_zone"] = record::configured_zone(session).name();
        body["user"] = user_json(session, *current);
    });
    if (!read) return std::unexpected(read.error());
    return body;
}

Reply session_answer(Call& call, const std::string& token, bool set_cookie) {
    const auto body = session_json(call, token);
    if (!body) return std::unexpected(body.error());
    auto response = json(*body);
    response.set("Cache-Control", "no-store");
    if (set_cookie) response.set("Set-Cookie", cookie(call, token));
    return response;
}

Reply get_session(Call& call) { return session_answer(call, call.who.token, false); }

Reply sign_in(Call& call) {
    const auto started = auth::sign_in(call.at.database, {call.text("name"), call.text("password"), call.who.client});
    if (!started) return std::unexpected(started.error());
    call.at.callers.forget();
    return session_answer(call, started->token, true);
}

// A token lets either the first administrator or a colleague choose a password.
Reply complete_setup(Call& call) {
    const std::string token = call.text("token"), password = call.text("password");
    std::string name = call.text("name");
    auth::FirstAdministrator answer;
    answer.token = token;
    answer.name = name;
    answer.display_name = call.text("display_name");
    answer.password = password;
    answer.language = call.who.speaks_chinese ? "zh-CN" : "en";
    auto first = auth::complete_setup(call.at.database, answer);
    if (!first && first.error().key != "setup.done" && first.error().key != "token.invalid")
        return std::unexpected(first.error());
    if (!first) {
        auto reset = auth::complete_reset(call.at.database, token, password);
        if (!reset) return std::unexpected(reset.error());
        name = reset->name;
    }
    const auto started = auth::sign_in(call.at.database, {name, password, call.who.client});
    if (!started) return std::unexpected(started.error());
    call.at.callers.forget();
    return session_answer(call, started->token, true);
}

Reply verify_second_factor(Call& call) {
    if (!call.who.session) return fail(Code::kForbidden, "auth.signed_out", "sign in with name and password first");
    const auto started =
        auth::verify_second_factor(call.at.database, call.who.token, call.text("code"), call.who.client);
    if (!started) return std::unexpected(started.error());
    call.at.callers.forget();
    return session_answer(call, started->token, true);
}

Reply sign_out(Call& call) {
    if (auto out = auth::sign_out(call.at.database, call.who.token); !out) return std::unexpected(out.error());
    call.at.callers.forget();
    auto response = no_content();
    response.set("Set-Cookie", cookie(call, ""));
    return response;
}

Status needs_person(const Call& call) {
    if (call.who.session) return {};
    return fail(Code::kForbidden, "auth.not_a_person", "this is for people who are signed in");
}

Reply change_password(Call& call) {
    if (auto person = needs_person(call); !person) return std::unexpected(person.error());
    if (auto done = auth::change_password(call.at.database, *call.who.session, call.text("old"), call.text("new"));
        !done)
        return std::unexpected(done.error());
    call.at.callers.forget();
    return no_content();
}

Reply check_password(Call& call) {
    const std::string name = call.text("name");
    const auto strength =
        auth::password_strength(call.text("password"), name.empty() ? std::vector<std::string>{} : std::vector{name});
    return json(
        {{"score", strength.score}, {"acceptable", strength.acceptable}, {"warning", text_or_null(strength.warning)}});
}

Reply begin_totp(Call& call) {
    if (auto person = needs_person(call); !person) return std::unexpected(person.error());
    Json body;
    auto written = call.at.database.write("totp.begin", [&](soci::session& session) {
        const auto secret = or_throw(auth::begin_totp(session, call.at.database.keys(), call.who.session->user));
        body = {{"secret", secret.secret}, {"uri", secret.uri}};
    });
    if (!written) return std::unexpected(written.error());
    return json(body);
}

Reply confirm_totp(Call& call) {
    if (auto person = needs_person(call); !person) return std::unexpected(person.error());
    std::vector<std::string> codes;
    auto written = call.at.database.write("totp.confirm", [&](soci::session& session) {
        codes = or_throw(auth::confirm_totp(session, call.at.database.keys(), call.who.session->user.id,
                                            call.text("code"), call.by()));
    });
    if (!written) return std::unexpected(written.error());
    call.at.callers.forget();
    return json({{"recovery_codes", codes}});
}

Reply remove_totp(Call& call) {
    if (auto person = needs_person(call); !person) return std::unexpected(person.error());
    // The password is asked for as at a sign-in, so it is throttled alike; the session that it begins is ended at once.
    const auto proof =
        auth::sign_in(call.at.database, {call.who.session->user.name, call.text("password"), call.who.client});
    if (!proof) return std::unexpected(proof.error());
    auto written = call.at.database.write("totp.remove", [&](soci::session& session) {
        auth::end_session(session, proof->session.id);
        auth::remove_totp(session, call.who.session->user.id, call.by());
    });
    if (!written) return std::unexpected(written.error());
    call.at.callers.forget();
    return no_content();
}

Reply update_me(Call& call) {
    if (auto person = needs_person(call); !person) return std::unexpected(person.error());
    auto written = call.at.database.write("me.change", [&](soci::session& session) {
        const auto user = or_throw(auth::find_user(session, call.who.session->user.id));
        auth::UserChange wanted;
        if (call.body.contains("display_name")) wanted.display_name = call.text("display_name");
        if (call.body.contains("language")) wanted.language = call.text("language");
        or_throw(auth::change_user(session, user.id, user.version, wanted, call.by()));
    });
    if (!written) return std::unexpected(written.error());
    call.at.callers.forget();
    return session_answer(call, call.who.token, false);
}

}  // namespace

void add_session(Handlers& handlers) {
    handlers.add("get_session", get_session);
    handlers.add("complete_setup", complete_setup);
    handlers.add("sign_in", sign_in);
    handlers.add("verify_second_factor", verify_second_factor);
    handlers.add("sign_out", sign_out);
    handlers.add("change_password", change_password);
    handlers.add("check_password", check_password);
    handlers.add("begin_totp", begin_totp);
    handlers.add("confirm_totp", confirm_totp);
    handlers.add("remove_totp", remove_totp);
    handlers.add("update_me", update_me);
}

}  // namespace shuke::api

// src/auth/sign_in.h
//
// Signing in and out. Failures count against the account and against the address (throttle.h); an unknown name, a wrong
// password and a disabled user get the same answer after the same work, so names cannot be guessed.
//
// Not to be called inside a transaction: passwords take a tenth of a second, the transactions around them none.
// Errors   auth.wrong_credentials, auth.throttled, auth.wrong_code, auth.signed_out, password.weak
#pragma once

#include <string>

#include "auth/sessions.h"
#include "record/database.h"

namespace shuke::auth {

struct SignInAttempt {
    std::string name, password;
    Client client;
};

// The token is new at every sign-in. session.awaits_second_factor: go on with verify_second_factor.
Result<StartedSession> sign_in(record::Database& database, const SignInAttempt& attempt);
// `code`: six digits of the app, or a recovery code. The session goes on under a new token.
Result<StartedSession> verify_second_factor(record::Database& database, std::string_view token, std::string_view code,
                                            const Client& client);
Status sign_out(record::Database& database, std::string_view token);
// Asks for the old password; all other sessions of the user end.
Status change_password(record::Database& database, const CurrentSession& current, std::string_view old_password,
                       std::string_view new_password);

}  // namespace shuke::auth

// src/app/password_input.h: a password from whoever runs a command, never from an argument, where others could read it.
#pragma once

#include <string>

#include "base/error.h"

namespace shuke::app {

// The first line of the file; else, at a terminal, typed twice without echo; else the first line of stdin.
// Errors password.unreadable, password.differs.
Result<std::string> read_password(const std::string& file);

}  // namespace shuke::app

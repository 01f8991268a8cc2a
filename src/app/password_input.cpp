#include "app/password_input.h"

#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

namespace shuke::app {
namespace {

// Switches the terminal's echo off while it lives.
class Silence {
public:
    Silence() {
        known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Silence() {
        if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

private:
    termios before_{};
    bool known_ = false;
};

Result<std::string> first_line(std::istream& in, const std::string& where) {
    std::string line;
    std::getline(in, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) {
        return fail(Code::kInvalid, "password.unreadable",
                    where + " holds no password; expected it as the first line");
    }
    return line;
}

Result<std::string> typed(const char* prompt) {
    std::cerr << prompt << std::flush;
    const Silence silence;
    auto line = first_line(std::cin, "the terminal");
    std::cerr << "\n";
    return line;
}

}  // namespace

Result<std::string> read_password(const std::string& file) {
    if (!file.empty()) {
        std::ifstream in(file);
        if (!in) return fail(Code::kNotFound, "file.not_found", "cannot read " + file);
        return first_line(in, file);
    }
    if (::isatty(STDIN_FILENO) == 0) return first_line(std::cin, "stdin");
    auto password = typed("password: ");
    if (!password) return password;
    const auto again = typed("once more: ");
    if (!again) return again;
    if (*password != *again)
        return fail(Code::kInvalid, "password.differs", "the two passwords are not the same; try again");
    return password;
}

}  // namespace shuke::app

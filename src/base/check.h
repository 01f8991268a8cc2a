// src/base/check.h
//
// SHUKE_CHECK(condition, message): what only a bug may cause. Throws Bug, which ends the command or request,
// rolls its transaction back and reports file and line.
#pragma once

#include <stdexcept>
#include <string>

namespace shuke {

class Bug : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

[[noreturn]] inline void throw_bug(const char* file, int line, const char* condition, const std::string& message) {
    throw Bug(std::string(file) + ":" + std::to_string(line) + ": " + condition + ": " + message);
}

}  // namespace shuke

#define SHUKE_CHECK(condition, message)                                                  \
    do {                                                                                 \
        if (!(condition)) ::shuke::throw_bug(__FILE__, __LINE__, #condition, (message)); \
    } while (false)

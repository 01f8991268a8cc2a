// src/base/personal.h: a value about a person. Logs show "***"; reveal() is the one word a reviewer greps for.
#pragma once

#include <ostream>
#include <utility>

namespace shuke {

template <class T>
class Personal {
public:
    Personal() = default;
    explicit Personal(T value) : value_(std::move(value)) {}
    const T& reveal() const { return value_; }
    bool operator==(const Personal&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const Personal&) { return out << "***"; }

private:
    T value_;
};

}  // namespace shuke

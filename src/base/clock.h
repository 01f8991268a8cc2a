// src/base/clock.h: time is an input; tests hold a FakeClock and move it by hand.
#pragma once

#include <chrono>

#include "base/instant.h"

namespace shuke {

class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() const override {
        using namespace std::chrono;
        return Instant{duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
    }
};

class FakeClock final : public Clock {
public:
    explicit FakeClock(Instant now) : now_(now) {}
    Instant now() const override { return now_; }
    void set(Instant now) { now_ = now; }

private:
    Instant now_;
};

}  // namespace shuke

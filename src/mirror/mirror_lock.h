// src/mirror/mirror_lock.h: one copy at a time of a data folder. Ends with the process, however that ends.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

namespace shuke::mirror {

class MirrorLock {
public:
    explicit MirrorLock(const std::filesystem::path& folder)
        : descriptor_(::open((folder / "mirror.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)),
          is_held_(descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {}
    ~MirrorLock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool is_held() const { return is_held_; }
    MirrorLock(const MirrorLock&) = delete;
    MirrorLock& operator=(const MirrorLock&) = delete;

private:
    int descriptor_;
    bool is_held_;
};

}  // namespace shuke::mirror

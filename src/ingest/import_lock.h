// src/ingest/import_lock.h: held while a file is being imported, so that an import that broke off can be told from one
// that is running: whoever is alone knows that no other is.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

namespace shuke::ingest {

class ImportLock {
public:
    explicit ImportLock(const std::filesystem::path& folder)
        : descriptor_(::open((folder / "import.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (descriptor_ < 0) return;
        is_alone_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
        ::flock(descriptor_, LOCK_SH);
    }
    ~ImportLock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool is_alone() const { return is_alone_; }  // when it began
    ImportLock(const ImportLock&) = delete;
    ImportLock& operator=(const ImportLock&) = delete;

private:
    int descriptor_;
    bool is_alone_ = false;
};

}  // namespace shuke::ingest

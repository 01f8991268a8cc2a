#include "record/along_commit.h"

#include "base/check.h"

namespace shuke::record {
namespace {

thread_local AlongCommit* current = nullptr;

}  // namespace

AlongCommit::AlongCommit(std::function<void(soci::session&)> work, bool& committed)
    : work_(std::move(work)), committed_(committed) {
    SHUKE_CHECK(current == nullptr, "one at a time");
    current = this;
}

AlongCommit::~AlongCommit() { current = nullptr; }

AlongCommit* AlongCommit::waiting() { return current != nullptr && !current->committed_ ? current : nullptr; }

}  // namespace shuke::record

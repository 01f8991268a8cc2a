// src/audience/engine/dictionary.h
//
// Texts as dense codes: 1, 2, … in order of arrival; 0 is "missing" and the empty text.
//
// Threads  const calls may run together.
// Cost     add and find: one hash look-up; add of the same text twice in a row: one comparison.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shuke::audience {

class Dictionary {
public:
    std::uint32_t add(std::string_view text) {
        if (text.empty()) return 0;
        if (last_ != 0 && texts_[last_ - 1] == text) return last_;
        if (const auto known = codes_.find(text); known != codes_.end()) return last_ = known->second;
        const std::string& kept = texts_.emplace_back(text);
        last_ = static_cast<std::uint32_t>(texts_.size());
        codes_.emplace(kept, last_);
        bytes_ += sizeof(std::string) + (text.size() > 15 ? text.size() + 1 : 0) + kHashEntryBytes;
        return last_;
    }
    std::uint32_t find(std::string_view text) const {  // 0: not there
        const auto known = codes_.find(text);
        return known == codes_.end() ? 0 : known->second;
    }
    std::string_view text(std::uint32_t code) const { return code == 0 ? std::string_view() : texts_[code - 1]; }
    std::uint32_t max_code() const { return static_cast<std::uint32_t>(texts_.size()); }
    std::uint64_t bytes() const { return bytes_; }

private:
    static constexpr std::uint64_t kHashEntryBytes = 48;
    std::deque<std::string> texts_;  // stays in place while growing: the views below point into it
    std::unordered_map<std::string_view, std::uint32_t> codes_;
    std::uint32_t last_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace shuke::audience

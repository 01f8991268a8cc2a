// src/audience/engine/dictionary.h
//
// Texts as dense codes: 1, 2, … in order of arrival; 0 is "missing" and the empty text.
//
// Threads  const calls may run together.
// Cost     add: one comparison for a text that came not long ago, as shops, provinces and channels do; else, and for
//          find, one hash look-up.
#pragma once

#include <array>
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
        std::uint32_t& recent = recent_[place_of(text)];
        if (recent != 0 && texts_[recent - 1] == text) return recent;
        return recent = look_up(text);
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
    static constexpr std::size_t kRecent = 256;

    // A few bytes tell most texts apart.
    static std::size_t place_of(std::string_view text) {
        const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(text[i])); };
        return (text.size() * 7 + byte(text.size() - 1) * 31 + byte(text.size() / 2) * 13 + byte(0)) % kRecent;
    }

    std::uint32_t look_up(std::string_view text) {
        if (const auto known = codes_.find(text); known != codes_.end()) return known->second;
        const std::string& kept = texts_.emplace_back(text);
        codes_.emplace(kept, max_code());
        bytes_ += sizeof(std::string) + (text.size() > 15 ? text.size() + 1 : 0) + kHashEntryBytes;
        return max_code();
    }

    std::deque<std::string> texts_;  // stays in place while growing: the views below point into it
    std::unordered_map<std::string_view, std::uint32_t> codes_;
    std::array<std::uint32_t, kRecent> recent_{};
    std::uint64_t bytes_ = 0;
};

}  // namespace shuke::audience

// src/audience/engine/dictionary.h
//
// Texts as dense codes: 1, 2, … in order of arrival; 0 is "missing" and the empty text.
//
// A dictionary can grow on from another one, whose codes it keeps, without copying it: it holds the new texts and looks
// for the rest in the one before. Small ones are copied all the same, so that few stand behind each other.
//
// Threads  const calls may run together.
// Cost     add: one comparison for a text that came not long ago, as shops, provinces and channels do; else, and for
//          find, one hash look-up.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shuke::audience {

class Dictionary {
public:
    Dictionary() = default;
    Dictionary(Dictionary&&) = default;
    Dictionary& operator=(Dictionary&&) = default;

    static Dictionary growing_on(std::shared_ptr<const Dictionary> before) {
        Dictionary dictionary;
        if (before->texts_.size() * kWorthStandingBehind >= before->max_code() && before->texts_.size() >= kSmall) {
            dictionary.first_ = before->max_code();
            dictionary.before_ = std::move(before);
            return dictionary;
        }
        dictionary.before_ = before->before_;
        dictionary.first_ = before->first_;
        for (const std::string& text : before->texts_) dictionary.keep(text);
        return dictionary;
    }

    std::uint32_t add(std::string_view text) {
        if (text.empty()) return 0;
        std::uint32_t& recent = recent_[place_of(text)];
        if (recent != 0 && this->text(recent) == text) return recent;
        return recent = look_up(text);
    }
    std::uint32_t find(std::string_view text) const {  // 0: not there
        for (const Dictionary* part = this; part != nullptr; part = part->before_.get()) {
            if (const auto known = part->codes_.find(text); known != part->codes_.end()) return known->second;
        }
        return 0;
    }
    std::string_view text(std::uint32_t code) const {
        const Dictionary* part = this;
        while (code <= part->first_ && part->before_ != nullptr) part = part->before_.get();
        return code == 0 ? std::string_view() : part->texts_[code - part->first_ - 1];
    }
    std::uint32_t max_code() const { return first_ + static_cast<std::uint32_t>(texts_.size()); }
    std::uint64_t bytes() const { return bytes_ + (before_ == nullptr ? 0 : before_->bytes()); }

private:
    static constexpr std::uint64_t kHashEntryBytes = 48;
    static constexpr std::size_t kRecent = 256;
    static constexpr std::size_t kSmall = 1024;
    static constexpr std::size_t kWorthStandingBehind = 8;  // an eighth of all

    // A few bytes tell most texts apart.
    static std::size_t place_of(std::string_view text) {
        const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(text[i])); };
        return (text.size() * 7 + byte(text.size() - 1) * 31 + byte(text.size() / 2) * 13 + byte(0)) % kRecent;
    }

    std::uint32_t look_up(std::string_view text) {
        const std::uint32_t known = find(text);
        return known == 0 ? keep(text) : known;
    }

    std::uint32_t keep(std::string_view text) {
        const std::string& kept = texts_.emplace_back(text);
        codes_.emplace(kept, max_code());
        bytes_ += sizeof(std::string) + (text.size() > 15 ? text.size() + 1 : 0) + kHashEntryBytes;
        return max_code();
    }

    std::shared_ptr<const Dictionary> before_;
    std::uint32_t first_ = 0;        // codes up to it are before_'s
    std::deque<std::string> texts_;  // stays in place while growing: the views below point into it
    std::unordered_map<std::string_view, std::uint32_t> codes_;
    std::array<std::uint32_t, kRecent> recent_{};
    std::uint64_t bytes_ = 0;
};

}  // namespace shuke::audience

#include "api/problem_words.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/text.h"

namespace shuke::api {
namespace {

using Json = nlohmann::json;

const Json& words() {
    static const Json kWords = Json::parse(problem_words().front().text);
    return kWords;
}

std::string word_of(std::string_view text) {
    const auto& fragments = words().at("fragments");
    const auto found = fragments.find(text);
    return found == fragments.end() ? std::string(text) : found->get<std::string>();
}

// What stands at each {} of the pattern; nothing where the text does not fit it.
std::optional<std::vector<std::string>> fitted(std::string_view pattern, std::string_view text) {
    std::vector<std::string> values;
    const auto pieces = [&] {
        std::vector<std::string_view> list;
        for (auto at = pattern.find("{}"); at != std::string_view::npos; at = pattern.find("{}")) {
            list.push_back(pattern.substr(0, at));
            pattern.remove_prefix(at + 2);
        }
        list.push_back(pattern);
        return list;
    }();
    if (!text.starts_with(pieces.front())) return std::nullopt;
    text.remove_prefix(pieces.front().size());
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        const bool last = i + 1 == pieces.size();
        const auto end = last ? text.ends_with(pieces[i]) ? text.size() - pieces[i].size() : std::string_view::npos
                              : text.find(pieces[i]);
        if (end == std::string_view::npos) return std::nullopt;
        values.push_back(word_of(text.substr(0, end)));
        text.remove_prefix(end + pieces[i].size());
    }
    if (!text.empty()) return std::nullopt;
    return values;
}

// {1} … {4} become the values.
std::string filled(std::string sentence, const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string place = "{" + std::to_string(i + 1) + "}";
        if (const auto at = sentence.find(place); at != std::string::npos)
            sentence.replace(at, place.size(), values[i]);
    }
    return sentence;
}

std::optional<std::string> translated(const Json& patterns, std::string_view english) {
    for (const auto& one : patterns) {
        const auto& pattern = one.at(0).get_ref<const std::string&>();
        if (pattern.empty()) return one.at(1).get<std::string>();
        if (const auto values = fitted(pattern, english)) return filled(one.at(1).get<std::string>(), *values);
    }
    return std::nullopt;
}

}  // namespace

bool asks_for_chinese(const http::Request& request) {
    return fold(cut(request.header("accept-language"), 20)).starts_with("zh");
}

std::string chinese_title(int status, std::string_view english) {
    const auto& titles = words().at("titles");
    const auto found = titles.find(std::to_string(status));
    return found == titles.end() ? std::string(english) : found->get<std::string>();
}

std::string chinese_detail(std::string_view key, std::string_view english) {
    const auto& keys = words().at("keys");
    const auto found = keys.find(key);
    if (found == keys.end()) return std::string(english);
    if (found->is_string()) return found->get<std::string>();
    return translated(*found, english).value_or(std::string(english));
}

std::string chinese_fault(std::string_view english) {
    return translated(words().at("faults"), english).value_or(std::string(english));
}

}  // namespace shuke::api

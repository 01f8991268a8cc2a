#include "api/body_json.h"

namespace shuke::api {
namespace {

// Brackets and colons outside of texts; whether it is JSON at all is for the parser to say.
std::optional<std::string> too_much(std::string_view text) {
    std::vector<int> members;
    bool in_text = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_text) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                in_text = false;
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            members.push_back(0);
            if (members.size() > kDepthMax)
                return "brackets nested more than " + std::to_string(kDepthMax) + " deep at byte " + std::to_string(at);
        } else if (c == '}' || c == ']') {
            if (!members.empty()) members.pop_back();
        } else if (c == ':' && !members.empty() && ++members.back() > kMembersMax) {
            return "more than " + std::to_string(kMembersMax) + " fields in one object at byte " + std::to_string(at);
        }
    }
    return std::nullopt;
}

}  // namespace

Result<Json> read_json(std::string_view text) {
    if (const auto why = too_much(text)) return fail(Code::kInvalid, "request.json", "the body has " + *why);
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {
        const auto* parse = dynamic_cast<const Json::parse_error*>(&error);
        return fail(Code::kInvalid, "request.json",
                    "the body is not JSON" + (parse == nullptr ? "" : ": near byte " + std::to_string(parse->byte)));
    }
}

}  // namespace shuke::api

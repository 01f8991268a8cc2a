#include "platform/web_order.h"

#include "base/money.h"

namespace shuke::platform {

std::string text(const WebJson& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

const WebJson& part(const WebJson& from, const char* name) {
    static const WebJson kNone = WebJson::object();
    const auto found = from.find(name);
    return found == from.end() || !found->is_object() ? kNone : *found;
}

std::string first_of(std::initializer_list<std::string> texts) {
    for (const auto& one : texts) {
        if (!one.empty()) return one;
    }
    return "";
}

std::string sum(const std::vector<std::string>& amounts) {
    std::int64_t total = 0;
    for (const auto& one : amounts) {
        const auto decimal = parse_decimal(one);
        const auto micro = decimal ? to_minor(*decimal, 6) : Result<Rounded>(Rounded{0, 0});
        if (micro) total += micro->minor < 0 ? -micro->minor : micro->minor;
    }
    return total == 0 ? "" : format_minor(total, 6);
}

std::string joined(const std::string& a, const std::string& b) { return a.empty() ? b : b.empty() ? a : a + " " + b; }

const WebJson& list(const WebJson& from, const char* name) {
    static const WebJson kNone = WebJson::array();
    const auto found = from.find(name);
    return found == from.end() || !found->is_array() ? kNone : *found;
}

}  // namespace shuke::platform

// Aim: no text crashes or stalls the language. Method: parse; what parses prints, parses again to the same tree, prints
// the same again, and binds or is refused with a message. Seeds: fuzz/corpus/expression_fuzz.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "audience/expression.h"
#include "audience/expression/json.h"
#include "base/text.h"

namespace {

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace shuke::audience;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = parse(text);
    if (!parsed) {
        require(parsed.error().key.starts_with("expression.") && !parsed.error().detail.empty());
        require(shuke::is_utf8(parsed.error().detail));
        return 0;
    }
    const std::string printed = print(*parsed);
    const auto again = parse(printed);
    require(again.has_value() && *again == *parsed && print(*again) == printed);
    const auto by_json = from_json(to_json(*parsed));
    require(by_json.has_value() && *by_json == *parsed);
    BindOptions options;
    options.find_segment = [](const std::string& name) { return std::optional(name); };
    options.find_external_ids = [](const std::vector<std::string>& ids) {
        return std::vector{shuke::CustomerId{static_cast<std::int64_t>(ids.size())}};
    };
    const auto bound = bind(*parsed, options);
    require(bound.has_value() || !bound.error().detail.empty());
    return 0;
}

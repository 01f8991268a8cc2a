#include "api/resources/rows_body.h"

#include "api/body_json.h"
#include "base/text.h"

namespace shuke::api {
namespace {

constexpr std::size_t kMostRows = 100'000;

}  // namespace

Result<std::vector<BodyRow>> rows_of(const http::Request& request) {
    const std::string body = request.body_text();
    std::vector<BodyRow> rows;
    const auto type = request.header("content-type");
    const auto too_many = [] {
        return fail(Code::kInvalid, "request.too_many_rows",
                    "send at most " + std::to_string(kMostRows) + " rows at once; large files go to /uploads");
    };
    if (fold(type.substr(0, type.find(';'))) == "application/x-ndjson") {
        for (const auto line : split(body, '\n')) {
            if (is_blank(line)) continue;
            if (rows.size() == kMostRows) return too_many();
            BodyRow row;
            if (auto value = read_json(line))
                row.value = std::move(*value);
            else
                row.problem = "is not JSON: " + value.error().detail;
            rows.push_back(std::move(row));
        }
        return rows;
    }
    auto read = read_json(body);
    if (!read) return std::unexpected(read.error());
    Json& whole = *read;
    if (!whole.is_array()) {
        rows.push_back({std::move(whole), ""});
        return rows;
    }
    if (whole.size() > kMostRows) return too_many();
    for (auto& one : whole) rows.push_back({std::move(one), ""});
    return rows;
}

std::optional<Fault> fault_of(const Schema& declared, const BodyRow& row) {
    if (!row.problem.empty()) return Fault{"", row.problem};
    std::vector<Fault> faults;
    check(declared, row.value, "", faults);
    if (faults.empty()) return std::nullopt;
    return faults.front();
}

Json rejected_json(std::size_t index, const Fault& fault) {
    Json problem{{"key", "row.invalid"}, {"detail", fault.pointer + " " + fault.detail}};
    if (!fault.pointer.empty()) problem["field"] = fault.pointer.substr(1);
    return {{"index", index}, {"result", "rejected"}, {"problem", problem}};
}

Reply report_of(std::vector<Json> results) {
    std::map<std::string, std::int64_t> counts{{"new", 0}, {"changed", 0}, {"unchanged", 0}, {"rejected", 0}};
    const std::size_t received = results.size();
    Json list = Json::array();
    for (auto& one : results) {
        ++counts[one.at("result").get<std::string>()];
        list.push_back(std::move(one));
    }
    return json({{"received", received},
                 {"new", counts["new"]},
                 {"changed", counts["changed"]},
                 {"unchanged", counts["unchanged"]},
                 {"rejected", counts["rejected"]},
                 {"results", std::move(list)}});
}

std::string text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return "";
    return value.dump();
}

}  // namespace shuke::api

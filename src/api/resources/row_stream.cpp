#include "api/resources/row_stream.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "api/body_json.h"
#include "base/text.h"

namespace shuke::api {
namespace {

constexpr std::uint64_t kJsonBytes = 32ull << 20;
constexpr std::size_t kLineBytes = 1 << 20;
constexpr std::size_t kRowsAtOnce = 1000;
constexpr std::size_t kBytesAtOnce = 8 << 20;
constexpr std::size_t kListedRows = 100'000, kListedRejections = 10'000;

bool is_ndjson(const Call& call) {
    const auto type = call.request.header("content-type");
    return fold(type.substr(0, type.find(';'))) == "application/x-ndjson";
}

// The lines of a file, none longer than kLineBytes in memory.
class Lines {
public:
    explicit Lines(const std::filesystem::path& file) : in_(file, std::ios::binary) {}

    // False at the end. `too_long`: the line was longer, and is left out.
    bool next(std::string& line, bool& too_long) {
        line.clear();
        too_long = false;
        for (bool any = false;; any = true) {
            if (at_ == filled_ && !fill()) return any;
            const char* begin = piece_.data() + at_;
            const char* end = std::find(begin, static_cast<const char*>(piece_.data()) + filled_, '\n');
            if (line.size() + static_cast<std::size_t>(end - begin) > kLineBytes) too_long = true;
            if (!too_long) line.append(begin, end);
            at_ = static_cast<std::size_t>(end - piece_.data());
            if (at_ == filled_) continue;
            ++at_;
            return true;
        }
    }

private:
    bool fill() {
        in_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        filled_ = static_cast<std::size_t>(in_.gcount());
        at_ = 0;
        return filled_ > 0;
    }

    std::ifstream in_;
    std::array<char, 64 * 1024> piece_;
    std::size_t at_ = 0, filled_ = 0;
};

// The answer as it grows: results as text, which is a tenth of what they are as values.
class Report {
public:
    void add(const Json& result) {
        const std::string kind = result.at("result");
        ++counts_[kind];
        ++received_;
        const bool rejected = kind == "rejected";
        if (received_ > kListedRows && (!rejected || ++late_rejections_ > kListedRejections)) {
            ++left_out_;
            return;
        }
        results_ += (results_.empty() ? "" : ",") + result.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    http::Response answer() {
        Json head{{"received", received_},           {"new", counts_["new"]},
                  {"changed", counts_["changed"]},   {"unchanged", counts_["unchanged"]},
                  {"rejected", counts_["rejected"]}, {"results_left_out", left_out_}};
        auto response = json(head);
        response.body.pop_back();
        response.body += ",\"results\":[" + results_ + "]}";
        return response;
    }

private:
    std::map<std::string, std::int64_t> counts_;
    std::size_t received_ = 0, late_rejections_ = 0, left_out_ = 0;
    std::string results_;
};

}  // namespace

bool is_row_stream(const Call& call) { return is_ndjson(call) && !call.request.spooled.empty(); }

Status fits_memory(const Call& call) {
    if (is_ndjson(call) || call.request.body_bytes <= kJsonBytes) return {};
    return fail(Code::kInvalid, "request.body_too_large",
                "a JSON body of rows is at most 32 MiB; send more as application/x-ndjson, a row a line");
}

Reply take_row_stream(const Call& call, const TakeRows& take) {
    Lines lines(call.request.spooled);
    Report report;
    std::vector<BodyRow> rows;
    std::size_t first = 0, bytes = 0;
    const auto hand_over = [&]() -> Status {
        const std::size_t many = rows.size();
        const auto results = take(std::exchange(rows, {}), first);
        if (!results) return std::unexpected(results.error());
        for (const auto& one : *results) report.add(one);
        first += many;
        bytes = 0;
        return {};
    };
    std::string line;
    for (bool too_long = false; lines.next(line, too_long);) {
        if (is_blank(line) && !too_long) continue;
        BodyRow row;
        if (too_long) {
            row.problem = "is longer than 1 MiB";
        } else {
            auto value = read_json(line);
            if (value) {
                row.value = std::move(*value);
            } else {
                row.problem = "is not JSON";
            }
        }
        rows.push_back(std::move(row));
        bytes += line.size();
        if (rows.size() < kRowsAtOnce && bytes < kBytesAtOnce) continue;
        if (auto taken = hand_over(); !taken) return std::unexpected(taken.error());
    }
    if (!rows.empty()) {
        if (auto taken = hand_over(); !taken) return std::unexpected(taken.error());
    }
    return report.answer();
}

}  // namespace shuke::api

#include "ingest/format/flat_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "ingest/source/record_reader.h"

namespace shuke::ingest {
namespace {

using Columns = std::unordered_map<std::string_view, int>;
using Json = nlohmann::json;

// Receives the document value by value; returning false stops the parser.
class FlatHandler final : public nlohmann::json_sax<Json> {
public:
    FlatHandler(const Columns& columns, std::vector<std::string_view>& values, std::deque<std::string>& texts)
        : columns_(columns), values_(values), texts_(texts) {}

    bool null() override { return is_inside(); }
    bool boolean(bool value) override { return take(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return take(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return take(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& spelling) override { return take(spelling); }
    bool string(string_t& value) override { return take(value); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return depth_++ == 0 || deep(); }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return deep(); }
    bool end_array() override { return true; }

    bool key(string_t& name) override {
        name_ = name;
        const auto found = columns_.find(std::string_view(name_));
        column_ = found == columns_.end() ? -1 : found->second;
        if (column_ < 0) return true;
        if (std::ranges::find(seen_, column_) != seen_.end()) {
            fault = {name_, "json.duplicate_name", "the name stands twice in the object"};
            return false;
        }
        seen_.push_back(column_);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        fault = {"", "json.invalid",
                 "the line is not valid JSON at byte " + std::to_string(position) + "; expected one object a line"};
        return false;
    }

    RowFault fault;

private:
    bool is_inside() {
        if (depth_ > 0) return true;
        fault = {"", "json.invalid", "the line is not an object; expected {\"order_no\": …}"};
        return false;
    }
    bool deep() {
        fault = {name_, "json.not_flat",
                 "an object or array stands where a value is expected; write one line an order line"};
        return false;
    }
    bool take(std::string_view value) {
        if (!is_inside()) return false;
        if (value.find('\0') != value.npos) {
            fault = {name_, "text.nul", "the value holds a NUL character, which no text has; remove it"};
            return false;
        }
        if (column_ >= 0) values_[static_cast<std::size_t>(column_)] = keep(texts_, value);
        return true;
    }

    const Columns& columns_;
    std::vector<std::string_view>& values_;
    std::deque<std::string>& texts_;
    std::vector<int> seen_;
    std::string name_;
    int column_ = -1;
    int depth_ = 0;
};

}  // namespace

FlatJson::FlatJson(std::span<const ColumnName> columns) {
    for (const ColumnName& column : columns) {
        columns_.emplace(column.name, column.column);
        count_ = std::max(count_, static_cast<std::size_t>(column.column) + 1);
    }
}

std::optional<RowFault> FlatJson::read(std::string_view line, std::vector<std::string_view>& values,
                                       std::deque<std::string>& texts) const {
    values.assign(count_, {});
    FlatHandler handler(columns_, values, texts);
    if (Json::sax_parse(line.begin(), line.end(), &handler)) return std::nullopt;
    if (handler.fault.key.empty()) handler.fault = {"", "json.invalid", "the line is not valid JSON"};
    return handler.fault;
}

}  // namespace shuke::ingest

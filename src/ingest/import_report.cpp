#include "ingest/import_report.h"

#include <nlohmann/json.hpp>

namespace shuke::ingest {

nlohmann::ordered_json report_json(const ImportReport& report, bool with_reasons) {
    // In the source's currency, which nearly always is the only one.
    const auto own = report.rounding.find(report.source.currency);
    nlohmann::ordered_json json{{"file", report.file},
                                {"import", report.import.value},
                                {"import_id", report.import.value},
                                {"format", report.source.format},
                                {"encoding", report.source.encoding},
                                {"shop", report.shop},
                                {"rows", report.counts.rows},
                                {"imported", report.counts.imported},
                                {"unchanged", report.counts.unchanged},
                                {"adjustments", report.counts.adjustments},
                                {"rejected", report.counts.rejected},
                                {"orders", report.orders},
                                {"lines", report.lines},
                                {"refunds", report.refunds},
                                {"customers", report.customers},
                                {"rounding", own == report.rounding.end() ? 0.0 : own->second},
                                {"currency", std::string(code(report.source.currency))},
                                {"currencies_without_rate", report.currencies_without_rate},
                                {"seconds", report.seconds}};
    for (const auto& [currency, moved] : report.rounding)
        json["rounding_by_currency"][std::string(code(currency))] = moved;
    json["notices"] = report.source.notices;
    auto& rejected = json["first_rejected"] = nlohmann::ordered_json::array();
    for (const auto& row : report.first_rejected) {
        rejected.push_back(
            {{"row", row.row_number}, {"line", row.line_number}, {"column", row.column}, {"problem", row.key}});
        if (with_reasons) rejected.back()["reason"] = row.reason;
    }
    if (report.failure) json["failure"] = {{"key", report.failure->key}, {"detail", report.failure->detail}};
    return json;
}

}  // namespace shuke::ingest

#include "insight/rfm_definition.h"

#include "record/settings.h"

namespace shuke::insight {
namespace {

constexpr int kPlaces = 4;  // of the setting's decimals; no currency has more

std::vector<std::int64_t> monetary_edges(soci::session& session) {
    std::int64_t unit = 1;
    for (int digits = info(record::base_currency(session)).digits; digits < kPlaces; ++digits) unit *= 10;
    auto edges = record::numbers_setting(session, "rfm.monetary_edges", kPlaces);
    for (std::int64_t& edge : edges) edge = (edge + unit - 1) / unit;  // "from the edge on", in whole minor units
    return edges;
}

}  // namespace

RfmOptions rfm_definition(soci::session& session) {
    const auto chosen = [&](const char* name) { return or_throw(record::get_setting(session, name)); };
    RfmOptions options;
    options.basis = chosen("rfm.basis") == "gross" ? Basis::kGross : Basis::kNet;
    options.window_days = record::integer_setting(session, "rfm.window_days");
    options.high_from = static_cast<int>(record::integer_setting(session, "rfm.high_from"));
    if (chosen("rfm.scoring") == "quantiles") {
        options.scoring = QuantileScores{static_cast<int>(record::integer_setting(session, "rfm.scores"))};
    } else {
        options.scoring =
            ThresholdScores{record::numbers_setting(session, "rfm.recency_edges", 0),
                            record::numbers_setting(session, "rfm.frequency_edges", 0), monetary_edges(session)};
    }
    return options;
}

}  // namespace shuke::insight

// src/audience/testing/online_retail.h
//
// Test-only: the bundled Online Retail data as facts, read straight from its CSV, without importer or record. An
// order is an invoice that is neither a cancellation (C…) nor an adjustment (A…), paid when created; a line's amount
// is quantity · price rounded to pence once. Lines of no positive quantity are left out. Refunds are not made here.
//
// external_ids holds the shop's customer numbers: the customer with id i has external_ids[i − 1].
#pragma once

#include <zstd.h>

#include <array>
#include <charconv>
#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "audience/testing/fact_world.h"
#include "base/time_zone.h"

namespace shuke::audience::testing {

struct OnlineRetail {
    FactWorld world;
    std::vector<std::string> external_ids;
    std::deque<std::string> texts;  // what the facts' string_views point to
};

inline std::string read_zstd(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream packed;
    packed << file.rdbuf();
    const std::string in = packed.str();
    if (in.empty()) return {};
    const unsigned long long size = ZSTD_getFrameContentSize(in.data(), in.size());
    if (size == ZSTD_CONTENTSIZE_ERROR) return {};
    ZSTD_DCtx* context = ZSTD_createDCtx();
    std::string out;
    std::string chunk(1 << 20, '\0');
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    while (input.pos < input.size) {
        ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
        if (ZSTD_isError(ZSTD_decompressStream(context, &output, &input)) != 0) break;
        out.append(chunk.data(), output.pos);
    }
    ZSTD_freeDCtx(context);
    return out;
}

// One record of an RFC 4180 file; false at the end.
inline bool next_record(std::string_view& rest, std::vector<std::string>& fields) {
    fields.clear();
    if (rest.empty()) return false;
    std::string field;
    bool quoted = false;
    std::size_t at = 0;
    for (; at < rest.size(); ++at) {
        const char c = rest[at];
        if (c == '"') {
            if (quoted && at + 1 < rest.size() && rest[at + 1] == '"')
                field += rest[at++];
            else
                quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            fields.push_back(std::move(field));
            field.clear();
            if (c == '\n') break;
        } else if (c != '\r') {
            field += c;
        }
    }
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return true;
}

inline std::optional<OnlineRetail> read_online_retail(const std::string& path) {
    const std::string csv = read_zstd(path);
    if (csv.empty()) return std::nullopt;
    OnlineRetail out;
    FactWorld& world = out.world;
    const TimeZone london = *TimeZone::find("Europe/London");
    world.config = {Currency::kGBP, london, {}};
    world.shops = {{ShopId{1}, "online-retail", "Online Retail", Currency::kGBP, "Europe/London"}};
    std::map<std::string, CustomerId, std::less<>>
        customers;  // first pass: all customer numbers of the file, ascending
    std::vector<std::string> row;
    for (std::string_view rest(csv); next_record(rest, row);) {
        if (row.size() >= 8 && !row[6].empty() && row[6] != "CustomerID") customers.emplace(row[6], CustomerId{});
    }
    for (auto& [number, id] : customers) {
        id = CustomerId{static_cast<std::int64_t>(out.external_ids.size()) + 1};
        out.external_ids.push_back(number);
        CustomerFact customer;
        customer.id = id;
        customer.shop = "Online Retail";
        world.customers.push_back(customer);
    }
    std::map<std::string, std::size_t, std::less<>> orders;
    std::map<std::pair<std::string, std::string>, LabelId> labels;
    std::string_view rest(csv);
    next_record(rest, row);
    while (next_record(rest, row)) {
        if (row.size() < 8 || row[0].starts_with('C') || row[0].starts_with('A')) continue;
        const std::int64_t quantity = std::stoll(row[3]);
        if (quantity <= 0) continue;
        const auto [order, is_new] = orders.emplace(row[0], world.orders.size());
        if (is_new) {
            OrderFact fact;
            fact.id = OrderId{static_cast<std::int64_t>(orders.size())};
            fact.customer = row[6].empty() ? CustomerId{} : customers.at(row[6]);
            fact.shop = ShopId{1};
            fact.created_at = fact.paid_at = to_instant(*parse_time(row[4]), london);
            fact.status = OrderStatus::kFinished;
            fact.amount = 0;
            fact.province = out.texts.emplace_back(row[7]);
            world.orders.push_back(fact);
        }
        const auto [label, new_label] =
            labels.emplace(std::pair(row[1], row[2]), LabelId{static_cast<std::int64_t>(labels.size()) + 1});
        if (new_label) {
            LabelFact fact;
            fact.id = label->second;
            fact.product = out.texts.emplace_back(row[1]);
            fact.title = out.texts.emplace_back(row[2]);
            world.labels.push_back(fact);
        }
        OrderFact& of = world.orders[order->second];
        LineFact line;
        line.order = of.id;
        line.line_no = static_cast<std::int32_t>(world.lines.size());
        line.label = label->second;
        line.quantity_milli = quantity * 1000;
        line.price = to_minor(*parse_decimal(row[5]), 2)->minor;
        line.amount = to_minor(Decimal{quantity, 0}, *parse_decimal(row[5]), 2)->minor;
        of.amount += line.amount;
        world.lines.push_back(line);
    }
    return out;
}

}  // namespace shuke::audience::testing

#include "api/mixed_load.h"

#include "api/merchant_file.h"
#include "api/openapi_document.h"
#include "api/schema_check.h"
#include "base/time_zone.h"

namespace shuke::tests {
namespace {

constexpr std::size_t kBatch = 25;
constexpr std::size_t kFaultsMax = 20;
constexpr const char* kProvinces[] = {"浙江", "广东", "上海", "北京"};

const Json& resolved(const Json& one) {
    if (!one.contains("$ref")) return one;
    return api::openapi_document().at(Json::json_pointer(one.at("$ref").get<std::string>().substr(1)));
}

// What is wrong with an answer by the declaration; "": nothing.
std::string undeclared(const std::string& operation, const Heard& heard, const Json& body) {
    static api::Schemas schemas(api::openapi_document());
    static const auto kResponses = [] {
        std::map<std::string, const Json*> all;
        for (const auto& [path, methods] : api::openapi_document().at("paths").items())
            for (const auto& [method, one] : methods.items()) all[one.at("operationId")] = &one.at("responses");
        return all;
    }();
    const Json& responses = *kResponses.at(operation);
    const auto found = responses.find(std::to_string(heard.status));
    if (found == responses.end()) return "the status is not declared";
    const Json& response = resolved(*found);
    if (!response.contains("content")) return "";
    const auto type = heard.headers.contains("content-type") ? heard.headers.at("content-type") : "";
    const auto content = response.at("content").find(type.substr(0, type.find(';')));
    if (content == response.at("content").end()) return "the content type is not declared: " + type;
    std::vector<api::Fault> faults;
    api::check(schemas.compile(content->at("schema")), body, "", faults);
    return faults.empty() ? "" : faults.front().pointer + " " + faults.front().detail;
}

}  // namespace

const std::vector<MixedLoad::Kind>& MixedLoad::kinds() {
    using M = MixedLoad;
    static const std::vector<Kind> kKinds = {
        {"order", "ingest_orders", 300, &M::single_order, &M::judge_orders},
        {"25 orders", "ingest_orders", 40, &M::order_batch, &M::judge_orders},
        {"interaction", "ingest_interactions", 80, &M::interaction, &M::judge_interaction},
        {"search", "list_customers", 170, &M::search, &M::judge_search},
        {"customer", "get_customer", 130, &M::customer, &M::judge_customer},
        {"timeline", "customer_timeline", 60, &M::timeline, &M::judge_nothing},
        {"count", "count_segment", 150, &M::count, &M::judge_count},
        {"RFM", "insight_rfm", 5, &M::rfm, &M::judge_nothing},
        {"today", "get_today", 15, &M::today, &M::judge_nothing},
        {"tag", "tag_customer", 50, &M::tags, &M::judge_tags},
    };
    return kKinds;
}

MixedLoad::MixedLoad(TestServer& server, const MixedShape& shape)
    : server_(server), shape_(shape), key_(server.key("admin")), under_way_(shape.connections) {
    for (int i = 0; i < 3; ++i) people_.push_back(server.administrator());
    start_ = sampled_ = Clock::now();
}

std::optional<Ask> MixedLoad::next(std::size_t connection) {
    if (Clock::now() - start_ > std::chrono::seconds(shape_.seconds)) return std::nullopt;
    std::int64_t draw = below(1000);
    const Kind* kind = kinds().data();
    while (draw >= kind->weight) draw -= (kind++)->weight;
    under_way_[connection] = {};
    under_way_[connection].kind = kind;
    Ask ask = (this->*kind->ask)(connection);
    ask.kind = kind->name;
    if (connection % 2 == 0) {
        ask.headers.emplace_back("Authorization", "Bearer " + key_);
    } else {
        const auto& person = people_[connection % people_.size()];
        ask.headers.emplace_back("Cookie", person.cookie);
        if (ask.method != "GET") ask.headers.emplace_back("X-CSRF-Token", person.csrf);
    }
    if (shape_.pause.count() > 0) ask.pause = std::chrono::milliseconds(below(2 * shape_.pause.count()));
    return ask;
}

bool MixedLoad::heard(std::size_t connection, const Ask& ask, const Heard& heard) {
    sample_memory();
    ++requests_;
    ++statuses_[heard.status];
    latencies_.add(ask.kind, heard.milliseconds);
    const std::string what =
        ask.method + " " + ask.path + ": " + std::to_string(heard.status) + " " + heard.body.substr(0, 300);
    if (heard.status == 0) {
        fault(what + (heard.broke_off ? " the answer broke off: " : " no answer: ") + heard.problem + " after " +
              std::to_string(heard.milliseconds) + " ms");
        return true;
    }
    const auto& under_way = under_way_[connection];
    const Json body = Json::parse(heard.body, nullptr, false);
    if (const auto wrong = undeclared(under_way.kind->operation, heard, body); !wrong.empty()) {
        fault(what + " " + wrong);
    } else if (heard.status == 429) {
        if (!heard.headers.contains("retry-after")) fault(what + " without Retry-After");
    } else if (heard.status != 200) {
        fault(what + " was not expected");
    } else {
        (this->*under_way.kind->judge)(connection, body);
    }
    return true;
}

void MixedLoad::fault(const std::string& what) {
    if (faults_.size() < kFaultsMax) faults_.push_back(what);
}

MixedLoad::Order MixedLoad::new_order() {
    if (!repeatable_.empty() && below(20) == 0) {
        Order order = repeatable_[static_cast<std::size_t>(below(static_cast<std::int64_t>(repeatable_.size())))];
        order.repeated = true;
        return order;
    }
    Order order;
    order.number = "L" + std::to_string(++made_orders_);
    order.buyer =
        below(10) == 0 ? "n" + std::to_string(below(shape_.customers)) : "c" + std::to_string(some_customer());
    order.lines = 1 + static_cast<int>(below(3));
    return order;
}

Json MixedLoad::order_json(const Order& order) {
    Json lines = Json::array();
    for (int i = 1; i <= order.lines; ++i)
        lines.push_back({{"line_no", i}, {"product", "p" + std::to_string(i * 7)}, {"quantity", 1}, {"price", "9.90"}});
    return {{"order_no", order.number},
            {"external_id", order.buyer},
            {"status", "paid"},
            {"created_at", "2026-11-20T08:00:00Z"},
            {"paid_at", "2026-11-20T08:01:00Z"},
            {"amount", order.faulty ? "much" : std::to_string(order.lines * 10) + ".50"},
            {"channel", "load"},
            {"lines", lines}};
}

Ask MixedLoad::single_order(std::size_t connection) {
    auto& orders = under_way_[connection].orders;
    orders.push_back(new_order());
    Ask ask{.kind = "", .method = "POST", .path = "/api/v1/orders", .body = order_json(orders[0]).dump()};
    ask.headers.emplace_back("Content-Type", "application/json");
    if (!orders[0].repeated && below(3) == 0) ask.headers.emplace_back("Idempotency-Key", "once-" + orders[0].number);
    return ask;
}

Ask MixedLoad::order_batch(std::size_t connection) {
    auto& orders = under_way_[connection].orders;
    std::set<std::string> numbers;
    Ask ask{.kind = "", .method = "POST", .path = "/api/v1/orders"};
    while (orders.size() < kBatch) {
        Order order = new_order();
        if (!numbers.insert(order.number).second) continue;
        order.faulty = !order.repeated && below(100) == 0;
        orders.push_back(order);
        ask.body += order_json(order).dump() + "\n";
    }
    ask.headers.emplace_back("Content-Type", "application/x-ndjson");
    return ask;
}

void MixedLoad::judge_orders(std::size_t connection, const Json& body) {
    const auto& orders = under_way_[connection].orders;
    const auto& results = body.at("results");
    if (results.size() != orders.size()) return fault("another number of results than of orders: " + body.dump());
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const std::string expected = orders[i].faulty ? "rejected" : orders[i].repeated ? "unchanged" : "new";
        if (results[i].at("result") != expected)
            fault("order " + orders[i].number + " should be " + expected + ": " + results[i].dump());
        if (orders[i].faulty) continue;
        orders_[orders[i].number] = orders[i].lines;
        buyers_.insert(orders[i].buyer);
        if (repeatable_.size() < 1000) repeatable_.push_back(orders[i]);
    }
}

Ask MixedLoad::interaction(std::size_t connection) {
    (void)connection;
    // The same moment, channel and kind of a customer would be the same one.
    const Json row{{"at", format_iso(Instant::from_seconds(1'790'000'000 + made_interactions_++))},
                   {"external_id", "c" + std::to_string(some_customer())},
                   {"channel", "load"},
                   {"kind", "chat"},
                   {"text", "asks for the parcel"}};
    return {.kind = "",
            .method = "POST",
            .path = "/api/v1/ingest/interactions",
            .body = row.dump(),
            .headers = {{"Content-Type", "application/json"}}};
}

void MixedLoad::judge_interaction(std::size_t, const Json& body) {
    if (body.at("new") == 1)
        ++interactions_;
    else
        fault("an interaction should be new: " + body.dump());
}

Ask MixedLoad::search(std::size_t connection) {
    under_way_[connection].customer = some_customer();
    const std::string asked = below(2) == 0 ? phone_of(under_way_[connection].customer)
                                            : "c" + std::to_string(under_way_[connection].customer);
    return {.kind = "", .method = "GET", .path = "/api/v1/customers?q=" + asked};
}

void MixedLoad::judge_search(std::size_t connection, const Json& body) {
    if (body.at("items").size() != 1)
        fault("customer c" + std::to_string(under_way_[connection].customer) +
              " should be found once: " + body.dump().substr(0, 300));
}

Ask MixedLoad::customer(std::size_t connection) {
    under_way_[connection].customer = some_customer() + 1;
    return {
        .kind = "", .method = "GET", .path = "/api/v1/customers/" + std::to_string(under_way_[connection].customer)};
}

void MixedLoad::judge_customer(std::size_t connection, const Json& body) {
    if (body.at("id") != under_way_[connection].customer || body.at("order_count") < 0)
        fault("another customer than " + std::to_string(under_way_[connection].customer) + ": " +
              body.dump().substr(0, 300));
}

Ask MixedLoad::timeline(std::size_t connection) {
    (void)connection;
    return {
        .kind = "", .method = "GET", .path = "/api/v1/customers/" + std::to_string(some_customer() + 1) + "/timeline"};
}

Ask MixedLoad::count(std::size_t connection) {
    std::string& text = under_way_[connection].text;
    const std::string number = std::to_string(1 + below(400));
    switch (below(5)) {
        case 0: text = "all customers"; break;
        case 1: text = "any(orders where paid within last " + number + " days)"; break;
        case 2: text = "total_spent >= " + number + " and province = " + kProvinces[below(4)]; break;
        case 3: text = "count(orders where paid within last 365 days) >= 2 and total_spent < " + number + "0"; break;
        default:
            text =
                "not any(lines where category = c" + std::to_string(below(100)) + " within last " + number + " days)";
    }
    return {.kind = "",
            .method = "POST",
            .path = "/api/v1/segments/count",
            .body = Json{{"expression", text}, {"sample", 5}}.dump(),
            .headers = {{"Content-Type", "application/json"}}};
}

void MixedLoad::judge_count(std::size_t connection, const Json& body) {
    const std::int64_t count = body.at("count"), of = body.at("of");
    if (of < shape_.customers || count < 0 || count > of ||
        (under_way_[connection].text == "all customers" && count != of))
        fault("the count cannot be: " + under_way_[connection].text + " " + body.dump().substr(0, 300));
}

Ask MixedLoad::rfm(std::size_t connection) {
    (void)connection;
    return {.kind = "",
            .method = "POST",
            .path = "/api/v1/insight/rfm",
            .body = "{}",
            .headers = {{"Content-Type", "application/json"}}};
}

Ask MixedLoad::today(std::size_t connection) {
    (void)connection;
    return {.kind = "", .method = "GET", .path = "/api/v1/today"};
}

Ask MixedLoad::tags(std::size_t connection) {
    under_way_[connection].customer = some_customer() + 1;
    under_way_[connection].text = "load " + std::to_string(++last_tag_ % 20);
    return {.kind = "",
            .method = "POST",
            .path = "/api/v1/customers/" + std::to_string(under_way_[connection].customer) + "/tags",
            .body = Json{{"add", {under_way_[connection].text}}}.dump(),
            .headers = {{"Content-Type", "application/json"}}};
}

void MixedLoad::judge_tags(std::size_t connection, const Json& body) {
    if (body.dump().find("\"" + under_way_[connection].text + "\"") == std::string::npos)
        fault("the tag is not there after it was given: " + body.dump().substr(0, 300));
}

void MixedLoad::sample_memory() {
    const auto now = Clock::now();
    if (now - sampled_ < std::chrono::seconds(std::max(1, shape_.seconds / 60))) return;
    sampled_ = now;
    const std::string metrics = server_.send("GET", "/metrics").body;
    const auto bytes = [&](const std::string& name) {
        const auto at = metrics.find("\n" + name + " ");
        return at == std::string::npos ? 0 : std::stod(metrics.substr(at + name.size() + 2));
    };
    const double all = static_cast<double>(server_.resident_kb()) / 1024;
    const double kept = (bytes("shuke_audience_bytes") + bytes("shuke_audience_cache_bytes")) / (1 << 20);
    memory_.push_back({std::chrono::duration<double>(now - start_).count(), all, kept});
}

std::vector<MixedLoad::Memory> MixedLoad::memory() const {
    const double span = std::min(60.0, shape_.seconds / 5.0);
    std::vector<Memory> means;
    std::vector<int> numbers;
    for (const Memory& sample : memory_) {
        const auto window = static_cast<std::size_t>(sample.at / span);
        means.resize(std::max(means.size(), window + 1));
        numbers.resize(means.size());
        means[window].all += sample.all;
        means[window].kept += sample.kept;
        ++numbers[window];
    }
    for (std::size_t i = 0; i < means.size(); ++i) {
        means[i].at = static_cast<double>(i) * span;
        means[i].all /= std::max(1, numbers[i]);
        means[i].kept /= std::max(1, numbers[i]);
    }
    return means;
}

}  // namespace shuke::tests

#include "segments/engine_peer.h"

#include <chrono>
#include <stdexcept>

#include "audience/builder.h"

namespace shuke::bench {
namespace {

class BuilderSink : public WorldSink {
public:
    explicit BuilderSink(audience::Builder& builder) : builder_(builder) {}
    void add_label(const LabelFact& label) override { builder_.add_label(label); }
    void add_customer(const CustomerFact& customer) override { builder_.add_customer(customer); }
    void add_order(const OrderFact& order) override { builder_.add_order(order); }
    void add_line(const LineFact& line) override { builder_.add_line(line); }
    void add_refund(const RefundFact& refund) override { builder_.add_refund(refund); }
    void add_message(const MessageRow&) override {}  // MESSAGES: the engine has no such fact yet

private:
    audience::Builder& builder_;
};

}  // namespace

Engine::Engine(const WorldShape& shape, audience::WorkerPool& pool) : pool_(pool) {
    const auto begin = std::chrono::steady_clock::now();
    audience::Builder builder({Currency::kCNY, *TimeZone::find("Asia/Shanghai"), {}});
    for (const Shop& shop : world_shops()) {
        if (!builder.add_shop(shop)) throw std::runtime_error("the shop's time zone is not known");
    }
    BuilderSink sink(builder);
    make_world(shape, sink);
    version_ = builder.build(&pool);
    load_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string Engine::complaint(const std::string& text) const {
    const auto bound = audience::parse_and_bind(text, bind_options());
    return bound ? "" : bound.error().key;
}

audience::Selection Engine::answer(const std::string& text) const {
    const auto bound = audience::parse_and_bind(text, bind_options());
    if (!bound) throw std::runtime_error(bound.error().detail);
    return audience::evaluate(*version_, *bound, end_of_world(), &pool_);
}

audience::Selection Engine::answer_warm(const std::string& text) {
    const auto bound = audience::parse_and_bind(text, bind_options());
    if (!bound) throw std::runtime_error(bound.error().detail);
    return audience::evaluate(*version_, *bound, end_of_world(), &pool_, &cache_);
}

std::vector<std::int64_t> Engine::ids(const std::string& text) const {
    std::vector<std::int64_t> ids;
    for (const CustomerId id : audience::customers(*version_, answer(text))) ids.push_back(id.value);
    return ids;
}

}  // namespace shuke::bench

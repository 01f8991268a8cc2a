#include "app/load_audience.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "audience/builder.h"
#include "identity/identifiers.h"
#include "record/changes.h"
#include "record/facts.h"
#include "record/settings.h"

namespace shuke::app {
namespace {

// By which channel an identifier of which kind can be reached. Privacy numbers die with their order and reach nobody.
const std::multimap<int, std::string>& channels() {
    using enum identity::IdentifierKind;
    static const std::multimap<int, std::string> kChannels = {
        {static_cast<int>(kPhone), "sms"}, {static_cast<int>(kPhone), "phone"}, {static_cast<int>(kEmail), "email"}};
    return kChannels;
}

// Order lines are most of the record: read in one thread while another adds them.
class LineStream {
public:
    explicit LineStream(record::FactReader& reader) : thread_([this, &reader] { read(reader); }) {}
    ~LineStream() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    LineStream(const LineStream&) = delete;
    LineStream& operator=(const LineStream&) = delete;

    // Empty: the end. Throws what reading threw.
    std::vector<LineFact> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !batches_.empty() || ended_; });
        if (batches_.empty()) {
            if (failure_) std::rethrow_exception(failure_);
            return {};
        }
        auto batch = std::move(batches_.front());
        batches_.pop_front();
        lock.unlock();
        changed_.notify_all();
        return batch;
    }

private:
    struct Stopped {};

    void read(record::FactReader& reader) {
        try {
            reader.lines([&](std::vector<LineFact> lines) {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [&] { return batches_.size() < 64 || stopped_; });
                if (stopped_) throw Stopped{};
                batches_.push_back(std::move(lines));
                lock.unlock();
                changed_.notify_all();
            });
        } catch (const Stopped&) {
        } catch (...) {
            failure_ = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::vector<LineFact>> batches_;
    std::exception_ptr failure_;
    bool ended_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace

audience::Config audience_config(soci::session& session) {
    audience::Config config;
    config.base_currency = record::base_currency(session);
    config.zone = record::configured_zone(session);
    config.lifecycle.silent_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.active_days"));
    config.lifecycle.sleeping_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.silent_days"));
    config.lifecycle.lost_after_days = static_cast<int>(record::integer_setting(session, "lifecycle.sleeping_days"));
    return config;
}

Result<LoadedAudience> load_audience(record::Database& database, audience::WorkerPool* pool) {
    const auto start = std::chrono::steady_clock::now();
    LoadedAudience loaded;
    const auto read = database.read([&](soci::session& session) {
        const audience::Config config = audience_config(session);
        record::Converter converter(record::all_rates(session), config.base_currency);
        record::FactReader reader(session, converter);
        audience::Builder builder(config);
        loaded.change = record::last_change(session);
        for (const Shop& shop : record::all_shops(session)) or_throw(builder.add_shop(shop));
        reader.labels([&](const LabelFact& label) { builder.add_label(label); });
        reader.customers([&](const CustomerFact& customer) { builder.add_customer(customer); });
        reader.orders([&](const OrderFact& order) { builder.add_order(order); });
        {
            LineStream lines(reader);
            for (auto batch = lines.next(); !batch.empty(); batch = lines.next()) {
                for (const LineFact& line : batch) builder.add_line(line);
            }
        }
        reader.refunds([&](const RefundFact& refund) { builder.add_refund(refund); });
        reader.spans(channels(), [&](const SpanFact& span) { builder.add_span(span); });
        loaded.missing_rates = converter.missing();
        loaded.version = builder.build(pool);
    });
    if (!read) return std::unexpected(read.error());
    loaded.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return loaded;
}

}  // namespace shuke::app

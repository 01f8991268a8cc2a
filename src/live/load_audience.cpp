#include "live/load_audience.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "audience/builder.h"
#include "live/audience_origin.h"
#include "record/changes.h"
#include "record/facts.h"

namespace shuke::live {
namespace {

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

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr std::size_t kCustomersARead = 5000;  // changed ones; their ids are part of the query

void add_orders_and_lines(record::FactReader& reader, audience::Builder& builder) {
    reader.orders([&](const OrderFact& order) { builder.add_order(order); });
    reader.lines([&](const std::vector<LineFact>& lines) {
        for (const LineFact& line : lines) builder.add_line(line);
    });
}

using Groups = std::vector<std::vector<CustomerId>>;

void add_changed(soci::session& session, const KeyRing& keys, record::Converter& converter, const Groups& groups,
                 bool guests, audience::Builder& builder) {
    std::vector<record::FactReader> readers;
    for (const auto& group : groups) readers.emplace_back(session, converter, record::Whose::of(group));
    for (auto& reader : readers)
        reader.customers([&](const CustomerFact& customer) { builder.add_customer(customer); });
    if (guests) {
        builder.replace_guests();
        readers.emplace_back(session, converter, record::Whose::guests());
    }
    for (auto& reader : readers) add_orders_and_lines(reader, builder);
    for (auto& reader : readers) reader.refunds([&](const RefundFact& refund) { builder.add_refund(refund); });
    for (auto& reader : readers) {
        reader.events([&](const EventFact& event) { builder.add_event(event); });
        reader.traits(keys, [&](const TraitFact& trait) { builder.add_trait(trait); });
        reader.spans(channels(), [&](const SpanFact& span) { builder.add_span(span); });
    }
}

// The living customers behind the stamps, and all ids that were merged into them: none of these is as it was.
std::vector<CustomerId> all_ids(const std::vector<CustomerId>& changed, const Groups& groups) {
    std::vector<CustomerId> ids = changed;
    for (const auto& group : groups) ids.insert(ids.end(), group.begin(), group.end());
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

bool is_continued(const audience::SnapshotOrigin& then, const audience::SnapshotOrigin& now) {
    return then.record == now.record && then.settings == now.settings && then.change <= now.change;
}

// One entry a currency. Amounts of a customer who changes again are counted again: read anew, they are counted once.
void add_missing(const record::Converter::Missing& one, std::vector<record::Converter::Missing>& all) {
    const auto known = std::ranges::find(all, one.currency, &record::Converter::Missing::currency);
    if (known == all.end()) return all.push_back(one);
    known->amounts += one.amounts;
    known->first = std::min(known->first, one.first);
    known->last = std::max(known->last, one.last);
}

}  // namespace

Result<LoadedAudience> load_audience(record::Database& database, audience::WorkerPool* pool) {
    const auto start = Clock::now();
    LoadedAudience loaded;
    const auto read = database.read([&](soci::session& session) {
        loaded.origin = read_origin(session);
        const audience::Config config = read_config(session);
        record::Converter converter(record::all_rates(session), config.base_currency);
        record::FactReader reader(session, converter);
        audience::Builder builder(config);
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
        reader.events([&](const EventFact& event) { builder.add_event(event); });
        reader.traits(database.keys(), [&](const TraitFact& trait) { builder.add_trait(trait); });
        reader.spans(channels(), [&](const SpanFact& span) { builder.add_span(span); });
        loaded.missing_rates = converter.missing();
        loaded.version = builder.build(pool);
    });
    if (!read) return std::unexpected(read.error());
    loaded.seconds = seconds_since(start);
    return loaded;
}

Result<LoadedAudience> refresh_audience(record::Database& database, const LoadedAudience& base,
                                        audience::WorkerPool* pool) {
    const auto start = Clock::now();
    LoadedAudience loaded = base;
    bool anew = false;
    const auto read = database.read([&](soci::session& session) {
        loaded.origin = read_origin(session);
        anew = !is_continued(base.origin, loaded.origin);
        if (anew || loaded.origin.change == base.origin.change) return;
        const std::vector<CustomerId> changed = record::changed_since(session, base.origin.change);
        anew = changed.size() > base.version->customers() / 5 + kCustomersARead;
        if (anew) return;
        record::Converter converter(record::all_rates(session), base.version->config().base_currency);
        const Groups groups = record::changed_groups(session, changed, kCustomersARead);
        audience::Builder builder = audience::Builder::on(base.version, all_ids(changed, groups));
        record::FactReader(session, converter)
            .labels([&](const LabelFact& label) { builder.add_label(label); }, base.version->last_label());
        const bool guests = !changed.empty() && changed.front() == record::kGuests;
        add_changed(session, database.keys(), converter, groups, guests, builder);
        for (const auto& missing : converter.missing()) add_missing(missing, loaded.missing_rates);
        loaded.version = builder.build(pool);
    });
    if (!read) return std::unexpected(read.error());
    if (anew) return load_audience(database, pool);
    loaded.seconds = seconds_since(start);
    return loaded;
}

}  // namespace shuke::live

#include "ingest/order_intake.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "ingest/format/native.h"
#include "ingest/order_writer.h"
#include "record/settings.h"
#include "record/shops.h"

namespace shuke::ingest {
namespace {

constexpr std::size_t kWaitingOrders = 100'000;
constexpr std::size_t kGroupOrders = 10'000;  // of one transaction

SourceInfo native_info() {
    SourceInfo info;
    info.format = info.platform = info.shop = "native";
    info.currency = Currency::kCNY;
    info.time_zone = TimeZone::find("Asia/Shanghai").value_or(TimeZone::utc());
    return info;
}

}  // namespace

struct OrderIntake::Read {
    std::string order_no;
    std::vector<NativeTexts> texts;  // own what the rows point to
    RowBatch batch;
    std::vector<DigestedRow> rows;
    std::optional<RowFault> fault;
};

struct OrderIntake::Request {
    std::vector<std::unique_ptr<Read>> orders;
    std::vector<OrderOutcome> outcomes;
    Done done;
    Along along;
};

// The record's side: one session, one order writer, as long as the intake lives.
class OrderIntake::Writer {
public:
    explicit Writer(record::Database& database) : database_(database), info_(native_info()) {}

    // Reads which orders and accounts there are: seconds, of a large record. Before the first transaction, so that no other
    // writer has to wait for it.
    Status prepare() {
        if (writer_) return {};
        return record::guarded([&] {
            session_ = std::make_unique<record::WriteSession>(database_.connect());
            session_->now() << "SELECT writes FROM write_counter", soci::into(own_writes_);
            OrderWriter::Options options{.import = {}, .actor = "api"};
            options.shared_names_max =
                static_cast<std::size_t>(record::integer_setting(*session_, "identity.shared_names_max"));
            writer_ = std::make_unique<OrderWriter>(*session_, database_.keys(), database_.clock(), options);
        });
    }

    // All of them in one transaction. One that cannot be written is found by halves, and costs the others nothing but time.
    void write(std::span<const std::unique_ptr<Request>> requests) {
        std::vector<Item> items;
        std::vector<const Request*> whole;
        for (const auto& request : requests) {
            const auto before = items.size();
            for (std::size_t i = 0; i < request->orders.size(); ++i) {
                if (!request->orders[i]->rows.empty())
                    items.emplace_back(request->orders[i].get(), &request->outcomes[i]);
            }
            if (items.size() > before && request->along) whole.push_back(request.get());
        }
        if (items.empty()) return;
        const auto done = attempt(items, whole);
        if (done) return;
        if (requests.size() > 1 && !is_of_the_record(done.error())) {
            write(requests.first(requests.size() / 2));
            write(requests.subspan(requests.size() / 2));
            return;
        }
        write_apart(items, done.error());
        // What goes along says how it ended, so it comes last here. Orders that come again are unchanged.
        [[maybe_unused]] const auto kept = attempt({}, whole);
    }

private:
    using Item = std::pair<Read*, OrderOutcome*>;

    // Nothing is wrong with any order: the record cannot be written now, whichever of them are tried.
    static bool is_of_the_record(const Error& error) {
        return error.key == "record.busy" || error.key == "record.disk_full" || error.key == "record.io" ||
               error.key == "record.read_only";
    }

    // Known to fail together, with this error.
    void write_apart(std::span<const Item> items, const Error& error) {
        if (items.size() == 1 || is_of_the_record(error)) {
            for (const auto& one : items) reject(one, error.key, error.detail, "");
            return;
        }
        for (const auto half : {items.first(items.size() / 2), items.subspan(items.size() / 2)}) {
            for (const auto& one : half) *one.second = OrderOutcome{};
            if (const auto done = attempt(half, {}); !done) write_apart(half, done.error());
        }
    }

    static void reject(const Item& one, const std::string& key, const std::string& detail, const std::string& field) {
        *one.second = {OrderOutcome::Kind::kRejected, one.first->order_no, key, detail, field};
    }

    Status attempt(std::span<const Item> orders, std::span<const Request* const> whole) {
        if (auto ready = prepare(); !ready) return ready;
        const auto turn = database_.own_turn();
        auto done = record::guarded([&] {
            begin();
            WriteCounts counts;
            for (const auto& one : orders) write_one(one, counts);
            writer_->commit_rows();
            writer_->finish();
            for (const auto* request : whole) request->along(session_->now(), request->outcomes);
            database_.commit(session_->now());
        });
        if (!done) {
            record::roll_back(session_->after_failure());
            shops_.clear();
            must_forget_ = true;
        }
        return done;
    }

    void begin() {
        database_.begin_write(*session_);
        long long writes = 0;
        session_->now() << "SELECT writes FROM write_counter", soci::into(writes);
        if (must_forget_ || writes != own_writes_ + 1) {
            writer_->forget();
            shops_.clear();
        }
        must_forget_ = false;
        own_writes_ = writes;
        writer_->begin();
    }

    void write_one(const Item& one, WriteCounts& counts) {
        const auto& [order, outcome] = one;
        const auto imported = counts.imported, new_orders = counts.new_orders;
        const std::size_t refused = counts.refused.size();
        writer_->next_file();
        writer_->write(shop_of(*order->rows.front().row), order->rows, counts);
        outcome->order_no = order->order_no;
        if (counts.refused.size() > refused)
            return reject(one, counts.refused.back().error.key, counts.refused.back().error.detail, "");
        outcome->kind = counts.new_orders > new_orders ? OrderOutcome::Kind::kNew
                        : counts.imported > imported   ? OrderOutcome::Kind::kChanged
                                                       : OrderOutcome::Kind::kUnchanged;
    }

    const ShopInfo& shop_of(const OrderRow& row) {
        const std::string platform(row.platform.empty() ? std::string_view(info_.platform) : row.platform);
        const std::string name(row.shop.empty() ? std::string_view(info_.shop) : row.shop);
        const std::string key = platform + '\n' + name;
        if (const auto known = shops_.find(key); known != shops_.end()) return known->second;
        Shop shop;
        shop.platform = platform;
        shop.name = name;
        shop.currency = row.currency == Currency::kNone ? info_.currency : row.currency;
        shop.time_zone = info_.time_zone.name();
        shop = record::ensure_shop(*session_, shop, database_.clock().now());
        const TimeZone zone = or_throw(TimeZone::find(shop.time_zone));
        return shops_.emplace(key, ShopInfo{shop, zone}).first->second;
    }

    record::Database& database_;
    const SourceInfo info_;
    std::unique_ptr<record::WriteSession> session_;
    std::unique_ptr<OrderWriter> writer_;
    std::unordered_map<std::string, ShopInfo> shops_;
    long long own_writes_ = 0;
    bool must_forget_ = false;
};

OrderIntake::OrderIntake(record::Database& database) : database_(database), thread_([this] { run(); }) {}

OrderIntake::~OrderIntake() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    arrived_.notify_all();
    thread_.join();
}

bool OrderIntake::submit(const std::vector<IncomingOrder>& orders, Done done, Along along) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_ || (waiting_orders_ > 0 && waiting_orders_ + orders.size() > kWaitingOrders)) return false;
    }
    const SourceInfo info = native_info();
    const auto format = make_native_format(ColumnMap::by_position(native_columns()), info);
    auto request = std::make_unique<Request>();
    request->done = std::move(done);
    request->along = std::move(along);
    for (const auto& order : orders) {
        auto read = std::make_unique<Read>();
        read->texts = order.rows;
        std::uint64_t number = 0;
        for (const auto& texts : read->texts) {
            Record record;
            record.number = ++number;
            record.cells.assign(texts.begin(), texts.end());
            read->fault = format->convert(record, read->batch);
            if (read->fault) break;
            read->batch.rows.back().row_number = number;
        }
        for (const auto& row : read->batch.rows) {
            read->order_no = row.order_no;
            if (!read->fault) read->rows.push_back({&row, digest(row)});
        }
        auto& outcome = request->outcomes.emplace_back();
        if (read->fault)
            outcome = {OrderOutcome::Kind::kRejected, read->order_no, read->fault->key, read->fault->reason,
                       read->fault->column};
        request->orders.push_back(std::move(read));
    }
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return false;
        waiting_orders_ += request->orders.size();
        waiting_.push_back(std::move(request));
    }
    arrived_.notify_one();
    return true;
}

OrderIntake::Load OrderIntake::load() const {
    const std::lock_guard lock(mutex_);
    return {waiting_orders_, transactions_};
}

void OrderIntake::run() {
    Writer writer(database_);
    [[maybe_unused]] const auto ready = writer.prepare();  // else the first orders try again, and are told
    for (;;) {
        std::vector<std::unique_ptr<Request>> group;
        std::size_t orders = 0;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait(lock, [this] { return stopped_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            while (!waiting_.empty() && (group.empty() || orders + waiting_.front()->orders.size() <= kGroupOrders)) {
                orders += waiting_.front()->orders.size();
                group.push_back(std::move(waiting_.front()));
                waiting_.pop_front();
            }
            ++transactions_;
        }
        writer.write(group);
        for (auto& request : group) request->done(std::move(request->outcomes));
        const std::lock_guard lock(mutex_);
        waiting_orders_ -= orders;
    }
}

}  // namespace shuke::ingest

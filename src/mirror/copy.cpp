#include <algorithm>
#include <charconv>
#include <limits>

#include "audience/clickhouse/sql_text.h"
#include "audience/clickhouse/tables.h"
#include "base/text.h"
#include "mirror/mirror.h"

namespace shuke::mirror {
namespace {

namespace tables = audience::clickhouse;

constexpr std::size_t kBatchBytes = 16 << 20;
// Every query looks through the partial copies beside the whole one; beyond these a whole one is cheaper.
constexpr std::size_t kMostPartialCopies = 50;
constexpr std::int64_t kMostPartialShare = 5;  // a fifth of all customers

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n')) {
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

class Copier {
public:
    Copier(const Server& server, const Source& source, const CopyOptions& options)
        : server_(server), source_(source), options_(options), rows_(source.version) {}

    Copied run(Instant now) {
        find_nodes();
        prepare_tables();
        const std::optional<Published> before = or_throw(published(server_));
        if (before && before->record != source_.origin.record)
            throw Failure{{Code::kConflict, "mirror.other_record",
                           server_.place() + " holds the mirror of another data folder; name a database of its own: "
                                             "--url '…?database=NAME'"}};
        clear_away_invisible(before);
        copied_.whole = must_be_whole(before);
        std::vector<CustomerId> changed;
        if (!copied_.whole) {
            if (before->change == source_.origin.change) return copied_;
            changed = or_throw(source_.changed_since(before->change));
        }
        // No copy that died may have had the same number: a server may still be at its last insert.
        copied_.generation = std::max(now.us_since_epoch, newest_generation_ + 1);
        if (copied_.whole)
            send_all();
        else
            send(changed);
        publish(now);
        return copied_;
    }

private:
    // The cluster's nodes, all behind the same port and for the same user as the server that was named.
    void find_nodes() {
        if (options_.cluster.empty()) {
            nodes_ = {server_};
            return;
        }
        const std::string cluster = tables::quote(options_.cluster);
        const std::string hosts =
            or_throw(server_.ask("SELECT DISTINCT host_name FROM system.clusters WHERE cluster = " + cluster +
                                 " ORDER BY host_name FORMAT TabSeparated"));
        for (const std::string& host : lines_of(hosts)) nodes_.push_back(server_.on(host));
        if (!nodes_.empty()) return;
        const auto known = or_throw(server_.ask("SELECT DISTINCT cluster FROM system.clusters FORMAT TabSeparated"));
        throw Failure{{Code::kInvalid, "mirror.cluster",
                       server_.place() + " knows no cluster '" + options_.cluster +
                           "'; it knows: " + join(lines_of(known), ", ")}};
    }

    // Tables of an earlier layout are made anew; between one server and a cluster the user decides.
    void prepare_tables() {
        const std::string kind =
            trimmed("SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = " +
                    tables::quote(tables::kCustomers));
        const bool is_distributed = kind == "Distributed";
        if (!kind.empty() && is_distributed == options_.cluster.empty())
            throw Failure{{Code::kConflict, "mirror.cluster",
                           is_distributed
                               ? "the mirror in " + server_.place() + " lies on a cluster; name it: --cluster NAME"
                               : "the mirror in " + server_.place() +
                                     " lies on this server alone; for a cluster name another database, or drop "
                                     "its tables shuke_customers and shuke_publications first"}};
        if (!kind.empty() && has_other_columns()) {
            for (const Server& node : nodes_) {
                for (const std::string& drop : tables::drop_tables()) or_throw(node.run(drop));
            }
        }
        for (const Server& node : nodes_) {
            for (const std::string& create : tables::create_tables(options_.cluster)) or_throw(node.run(create));
        }
    }
    bool has_other_columns() const {  // in whatever order the server tells them
        std::vector<std::string> expected;
        for (const auto& column : tables::customer_columns())
            expected.push_back(std::string(column.name) + " " + std::string(column.type));
        std::vector<std::string> found = lines_of(or_throw(
            server_.ask("SELECT concat(name, ' ', type) FROM system.columns WHERE database = currentDatabase() "
                        "AND table = " +
                        tables::quote(tables::kCustomers) + " FORMAT TabSeparatedRaw")));
        std::ranges::sort(expected);
        std::ranges::sort(found);
        return found != expected;
    }
    std::string trimmed(const std::string& question) const {
        return std::string(trim(or_throw(server_.ask(question + " FORMAT TabSeparated"))));
    }

    // What no publication names: copies that died, and what the newest whole copy has replaced. A query that began with
    // an earlier picture has had the time until this copy to end.
    void clear_away_invisible(const std::optional<Published>& before) {
        const std::string stored = tables::stored_table(tables::kCustomers, options_.cluster);
        for (const Server& node : nodes_) {
            const std::string partitions = or_throw(node.ask(
                "SELECT DISTINCT partition FROM system.parts WHERE active AND database = currentDatabase() AND "
                "table = " +
                tables::quote(stored) + " FORMAT TabSeparated"));
            for (const std::string& partition : lines_of(partitions)) {
                std::int64_t generation = 0;
                std::from_chars(partition.data(), partition.data() + partition.size(), generation);
                newest_generation_ = std::max(newest_generation_, generation);
                if (!is_visible(before, generation))
                    or_throw(node.run("ALTER TABLE " + stored + " DROP PARTITION " + partition));
            }
        }
        if (before) newest_generation_ = std::max(newest_generation_, before->newest);
    }
    static bool is_visible(const std::optional<Published>& before, std::int64_t generation) {
        if (!before) return false;
        const auto& later = before->picture.later;
        return generation == before->picture.base || std::ranges::find(later, generation) != later.end();
    }

    bool must_be_whole(const std::optional<Published>& before) const {
        if (!before || options_.whole || before->fingerprint != fingerprint(source_.origin)) return true;
        if (before->change > source_.origin.change) return true;  // the record is an older one, from a backup
        return before->picture.later.size() >= kMostPartialCopies ||
               before->rows_since_whole * kMostPartialShare > before->whole_rows;
    }

    void send_all() {
        const std::vector<audience::Slot> slots = rows_.slots();
        for (std::size_t i = 0; i < slots.size(); ++i) {
            rows_.append(slots[i], copied_.generation, batch_);
            ++copied_.customers;
            flush(kBatchBytes, i + 1, slots.size());
        }
        flush(0, slots.size(), slots.size());
    }
    void send(const std::vector<CustomerId>& customers) {
        for (std::size_t i = 0; i < customers.size(); ++i) {
            if (const auto slot = source_.version.slot_of(customers[i])) {
                rows_.append(*slot, copied_.generation, batch_);
            } else {
                tables::CustomerRows::append_gone(customers[i], copied_.generation, batch_);
                ++copied_.gone;
            }
            ++copied_.customers;
            flush(kBatchBytes, i + 1, customers.size());
        }
        flush(0, customers.size(), customers.size());
    }
    void flush(std::size_t at_least, std::uint64_t done, std::uint64_t all) {
        if (batch_.empty() || batch_.size() < at_least) return;
        or_throw(server_.insert(tables::kCustomers, batch_));
        copied_.bytes += static_cast<std::int64_t>(batch_.size());
        batch_.clear();
        if (options_.progress) options_.progress(done, all);
    }

    void publish(Instant now) {
        const auto text = [](std::int64_t number) { return std::to_string(number); };
        const std::string row = text(copied_.generation) + "\t" + (copied_.whole ? "1" : "0") + "\t" +
                                text(source_.origin.change) + "\t" + fingerprint(source_.origin) + "\t" +
                                source_.origin.record + "\t" + text(copied_.customers) + "\t" + text(now.seconds()) +
                                "\n";
        or_throw(server_.insert(tables::kPublications, row, "TabSeparated"));
    }

    const Server& server_;
    const Source& source_;
    const CopyOptions& options_;
    const tables::CustomerRows rows_;
    std::vector<Server> nodes_;
    std::int64_t newest_generation_ = 0;
    std::string batch_;
    Copied copied_;
};

}  // namespace

Result<Copied> copy(const Server& server, const Source& source, const CopyOptions& options, Instant now) {
    try {
        return Copier(server, source, options).run(now);
    } catch (const Failure& failure) {
        return std::unexpected(failure.error);
    }
}

}  // namespace shuke::mirror

#include "identity/customer_sets.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "record/changes.h"

namespace shuke::identity {

using record::AccountId;
using record::AccountPair;

namespace {

std::string name_of(CustomerId customer) { return "customer " + std::to_string(customer.value); }

CustomerId customer_of(soci::session& session, AccountId account) {
    const long long id = account.value;
    long long customer = 0;
    session << "SELECT customer_id FROM accounts WHERE id = :id", soci::use(id), soci::into(customer);
    return CustomerId{customer};
}

bool are_separated(soci::session& session, const std::vector<AccountId>& left, const std::vector<AccountId>& right) {
    const auto crosses = [&](const std::vector<AccountId>& from, const std::vector<AccountId>& to) {
        for (const auto& pair : record::separations_among(session, from)) {
            if (std::find(to.begin(), to.end(), pair.b) != to.end()) return true;
        }
        return false;
    };
    return crosses(left, right) || crosses(right, left);
}

// Disjoint sets over a customer's accounts that respect what a person has separated.
class Sets {
public:
    Sets(std::vector<AccountId> accounts, std::vector<AccountPair> separated)
        : accounts_(std::move(accounts)), separated_(std::move(separated)), parent_(accounts_.size()) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }

    void join(AccountId a, AccountId b) {
        const auto i = position(a);
        const auto j = position(b);
        if (!i || !j) return;
        const std::size_t left = root(*i);
        const std::size_t right = root(*j);
        if (left == right || would_join_separated(left, right)) return;
        parent_[std::max(left, right)] = std::min(left, right);  // accounts ascend, so the root is the lowest id
    }

    // Lowest account → all accounts of its set.
    std::map<AccountId, std::vector<AccountId>> groups() {
        std::map<AccountId, std::vector<AccountId>> found;
        for (std::size_t i = 0; i < accounts_.size(); ++i) found[accounts_[root(i)]].push_back(accounts_[i]);
        return found;
    }

private:
    std::optional<std::size_t> position(AccountId account) const {
        const auto at = std::lower_bound(accounts_.begin(), accounts_.end(), account);
        if (at == accounts_.end() || *at != account) return std::nullopt;
        return static_cast<std::size_t>(at - accounts_.begin());
    }
    std::size_t root(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    bool would_join_separated(std::size_t left, std::size_t right) {
        return std::any_of(separated_.begin(), separated_.end(), [&](const AccountPair& pair) {
            const auto i = position(pair.a);
            const auto j = position(pair.b);
            if (!i || !j) return false;
            const auto a = root(*i);
            const auto b = root(*j);
            return (a == left && b == right) || (a == right && b == left);
        });
    }

    std::vector<AccountId> accounts_;
    std::vector<AccountPair> separated_;
    std::vector<std::size_t> parent_;
};

std::map<AccountId, CustomerId> customers_by_account(const std::map<AccountId, std::vector<AccountId>>& groups) {
    std::map<AccountId, CustomerId> customers;
    for (const auto& [lowest, accounts] : groups) {
        for (const AccountId account : accounts) customers[account] = CustomerId{lowest.value};
    }
    return customers;
}

}  // namespace

std::optional<United> unite(soci::session& session, const Edge& edge, const Decision& decision) {
    const CustomerId left = customer_of(session, edge.a);
    const CustomerId right = customer_of(session, edge.b);
    if (left == right) return United{left, {}};
    const CustomerId survivor = std::min(left, right);
    const CustomerId merged = std::max(left, right);
    const auto moving = record::accounts_of(session, merged);
    if (are_separated(session, record::accounts_of(session, survivor), moving)) return std::nullopt;
    record::assign_accounts(session, moving, survivor);
    record::set_merged_into(session, merged, survivor);
    record::insert_merge(session,
                         {0, survivor, merged, edge.a, edge.b, edge.identifier, decision.actor, decision.at, kNever});
    record::append_changes(session, {survivor, merged});
    record::append_audit(
        session,
        {decision.actor, "customer.merge", name_of(survivor),
         "took in " + name_of(merged) +
             (edge.identifier ? " by identifier " + std::to_string(edge.identifier.value) : std::string(" by hand"))},
        decision.at);
    return United{survivor, merged};
}

std::vector<CustomerId> regroup(soci::session& session, CustomerId customer, const Decision& decision,
                                const std::string& reason) {
    const auto accounts = record::accounts_of(session, customer);
    Sets sets(accounts, record::separations_among(session, accounts));
    const auto merges = record::merges_of(session, customer);
    const auto uniting = record::uniting_identifiers(session, customer);
    for (std::size_t i = 1; i < uniting.size(); ++i) {
        if (uniting[i].identifier == uniting[i - 1].identifier) sets.join(uniting[i - 1].account, uniting[i].account);
    }
    for (const auto& merge : merges) {
        if (!merge.identifier) sets.join(merge.account_a, merge.account_b);
    }
    const auto groups = sets.groups();
    std::vector<CustomerId> customers;
    for (const auto& [lowest, members] : groups) customers.push_back(CustomerId{lowest.value});
    if (groups.size() < 2) return customers;
    for (const auto& [lowest, members] : groups) {
        const CustomerId own{lowest.value};
        if (own == customer) continue;
        record::assign_accounts(session, members, own);
        record::set_merged_into(session, own, CustomerId{});
        record::append_audit(
            session,
            {decision.actor, "customer.split", name_of(customer), name_of(own) + " stands alone again: " + reason},
            decision.at);
    }
    const auto now = customers_by_account(groups);
    for (const auto& merge : merges) {
        if (now.at(merge.account_a) != now.at(merge.account_b))
            record::mark_split(session, merge.id, decision.at, reason);
    }
    // Customers that had been merged into `customer` and now belong to another set point there.
    for (const auto& [account, owner] : now) {
        const CustomerId once{account.value};
        record::set_merged_into(session, once, once == owner ? CustomerId{} : owner);
    }
    record::append_changes(session, customers);
    return customers;
}

CustomerId merge_customers(soci::session& session, CustomerId a, CustomerId b, const Decision& decision) {
    for (const CustomerId one : {a, b}) {
        if (record::accounts_of(session, one).empty()) {
            throw Failure{
                {Code::kNotFound, "customer.unknown", "there is no " + name_of(one) + " (or it was merged already)"}};
        }
    }
    if (a == b) throw Failure{{Code::kInvalid, "customer.same", name_of(a) + " cannot be merged with itself"}};
    const auto left = record::accounts_of(session, a);
    const auto right = record::accounts_of(session, b);
    // A person may take back what a person has separated.
    for (const AccountId account : left) {
        for (const AccountId other : right) {
            const long long low = std::min(account, other).value;
            const long long high = std::max(account, other).value;
            session << "DELETE FROM separations WHERE account_a = :a AND account_b = :b", soci::use(low),
                soci::use(high);
        }
    }
    return unite(session, {left.front(), right.front(), {}}, decision)->survivor;
}

std::vector<CustomerId> split_customer(soci::session& session, CustomerId customer,
                                       std::optional<std::int64_t> merge_id, const Decision& decision) {
    const auto merges = record::merges_of(session, customer);
    const auto chosen =
        merge_id ? std::find_if(merges.begin(), merges.end(), [&](const auto& merge) { return merge.id == *merge_id; })
                 : (merges.empty() ? merges.end() : std::prev(merges.end()));
    if (chosen == merges.end()) {
        throw Failure{{Code::kNotFound, "customer.not_merged",
                       name_of(customer) +
                           (merge_id ? " has no merge " + std::to_string(*merge_id)
                                     : std::string(" was not put together from several")) +
                           "; see: shuke customer show " + std::to_string(customer.value)}};
    }
    record::mark_split(session, chosen->id, decision.at, "by hand");
    auto customers =
        chosen->identifier ? std::vector<CustomerId>{customer} : regroup(session, customer, decision, "by hand");
    if (customer_of(session, chosen->account_a) == customer_of(session, chosen->account_b)) {
        record::insert_separation(session, chosen->account_a, chosen->account_b, decision.actor, decision.at);
        customers = regroup(session, customer_of(session, chosen->account_a), decision, "by hand");
    }
    return customers;
}

}  // namespace shuke::identity

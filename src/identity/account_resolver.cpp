#include "identity/account_resolver.h"

#include <algorithm>

#include "identity/lookup.h"

namespace shuke::identity {

using record::AccountId;
using record::AccountProfile;
using record::IdentifierId;

namespace {

constexpr std::size_t kCachedBuyersMax = 1'000'000;
constexpr std::size_t kCachedIdentifiersMax = 400'000;

Hash128 hash_columns(const Buyer& buyer, ShopId shop) {
    FieldHasher hasher;
    hasher.add(shop.value)
        .add(buyer.external_id)
        .add(buyer.open_id)
        .add(buyer.union_id)
        .add(buyer.nick)
        .add(buyer.payer_account);
    hasher.add(buyer.member_no).add(buyer.phone).add(buyer.telephone).add(buyer.email).add(buyer.name);
    return hasher.finish();
}

bool says_something(const Buyer& buyer) {
    return buyer.gender != Gender::kUnknown || buyer.birthday != kNoDay || !buyer.name.empty() ||
           !buyer.province.empty() || !buyer.city.empty() || !buyer.district.empty() || !buyer.street.empty() ||
           !buyer.postcode.empty();
}

// Never 0 for a buyer that says something.
std::int64_t hash_profile(const Buyer& buyer) {
    if (!says_something(buyer)) return 0;
    FieldHasher hasher;
    hasher.add(buyer.name)
        .add(buyer.province)
        .add(buyer.city)
        .add(buyer.district)
        .add(buyer.street)
        .add(buyer.postcode);
    hasher.add(static_cast<std::int64_t>(buyer.gender)).add(std::int64_t{buyer.birthday.days_since_epoch});
    return static_cast<std::int64_t>(hasher.finish().low | 1);
}

AccountProfile seal_profile(const KeyRing& keys, const Buyer& buyer, Instant at, std::int64_t content) {
    return {
        keys.seal(buyer.name),       keys.seal(buyer.street), keys.seal(buyer.postcode),   buyer.gender, buyer.birthday,
        std::string(buyer.province), std::string(buyer.city), std::string(buyer.district), at,           content};
}

bool counts_names(IdentifierKind kind) { return kind == IdentifierKind::kPhone || kind == IdentifierKind::kEmail; }

}  // namespace

AccountResolver::AccountResolver(record::WriteSession& session, const KeyRing& keys, Options options)
    : session_(session), keys_(keys), options_(std::move(options)), store_(session) {
    fill_filters();
}

// What is new since they were filled last: ids ascend, and a filter only ever gains.
void AccountResolver::fill_filters() {
    erasures_.emplace(session_.now());
    for (auto& [filter, filled, table, high_column, low_column] :
         {std::tuple(&account_keys_, &filled_accounts_, "accounts", "key_high", "key_low"),
          std::tuple(&identifier_keys_, &filled_identifiers_, "identifiers", "value_high", "value_low")}) {
        if (*filled < 0) {
            long long rows = 0;
            session_.now() << "SELECT count(*) FROM " << table, soci::into(rows);
            filter->reset(static_cast<std::size_t>(rows) + 4'000'000);
            *filled = 0;
        }
        const long long after = *filled;
        std::vector<long long> id(1024), high(1024), low(1024);
        soci::statement select = (session_.now().prepare << "SELECT id, " << high_column << ", " << low_column
                                                         << " FROM " << table << " WHERE id > " << after,
                                  soci::into(id), soci::into(high), soci::into(low));
        select.execute();
        while (select.fetch()) {
            for (std::size_t i = 0; i < high.size(); ++i) {
                filter->add({static_cast<std::uint64_t>(high[i]), static_cast<std::uint64_t>(low[i])});
                *filled = std::max(*filled, id[i]);
            }
            id.resize(1024);
            high.resize(1024);
            low.resize(1024);
        }
    }
}

void AccountResolver::begin() {
    // Buyers that come again need only the first two; looking the rest up once more costs a few statements a buyer.
    if (by_columns_.size() > kCachedBuyersMax || accounts_.size() > kCachedBuyersMax) {
        write_profile_times();
        by_columns_.clear();
        accounts_.clear();
        by_key_.clear();
        identifiers_.clear();
        merged_.clear();
    } else if (identifiers_.size() > kCachedIdentifiersMax) {
        by_key_.clear();
        identifiers_.clear();
    }
    next_account_ = store_.next_account_id();
    next_identifier_ = store_.next_identifier_id();
    first_waiting_account_ = next_account_;
}

void AccountResolver::flush() {
    store_.flush();
    first_waiting_account_ = next_account_;
}

void AccountResolver::finish() { write_profile_times(); }

void AccountResolver::forget() {
    store_.discard();
    by_columns_.clear();
    by_key_.clear();
    identifiers_.clear();
    accounts_.clear();
    ahead_.clear();
    merged_.clear();
    fill_filters();
}

void AccountResolver::write_profile_times() {
    flush();
    for (const auto id : ahead_) {
        auto& known = accounts_.at(id);
        if (known.runs_ahead) store_.update_profile_time(AccountId{id}, known.profile_at);
        known.runs_ahead = false;
    }
    ahead_.clear();
    flush();
}

CustomerId AccountResolver::customer_of(AccountId account) {
    CustomerId& customer = accounts_.at(account.value).customer;
    for (auto next = merged_.find(customer.value); next != merged_.end(); next = merged_.find(customer.value))
        customer = next->second;
    return customer;
}

std::vector<AccountResolver::Keyed> AccountResolver::identifiers_of(const Buyer& buyer, const Shop& shop) const {
    std::vector<Keyed> found;
    const auto add = [&](std::optional<Identifier> identifier) {
        if (!identifier) return;
        const Hash128 fingerprint = fingerprint_of(keys_, *identifier, shop);
        const bool known =
            std::any_of(found.begin(), found.end(), [&](const Keyed& one) { return one.fingerprint == fingerprint; });
        if (!known)
            found.push_back(
                {std::move(*identifier), fingerprint, is_of_one_shop(identifier->kind) ? shop.id : ShopId{}});
    };
    add(normalise_id(IdentifierKind::kOpenId, buyer.open_id));
    add(normalise_id(IdentifierKind::kExternalId, buyer.external_id));
    add(normalise_nick(buyer.nick));
    add(normalise_id(IdentifierKind::kUnionId, buyer.union_id));
    add(normalise_id(IdentifierKind::kMemberNo, buyer.member_no));
    add(normalise_phone(buyer.phone, options_.region));
    add(normalise_phone(buyer.telephone, options_.region));
    add(normalise_email(buyer.email));
    add(normalise_id(IdentifierKind::kPayerAccount, buyer.payer_account));
    return found;
}

std::optional<Hash128> AccountResolver::account_key(const std::vector<Keyed>& identifiers, const Buyer& buyer,
                                                    const Shop& shop) const {
    for (const auto& [identifier, fingerprint, scope] : identifiers) {
        const std::string value = to_string(identifier.kind).data() + std::string("|") + identifier.value;
        const std::string place = "account|" + std::to_string(shop.id.value);
        switch (identifier.kind) {
            case IdentifierKind::kOpenId:
            case IdentifierKind::kExternalId:
            case IdentifierKind::kNick:
            case IdentifierKind::kUnionId:
            case IdentifierKind::kMemberNo: return keys_.fingerprint(place, value);
            case IdentifierKind::kPhone:
            case IdentifierKind::kTelephone:
            case IdentifierKind::kEmail:
                // A guest: who shares a number but not a name is another account.
                if (is_hidden(identifier.value)) break;
                if (identifier.kind == IdentifierKind::kEmail && !identifier.trusted) break;
                return keys_.fingerprint(place, value + "|" + normalise_name(buyer.name));
            case IdentifierKind::kPayerAccount:
            case IdentifierKind::kPrivacyNumber: break;
        }
    }
    return std::nullopt;
}

std::optional<AccountId> AccountResolver::find_account(Hash128 key) {
    if (const auto known = by_key_.find(key); known != by_key_.end()) return known->second;
    if (!account_keys_.may_contain(key)) return std::nullopt;
    const auto row = store_.find_account(key);
    if (!row) return std::nullopt;
    by_key_.emplace(key, row->id);
    accounts_.try_emplace(row->id.value, KnownAccount{row->customer, row->profile_at, row->profile_content, false});
    return row->id;
}

AccountId AccountResolver::create_account(Hash128 key, const Buyer& buyer, const Shop& shop, Instant fact_at,
                                          Instant now) {
    const AccountId account{next_account_++};
    const std::int64_t content = hash_profile(buyer);
    store_.insert_account(account, shop.id, key, seal_profile(keys_, buyer, fact_at, content), options_.import, now);
    account_keys_.add(key);
    by_key_.emplace(key, account);
    accounts_.emplace(account.value, KnownAccount{CustomerId{account.value}, fact_at, content, false});
    return account;
}

AccountResolver::KnownIdentifier* AccountResolver::find_identifier(Hash128 fingerprint) {
    if (const auto known = identifiers_.find(fingerprint); known != identifiers_.end()) return &known->second;
    if (!identifier_keys_.may_contain(fingerprint)) return nullptr;
    auto row = store_.find_identifier(fingerprint);
    if (!row) return nullptr;
    return &identifiers_.emplace(fingerprint, std::move(*row)).first->second;
}

std::optional<Resolved> AccountResolver::resolve(const Buyer& buyer, const Shop& shop, Instant fact_at, Instant now) {
    const Hash128 columns = hash_columns(buyer, shop.id);
    bool changed = false;
    AccountId account;
    if (const auto known = by_columns_.find(columns); known != by_columns_.end()) {
        account = known->second;
    } else {
        const auto identifiers = identifiers_of(buyer, shop);
        const auto key = account_key(identifiers, buyer, shop);
        if (!key) return std::nullopt;
        const ErasedBuyer erased = find_erased(*key, identifiers, fact_at);
        if (erased.as) return erased.as;
        std::vector<IdentifierId> carried;
        if (const auto existing = find_account(*key)) {
            account = *existing;
            flush();
            carried = store_.identifiers_of(account);
        } else {
            account = create_account(*key, buyer, shop, fact_at, now);
            changed = true;
        }
        const std::string name = normalise_name(buyer.name);
        const std::uint64_t name_print = name.empty() ? 0 : keys_.fingerprint("name", name).low;
        for (const auto& keyed : identifiers) changed |= attach(account, keyed, name_print, now, carried);
        if (must_forget_) {
            must_forget_ = false;
            write_profile_times();
            forget();
            return resolve(buyer, shop, fact_at, now);
        }
        // Who was erased and bought again is two accounts by the fact's date: looked up row by row.
        if (!erased.known) by_columns_.emplace(columns, account);
    }
    changed |= note_profile(account, buyer, fact_at);
    return Resolved{account, customer_of(account), changed};
}

AccountResolver::ErasedBuyer AccountResolver::find_erased(Hash128 key, const std::vector<Keyed>& identifiers,
                                                          Instant fact_at) const {
    ErasedBuyer found;
    if (erasures_->empty()) return found;
    const auto look = [&](Hash128 fingerprint) {
        const auto* erased = erasures_->find(fingerprint);
        if (erased == nullptr || found.as) return;
        found.known = true;
        if (!erased->covers(fact_at)) return;
        CustomerId customer = erased->customer;
        for (auto next = merged_.find(customer.value); next != merged_.end(); next = merged_.find(customer.value))
            customer = next->second;
        found.as = Resolved{erased->account, customer, false};
    };
    look(key);
    for (const auto& [identifier, fingerprint, scope] : identifiers) look(fingerprint);
    return found;
}

bool AccountResolver::attach(AccountId account, const Keyed& keyed, std::uint64_t name, Instant now,
                             std::vector<IdentifierId>& carried) {
    const bool counted = counts_names(keyed.identifier.kind) && name != 0;
    KnownIdentifier* known = find_identifier(keyed.fingerprint);
    if (known == nullptr) {
        const IdentifierId id{next_identifier_++};
        std::vector<std::uint64_t> names;
        if (counted) names.push_back(name);
        store_.insert_identifier(id, static_cast<int>(keyed.identifier.kind), keyed.scope, keyed.fingerprint,
                                 keys_.seal(keyed.identifier.value), keyed.identifier.trusted, names);
        identifier_keys_.add(keyed.fingerprint);
        identifiers_.emplace(keyed.fingerprint,
                             KnownIdentifier{id, {}, account, keyed.identifier.trusted, false, std::move(names)});
        store_.link(account, id, now, options_.import);
        return true;
    }
    const bool is_new_link = std::find(carried.begin(), carried.end(), known->id) == carried.end();
    if (is_new_link) {
        store_.link(account, known->id, now, options_.import);
        carried.push_back(known->id);
    }
    if (counted) note_name(*known, name, now);
    if (!must_forget_ && known->trusted && !known->shared) unite_with(*known, account, now);
    return is_new_link;
}

void AccountResolver::note_name(KnownIdentifier& known, std::uint64_t name, Instant now) {
    if (known.shared || std::find(known.names.begin(), known.names.end(), name) != known.names.end()) return;
    known.names.push_back(name);
    known.shared = known.names.size() > options_.shared_names_max;
    flush();
    store_.update_identifier(known.id, known.names, known.shared);
    if (!known.shared || !known.trusted || !known.account) return;
    // One name too many: whoever was united by this identifier alone is taken apart again.
    options_.before_reshaping();
    long long customer = 0;
    const long long account = known.account.value;
    session_.now() << "SELECT customer_id FROM accounts WHERE id = :id", soci::use(account), soci::into(customer);
    regroup(session_, CustomerId{customer}, {options_.actor, now},
            "identifier " + std::to_string(known.id.value) + " is used under more than " +
                std::to_string(options_.shared_names_max) + " names");
    must_forget_ = true;
}

void AccountResolver::unite_with(KnownIdentifier& known, AccountId account, Instant now) {
    if (!known.account) {
        known.account = account;
        return;
    }
    if (known.account == account) return;
    if (const auto other = accounts_.find(known.account.value); other != accounts_.end()) {
        if (customer_of(known.account) == customer_of(account)) return;
    }
    flush();
    options_.before_reshaping();
    const auto united = unite(session_, {known.account, account, known.id}, {options_.actor, now});
    if (united && united->merged) merged_[united->merged.value] = united->survivor;
}

bool AccountResolver::note_profile(AccountId account, const Buyer& buyer, Instant fact_at) {
    const std::int64_t content = hash_profile(buyer);
    if (content == 0) return false;
    KnownAccount& known = accounts_.at(account.value);
    if (known.profile_content == content) {
        if (fact_at > known.profile_at) {
            known.profile_at = fact_at;
            if (!known.runs_ahead) ahead_.push_back(account.value);
            known.runs_ahead = true;
        }
        return false;
    }
    const bool newer = fact_at > known.profile_at || (fact_at == known.profile_at && content > known.profile_content);
    if (account.value >= first_waiting_account_) flush();
    const AccountProfile profile = seal_profile(keys_, buyer, fact_at, content);
    if (!newer) return store_.fill_profile(account, profile);
    store_.update_profile(account, profile);
    known = {known.customer, fact_at, content, false};
    return true;
}

}  // namespace shuke::identity

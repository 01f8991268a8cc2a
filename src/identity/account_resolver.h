// src/identity/account_resolver.h
//
// Who is the buyer of this row? Turns what a source says of a buyer into an account and the customer it belongs to,
// creating both when new, and unites customers whose trusted identifiers are equal.
//
//   in   the buyer's columns, the shop, the time of the fact they came with
//   out  account and customer; nothing for a guest: no platform id, card, phone or personal e-mail. Of a person who was
//        erased the emptied account, where the fact is not dated later (record/erasures.h); nothing of the columns is kept
//
// A buyer seen before with the same columns costs one hash and one look into a table.
// Call inside a write transaction of the session it was made with. Rows wait in batches until flush().
// Threads  one.
#pragma once

#include <soci/soci.h>

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bloom_filter.h"
#include "base/crypto.h"
#include "base/hash.h"
#include "domain/order.h"
#include "identity/customer_sets.h"
#include "identity/identifiers.h"
#include "record/accounts.h"
#include "record/erasures.h"

namespace shuke::identity {

// What a source says of a buyer. Empty = it does not say.
struct Buyer {
    std::string_view external_id = {}, open_id = {}, union_id = {}, nick = {}, payer_account = {}, member_no = {};
    std::string_view phone = {}, telephone = {}, email = {}, name = {};
    std::string_view province = {}, city = {}, district = {}, street = {}, postcode = {};
    Gender gender = Gender::kUnknown;
    Day birthday = kNoDay;
};

struct Resolved {
    record::AccountId account;
    CustomerId customer;
    bool changed = false;  // the record learned something of the customer
};

class AccountResolver {
public:
    struct Options {
        std::string region = "CN";  // of phone numbers without country code
        std::size_t shared_names_max = 5;
        ImportId import;
        std::string actor;
        // Called before customers are united or taken apart by SQL: whoever has rows waiting writes them now.
        std::function<void()> before_reshaping = [] {};
    };
    AccountResolver(record::WriteSession& session, const KeyRing& keys, Options options);

    std::optional<Resolved> resolve(const Buyer& buyer, const Shop& shop, Instant fact_at, Instant now);

    // Its person was erased: the order stays as it is, without what is personal.
    bool is_erased(record::AccountId account) const { return erasures_->is_erased(account); }

    void begin();   // a transaction has begun
    void flush();   // before COMMIT, and before reading by SQL
    void finish();  // the last transaction is about to be committed
    void forget();  // the transaction was rolled back, or somebody else has written

private:
    struct KnownAccount {
        CustomerId customer;
        Instant profile_at;
        std::int64_t profile_content;
        bool runs_ahead = false;  // profile_at is newer than in the record
    };
    struct Keyed {
        Identifier identifier;
        Hash128 fingerprint;
        ShopId scope;
    };
    using KnownIdentifier = record::IdentifierRow;

    std::vector<Keyed> identifiers_of(const Buyer& buyer, const Shop& shop) const;
    std::optional<Hash128> account_key(const std::vector<Keyed>& identifiers, const Buyer& buyer,
                                       const Shop& shop) const;
    std::optional<record::AccountId> find_account(Hash128 key);
    record::AccountId create_account(Hash128 key, const Buyer& buyer, const Shop& shop, Instant fact_at, Instant now);
    KnownIdentifier* find_identifier(Hash128 fingerprint);
    bool attach(record::AccountId account, const Keyed& keyed, std::uint64_t name, Instant now,
                std::vector<record::IdentifierId>& carried);
    void note_name(KnownIdentifier& known, std::uint64_t name, Instant now);
    void unite_with(KnownIdentifier& known, record::AccountId account, Instant now);
    bool note_profile(record::AccountId account, const Buyer& buyer, Instant fact_at);
    CustomerId customer_of(record::AccountId account);
    void write_profile_times();
    void fill_filters();
    struct ErasedBuyer {
        bool known = false;               // erased once …
        std::optional<Resolved> as = {};  // … and the fact is from before
    };
    ErasedBuyer find_erased(Hash128 key, const std::vector<Keyed>& identifiers, Instant fact_at) const;

    record::WriteSession& session_;
    const KeyRing& keys_;
    Options options_;
    record::AccountStore store_;
    std::int64_t next_account_ = 0;
    std::int64_t next_identifier_ = 0;
    std::int64_t first_waiting_account_ = 0;
    bool must_forget_ = false;  // a set was taken apart: what the caches say of customers is no longer true
    BloomFilter account_keys_, identifier_keys_;
    long long filled_accounts_ = -1, filled_identifiers_ = -1;  // with ids up to these; -1: not yet
    std::optional<record::Erasures> erasures_;
    // Caches; what is in them is true, what is not may still be in the record.
    std::unordered_map<Hash128, record::AccountId, Hash128Hasher> by_columns_;
    std::unordered_map<Hash128, record::AccountId, Hash128Hasher> by_key_;
    std::unordered_map<Hash128, KnownIdentifier, Hash128Hasher> identifiers_;
    std::unordered_map<std::int64_t, KnownAccount> accounts_;
    std::vector<std::int64_t>
        ahead_;  // those of them that run ahead: a transaction must not look through all that are known
    std::unordered_map<std::int64_t, CustomerId> merged_;  // since the caches were filled
};

}  // namespace shuke::identity

// src/record/erasures.h
//
// Persons who were erased, as the record still knows them: their accounts, emptied, and keyed fingerprints of what those
// were known by. Facts dated up to the erasure that come again find the emptied account and leave no personal data; facts
// dated later are of somebody new.
//
// Errors   driver exceptions
#pragma once

#include <soci/soci.h>

#include <unordered_map>
#include <unordered_set>

#include "base/crypto.h"
#include "base/hash.h"
#include "base/instant.h"
#include "record/accounts.h"

namespace shuke::record {

// All of them in memory: a lookup costs nothing where nobody was erased. Read again after somebody else has written.
class Erasures {
public:
    explicit Erasures(soci::session& session);

    struct Erased {
        AccountId account;
        CustomerId customer;
        Instant at;
        bool covers(Instant fact_at) const { return fact_at == kNever || fact_at <= at; }
    };
    bool empty() const { return by_fingerprint_.empty(); }
    const Erased* find(Hash128 fingerprint) const;  // nullptr: nobody
    bool is_erased(AccountId account) const { return accounts_.contains(account.value); }

private:
    std::unordered_map<Hash128, Erased, Hash128Hasher> by_fingerprint_;
    std::unordered_set<std::int64_t> accounts_;
};

// Takes profile, key and identifiers from an account and leaves fingerprints of them. An identifier that other people's
// accounts carry as well stays theirs. Returns how many identifiers are gone.
std::int64_t empty_account(soci::session& session, const KeyRing& keys, AccountId account, CustomerId customer,
                           Instant now);

// One more thing the account was known by: its person's name.
void put_erased_fingerprint(soci::session& session, Hash128 fingerprint, AccountId account);

// When a customer was erased; kNever: not, or not all of its accounts.
Instant erased_at(soci::session& session, CustomerId customer);

}  // namespace shuke::record

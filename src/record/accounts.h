// src/record/accounts.h
//
// Buyer accounts, the identifiers they carry, and the customers they make up, in the order in which one writer
// needs them: look up, insert in batches, re-point. Which account belongs with which is identity's decision.
//
// Errors   driver exceptions; call inside a write transaction
// Threads  one session, one thread
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "domain/facts.h"
#include "record/statement_batch.h"

namespace shuke::record {

using AccountId = Id<struct AccountTag>;
using IdentifierId = Id<struct IdentifierTag>;

struct AccountProfile {
    std::string name_sealed, street_sealed, postcode_sealed;
    Gender gender = Gender::kUnknown;
    Day birthday = kNoDay;
    std::string province, city, district;
    Instant at = kNever;
    std::int64_t content = 0;
};

struct AccountRow {
    AccountId id;
    CustomerId customer;
    Instant profile_at = kNever;
    std::int64_t profile_content = 0;
};

struct IdentifierRow {
    IdentifierId id;
    CustomerId customer;  // one whose account carries it; 0 when none does
    AccountId account;
    bool trusted = false;
    bool shared = false;
    std::vector<std::uint64_t> names;
};

struct Merge {
    std::int64_t id = 0;
    CustomerId survivor, merged;
    AccountId account_a, account_b;
    IdentifierId identifier;  // 0: a person decided
    std::string actor;
    Instant at = kNever;
    Instant split_at = kNever;
};

class AccountStore {
public:
    explicit AccountStore(WriteSession& session);

    std::int64_t next_account_id();
    std::int64_t next_identifier_id();

    std::optional<AccountRow> find_account(Hash128 key);
    std::optional<IdentifierRow> find_identifier(Hash128 value);
    std::vector<IdentifierId> identifiers_of(AccountId account);

    // A new account is a customer of its own until an identifier unites it with others.
    void insert_account(AccountId id, ShopId shop, Hash128 key, const AccountProfile& profile, ImportId import,
                        Instant now);
    void update_profile(AccountId id,
                        const AccountProfile& profile);  // what it says replaces, what it does not say stays
    bool fill_profile(AccountId id,
                      const AccountProfile& profile);  // only what is not known yet; true if that was something
    void update_profile_time(AccountId id, Instant at);
    void insert_identifier(IdentifierId id, int kind, ShopId shop, Hash128 value, const std::string& sealed,
                           bool trusted, const std::vector<std::uint64_t>& names);
    void update_identifier(IdentifierId id, const std::vector<std::uint64_t>& names, bool shared);
    void link(AccountId account, IdentifierId identifier, Instant first_seen, ImportId import);
    void flush();
    void discard();

private:
    WriteSession& session_;
    StatementBatch accounts_, customers_, identifiers_, links_, profile_times_;
};

// Makes `accounts` a customer named `customer`: accounts and every fact of theirs.
void assign_accounts(soci::session& session, const std::vector<AccountId>& accounts, CustomerId customer);
// Marks who a customer was merged into (0: stands alone again).
void set_merged_into(soci::session& session, CustomerId customer, CustomerId survivor);

void insert_merge(soci::session& session, const Merge& merge);
std::vector<Merge> merges_of(soci::session& session, CustomerId customer);  // as survivor or merged, not split, by id
void mark_split(soci::session& session, std::int64_t merge_id, Instant at, const std::string& reason);
void insert_separation(soci::session& session, AccountId a, AccountId b, const std::string& actor, Instant at);

struct AccountPair {
    AccountId a, b;
};
std::vector<AccountPair> separations_among(soci::session& session, const std::vector<AccountId>& accounts);
std::vector<AccountId> accounts_of(soci::session& session, CustomerId customer);  // ascending

struct UnitingIdentifier {
    IdentifierId identifier;
    AccountId account;
};
// Trusted, unshared identifiers of these accounts, ordered by (identifier, account).
std::vector<UnitingIdentifier> uniting_identifiers(soci::session& session, CustomerId customer);

// The living customer behind an id that may have been merged. 0 when there is no such customer.
CustomerId living_customer(soci::session& session, CustomerId id);

}  // namespace shuke::record

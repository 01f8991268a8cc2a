#include "record/accounts.h"

#include <charconv>

#include "record/database.h"
#include "record/next_id.h"

namespace shuke::record {
namespace {

std::string join_names(const std::vector<std::uint64_t>& names) {
    std::string text;
    char hex[17];
    for (const auto name : names) {
        std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(name));
        text += hex;
    }
    return text;
}

std::vector<std::uint64_t> split_names(const std::string& text) {
    std::vector<std::uint64_t> names(text.size() / 16);
    for (std::size_t i = 0; i < names.size(); ++i)
        std::from_chars(text.data() + i * 16, text.data() + i * 16 + 16, names[i], 16);
    return names;
}

constexpr auto kInt = Type::kInteger;
constexpr auto kText = Type::kText;

}  // namespace

AccountStore::AccountStore(WriteSession& session)
    : session_(session),
      accounts_(session,
                insert_into("accounts", {"id", "customer_id", "shop_id", "key_high", "key_low", "name_sealed",
                                         "street_sealed", "postcode_sealed", "gender", "birthday", "province", "city",
                                         "district", "profile_at", "profile_content", "import_id"}),
                {kInt, kInt, kInt, kInt, kInt, kText, kText, kText, kInt, kInt, kText, kText, kText, kInt, kInt, kInt}),
      customers_(session, insert_into("customers", {"id", "created_at"}), {kInt, kInt}),
      identifiers_(session,
                   insert_into("identifiers", {"id", "kind", "shop_id", "value_high", "value_low", "value_sealed",
                                               "trusted", "shared", "names"}),
                   {kInt, kInt, kInt, kInt, kInt, kText, kInt, kInt, kText}),
      links_(session, insert_into("account_identifiers", {"account_id", "identifier_id", "first_seen_at", "import_id"}),
             {kInt, kInt, kInt, kInt}),
      profile_times_(session, "UPDATE accounts SET profile_at = :at WHERE id = :id AND profile_at < :than",
                     {kInt, kInt, kInt}) {}

std::int64_t AccountStore::next_account_id() { return next_id(session_, "accounts"); }
std::int64_t AccountStore::next_identifier_id() { return next_id(session_, "identifiers"); }

std::optional<AccountRow> AccountStore::find_account(Hash128 key) {
    const auto high = static_cast<long long>(key.high);
    const auto low = static_cast<long long>(key.low);
    long long id = 0;
    long long customer = 0;
    long long profile_at = 0;
    long long content = 0;
    session_.now()
        << "SELECT id, customer_id, profile_at, profile_content FROM accounts WHERE key_high = :high AND key_low "
           "= :low",
        soci::use(high), soci::use(low), soci::into(id), soci::into(customer), soci::into(profile_at),
        soci::into(content);
    if (!session_.now().got_data()) return std::nullopt;
    return AccountRow{AccountId{id}, CustomerId{customer}, Instant{profile_at}, content};
}

std::optional<IdentifierRow> AccountStore::find_identifier(Hash128 value) {
    const auto high = static_cast<long long>(value.high);
    const auto low = static_cast<long long>(value.low);
    long long id = 0;
    int trusted = 0;
    int shared = 0;
    std::string names;
    session_.now()
        << "SELECT id, trusted, shared, names FROM identifiers WHERE value_high = :high AND value_low = :low",
        soci::use(high), soci::use(low), soci::into(id), soci::into(trusted), soci::into(shared), soci::into(names);
    if (!session_.now().got_data()) return std::nullopt;
    IdentifierRow row{IdentifierId{id}, {}, {}, trusted != 0, shared != 0, split_names(names)};
    long long account = 0;
    long long customer = 0;
    session_.now() << "SELECT a.id, a.customer_id FROM account_identifiers l JOIN accounts a ON a.id = l.account_id "
                      "WHERE l.identifier_id = :id ORDER BY a.id LIMIT 1",
        soci::use(id), soci::into(account), soci::into(customer);
    if (session_.now().got_data()) {
        row.account = AccountId{account};
        row.customer = CustomerId{customer};
    }
    return row;
}

std::vector<IdentifierId> AccountStore::identifiers_of(AccountId account) {
    std::vector<IdentifierId> found;
    long long identifier = 0;
    const long long id = account.value;
    soci::statement select =
        (session_.now().prepare << "SELECT identifier_id FROM account_identifiers WHERE account_id = :id",
         soci::use(id), soci::into(identifier));
    select.execute();
    while (select.fetch()) found.push_back(IdentifierId{identifier});
    return found;
}

void AccountStore::insert_account(AccountId id, ShopId shop, Hash128 key, const AccountProfile& profile,
                                  ImportId import, Instant now) {
    customers_.integer(id.value).integer(now.us_since_epoch);
    accounts_.integer(id.value).integer(id.value).integer(shop.value);
    accounts_.integer(static_cast<std::int64_t>(key.high)).integer(static_cast<std::int64_t>(key.low));
    accounts_.nullable_text(profile.name_sealed)
        .nullable_text(profile.street_sealed)
        .nullable_text(profile.postcode_sealed);
    accounts_.integer(static_cast<int>(profile.gender))
        .nullable(profile.birthday.days_since_epoch, kNoDay.days_since_epoch);
    accounts_.nullable_text(profile.province).nullable_text(profile.city).nullable_text(profile.district);
    accounts_.integer(profile.at.us_since_epoch).integer(profile.content).nullable(import.value, 0);
}

void AccountStore::update_profile(AccountId id, const AccountProfile& profile) {
    const long long account = id.value;
    Nullable gender(static_cast<int>(profile.gender), static_cast<int>(Gender::kUnknown));
    Nullable birthday(profile.birthday.days_since_epoch, kNoDay.days_since_epoch);
    const long long at = profile.at.us_since_epoch;
    const long long content = profile.content;
    session_.now()
        << "UPDATE accounts SET name_sealed = coalesce(nullif(:name, ''), name_sealed), "
           "street_sealed = coalesce(nullif(:street, ''), street_sealed), "
           "postcode_sealed = coalesce(nullif(:postcode, ''), postcode_sealed), gender = coalesce(:gender, gender), "
           "birthday = coalesce(:birthday, birthday), province = coalesce(nullif(:province, ''), province), "
           "city = coalesce(nullif(:city, ''), city), district = coalesce(nullif(:district, ''), district), "
           "profile_at = :at, profile_content = :content WHERE id = :id",
        soci::use(profile.name_sealed), soci::use(profile.street_sealed), soci::use(profile.postcode_sealed),
        soci::use(gender.value, gender.indicator), soci::use(birthday.value, birthday.indicator),
        soci::use(profile.province), soci::use(profile.city), soci::use(profile.district), soci::use(at),
        soci::use(content), soci::use(account);
}

bool AccountStore::fill_profile(AccountId id, const AccountProfile& profile) {
    const long long account = id.value;
    const int gender = static_cast<int>(profile.gender);
    Nullable birthday(profile.birthday.days_since_epoch, kNoDay.days_since_epoch);
    const int has_name = profile.name_sealed.empty() ? 0 : 1;
    const int has_street = profile.street_sealed.empty() ? 0 : 1;
    const int has_postcode = profile.postcode_sealed.empty() ? 0 : 1;
    const int has_gender = gender != 0 ? 1 : 0;
    const int has_birthday = birthday.indicator == soci::i_ok ? 1 : 0;
    const int has_province = profile.province.empty() ? 0 : 1;
    const int has_city = profile.city.empty() ? 0 : 1;
    const int has_district = profile.district.empty() ? 0 : 1;
    soci::statement update =
        (session_.now().prepare
             << "UPDATE accounts SET name_sealed = coalesce(name_sealed, nullif(:name, '')), "
                "street_sealed = coalesce(street_sealed, nullif(:street, '')), "
                "postcode_sealed = coalesce(postcode_sealed, nullif(:postcode, '')), "
                "gender = CASE WHEN gender = 0 THEN :gender ELSE gender END, birthday = coalesce(birthday, :birthday), "
                "province = coalesce(province, nullif(:province, '')), city = coalesce(city, nullif(:city, '')), "
                "district = coalesce(district, nullif(:district, '')) "
                "WHERE id = :id AND ((name_sealed IS NULL AND :has_name = 1) OR (street_sealed IS NULL AND :has_street "
                "= 1) OR "
                "(postcode_sealed IS NULL AND :has_postcode = 1) OR (gender = 0 AND :has_gender = 1) OR "
                "(birthday IS NULL AND :has_birthday = 1) OR (province IS NULL AND :has_province = 1) OR "
                "(city IS NULL AND :has_city = 1) OR (district IS NULL AND :has_district = 1))",
         soci::use(profile.name_sealed), soci::use(profile.street_sealed), soci::use(profile.postcode_sealed),
         soci::use(gender), soci::use(birthday.value, birthday.indicator), soci::use(profile.province),
         soci::use(profile.city), soci::use(profile.district), soci::use(account), soci::use(has_name),
         soci::use(has_street), soci::use(has_postcode), soci::use(has_gender), soci::use(has_birthday),
         soci::use(has_province), soci::use(has_city), soci::use(has_district));
    update.execute(true);
    return update.get_affected_rows() > 0;
}

void AccountStore::update_profile_time(AccountId id, Instant at) {
    profile_times_.integer(at.us_since_epoch).integer(id.value).integer(at.us_since_epoch);
}

void AccountStore::insert_identifier(IdentifierId id, int kind, ShopId shop, Hash128 value, const std::string& sealed,
                                     bool trusted, const std::vector<std::uint64_t>& names) {
    identifiers_.integer(id.value).integer(kind).integer(shop.value);
    identifiers_.integer(static_cast<std::int64_t>(value.high)).integer(static_cast<std::int64_t>(value.low));
    identifiers_.text(sealed).integer(trusted ? 1 : 0).integer(0).text(join_names(names));
}

void AccountStore::update_identifier(IdentifierId id, const std::vector<std::uint64_t>& names, bool shared) {
    const long long identifier = id.value;
    const std::string text = join_names(names);
    const int is_shared = shared ? 1 : 0;
    session_.now() << "UPDATE identifiers SET names = :names, shared = :shared WHERE id = :id", soci::use(text),
        soci::use(is_shared), soci::use(identifier);
}

void AccountStore::link(AccountId account, IdentifierId identifier, Instant first_seen, ImportId import) {
    links_.integer(account.value)
        .integer(identifier.value)
        .integer(first_seen.us_since_epoch)
        .nullable(import.value, 0);
}

void AccountStore::flush() {
    customers_.flush();
    accounts_.flush();
    identifiers_.flush();
    links_.flush();
    profile_times_.flush();
}

void AccountStore::discard() {
    customers_.discard();
    accounts_.discard();
    identifiers_.discard();
    links_.discard();
    profile_times_.discard();
}

void assign_accounts(soci::session& session, const std::vector<AccountId>& accounts, CustomerId customer) {
    const long long target = customer.value;
    for (const AccountId account : accounts) {
        const long long id = account.value;
        session << "UPDATE refunds SET customer_id = :target WHERE order_id IN (SELECT id FROM orders WHERE account_id "
                   "= :id "
                   "AND customer_id = (SELECT customer_id FROM accounts WHERE id = :id2))",
            soci::use(target), soci::use(id), soci::use(id);
        session
            << "UPDATE refunds SET customer_id = :target WHERE order_id = 0 AND EXISTS (SELECT 1 FROM side_documents d "
               "WHERE d.account_id = :id AND d.kind = 1 AND d.shop_id = refunds.shop_id AND d.document_no = "
               "refunds.refund_no "
               "AND d.customer_id = refunds.customer_id) AND customer_id = (SELECT customer_id FROM accounts WHERE id "
               "= :id2)",
            soci::use(target), soci::use(id), soci::use(id);
        for (const char* table : {"orders", "side_documents"}) {
            session << "UPDATE " << table
                    << " SET customer_id = :target WHERE account_id = :id AND customer_id = "
                       "(SELECT customer_id FROM accounts WHERE id = :id2)",
                soci::use(target), soci::use(id), soci::use(id);
        }
        session << "UPDATE accounts SET customer_id = :target WHERE id = :id", soci::use(target), soci::use(id);
    }
}

void set_merged_into(soci::session& session, CustomerId customer, CustomerId survivor) {
    const long long id = customer.value;
    Nullable target(survivor.value, 0);
    session << "UPDATE customers SET merged_into = :target WHERE id = :id", soci::use(target.value, target.indicator),
        soci::use(id);
}

void insert_merge(soci::session& session, const Merge& merge) {
    const long long id = next_id(session, "merges");
    const long long survivor = merge.survivor.value;
    const long long merged = merge.merged.value;
    const long long a = merge.account_a.value;
    const long long b = merge.account_b.value;
    Nullable identifier(merge.identifier.value, 0);
    const long long at = merge.at.us_since_epoch;
    session << "INSERT INTO merges (id, survivor_id, merged_id, account_a, account_b, identifier_id, actor, at) "
               "VALUES (:id, :survivor, :merged, :a, :b, :identifier, :actor, :at)",
        soci::use(id), soci::use(survivor), soci::use(merged), soci::use(a), soci::use(b),
        soci::use(identifier.value, identifier.indicator), soci::use(merge.actor), soci::use(at);
}

std::vector<Merge> merges_of(soci::session& session, CustomerId customer) {
    std::vector<Merge> merges;
    const long long wanted = customer.value;
    Merge merge;
    long long survivor = 0;
    long long merged = 0;
    long long a = 0;
    long long b = 0;
    Nullable identifier;
    long long at = 0;
    soci::statement select =
        (session.prepare
             << "SELECT m.id, survivor_id, merged_id, account_a, account_b, identifier_id, actor, at FROM merges m "
                "JOIN accounts a ON a.id = m.account_a WHERE a.customer_id = :id AND split_at IS NULL ORDER BY m.id",
         soci::use(wanted), soci::into(merge.id), soci::into(survivor), soci::into(merged), soci::into(a),
         soci::into(b), soci::into(identifier.value, identifier.indicator), soci::into(merge.actor), soci::into(at));
    select.execute();
    while (select.fetch()) {
        merge.survivor = CustomerId{survivor};
        merge.merged = CustomerId{merged};
        merge.account_a = AccountId{a};
        merge.account_b = AccountId{b};
        merge.identifier = IdentifierId{identifier.or_else(0)};
        merge.at = Instant{at};
        merges.push_back(merge);
    }
    return merges;
}

void mark_split(soci::session& session, std::int64_t merge_id, Instant at, const std::string& reason) {
    const long long id = merge_id;
    const long long when = at.us_since_epoch;
    session << "UPDATE merges SET split_at = :at, split_reason = :reason WHERE id = :id", soci::use(when),
        soci::use(reason), soci::use(id);
}

void insert_separation(soci::session& session, AccountId a, AccountId b, const std::string& actor, Instant at) {
    const long long low = std::min(a, b).value;
    const long long high = std::max(a, b).value;
    const long long when = at.us_since_epoch;
    session << "DELETE FROM separations WHERE account_a = :a AND account_b = :b", soci::use(low), soci::use(high);
    session << "INSERT INTO separations (account_a, account_b, actor, at) VALUES (:a, :b, :actor, :at)", soci::use(low),
        soci::use(high), soci::use(actor), soci::use(when);
}

std::vector<AccountPair> separations_among(soci::session& session, const std::vector<AccountId>& accounts) {
    std::vector<AccountPair> pairs;
    for (const AccountId account : accounts) {
        const long long id = account.value;
        long long other = 0;
        soci::statement select =
            (session.prepare << "SELECT account_b FROM separations WHERE account_a = :id ORDER BY account_b",
             soci::use(id), soci::into(other));
        select.execute();
        while (select.fetch()) pairs.push_back({account, AccountId{other}});
    }
    return pairs;
}

std::vector<AccountId> accounts_of(soci::session& session, CustomerId customer) {
    std::vector<AccountId> accounts;
    const long long id = customer.value;
    long long account = 0;
    soci::statement select = (session.prepare << "SELECT id FROM accounts WHERE customer_id = :id ORDER BY id",
                              soci::use(id), soci::into(account));
    select.execute();
    while (select.fetch()) accounts.push_back(AccountId{account});
    return accounts;
}

std::vector<UnitingIdentifier> uniting_identifiers(soci::session& session, CustomerId customer) {
    std::vector<UnitingIdentifier> found;
    const long long id = customer.value;
    long long identifier = 0;
    long long account = 0;
    soci::statement select =
        (session.prepare << "SELECT i.id, a.id FROM accounts a JOIN account_identifiers l ON l.account_id = a.id "
                            "JOIN identifiers i ON i.id = l.identifier_id WHERE a.customer_id = :id AND i.trusted = 1 "
                            "AND i.shared = 0 "
                            "ORDER BY i.id, a.id",
         soci::use(id), soci::into(identifier), soci::into(account));
    select.execute();
    while (select.fetch()) found.push_back({IdentifierId{identifier}, AccountId{account}});
    return found;
}

CustomerId living_customer(soci::session& session, CustomerId id) {
    for (int steps = 0; steps < 1000 && id; ++steps) {
        const long long wanted = id.value;
        Nullable merged_into;
        session << "SELECT merged_into FROM customers WHERE id = :id", soci::use(wanted),
            soci::into(merged_into.value, merged_into.indicator);
        if (!session.got_data()) return CustomerId{};
        if (merged_into.indicator == soci::i_null) return id;
        id = CustomerId{merged_into.value};
    }
    return CustomerId{};
}

}  // namespace shuke::record

#include "record/persons.h"

#include "record/bulk_select.h"
#include "record/whose.h"

namespace shuke::record {

std::string Person::where(const std::string& column) const { return Whose::of(ids).condition(column); }

std::string Person::where_subject(const std::string& column) const {
    std::string subjects;
    for (const CustomerId id : ids)
        subjects += (subjects.empty() ? "'customer " : ", 'customer ") + std::to_string(id.value) + "'";
    return column + " IN (" + subjects + ")";
}

Result<Person> find_person(soci::session& session, CustomerId customer) {
    Person person;
    person.customer = living_customer(session, customer);
    if (!person.customer) {
        return fail(Code::kNotFound, "customer.not_found",
                    "there is no customer " + std::to_string(customer.value));
    }
    person.ids = {person.customer};
    for (std::size_t next = 0; next < person.ids.size(); ++next) {
        const long long into = person.ids[next].value;
        long long merged = 0;
        soci::statement select =
            (session.prepare << "SELECT id FROM customers WHERE merged_into = :id ORDER BY id", soci::use(into),
             soci::into(merged));
        select.execute();
        while (select.fetch()) person.ids.push_back(CustomerId{merged});
    }
    person.accounts = accounts_of(session, person.customer);
    return person;
}

std::vector<ShownIdentifier> identifiers_of(soci::session& session, const KeyRing& keys, const Person& person) {
    BulkSelect select(session,
                      "SELECT i.kind, i.value_sealed, i.trusted, i.shared, a.id, s.name, l.import_id, l.first_seen_at "
                      "FROM accounts a JOIN account_identifiers l ON l.account_id = a.id JOIN identifiers i ON i.id = "
                      "l.identifier_id JOIN shops s ON s.id = a.shop_id WHERE a.customer_id = " +
                          std::to_string(person.customer.value) + " ORDER BY i.kind, i.id, a.id",
                      {Type::kInteger, Type::kText, Type::kInteger, Type::kInteger, Type::kInteger, Type::kText,
                       Type::kInteger, Type::kInteger});
    std::vector<ShownIdentifier> found;
    while (const std::size_t rows = select.fetch()) {
        for (std::size_t i = 0; i < rows; ++i) {
            ShownIdentifier one;
            one.kind = static_cast<int>(select.integer(0, i));
            one.value = Personal<std::string>(or_throw(keys.unseal(select.text(1, i))));
            one.trusted = select.integer(2, i) != 0;
            one.shared = select.integer(3, i) != 0;
            one.account = AccountId{select.integer(4, i)};
            one.shop = select.text(5, i);
            one.import = ImportId{select.integer(6, i)};
            one.first_seen_at = Instant{select.integer(7, i)};
            found.push_back(std::move(one));
        }
    }
    return found;
}

}  // namespace shuke::record

#include "record/health.h"

#include "record/database.h"

namespace shuke::record {
namespace {

std::int64_t number(soci::session& session, const std::string& sql) {
    long long value = 0;
    session << sql, soci::into(value);
    return value;
}

}  // namespace

RecordHealth examine(const Database& database, soci::session& session) {
    RecordHealth health;
    health.integrity = "ok";
    if (database.dialect() == Dialect::kSqlite) session << "PRAGMA quick_check(1)", soci::into(health.integrity);
    health.customers = number(session, "SELECT count(*) FROM customers WHERE merged_into IS NULL");
    health.accounts = number(session, "SELECT count(*) FROM accounts");
    health.identifiers = number(session, "SELECT count(*) FROM identifiers");
    health.orders = number(session, "SELECT count(*) FROM orders");
    health.guests = number(session, "SELECT count(*) FROM orders WHERE customer_id IS NULL");
    health.lines = number(session, "SELECT count(*) FROM order_lines");
    health.refunds = number(session, "SELECT count(*) FROM refunds");
    health.broken_off_imports = number(session, "SELECT count(*) FROM imports WHERE state = 'running'");
    health.rejected_rows = number(session, "SELECT count(*) FROM rejected_rows");
    health.change = number(session, "SELECT coalesce(max(seq), 0) FROM customer_changes");
    health.change_rows = number(session, "SELECT count(*) FROM customer_changes");
    health.lines_without_order =
        number(session,
               "SELECT count(*) FROM order_lines l WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id)");
    health.orders_without_customer_row =
        number(session,
               "SELECT count(*) FROM orders o WHERE customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers c "
               "WHERE c.id = o.customer_id AND c.merged_into IS NULL)");
    return health;
}

}  // namespace shuke::record

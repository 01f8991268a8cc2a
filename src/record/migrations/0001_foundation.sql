-- 0001 foundation: shops, customers and who they are, orders and lines, refunds, and what imports leave behind.
-- A new data folder starts here; nothing is locked. One transaction.
--
-- Portable SQL for SQLite 3.40 and PostgreSQL 15. {id} is a 64-bit primary key, {clustered} keeps a table in
-- the order of its primary key where the database can. Instants are UTC microseconds, days count from 1970-01-01
-- in the shop's zone, amounts are minor units, *_sealed columns hold encrypted personal data, *_high/*_low a
-- 128-bit hash, *content a 64-bit one.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE shops (
    id {id},
    platform TEXT NOT NULL,
    name TEXT NOT NULL,
    currency INTEGER NOT NULL,          -- ISO 4217 numeric
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (platform, name)
);

-- One unit of `currency` is worth rate_e7 / 10^7 units of `base` from `day` on, until a newer row.
CREATE TABLE exchange_rates (
    currency INTEGER NOT NULL,
    base INTEGER NOT NULL,
    day INTEGER NOT NULL,
    rate_e7 BIGINT NOT NULL,
    PRIMARY KEY (currency, base, day)
);

-- Counts write transactions, so that a long import notices when somebody else has written.
CREATE TABLE write_counter (
    id {id},
    writes BIGINT NOT NULL
);
INSERT INTO write_counter (id, writes) VALUES (1, 0);

-- A person: a set of accounts, named by the lowest of their ids. Merged customers stay as a row that points to
-- their survivor, so that links to them keep working and a split restores them.
CREATE TABLE customers (
    id {id},
    created_at BIGINT NOT NULL,         -- first seen by us
    merged_into BIGINT
);
CREATE INDEX customers_merged_into ON customers (merged_into) WHERE merged_into IS NOT NULL;

-- A buyer as one source knows it: the atom of identity. Accounts never merge, so what they say can always be
-- taken apart again; a customer's profile is, field by field, what its accounts said last.
CREATE TABLE accounts (
    id {id},
    customer_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    key_high BIGINT NOT NULL,           -- keyed fingerprint of (kind, shop, strongest identifier)
    key_low BIGINT NOT NULL,
    name_sealed TEXT,
    street_sealed TEXT,
    postcode_sealed TEXT,
    gender INTEGER NOT NULL,            -- 0 unknown, 1 male, 2 female
    birthday INTEGER,
    province TEXT,
    city TEXT,
    district TEXT,
    profile_at BIGINT NOT NULL,         -- time of the newest fact that told the profile
    profile_content BIGINT NOT NULL,    -- its hash
    import_id BIGINT,
    UNIQUE (key_high, key_low)
);
CREATE INDEX accounts_customer ON accounts (customer_id);

CREATE TABLE identifiers (
    id {id},
    kind INTEGER NOT NULL,
    shop_id BIGINT NOT NULL,            -- 0: the same everywhere
    value_high BIGINT NOT NULL,         -- keyed fingerprint of the normalised value
    value_low BIGINT NOT NULL,
    value_sealed TEXT NOT NULL,
    trusted INTEGER NOT NULL,           -- 1: equal values unite people
    shared INTEGER NOT NULL,            -- 1: too many different names use it, so it does not
    names TEXT NOT NULL,                -- fingerprints of the different names seen with it, 16 hex digits each
    UNIQUE (value_high, value_low)
);

CREATE TABLE account_identifiers (
    account_id BIGINT NOT NULL,
    identifier_id BIGINT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    import_id BIGINT,
    PRIMARY KEY (account_id, identifier_id)
) {clustered};
CREATE INDEX account_identifiers_identifier ON account_identifiers (identifier_id);

-- Every union of two customers and the edge it stands for. A split takes the edge away and looks again.
CREATE TABLE merges (
    id {id},
    survivor_id BIGINT NOT NULL,
    merged_id BIGINT NOT NULL,
    account_a BIGINT NOT NULL,
    account_b BIGINT NOT NULL,
    identifier_id BIGINT,               -- NULL: a person decided
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    split_at BIGINT,
    split_reason TEXT
);
CREATE INDEX merges_survivor ON merges (survivor_id);
CREATE INDEX merges_merged ON merges (merged_id);

-- Two accounts a person has said are not one human: no identifier unites them again.
CREATE TABLE separations (
    account_a BIGINT NOT NULL,
    account_b BIGINT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_a, account_b)
);

CREATE TABLE custom_attributes (
    customer_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value_sealed TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, name)
);

CREATE TABLE categories (
    id {id},
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE products (
    id {id},
    shop_id BIGINT NOT NULL,
    code TEXT NOT NULL,                 -- the shop's product number; its title where it has none
    UNIQUE (shop_id, code)
);

-- A product as order lines have named it: immutable, so a line keeps the title it was sold under.
CREATE TABLE product_labels (
    id {id},
    product_id BIGINT NOT NULL,
    title TEXT,
    sku TEXT,
    category_id BIGINT,
    brand TEXT,
    content_high BIGINT NOT NULL,
    content_low BIGINT NOT NULL,
    UNIQUE (content_high, content_low)
);

CREATE TABLE orders (
    id {id},
    shop_id BIGINT NOT NULL,
    order_no TEXT NOT NULL,
    customer_id BIGINT,                 -- NULL: a guest
    account_id BIGINT,
    status INTEGER NOT NULL,            -- 0 created, 1 paid, 2 shipped, 3 signed, 4 finished, 5 closed
    created_at BIGINT,
    paid_at BIGINT,
    shipped_at BIGINT,
    signed_at BIGINT,
    finished_at BIGINT,
    closed_at BIGINT,
    updated_at BIGINT,
    day INTEGER,                        -- shop-local day of created_at
    currency INTEGER NOT NULL,
    amount BIGINT,                      -- as the source states it; NULL: the sum of its lines
    discount BIGINT,
    refunded BIGINT,                    -- given back in all, as the source last said; 0: it said nothing was
    refunded_at BIGINT,
    lines_amount BIGINT,                -- sum of its lines' amounts; NULL: none has one
    channel TEXT,
    coupon TEXT,
    province TEXT,
    city TEXT,
    note_sealed TEXT,
    older_fields TEXT,                  -- fields that a row older than the newest one told, with that row's version
    header_content BIGINT NOT NULL,     -- hash of what the source last said of the order as a whole
    line_count INTEGER NOT NULL,
    lines_content BIGINT NOT NULL,      -- sum of its lines' hashes: an unchanged order is known at a glance
    import_id BIGINT,                   -- the import that last wrote it
    UNIQUE (shop_id, order_no)
);
CREATE INDEX orders_customer ON orders (customer_id);

CREATE TABLE order_lines (
    order_id BIGINT NOT NULL,
    line_no INTEGER NOT NULL,
    source_id TEXT,                     -- the source's own id of the line, where it gives one
    label_id BIGINT NOT NULL,
    quantity_milli BIGINT NOT NULL,
    price BIGINT,
    amount BIGINT,
    discount BIGINT,
    refunded BIGINT,
    version BIGINT,                     -- of the row that told it, where the source numbers its lines
    content BIGINT NOT NULL,            -- hash of what the source said of the line
    PRIMARY KEY (order_id, line_no)
) {clustered};

-- Money given back. A cancelled invoice (a side document) becomes one row per purchase it belongs to.
CREATE TABLE refunds (
    id {id},
    shop_id BIGINT NOT NULL,
    refund_no TEXT NOT NULL,
    order_id BIGINT NOT NULL,           -- 0: belongs to no known order
    customer_id BIGINT,
    asked_at BIGINT,                    -- NULL: counts from its order's payment
    done_at BIGINT,
    day INTEGER,                        -- shop-local day of asked_at
    currency INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    kind TEXT,
    reason TEXT,
    status TEXT,
    import_id BIGINT,
    UNIQUE (shop_id, refund_no, order_id)
);
CREATE INDEX refunds_order ON refunds (order_id);
CREATE INDEX refunds_customer ON refunds (customer_id);

-- Invoices that are not sales: cancellations (kind 1), and stock or book-keeping adjustments (kind 2).
CREATE TABLE side_documents (
    id {id},
    shop_id BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    document_no TEXT NOT NULL,
    customer_id BIGINT,
    account_id BIGINT,
    at BIGINT,
    day INTEGER,
    currency INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    lines_content BIGINT NOT NULL,
    import_id BIGINT,
    UNIQUE (shop_id, kind, document_no)
);
CREATE INDEX side_documents_customer ON side_documents (customer_id);

CREATE TABLE side_document_lines (
    document_id BIGINT NOT NULL,
    line_no INTEGER NOT NULL,
    label_id BIGINT NOT NULL,
    quantity_milli BIGINT NOT NULL,
    price BIGINT,
    amount BIGINT,
    content BIGINT NOT NULL,
    PRIMARY KEY (document_id, line_no)
) {clustered};

CREATE TABLE reviews (
    id {id},
    shop_id BIGINT NOT NULL,
    review_no TEXT NOT NULL,
    order_id BIGINT,
    customer_id BIGINT,
    label_id BIGINT,
    score INTEGER,
    content_sealed TEXT,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    import_id BIGINT,
    UNIQUE (shop_id, review_no)
);
CREATE INDEX reviews_customer ON reviews (customer_id);

CREATE TABLE shipments (
    id {id},
    shop_id BIGINT NOT NULL,
    carrier TEXT NOT NULL,
    tracking_no TEXT NOT NULL,
    order_id BIGINT,
    customer_id BIGINT,
    status TEXT,
    shipped_at BIGINT,
    signed_at BIGINT,
    day INTEGER,
    import_id BIGINT,
    UNIQUE (carrier, tracking_no)
);
CREATE INDEX shipments_customer ON shipments (customer_id);
CREATE INDEX shipments_order ON shipments (order_id);

CREATE TABLE parcel_events (
    shipment_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    place TEXT,
    text_sealed TEXT,
    PRIMARY KEY (shipment_id, at, position)
);

CREATE TABLE interactions (
    id {id},
    shop_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT,
    content_sealed TEXT,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL
);
CREATE INDEX interactions_customer ON interactions (customer_id);

CREATE TABLE tags (
    id {id},
    name TEXT NOT NULL UNIQUE
);

-- History, so that a tag can be asked about as of any day: removed_at NULL = still there.
CREATE TABLE customer_tags (
    customer_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    source TEXT NOT NULL,
    PRIMARY KEY (customer_id, tag_id, added_at)
);

-- History as well; the newest row of (customer, channel, purpose) holds.
CREATE TABLE consents (
    customer_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    at BIGINT NOT NULL,
    granted INTEGER NOT NULL,
    source TEXT NOT NULL,
    text_version TEXT,
    PRIMARY KEY (customer_id, channel, purpose, at)
);

CREATE TABLE imports (
    id {id},
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    shop_id BIGINT,
    state TEXT NOT NULL,                -- 'running', 'finished', 'failed'
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    rows_read BIGINT NOT NULL,
    imported BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    adjustments BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    header_sealed TEXT,
    failure TEXT
);

CREATE TABLE rejected_rows (
    import_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    line_number BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    problem TEXT NOT NULL,
    reason_sealed TEXT NOT NULL,
    row_sealed TEXT NOT NULL,
    PRIMARY KEY (import_id, row_number)
);

-- "Customer 812 changed at seq 99 417": appended in the transaction that made the change.
CREATE TABLE customer_changes (
    seq {id},
    customer_id BIGINT NOT NULL
);

-- Live events for automations; imports of history leave none.
CREATE TABLE event_log (
    seq {id},
    kind TEXT NOT NULL,
    customer_id BIGINT,
    at BIGINT NOT NULL,
    payload_sealed TEXT
);

CREATE TABLE audit (
    id {id},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);

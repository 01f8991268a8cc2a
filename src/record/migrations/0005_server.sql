-- 0005 server: what the HTTP server keeps: webhook senders and what they sent already, pairs of customers that somebody
-- has looked at, changes of tags that can be taken back, and which rejected rows were corrected.
-- New tables and one column; locks for a moment. One transaction.

CREATE TABLE webhook_sources (
    kind TEXT NOT NULL,                 -- shopify, woocommerce
    shop TEXT NOT NULL,                 -- as the address of the webhook names it; name of the shop in the record
    secret_sealed TEXT NOT NULL,
    last_received_at BIGINT,
    PRIMARY KEY (kind, shop)
) {clustered};

-- Deliveries that were taken: a second one of the same id does nothing.
CREATE TABLE webhook_deliveries (
    kind TEXT NOT NULL,
    shop TEXT NOT NULL,
    delivery TEXT NOT NULL,             -- the sender's id of it, else a hash of what it said
    received_at BIGINT NOT NULL,
    PRIMARY KEY (kind, shop, delivery)
) {clustered};
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (received_at);

-- Pairs of accounts of two customers, put off by a person. (Same: a merge. Different: a separation.)
CREATE TABLE postponed_reviews (
    account_a BIGINT NOT NULL,
    account_b BIGINT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (account_a, account_b)
) {clustered};

-- Who got and who lost which tag in one go, to take it back.
CREATE TABLE tag_changes (
    token TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    given TEXT NOT NULL,                -- JSON: tag to customers
    taken TEXT NOT NULL
);

ALTER TABLE rejected_rows ADD COLUMN corrected_at BIGINT;

-- 0003 events: what happens around orders and between the shop and its customers: shipments, reviews, messages,
-- interactions, points, coupons, tickets; tiers and scores with their history; custom attributes and products' prices.
-- New tables. Those of 0001 that have a new shape (reviews, shipments, interactions) nothing has written so far: locks
-- for a moment. One transaction.
--
-- An event's own columns are those of src/domain/events.h, by the same names. A state is told by its moment: NULL = not
-- reached. Rows keep the customer id they were written with; an event of an order is its customer's, whoever that is
-- today, any other that of customers.merged_into (record/survivors.h). shop_id 0: of no shop. Words of a choice are
-- numbered from 1, in the order of their comment.

DROP TABLE IF EXISTS reviews;
DROP TABLE IF EXISTS shipments;
DROP TABLE IF EXISTS interactions;

CREATE TABLE IF NOT EXISTS shipments (
    id {id},
    customer_id BIGINT,
    order_id BIGINT,
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,                 -- handed to the carrier
    day INTEGER NOT NULL,               -- shop-local day of at
    carrier TEXT NOT NULL,
    tracking_no TEXT NOT NULL,
    promised_at BIGINT,
    picked_up_at BIGINT,
    arrived_at BIGINT,                  -- in the city
    delivering_at BIGINT,
    problem_at BIGINT,
    issue TEXT,                         -- late, stuck, lost, disputed …
    signed_at BIGINT,
    returned_at BIGINT,
    UNIQUE (carrier, tracking_no)
);
CREATE INDEX IF NOT EXISTS shipments_customer ON shipments (customer_id);
CREATE INDEX IF NOT EXISTS shipments_order ON shipments (order_id);

CREATE TABLE IF NOT EXISTS reviews (
    id {id},
    customer_id BIGINT,
    order_id BIGINT,
    label_id BIGINT,                    -- the product
    shop_id BIGINT NOT NULL,
    review_no TEXT NOT NULL,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    score INTEGER,                      -- 1 to 5
    sentiment INTEGER,                  -- negative, neutral, positive
    has_text INTEGER NOT NULL,
    has_photo INTEGER NOT NULL,
    follow_up INTEGER NOT NULL,         -- 1: something was added later
    replied_at BIGINT,
    content_sealed TEXT,
    UNIQUE (shop_id, review_no)
);
CREATE INDEX IF NOT EXISTS reviews_customer ON reviews (customer_id);
CREATE INDEX IF NOT EXISTS reviews_order ON reviews (order_id);

CREATE TABLE IF NOT EXISTS messages (
    id {id},
    customer_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,                 -- handed to the channel
    day INTEGER NOT NULL,
    currency INTEGER NOT NULL,          -- of cost
    channel TEXT NOT NULL,              -- sms, email, wechat …
    purpose INTEGER,                    -- marketing, service
    campaign TEXT,
    flow TEXT,
    template TEXT,
    cost BIGINT,
    delivered_at BIGINT,
    opened_at BIGINT,
    clicked_at BIGINT,
    replied_at BIGINT,
    unsubscribed_at BIGINT,
    bounced_at BIGINT,
    failed_at BIGINT,
    failure TEXT
);
CREATE INDEX IF NOT EXISTS messages_customer ON messages (customer_id);

-- Calls, chats, visits, enquiries.
CREATE TABLE IF NOT EXISTS interactions (
    id {id},
    customer_id BIGINT,
    order_id BIGINT,
    label_id BIGINT,
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    channel TEXT,
    kind TEXT,
    direction INTEGER,                  -- inbound, outbound
    agent TEXT,
    topic TEXT,
    outcome TEXT,
    seconds BIGINT,
    content_sealed TEXT
);
CREATE INDEX IF NOT EXISTS interactions_customer ON interactions (customer_id);
CREATE INDEX IF NOT EXISTS interactions_order ON interactions (order_id);

-- A ledger: rows are added, never changed. The balance is counted in audience/engine/points_left.h.
CREATE TABLE IF NOT EXISTS points_entries (
    id {id},
    customer_id BIGINT NOT NULL,
    order_id BIGINT,                    -- what it was earned with
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    day INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    kind INTEGER NOT NULL,              -- earn, bonus, redeem, refund, adjust, expire
    reason TEXT,
    expires_at BIGINT
);
CREATE INDEX IF NOT EXISTS points_entries_customer ON points_entries (customer_id);

CREATE TABLE IF NOT EXISTS coupons (
    id {id},
    customer_id BIGINT NOT NULL,
    order_id BIGINT,                    -- on which it was redeemed
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,                 -- issued
    day INTEGER NOT NULL,
    currency INTEGER NOT NULL,          -- of value and min_spend
    code TEXT,
    template TEXT NOT NULL,
    campaign TEXT,
    value BIGINT,
    min_spend BIGINT,
    expires_at BIGINT,
    redeemed_at BIGINT,
    voided_at BIGINT
);
CREATE INDEX IF NOT EXISTS coupons_customer ON coupons (customer_id);

CREATE TABLE IF NOT EXISTS tickets (
    id {id},
    customer_id BIGINT,
    order_id BIGINT,
    label_id BIGINT,
    shop_id BIGINT NOT NULL,
    at BIGINT NOT NULL,                 -- opened
    day INTEGER NOT NULL,
    kind TEXT,                          -- pre-sales, after-sales, warehouse, finance …
    topic TEXT,
    channel TEXT,
    priority INTEGER,                   -- low, normal, high, urgent
    agent TEXT,
    due_at BIGINT,
    first_response_at BIGINT,
    closed_at BIGINT,
    satisfaction INTEGER,               -- 1 to 5
    content_sealed TEXT
);
CREATE INDEX IF NOT EXISTS tickets_customer ON tickets (customer_id);
CREATE INDEX IF NOT EXISTS tickets_order ON tickets (order_id);

CREATE TABLE IF NOT EXISTS tiers (
    id {id},
    name TEXT NOT NULL UNIQUE,
    rank INTEGER NOT NULL UNIQUE        -- ascending
);

-- History: the newest row not later holds. tier_id NULL: of no tier from then on.
CREATE TABLE IF NOT EXISTS customer_tiers (
    customer_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    tier_id BIGINT,
    reason TEXT,
    PRIMARY KEY (customer_id, at)
) {clustered};

-- History as well. value: see record/scores.h.
CREATE TABLE IF NOT EXISTS scores (
    customer_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    value BIGINT,
    text TEXT,
    PRIMARY KEY (customer_id, name, at)
) {clustered};

-- Which custom attributes there are; their values are in custom_attributes, as text, sealed.
CREATE TABLE IF NOT EXISTS attribute_definitions (
    name TEXT PRIMARY KEY,
    type INTEGER NOT NULL,              -- 1 text, 2 one of a few words, 3 number, 4 money, 5 date
    choices TEXT NOT NULL               -- one a line
);

-- What a product costs the customer before any offer, and the merchant; amounts in its shop's currency.
CREATE TABLE IF NOT EXISTS product_terms (
    product_id {id},
    list_price BIGINT,
    cost BIGINT,
    listed_at BIGINT
);

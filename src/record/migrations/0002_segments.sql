-- 0002 segments: saved audiences and who was in them when, static lists, and the rules that keep tags.
-- Only new tables and one index on customer_tags, which nothing has written so far: locks for a moment. One transaction.
--
-- Membership is kept in time, as tags are: a row says that the customer belonged from an instant (inclusive) until
-- another (exclusive; NULL = still). Rows keep the customer id they were written with; whoever reads them asks
-- customers.merged_into for the person of today (record/spans.h).

CREATE TABLE segments (
    id {id},
    name TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL,           -- of segment_versions, the one in force
    refreshed_at BIGINT,                -- instant as of which membership was last evaluated; NULL: never
    members BIGINT NOT NULL             -- found then
);

-- Every definition a segment has had. Sealed, since people ask for people: external_id in [...].
CREATE TABLE segment_versions (
    segment_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    expression_sealed TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (segment_id, version)
);

CREATE TABLE segment_members (
    segment_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    left_at BIGINT,
    PRIMARY KEY (segment_id, customer_id, entered_at)
) {clustered};
CREATE INDEX segment_members_customer ON segment_members (customer_id);
CREATE INDEX segment_members_entered ON segment_members (segment_id, entered_at);

CREATE TABLE lists (
    id {id},
    name TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE list_members (
    list_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    PRIMARY KEY (list_id, customer_id, added_at)
) {clustered};
CREATE INDEX list_members_customer ON list_members (customer_id);

-- Rows of a list's files that name nobody, or several people: kept until they do.
CREATE TABLE list_unknowns (
    list_id BIGINT NOT NULL,
    value_high BIGINT NOT NULL,         -- keyed fingerprint of the row's value: the same row is kept once
    value_low BIGINT NOT NULL,
    value_sealed TEXT NOT NULL,
    reason TEXT NOT NULL,               -- 'unknown', 'ambiguous', 'empty'
    row_number BIGINT NOT NULL,         -- in the file that brought it first
    at BIGINT NOT NULL,
    PRIMARY KEY (list_id, value_high, value_low)
);

-- An expression that keeps a tag: who satisfies it has the tag with source 'rule'.
CREATE TABLE tag_rules (
    tag_id {id},
    expression_sealed TEXT NOT NULL,
    owner TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    applied_at BIGINT
);
CREATE INDEX customer_tags_tag ON customer_tags (tag_id, customer_id, added_at, removed_at);

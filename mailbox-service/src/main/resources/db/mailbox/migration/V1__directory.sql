-- Domains, accounts, aliases and the outbox through which every change of them reaches the event log.

-- Names are canonical: domains as A-labels in lower case, addresses in the one spelling of their mailbox.

create table domain (
    name       text collate "C" primary key,
    postmaster text,
    version    bigint not null,
    created_at timestamptz not null default now()
);

create table account (
    id                 uuid primary key,
    address            text collate "C" not null unique,
    domain             text collate "C" not null references domain (name),
    enabled            boolean not null default true,
    -- An Argon2id hash as a PHC string; the password itself is nowhere.
    password_hash      text not null,
    -- Grows with each new password, and whenever the account is disabled or enabled.
    credential_version bigint not null default 1,
    -- Null is unlimited.
    quota_bytes        bigint check (quota_bytes >= 0),
    -- The sums of the maildrop's entries, kept in the transactions that file and delete them.
    -- Whoever locks several accounts locks them in the order of their ids.
    used_bytes         bigint not null default 0 check (used_bytes >= 0),
    message_count      bigint not null default 0 check (message_count >= 0),
    version            bigint not null,
    created_at         timestamptz not null default now()
) with (fillfactor = 80);

create index account_domain on account (domain);

create table alias (
    address    text collate "C" primary key,
    domain     text collate "C" not null references domain (name),
    targets    text[] not null check (cardinality(targets) > 0),
    version    bigint not null,
    created_at timestamptz not null default now()
);

create index alias_domain on alias (domain);
create index alias_targets on alias using gin (targets);

-- Records that must reach Kafka because the transaction that wrote them was committed. The id is the version of
-- what a directory record says: it is taken while the directory's lock is held, so versions have commit order.
create sequence outbox_id;

create table outbox (
    id            bigint primary key default nextval('outbox_id'),
    topic         text not null,
    key           bytea not null,
    header_names  text[] not null,
    header_values bytea[] not null,
    -- Null is a tombstone.
    value         bytea,
    created_at    timestamptz not null default now()
);

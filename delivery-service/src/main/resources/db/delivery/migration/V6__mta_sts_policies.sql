-- TLS policies that domains publish (RFC 8461), as they were fetched: they hold for their time whatever becomes of the domain's DNS and
-- web server, so they must outlive this process.
create table mta_sts_policy (
    -- A-labels, lower case.
    domain     text        primary key,
    -- Of the record in the DNS at the time.
    id         text        not null,
    mode       text        not null check (mode in ('enforce', 'testing', 'none')),
    mx         text[]      not null,
    -- Seconds.
    max_age    bigint      not null,
    fetched_at timestamptz not null,
    expires_at timestamptz not null
);

-- What holds no longer is swept.
create index mta_sts_policy_expiry on mta_sts_policy (expires_at);

-- Wrong passwords, counted for all gateways and replicas together. Worth no write to the log: after a crash it begins anew.
create unlogged table failed_login (
    -- 'account ' and the name that was tried, or 'client ' and its address, an IPv6 one as its /64.
    subject  text        primary key,
    failures integer     not null,
    -- When the first of them came.
    since    timestamptz not null
);

create index failed_login_since on failed_login (since);

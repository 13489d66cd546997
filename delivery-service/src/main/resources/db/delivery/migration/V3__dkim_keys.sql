-- Keys that mail is signed with (RFC 6376). The private key is sealed with AES-256-GCM under a key that is not in here; domain
-- and selector are its associated data, so a sealed key opens in its own row only.
create table dkim_key (
    id           uuid        primary key,
    -- A-labels, lower case.
    domain       text        not null,
    selector     text        not null,
    algorithm    text        not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
    -- SubjectPublicKeyInfo.
    public_key   bytea       not null,
    nonce        bytea       not null check (octet_length(nonce) = 12),
    private_key  bytea       not null,
    state        text        not null check (state in ('pending', 'active', 'retired')),
    created_at   timestamptz not null,
    activated_at timestamptz,
    retired_at   timestamptz,
    unique (domain, selector)
);

create unique index dkim_key_active on dkim_key (domain, algorithm) where state = 'active';

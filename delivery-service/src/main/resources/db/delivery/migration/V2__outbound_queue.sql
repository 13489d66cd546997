-- The outbound queue: mail for recipients elsewhere, from the routing decision until each recipient is relayed or failed.

-- A mail with recipients to be relayed: what is the same for all of them, once.
create table mail (
    mail_id   uuid primary key,
    -- The accepted envelope, as JSON.
    envelope  bytea   not null,
    -- Octets as the client sent them; 0 while a large mail still arrives.
    octets    bigint  not null,
    chunks    integer not null,
    eight_bit boolean not null,
    complete  boolean not null,
    -- A notification made twice has one id: its row outlives its recipients for a while, so that the second is known.
    done_at   timestamptz
);

create index mail_done on mail (done_at) where done_at is not null;
create index mail_arriving on mail (mail_id) where not complete;

-- No foreign keys: the rows of a mail come and go in one transaction, many mails at a time, and a check for each costs more than
-- the row.
create table chunk (
    mail_id uuid    not null,
    n       integer not null,
    data    bytea   not null,
    primary key (mail_id, n)
);

-- Mail does not compress well enough to pay for trying, and a piece of it is read as it lies.
alter table chunk alter column data set storage external;

-- One recipient of a mail, in the words of RFC 3464; gone when it is relayed, failed or cancelled.
create table recipient (
    mail_id            uuid        not null,
    n                  integer     not null,
    original_recipient text        not null,
    final_recipient    text        not null,
    -- Of this recipient: a forwarded mail has another one than its envelope says.
    reverse_path       text        not null,
    -- The final recipient's domain.
    destination        text        not null,
    queued_at          timestamptz not null,
    expires_at         timestamptz not null,
    -- 'infinity' while a large mail still arrives.
    next_attempt_at    timestamptz not null,
    attempts           integer     not null default 0,
    last_attempt_at    timestamptz,
    delay_told         boolean     not null default false,
    held               boolean     not null default false,
    -- What the last attempt told.
    status             text        not null default '',
    remote_mta         text        not null default '',
    diagnostic_code    text        not null default '',
    -- The instance that attempts it just now.
    claimed_by         uuid,
    primary key (mail_id, n)
) with (fillfactor = 85);

-- What a claim reads. A claimed or held recipient is not in it, so its head is always due next.
create index recipient_due on recipient (next_attempt_at) where claimed_by is null and not held;
create index recipient_claimed on recipient (claimed_by) where claimed_by is not null;
create index recipient_destination on recipient (destination, mail_id);

-- A queue's table changes from one end to the other: what is dead in it must go before it is in a claim's way.
alter table recipient set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- An instance of delivery-service and how long its claims stand, by the clock of this database.
create table instance (
    id          uuid primary key,
    -- Of an instance that comes back under its own name: its claims return at once.
    name        text        not null,
    alive_until timestamptz not null
);

-- What committed outcomes are to make known, to be published in order: one event of the trail, or one notification.
create table outbox (
    id           bigint generated always as identity primary key,
    trail        bytea,
    -- Of a notification: what it says of each recipient, as JSON, and the mail that it is about.
    notification uuid,
    told_at      timestamptz,
    recipients   bytea,
    mail_id      uuid,
    envelope     bytea,
    header_section bytea,
    -- The whole mail, where the client asked for it and something failed.
    mail         bytea,
    check ((trail is null) <> (notification is null))
);

-- Where a mail goes that goes both into maildrops and elsewhere: until the batch that it is in is committed.
create table decision (
    mail_id uuid primary key,
    routing bytea       not null,
    kept_at timestamptz not null default now()
);

-- Where the records after a large mail's first one go: to mail.routed, into the queue, or both.
alter table route add column filed boolean not null default true, add column relayed boolean not null default false;

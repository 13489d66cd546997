-- Stored mail: the octets once, one entry for each maildrop that has it.

-- Where this service is in each topic; moved in the transaction that applies the records.
create table position (
    topic        text    not null,
    partition    integer not null,
    next_offset  bigint  not null check (next_offset >= 0),
    leader_epoch integer,
    primary key (topic, partition)
) with (fillfactor = 50);

-- One row for each mail that was ever decided. It outlives its octets: as long as a repetition of the mail may come
-- out of the event log or the dead letters, the row says that the mail had its decision.
create table content (
    mail_id        uuid primary key,
    -- parked: chunks of a large mail without their closing record; nothing lists it.
    state          text        not null check (state in ('parked', 'filed')),
    octets         bigint      not null check (octets >= 0),
    chunks         integer     not null check (chunks >= 0),
    -- Field bodies as the mail has them, unfolded and cut, for the listing of the admin API alone.
    header_from    text        not null,
    header_subject text        not null,
    header_date    text        not null,
    filed_at       timestamptz not null default now(),
    -- When the octets went, or that there never were any.
    swept_at       timestamptz
);

create index content_swept on content (swept_at) where swept_at is not null;

create table content_chunk (
    mail_id uuid    not null references content on delete cascade,
    n       integer not null check (n >= 0),
    data    bytea   not null,
    primary key (mail_id, n)
);

-- Mail is read whole and row by row: neither compression nor slices pay.
alter table content_chunk alter column data set storage external;

-- The routing of a large mail until its closing record.
create table parked (
    mail_id       uuid primary key references content on delete cascade,
    partition     integer     not null,
    envelope      bytea       not null,
    -- Log time, not the clock's: a consumer that was down for days orphans nothing.
    last_chunk_at timestamptz not null
);

create index parked_age on parked (partition, last_chunk_at);

-- Taken while the maildrop's account row is locked, so within a maildrop it has commit order. Listing order.
create sequence filing_seq;

create table entry (
    account_id uuid        not null,
    mail_id    uuid        not null references content,
    seq        bigint      not null,
    octets     bigint      not null check (octets >= 0),
    filed_at   timestamptz not null default now(),
    primary key (account_id, mail_id)
);

-- STAT, LIST and UIDL are one scan of this index.
create unique index entry_listing on entry (account_id, seq) include (mail_id, octets);
create index entry_content on entry (mail_id);

-- A deletion is for ever: filing onto a tombstone does nothing, also where the deletion came first.
create table tombstone (
    account_id uuid        not null,
    mail_id    uuid        not null,
    deleted_at timestamptz not null default now(),
    primary key (account_id, mail_id)
);

create index tombstone_age on tombstone (deleted_at);

-- Mails that lost an entry. Later the sweep looks whether it was their last: at the moment of a deletion another
-- transaction may be deleting the other one.
create table sweep_due (
    mail_id uuid primary key,
    due_at  timestamptz not null
);

create index sweep_due_age on sweep_due (due_at);

-- At most one POP3 session has a maildrop.
create table maildrop_lock (
    account_id uuid primary key,
    session_id uuid        not null unique,
    gateway    text        not null,
    client     text        not null,
    opened_at  timestamptz not null,
    expires_at timestamptz not null,
    -- No renewal any more: an operator breaks the lock, which then ends with the lease.
    revoked    boolean     not null default false
) with (fillfactor = 50);

-- Sessions that lost their lock to another one. What they still publish has no effect.
create table fenced_session (
    session_id uuid primary key,
    fenced_at  timestamptz not null default now()
);

create index fenced_session_age on fenced_session (fenced_at);

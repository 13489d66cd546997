-- How far each partition is applied. Moves in the transaction of the effect.
-- The fill factor leaves room for updates in place: a few rows that change with every batch.
create table position (
    topic        text    not null,
    partition    integer not null,
    next_offset  bigint  not null check (next_offset >= 0),
    leader_epoch integer,
    primary key (topic, partition)
) with (fillfactor = 50);

-- Large mail on its way: its route was decided on the first chunk, which bore the decision on; the chunks after
-- it must follow into the same partition of mail.routed.
create table route (
    mail_id          uuid primary key,
    -- Partition of mail.accepted.
    source_partition integer     not null,
    -- Partition of mail.routed, fixed even if partitions are added while the mail arrives.
    routed_partition integer     not null,
    -- Log time: the timestamp of the mail's newest record.
    last_record_at   timestamptz not null,
    -- Wall time, so that one record with a wrong clock cannot make other mails look old.
    touched_at       timestamptz not null default now(),
    closed           boolean     not null default false
) with (fillfactor = 70);

create index route_age on route (source_partition, last_record_at);

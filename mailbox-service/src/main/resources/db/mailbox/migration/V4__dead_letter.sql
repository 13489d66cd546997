-- Records that no service could apply, by the coordinates of the original: a crash may bury one twice.
create table dead_letter (
    id           uuid primary key,
    service      text        not null,
    topic        text        not null,
    partition    integer     not null,
    "offset"     bigint      not null,
    reason       text        not null,
    buried_at    timestamptz not null,
    -- Where the key is a mail id.
    mail_id      uuid,
    key          bytea,
    -- Null is a tombstone.
    value        bytea,
    -- Octets of the original value where it had to be cut; it cannot be replayed then.
    cut_from     bigint,
    header_names  text[]  not null,
    header_values bytea[] not null,
    replayed_at  timestamptz,
    unique (service, topic, partition, "offset")
);

create index dead_letter_mail on dead_letter (mail_id) where mail_id is not null;
create index dead_letter_age on dead_letter (buried_at);

alter table dead_letter alter column value set storage external;

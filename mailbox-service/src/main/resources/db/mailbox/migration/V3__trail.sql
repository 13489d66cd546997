-- What happened to each mail, for people to search. Fed from mail.trail; losing it loses no mail.

-- The subject is a mail, or a session where there is no mail. A POP3 session's event has a row for each mail that it
-- is about. Mail ids are UUIDs of version 7, so the key is also the order of time.
create table trail_event (
    subject    uuid        not null,
    id         uuid        not null,
    at         timestamptz not null,
    service    text        not null,
    step       text        not null,
    session_id uuid,
    client     text        not null,
    account_id uuid,
    octets     bigint      not null,
    detail     text        not null,
    -- A JSON array of {originalRecipient, finalRecipient, status, diagnosticCode}.
    recipients json        not null,
    primary key (subject, id)
);

create index trail_event_age on trail_event using brin (at);

-- For the search: lower case, as addresses are compared.
create table trail_mail (
    mail_id      uuid primary key,
    reverse_path text        not null,
    first_at     timestamptz not null
);

create index trail_mail_reverse_path on trail_mail (reverse_path, mail_id);
create index trail_mail_age on trail_mail using brin (first_at);

create table trail_recipient (
    mail_id         uuid        not null,
    recipient       text        not null,
    final_recipient text        not null,
    step            text        not null,
    -- How final the step is: a later word about a recipient replaces an earlier one, in whatever order they arrive.
    rank            smallint    not null,
    status          text        not null,
    at              timestamptz not null,
    primary key (mail_id, recipient)
) with (fillfactor = 80);

create index trail_recipient_recipient on trail_recipient (recipient, mail_id);
create index trail_recipient_final on trail_recipient (final_recipient, mail_id) where final_recipient <> recipient;
create index trail_recipient_age on trail_recipient using brin (at);

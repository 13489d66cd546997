-- What was imported into an account, by its octets: it is filed once, also where its message was deleted since.
create table imported_mail (
    account_id uuid  not null references account on delete cascade,
    -- SHA-256 of the octets that were filed.
    digest     bytea not null,
    -- As it was filed; the mail may be gone.
    mail_id    uuid  not null,
    primary key (account_id, digest)
);

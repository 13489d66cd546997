-- PostgreSQL 18 looks for a mail in an index that begins with another column, too, once for each destination that there are, where it
-- takes the table for empty (ADR 46). This index serves only those who say that the destination is not empty, which it never is.
drop index recipient_destination;
create index recipient_destination on recipient (destination, mail_id) where destination <> '';

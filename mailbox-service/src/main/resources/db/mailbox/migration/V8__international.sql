-- Mail whose transport allowed header fields that are not ASCII (RFC 6531) and that has some: a POP3 client has to ask for UTF-8
-- mode before it gets one (RFC 6856).
alter table content add column international boolean not null default false;

-- Nearly empty, so that to look whether a mail is one of them costs nothing.
create index content_international on content (mail_id) where international;

-- Octets lie in pieces that fit a page of the database beside their row's head: what is moved out of a row would be cut
-- into rows of 2 KB and found by an index of their own, each.
-- Chunks that were filed before are one large piece, and are moved out still.
alter table content_chunk add column piece integer not null default 0 check (piece >= 0);
alter table content_chunk alter column piece drop default;
alter table content_chunk drop constraint content_chunk_pkey, add primary key (mail_id, n, piece);
alter table content_chunk set (toast_tuple_target = 8160);

-- A chunk is written by those alone who have written its mail's row in the same transaction, or have it parked. To look
-- again for each piece costs as much as to write it.
alter table content_chunk drop constraint content_chunk_mail_id_fkey;

-- The life of the server in which the directory was last compared with mail.directory. One that was restored to a point in time lacks
-- changes that are on the event log, and comes back in another life.
create table directory_life (
    server_start timestamptz not null
);

-- What is migrated now was not restored since anybody looked.
insert into directory_life select pg_postmaster_start_time();

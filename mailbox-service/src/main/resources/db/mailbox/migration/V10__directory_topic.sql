-- The topic mail.directory that the tables were compared with, by Kafka's id: one that was made anew may lack names.
alter table directory_life add column topic text;

-- What was migrated may have been restored before.
delete from directory_life;

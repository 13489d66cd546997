#!/bin/sh
# Once, when the database is made: a role for each service, which owns its schema and nothing else.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname postbus \
  --set delivery="$DELIVERY_PASSWORD" --set mailbox="$MAILBOX_PASSWORD" <<'SQL'
CREATE ROLE delivery LOGIN PASSWORD :'delivery';
CREATE ROLE mailbox LOGIN PASSWORD :'mailbox';
CREATE SCHEMA delivery AUTHORIZATION delivery;
CREATE SCHEMA mailbox AUTHORIZATION mailbox;
SQL

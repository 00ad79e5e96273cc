#!/bin/sh
# Run by the image of PostgreSQL when it creates its data: a role for the service, which is no superuser, and its database.
set -eu
psql -v ON_ERROR_STOP=1 --no-psqlrc --username postgres --dbname postgres \
  --set password="$(cat /run/secrets/database_password)" <<'SQL'
CREATE ROLE taskhold LOGIN PASSWORD :'password';
CREATE DATABASE taskhold OWNER taskhold;
SQL

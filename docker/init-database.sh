#!/bin/bash
# Run once by the image of PostgreSQL, as its superuser: the database, what only a superuser can make, the passwords.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --command 'create database maillage'
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname maillage --file /srv/cluster.sql
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname maillage \
    --set=owner="$MAILLAGE_OWNER_PASSWORD" --set=server="$MAILLAGE_SERVER_PASSWORD" \
    --set=worker="$MAILLAGE_WORKER_PASSWORD" <<'SQL'
alter role maillage_owner password :'owner';
alter role maillage_server password :'server';
alter role maillage_worker password :'worker';
SQL

#!/bin/bash
# schema/migrate refuses what it must: a changed, a vanished, a late migration; and two at once do the work once.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/lib/cluster.sh
sql() { /usr/lib/postgresql/15/bin/psql -qXAt -v ON_ERROR_STOP=1 -d "host=$work/c/run dbname=$1 user=postgres" -c "$2"; }
sql postgres 'create database trial'
PGOPTIONS='-c client_min_messages=warning' /usr/lib/postgresql/15/bin/psql -qX -v ON_ERROR_STOP=1 \
    -d "host=$work/c/run dbname=trial user=postgres" -f schema/cluster.sql >/dev/null
conninfo="host=$work/c/run dbname=trial user=maillage_owner"

# A small schema of our own beside a copy of the runner.
mkdir -p "$work/schema/"{migrations,access,api}
cp schema/migrate "$work/schema/"
echo 'create table public.one (id int); select pg_sleep(0.5);' >"$work/schema/migrations/0001_one.sql"
echo 'create table public.three (id int);' >"$work/schema/migrations/0003_three.sql"
echo 'create or replace view public.v as select id from public.one;' >"$work/schema/api/10_v.sql"
echo 'grant select on public.v to maillage_server;' >"$work/schema/access/90_grants.sql"
migrate() { "$work/schema/migrate" "$conninfo" 2>&1; }

n=0
result() { # name, condition already evaluated: 0 is good
    n=$((n + 1))
    if [[ $2 -eq 0 ]]; then echo "ok $n - $1"; else echo "not ok $n - $1"; printf '%s\n' "${out-}" | sed 's/^/# /'; fi
}
refused() { # name, words of the refusal
    local status=0
    out=$(migrate) || status=$?
    [[ $status -ne 0 && $out == *"$2"* ]] && status=0 || status=1
    result "$1" "$status"
}
echo 1..8
migrate >"$work/a" & first=$!
migrate >"$work/b" & second=$!
status=0
wait "$first" || status=1
wait "$second" || status=1
result 'two at once succeed' "$status"
out=$(cat "$work/a" "$work/b")
[[ $(grep -c 0001_one <<<"$out") == 1 ]] && status=0 || status=1
result 'and apply each migration once' "$status"
out=$(migrate)
[[ -z $out ]] && status=0 || status=1
result 'then there is nothing to do' "$status"

echo '-- edited' >>"$work/schema/migrations/0001_one.sql"
refused 'a changed migration is refused' 'already applied and changed since: 0001_one.sql'
sed -i '$d' "$work/schema/migrations/0001_one.sql"
mv "$work/schema/migrations/0003_three.sql" "$work/kept"
refused 'a vanished migration is refused' 'absent from this checkout: 0003_three.sql'
mv "$work/kept" "$work/schema/migrations/0003_three.sql"
echo 'select 1;' >"$work/schema/migrations/0002_two.sql"
refused 'a migration numbered before the last is refused' 'numbered before a migration already applied: 0002_two.sql'
rm "$work/schema/migrations/0002_two.sql"
printf 'create table public.four (id int);\nselect 1/0;\n' >"$work/schema/migrations/0004_four.sql"
refused 'a migration that fails stops everything' 'division by zero'
out=$(sql trial "select to_regclass('public.four') is null and not exists (select from public.schema_migration where name ~ '0004')")
[[ $out == t ]] && status=0 || status=1
result 'and leaves nothing behind' "$status"

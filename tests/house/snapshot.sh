#!/bin/bash
# schema/snapshot.sql is what the schema yields, and applying it twice changes nothing. After a change of schema/, write
# it anew with `tests/house/snapshot.sh --write` and review the difference.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/lib/cluster.sh
tests/lib/cluster clone "$work/c" empty snapshot
conninfo="host=$work/c/run dbname=snapshot user=maillage_owner"
schema/migrate --snapshot "$conninfo" >"$work/now.sql"
if [[ ${1-} == --write ]]; then
    cp "$work/now.sql" schema/snapshot.sql
    chmod 644 schema/snapshot.sql
    echo 'schema/snapshot.sql written'
    exit
fi
echo 1..3
if diff -u schema/snapshot.sql "$work/now.sql" >"$work/diff" 2>&1; then
    echo 'ok 1 - schema/snapshot.sql is up to date'
else
    echo 'not ok 1 - schema/snapshot.sql is up to date (tests/house/snapshot.sh --write)'
    head -n 40 "$work/diff" | sed 's/^/# /'
fi
if out=$(schema/migrate "$conninfo" 2>&1) && [[ -z $out ]]; then
    echo 'ok 2 - nothing to do the second time'
else
    echo 'not ok 2 - nothing to do the second time'
    printf '%s\n' "$out" | sed 's/^/# /'
fi
# access/ and api/ applied again over themselves.
"/usr/lib/postgresql/15/bin/psql" -qX -d "$conninfo" -c 'delete from public.schema_code'
if out=$(schema/migrate "$conninfo" 2>&1) && schema/migrate --snapshot "$conninfo" | diff -u "$work/now.sql" - >"$work/diff"; then
    echo 'ok 3 - access/ and api/ can be applied again'
else
    echo 'not ok 3 - access/ and api/ can be applied again'
    { printf '%s\n' "$out"; head -n 40 "$work/diff"; } | sed 's/^/# /'
fi

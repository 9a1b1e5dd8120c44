#!/bin/bash
# An instance of an earlier version, with people, employers and some life in it, is brought to this one: it gets the schema of
# a new one and loses nothing. Earlier versions come from the history: before the newest migrations, and ten of them back.
set -euo pipefail
cd "$(dirname "$0")/../.."
now=$(for file in schema/migrations/*.sql; do printf '%s %s\n' "$(git hash-object "$file" 2>/dev/null || true)" "$file"; done)
pick() { # migrations back: the newest commit that has all but as many, and those as they are today
    local commit there most n
    most=$(($(wc -l <<<"$now") - $1))
    for commit in $(git log --format=%H -- schema/migrations 2>/dev/null); do
        there=$(git ls-tree "$commit" schema/migrations/ | awk '{ print $3, $4 }')
        n=$(wc -l <<<"$there")
        if [[ $n -le $most && $there == "$(head -n "$n" <<<"$now")" ]]; then
            printf '%s\n' "$commit"
            return
        fi
    done
    return 1
}
if ! last=$(pick 1) || ! old=$(pick 10); then
    echo '1..0 # SKIP no history here'
    exit
fi
. tests/lib/cluster.sh
psql() { PGOPTIONS='-c client_min_messages=warning' /usr/lib/postgresql/15/bin/psql -qXAt -v ON_ERROR_STOP=1 -d "host=$work/c/run dbname=$1 user=postgres" "${@:2}"; }
rows() { # database: each table that holds something, and how many; what only waits to be followed aside
    psql "$1" -c "select format('select %L, count(*) from %s having count(*) > 0;', c.oid::regclass, c.oid::regclass) from pg_class c
                  where c.relkind = 'r' and c.relnamespace = 'data'::regnamespace and c.relname not like '%\_touched'" | psql "$1" -f - | LC_ALL=C sort -t '|' -k 1,1
}

echo 1..6
n=0
result() { # status, name, file with what to say
    n=$((n + 1))
    if [[ $1 -eq 0 ]]; then echo "ok $n - $2"; else echo "not ok $n - $2"; head -n 40 "$3" | sed 's/^/# /'; fi
}
fill() { # database, test: what a SQL test of its version makes and takes back, kept
    sed -E 's/^rollback;/commit;/' "$work/$1/tests/sql/$2.sql" >"$work/$1/tests/sql/kept.sql"
    psql "$1" -f "$work/$1/tests/sql/kept.sql" >/dev/null
    psql "$1" -c 'drop extension pgtap' -c 'revoke usage on schema public from maillage_server, maillage_worker'
}
bring() { # name, commit, words for it, test that fills it
    local name=$1 conninfo="host=$work/c/run dbname=$1 user=maillage_owner" status=0
    mkdir "$work/$name"
    git archive "$2" schema tests/sql | tar -x -C "$work/$name"
    psql postgres -c "create database $name"
    psql "$name" -f "$work/$name/schema/cluster.sql"
    "$work/$name/schema/migrate" "$conninfo" >"$work/said"
    fill "$name" "$4"
    rows "$name" >"$work/before"
    psql "$name" -f schema/cluster.sql
    schema/migrate "$conninfo" >"$work/said" 2>&1 || status=1
    result "$status" "$3 is brought up to date" "$work/said"
    status=0
    schema/migrate --snapshot "$conninfo" | diff -u schema/snapshot.sql - >"$work/diff" || status=1
    result "$status" 'with the schema of a new one' "$work/diff"
    status=0
    rows "$name" | LC_ALL=C join -t '|' -a 1 "$work/before" - | awk -F '|' '$3 + 0 < $2' >"$work/diff"
    [[ ! -s $work/diff ]] || status=1
    result "$status" 'and every row in its table' "$work/diff"
}
bring older "$old" 'an instance of ten migrations ago' 35_offer_life
bring last "$last" 'an instance of the last migration' 48_plan

#!/bin/bash
# SQL lives in .sql files: no C string literal holds a statement. `-- ` marks of the exceptions: none.
cd "$(dirname "$0")/../.." || exit 1
shopt -s globstar nullglob
found=$(grep -nEi '"[[:space:]]*(select[[:space:]]|insert[[:space:]]+into[[:space:]]|update[[:space:]]+[a-z_."]+[[:space:]]+set[[:space:]]|delete[[:space:]]+from[[:space:]]|with[[:space:]]+[a-z_]+[[:space:]]+as[[:space:]]*\(|copy[[:space:]]+[a-z_.]+[[:space:](]|create[[:space:]]+(temp|table|or|index)|alter[[:space:]]+table)' \
    server/**/*.[ch] worker/**/*.[ch] | grep -v '^server/tools/' || true)
echo 1..1
if [[ -z $found ]]; then
    echo 'ok 1 - no SQL in C'
else
    echo 'not ok 1 - no SQL in C'
    printf '%s\n' "$found" | sed 's/^/# /'
fi

#!/bin/bash
# Every shell script passes shellcheck.
cd "$(dirname "$0")/../.." || exit 1
shopt -s globstar nullglob dotglob
files=()
for file in maillage .ci/* schema/* tests/* tests/lib/* tests/house/* tests/load/* docker/*; do
    if [[ -f $file ]] && head -n 1 "$file" | grep -qE '^#!.*(bash|/sh)'; then files+=("$file"); fi
done
echo "1..${#files[@]}"
n=0
for file in "${files[@]}"; do
    n=$((n + 1))
    if out=$(shellcheck -x "$file"); then
        echo "ok $n - $file"
    else
        echo "not ok $n - $file"
        printf '%s\n' "$out" | sed 's/^/# /'
    fi
done

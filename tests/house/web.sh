#!/bin/bash
# The web app type-checks, and so do its own unit tests.
cd "$(dirname "$0")/../../web" || exit 1
echo 1..1
if out=$(npm run --silent types 2>&1 && npm run --silent check 2>&1); then
    echo 'ok 1 - tsc finds nothing'
else
    echo 'not ok 1 - tsc finds nothing'
    printf '%s\n' "$out" | sed 's/^/# /'
fi

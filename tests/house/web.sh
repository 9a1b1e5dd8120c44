#!/bin/bash
# The web app type-checks, and its own unit tests pass.
cd "$(dirname "$0")/../../web" || exit 1
echo 1..2
told() { # number, name, command...
    local number=$1 name=$2 out
    shift 2
    if out=$("$@" 2>&1); then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        printf '%s\n' "$out" | sed 's/^/# /'
    fi
}
checked() { npm run --silent types && npm run --silent check; }
told 1 'tsc finds nothing' checked
told 2 'unit tests of the web app' npm test --silent

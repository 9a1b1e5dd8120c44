#!/bin/bash
# docker-compose.yml is valid and names all the services; its images come from the functions that `up` uses.
cd "$(dirname "$0")/../.." || exit 1
export MAILLAGE_HOST=maillage.example
echo 1..4
if out=$(docker-compose --file docker-compose.yml config 2>&1); then
    echo 'ok 1 - docker-compose config'
else
    echo 'not ok 1 - docker-compose config'
    printf '%s\n' "$out" | sed 's/^/# /'
fi
missing=
for service in postgis redis migrate server worker front; do
    grep -qE "^  $service:" <<<"$out" || missing+=" $service"
done
if [[ -z $missing ]]; then echo 'ok 2 - all services'; else echo "not ok 2 - all services; missing:$missing"; fi
if grep -q './maillage install' docker/Dockerfile && grep -q './maillage build' docker/Dockerfile; then
    echo 'ok 3 - the image is built by ./maillage'
else
    echo 'not ok 3 - the image is built by ./maillage'
fi
# What the server keeps out of its log, the front keeps out of its own: addresses that hold a token.
missing=
while read -r kind; do
    grep -qE "request>uri regexp \"/\([^)]*\b$kind\b" docker/Caddyfile && grep -q "$kind" docs/deploy.md || missing+=" $kind"
done < <(sed -nE 's|.*"/([a-z]+)/\{.*\.secret = true.*|\1|p' server/routes.c | sort -u)
if [[ -z $missing ]]; then echo 'ok 4 - no log of the front has a token'; else echo "not ok 4 - no log of the front has a token; missing:$missing"; fi

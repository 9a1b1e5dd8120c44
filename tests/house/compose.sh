#!/bin/bash
# docker-compose.yml is valid and names all the services; its images come from the functions that `up` uses.
cd "$(dirname "$0")/../.." || exit 1
export MAILLAGE_HOST=maillage.example
echo 1..3
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

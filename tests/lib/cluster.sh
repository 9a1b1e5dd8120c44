# shellcheck shell=bash
# To be sourced by a house test: a cluster of its own in $work/c, which ends with the test; $work is removed then.
work=$(mktemp -d "/tmp/maillage-$(basename "$0" .sh)-XXXXXX")
chmod 755 "$work"
mkfifo "$work/in" "$work/out"
tests/lib/cluster serve "$work/c" <"$work/in" >"$work/out" &
cluster=$!
exec 7>"$work/in"
trap 'exec 7>&-; wait "$cluster" || true; rm -rf "$work"' EXIT
read -r word <"$work/out"
[[ $word == ready ]]

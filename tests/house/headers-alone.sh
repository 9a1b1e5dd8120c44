#!/bin/bash
# Each header compiles alone, first, with the flags of a file of its own folder.
cd "$(dirname "$0")/../.." || exit 1
build=${MAILLAGE_BUILD:-build}
if [[ ! -f $build/compile_commands.json ]]; then
    echo '1..0 # SKIP no compile_commands.json in the build directory'
    exit 0
fi
MAILLAGE_COMPILE_COMMANDS=$build/compile_commands.json exec node tests/lib/headers.mjs

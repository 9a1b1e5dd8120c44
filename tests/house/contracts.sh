#!/bin/bash
# Each header begins by saying what it is. Each function has its contract: a comment above it or above the group it
# belongs to, or an opening of three lines or more that covers the plain ones; a header of one or two functions needs no
# more than its opening. The inside of a module (x_private.h) is its own business.
cd "$(dirname "$0")/../.." || exit 1
shopt -s globstar nullglob
headers=(server/**/*.h worker/**/*.h)
echo "1..$((${#headers[@]}))"
n=0
for header in "${headers[@]}"; do
    n=$((n + 1))
    # A declaration is covered when a comment stands directly above it or above the run of declarations it belongs to.
    if [[ $header == *_private.h ]]; then
        echo "ok $n - $header # inside"
        continue
    fi
    wrong=$(awk '
        NR == 1 && !/^\/\/ .+|^\/\* .+/ { print "line 1: does not say what this is"; }
        NR <= 12 && opening == NR - 1 && /^\/\// { opening = NR }
        /^[[:space:]]*(\/\/|\/\*|\*)/ { covered = 1; next }
        /^[[:space:]]*$/ { covered = 0; next }
        /^(#|}|struct [a-z_]+ \{|enum [a-z_]+ \{|typedef|static inline|extern|struct [a-z_]+;)/ { next }
        /^[a-z].*[a-z0-9_]\(/ && !/^(if|for|while|return|static_assert|_Static_assert)/ {
            functions++
            if (!covered && opening < 3 && !/\/\//) bad = bad "line " NR ": no contract: " $0 "\n"
            next
        }
        END { if (functions > 2) printf "%s", bad }' "$header")
    if [[ -z $wrong ]]; then
        echo "ok $n - $header"
    else
        echo "not ok $n - $header"
        printf '%s\n' "$wrong" | sed 's/^/# /'
    fi
done

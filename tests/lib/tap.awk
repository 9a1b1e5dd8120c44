# Counts the tests of a TAP stream, of programs, pgTAP or node:test alike (nested tests count, their parents do not),
# and prints what failed. Variables: status (exit status of the producer), label (what it is called).
# Last line: "TOTAL passed failed skipped".
function finish_failure() { if (failing) { failing = 0 } }
{
    match($0, /^ */)
    depth = int(RLENGTH / 4)
    text = substr($0, RLENGTH + 1)
}
text ~ /^1\.\.[0-9]+/ {
    plan[depth] = substr(text, 4) + 0
    if (depth > 0) parent[depth - 1] = 1
    if (depth == 0 && text ~ /# *[Ss][Kk][Ii][Pp]/) { skipped++; skip_all = 1 }
    next
}
text ~ /^(not )?ok([ \t]|$)/ {
    finish_failure()
    bad = text ~ /^not /
    is_parent = parent[depth]
    parent[depth] = 0
    seen[depth]++
    children_failed = failed_below[depth + 1]
    failed_below[depth + 1] = 0
    seen[depth + 1] = 0
    if (text ~ /# *[Ss][Kk][Ii][Pp]/ || text ~ /# *[Tt][Oo][Dd][Oo]/) { if (!is_parent) skipped++; next }
    if (bad) {
        failed_below[depth]++
        if (is_parent && children_failed) next
        failed++
        failing = 1
        shown = 0
        print "    " label ": " text
        next
    }
    if (!is_parent) passed++
    next
}
# What follows a failure explains it.
failing && (text ~ /^#/ || RLENGTH > 0 || text ~ /^(---|\.\.\.)/) {
    if (text ~ /^# Subtest/) { failing = 0; next }
    if (shown++ < 40) print "        " $0
    next
}
/^Bail out!/ { failed++; print "    " label ": " $0 }
END {
    if ((0 in plan) && plan[0] != seen[0] && !failed) {
        failed++
        print "    " label ": announced " plan[0] " tests and ran " seen[0] + 0
    } else if (status != 0 && !failed && !skip_all) {
        failed++
        print "    " label ": ended with status " status
    } else if (!(0 in plan) && !passed && !failed && !skipped) {
        failed++
        print "    " label ": ran no test"
    }
    print "TOTAL", passed + 0, failed + 0, skipped + 0
}

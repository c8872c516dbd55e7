#!/bin/sh
# SPDX-License-Identifier: ISC
#
# The benchmarks of the simulator, as far as they take seconds ("make sim-bulk"
# plays them all): nothing is violated, the table has what the goals are read
# from, and the goals are judged.
#
#   SEED  the seed (1)

. "${0%/*}/../lib.sh"
. "${0%/*}/plays.sh"

for name in bulk-3-0 bulk-3-1 bulk-3-10 bulk-3-30 bulk-3-burst bulk-10-10 \
	steady-10; do
	plays "$name" 1
done

# column NAME: of the last table that was played.
column() {
	awk -v name="$1" '
	$1 == "scenario" { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$1 ~ /^(bulk|steady)-/ { print $at[name] }' "$scratch/said"
}

plays bulk-3-10 1
cmp_ok() {
	if awk -v a="$1" -v b="$3" "BEGIN { exit !(a $2 b) }"; then
		ok "$4"
	else
		not_ok "$4"
		note "$1 is not $2 $3" "$(cat "$scratch/said")"
	fi
}
cmp_ok "$(column messages)" "==" 100000 "bulk says 100,000 lines"
cmp_ok "$(column seconds)" ">" 0.01 "it takes some time"
cmp_ok "$(column seconds)" "<" 60 "and not for ever"
cmp_ok "$(column data_kb)" ">" 6000 "its lines are of 64 bytes on average"
cmp_ok "$(column kbytes)" ">" "$(column data_kb)" "and not all that is sent"
cmp_ok "$(column state_kb)" "<" "$(column kbytes)" "STATE is a part of that"
cmp_ok "$(column repairs) + $(column coded)" ">" 100 \
	"of 10 % that are lost something is sent again"

# What is judged: a table that meets its goals, and one that does not.
rows() { # SECONDS REPAIRS STATES
	cat <<END
scenario data repairs coded states data_kb state_kb p99_ms seconds violations
bulk-3-0 5000 0 0 10 7000 1 1.0 1.000 0
bulk-300-0 5000 0 0 10 7000 1 1.0 $1 0
bulk-3-10 5000 $2 400 $3 7000 $3 1.0 1.000 0
END
}
judges() {
	rows "$1" "$2" "$3" | awk -f "${0%/*}/goals.awk" >"$scratch/judged"
	is $? "$4" "$5"
}
judges 2.000 400 10 0 "goals that are met: exit status 0"
judges 2.001 400 10 1 "too slow with 300 receivers: exit status 1"
judges 2.000 426 10 1 "too many repairs: exit status 1"
judges 2.000 400 500 1 "too much STATE: exit status 1"
: | awk -f "${0%/*}/goals.awk" >"$scratch/judged"
is $? 1 "nothing to judge: exit status 1"

"$sim" --scenario bulk-3-91 2>/dev/null
is $? 2 "a benchmark that there is not: exit status of wrong usage"

done_testing

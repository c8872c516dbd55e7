# SPDX-License-Identifier: ISC
#
# Reads tables of the simulator with its benchmarks, and says of each goal how
# far it is met.  Exit status 1 when one is missed; what was not played is not
# judged.

# goal WHAT IS MOST: one line, and whether `is` is at most `most`.
function goal(what, is, most,    missed) {
	missed = is > most
	missed_count += missed
	goal_count++
	printf "%-6s  %-52s %8.3f, goal %s\n", missed ? "MISSED" : "met", what,
		is, most
}

function ratio(name, to, most) {
	if ((name in seconds) && (to in seconds) && seconds[to] > 0)
		goal("seconds of " name " to those of " to,
			seconds[name] / seconds[to], most)
}

function repairs_goal(name, most) {
	if ((name in data) && data[name] > 0)
		goal("repairs of " name ", percent of data",
			100 * (repairs[name] + coded[name]) / data[name], most)
}

# 5 % of the bytes of DATA, and beside that 60 packets a second, of the size that
# they have.
function states_goal(name,    beyond, size) {
	if (data_kb[name] == 0 || states[name] == 0)
		return
	beyond = states[name] - 60 * seconds[name]
	size = state_kb[name] / states[name]
	goal("STATE beyond 60/s of " name ", percent of data",
		beyond > 0 ? 100 * beyond * size / data_kb[name] : 0, 5)
}

function p99_goal(name, most) {
	if (name in p99)
		goal("p99 of " name ", ms", p99[name], most)
}

/ crowd: idle / {
	idle[$1] = $4
	reach[$1] = $(NF - 1)
}

/VIOLATION/ {
	violations++
}

$1 == "scenario" {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}

$1 ~ /^(bulk|steady|crowd)-/ && NF >= column["violations"] {
	order[++count] = $1
	seconds[$1] = $column["seconds"]
	data[$1] = $column["data"]
	data_kb[$1] = $column["data_kb"]
	repairs[$1] = $column["repairs"]
	coded[$1] = $column["coded"]
	states[$1] = $column["states"]
	state_kb[$1] = $column["state_kb"]
	p99[$1] = $column["p99_ms"]
}

END {
	ratio("bulk-300-0", "bulk-3-0", 2)
	ratio("bulk-1000-0", "bulk-3-0", 3)
	repairs_goal("bulk-3-1", 2.5)
	repairs_goal("bulk-100-1", 6.5)
	repairs_goal("bulk-1000-1", 8.5)
	repairs_goal("bulk-3-10", 16.5)
	repairs_goal("bulk-100-10", 27)
	repairs_goal("bulk-1000-10", 32)
	repairs_goal("bulk-3-30", 55)
	repairs_goal("bulk-100-30", 76)
	repairs_goal("bulk-1000-30", 87)
	repairs_goal("bulk-3-burst", 28)
	repairs_goal("bulk-100-burst", 65)
	for (i = 1; i <= count; i++)
		if (order[i] ~ /^bulk-/)
			states_goal(order[i])
	p99_goal("steady-10", 5)
	p99_goal("steady-30", 15)
	for (name in reach) {
		goal("p99 until all have a line of " name ", ms", reach[name],
			100)
		goal("idle packets/s of " name, idle[name], 60)
	}
	printf "%d of %d goals missed, %d violations\n", missed_count,
		goal_count, violations
	exit missed_count > 0 || violations > 0 || goal_count == 0
}

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A member that is stopped holds the author up for 5 seconds; then the author
# says so and goes on.  A member that was stopped for less loses nothing; one
# that was for longer is told exactly how many lines it lost, and hears what
# comes next.
#
#   lines | alice (host 1)   bob (host 2)   carol (host 3)
#                |            |              |
#            ----+------------+---- br0 -----+----
#
# STOPPED=60 tries a longer time than 12 seconds.

. "${0%/*}/../lib.sh"
on_lan 3

: "${STOPPED:=12}"

lost() {
	sed -n 's/^mchat: \([0-9]*\) messages\{0,1\} from alice lost: .*/\1/p' \
		"$scratch/$1.err" | awk '{ sum += $1 } END { print sum + 0 }'
}
adds_up() {
	[ $(($(wc -l <"$scratch/$1.out") + $(lost "$1"))) -eq "$2" ]
}
is_back() {
	shows bob "$1"
}
# gives_up NAME: alice says that she no longer waits for NAME.
gives_up() {
	grep -q "$1 left (timed out; it has not confirmed" \
		"$scratch/alice.err"
}
begin() {
	start bob on 2 "$MCHAT" -R -f bare -n bob
	start carol on 3 "$MCHAT" -R -f bare -n carol
	start_open alice on 1 "$MCHAT" -S -n alice -w 2
	for name in bob carol; do
		prepared knows $name alice
		prepared knows alice $name
	done
}
end() {
	hang_up alice
	finish alice
	is $? "$1" "alice's exit status"
	stop bob
	stop carol
	rm "$scratch/alice.in"
}

# held_up: alice waits for bob, so that carol gets no more.
held_up() {
	lines=$(wc -l <"$scratch/carol.out")
	[ "$lines" -gt 0 ] && sleep 0.3 &&
		[ "$(wc -l <"$scratch/carol.out")" -eq "$lines" ]
}

# Until alice waits for him: well below 5 seconds, also on a slow machine.
numbered 100000 >"$scratch/lines"
begin
began=$(date +%s)
signal bob STOP
cat "$scratch/lines" 1<>"$scratch/alice.in" &
feeder=$!
prepared held_up
signal bob CONT
wait "$feeder"
succeeds "not for long: bob has every line" wait_for 20 has_lines bob 100000
took=$(($(date +%s) - began))
succeeds "not for long: carol has every line" wait_for 20 has_lines carol 100000
succeeds "not for long: bob has each line once, in order" cmp "$scratch/lines" "$scratch/bob.out"
# But where the machine took 5 seconds for that she may.
has_patience() {
	[ "$took" -ge 4 ] || ! grep left "$scratch/alice.err"
}
note "$took s until bob has every line"
succeeds "not for long: alice gives nobody up" has_patience
end 0

# For longer: more than bob's receive buffer holds and carol keeps for repairs.
numbered 400000 >"$scratch/lines"
begin
signal bob STOP
began=$(date +%s)
cat "$scratch/lines" 1<>"$scratch/alice.in" &
feeder=$!
succeeds "longer: alice says that bob left unconfirmed" wait_for 10 gives_up bob
succeeds "longer: alice does not give bob up before about 5 seconds" \
	[ $(($(date +%s) - began)) -ge 4 ]
succeeds "longer: alice goes on, and carol has every line" wait_for 20 has_lines carol 400000
wait "$feeder"
sleep $((began + STOPPED - $(date +%s)))
signal bob CONT
succeeds "longer: bob's lines and those he is told he lost are all" \
	wait_for 20 adds_up bob 400000
note "$(wc -l <"$scratch/bob.out") lines, $(lost bob) lost"
succeeds "longer: bob lost some line" [ "$(lost bob)" -gt 0 ]
succeeds "longer: bob's lines are in order, none twice" sort -c -u "$scratch/bob.out"
prepared knows alice bob
say alice "one more"
succeeds "longer: bob hears what comes next" wait_for 10 shows bob "one more"
end 1
like "$(cat "$scratch/alice.err")" '^mchat: not confirmed by bob \(gave up waiting, lost lines from [0-9]+ on\); ' \
	"longer: alice names bob as not having confirmed"

done_testing

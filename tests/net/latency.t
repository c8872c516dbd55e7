#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A line that is typed comes out elsewhere about as soon as with bare system
# calls; at 10 % loss it may have to wait for a repair, of itself or of the line
# before it.  All lines come, in order.
#
#   latency ---> alice (host 1)      bob (host 2) ---> latency
#                     |                    |
#                -----+------- br0 --------+-----

. "${0%/*}/../lib.sh"
requires nft
on_lan 2

lines=300
group=239.1.2.3

# Bare calls, before and after, tell how fast this machine is just now.  How near
# to them mchat comes when nothing else runs is measured by make bench-lan.
times=10
# A late line may have waited for a processor that others had; and for repair:
# the author's heartbeats send a lone line again for 50 ms (mchat-protocol(7)).
others_us=50000
repair_us=$((others_us + 50000))

# typed NAME: lines go through alice and bob, who have started; in $scratch/NAME
# is how many came, how many in order, the median and the 99th percentile in
# microseconds.
typed() {
	"$BUILD/tests/bench/latency" $lines 10 "$scratch/alice.in" \
		"$scratch/bob.out" >"$scratch/$1"
	hang_up alice
	finish alice
	is $? 0 "$1: alice's exit status"
}
begin() {
	mkfifo "$scratch/bob.out"
}
end() {
	rm "$scratch/alice.in" "$scratch/bob.out"
}

bare() {
	begin
	start bob on 2 "$BUILD/tests/bench/bare" receive 10.77.0.2 $group 5000 \
		1000000
	start_open alice on 1 "$BUILD/tests/bench/bare" send 10.77.0.1 $group \
		5000
	typed "$1"
	stop bob 2>/dev/null
	end
}
chats() {
	begin
	start_open alice on 1 "$MCHAT" -S -q -w 1
	start bob on 2 "$MCHAT" -R -f bare -q
	typed "$1"
	stop bob
	is $? 0 "$1: bob's exit status"
	end
}

# slower COLUMN: of the two times that bare calls took.
slower() {
	cut -d ' ' -f "$1" "$scratch/bare calls before" \
		"$scratch/bare calls after" | sort -n | tail -n 1
}
# check NAME PATIENCE_US
check() {
	read -r came in_order median late <"$scratch/$1"
	is "$came $in_order" "$lines $lines" "$1: every line comes, in order"
	note "$1: median and 99th percentile $median and $late us, bare calls \
$(slower 3) and $(slower 4)"
	succeeds "$1: half of the lines within $times times what bare calls take" \
		[ "$median" -le $((times * $(slower 3))) ]
	succeeds "$1: 99 of 100 lines within $times times and $(($2 / 1000)) ms" \
		[ "$late" -le $((times * $(slower 4) + $2)) ]
}

bare "bare calls before"
chats "no loss"
lossy 10 1 2 || skip_all "nft does not work here"
chats "10 % lost"
lossy 0 1 2
bare "bare calls after"
check "no loss" $others_us
check "10 % lost" $repair_us

done_testing

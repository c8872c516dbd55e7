#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A line that is typed comes out elsewhere at once, and at 10 % loss after the
# repair that it may need, or the one before it; all of them, in order.
#
#   latency ---> alice (host 1)      bob (host 2) ---> latency
#                     |                    |
#                -----+------- br0 --------+-----

. "${0%/*}/../lib.sh"
requires nft
on_lan 2

lines=300
# Not what is usual, which make bench-lan measures: a busy machine may not fail.
soon=50000
late=150000

# chats: takes the times; prints how many came, how many in order, the median
# and the 99th percentile in microseconds.
chats() {
	mkfifo "$scratch/bob.out"
	start_open alice on 1 "$MCHAT" -S -q -w 1
	start bob on 2 "$MCHAT" -R -f bare -q
	"$BUILD/tests/bench/latency" $lines 10 "$scratch/alice.in" \
		"$scratch/bob.out"
}
# check WHAT LIMIT_US RESULT
check() {
	is "${3% * *}" "$lines $lines" "$1: every line comes, in order"
	note "$1: median and 99th percentile: ${3#* * } us"
	succeeds "$1: 99 of 100 within $2 us" [ "${3##* }" -le "$2" ]
	hang_up alice
	finish alice
	is $? 0 "$1: alice's exit status"
	stop bob
	is $? 0 "$1: bob's exit status"
	rm "$scratch/alice.in" "$scratch/bob.out"
}

chats >"$scratch/result"
check "no loss" $soon "$(cat "$scratch/result")"
lossy 10 1 2 || skip_all "nft does not work here"
chats >"$scratch/result"
check "10 % lost" $late "$(cat "$scratch/result")"

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two networks that two pairs of peers join: one more than is needed, in case the
# other fails.  It is to cost nothing lasting, and to be there at once.
#
#   host 1   host 2   host 3          host 4   host 5   host 6
#     |        |        |  --peer 1-4   |        |        |
#   --+--------+--------+-  --peer 2-5 -+--------+--------+--

. "${0%/*}/../lib.sh"
requires nft
# In a burst packets would be counted as one.
on_lan --no-bursts --networks 2 6

lines=20000
numbered $lines >"$scratch/said"

member() {
	host=$1
	shift
	rm -f "$scratch/m$host.in"
	start_open "m$host" on "$host" "$MCHAT" -v -f bare -n "m$host" \
		-i "eth$((host > 3))" "$@"
}

# say_all: host 3 says the lines, and all confirm them.
say_all() {
	on 3 "$MCHAT" -i eth0 -n s3 -w 5 -T 60 <"$scratch/said" \
		2>"$scratch/s3.err"
	is $? 0 "$what: all members confirm $lines lines"
	for host in 1 2 4 5 6; do
		is "$(cmp "$scratch/said" "$scratch/m$host.out" 2>&1)" "" \
			"$what: m$host has each line once, in order"
	done
}

nobody() {
	stop_open m1 m2 m4 m5 m6
}

if ! reason=$(count_packets 1 2 3 4 5 6 2>&1); then
	skip_all "$reason"
fi

what="one pair"
member 1 --peer 10.78.0.4
member 2
member 4 --peer 10.78.0.1
member 5
member 6
say_all
single=$(packets_counted 1 2 3 4 5 6)
nobody

what="two pairs"
count_packets 1 2 3 4 5 6
member 1 --peer 10.78.0.4
member 2 --peer 10.78.0.5
member 4 --peer 10.78.0.1
member 5 --peer 10.78.0.2
member 6
say_all
double=$(packets_counted 1 2 3 4 5 6)
note "packets: one pair $single, two pairs $double"
succeeds "$what take at most 1.2 times the packets of one" \
	test $((10 * double)) -le $((12 * single))

# One pair dies; the other takes over.
for host in 6 1 2; do
	prepared knows_others "m$host" 4
done
for host in 1 4; do
	signal "m$host" KILL
	collect "m$host" 2>/dev/null
	hang_up "m$host"
done
say m6 "after one pair died"
succeeds "a line gets through by the other pair" \
	wait_for 5 shows m2 "after one pair died"
stop_open m2 m5 m6

done_testing

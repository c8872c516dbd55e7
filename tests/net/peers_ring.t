#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Three networks, two members on each: hosts 1 and 2 on eth0, 3 and 4 on eth1, 5
# and 6 on eth2.  Hosts 1, 3 and 5 are peers, first in a tree, then in a ring,
# which has a way too many; it is to cost nothing lasting.
#
#   tree  3 - 1 - 5      ring  3 - 1 - 5
#                              +-------+

. "${0%/*}/../lib.sh"
requires nft
# In a burst packets would be counted as one.
on_lan --no-bursts --networks 3 6

lines=40000 # about 1,900 packets of DATA
numbered $lines >"$scratch/said"

member() {
	host=$1
	shift
	start "m$host" on "$host" "$MCHAT" -R -f bare -n "m$host" --stats \
		-i "eth$(((host - 1) / 2))" "$@"
}

# joined PEERS_OF_3 PEERS_OF_5: runs all, and has host 2 say the lines.
joined() {
	if ! reason=$(count_packets 1 2 3 4 5 6 2>&1); then
		skip_all "$reason"
	fi
	member 1 --peer 10.77.0.3 --peer 10.77.0.5
	# shellcheck disable=SC2086 # lists of options
	member 3 $1
	# shellcheck disable=SC2086
	member 5 $2
	member 4
	member 6
	on 2 "$MCHAT" -i eth0 -w 5 -T 60 <"$scratch/said" 2>"$scratch/m2.err"
	is $? 0 "all members confirm $lines lines"
	for host in 1 3 4 5 6; do
		stop "m$host"
		is "$(cmp "$scratch/said" "$scratch/m$host.out" 2>&1)" "" \
			"m$host has each line once, in order"
	done
}

note "a tree"
joined "--peer 10.77.0.1" "--peer 10.77.0.1"
tree=$(packets_counted 1 2 3 4 5 6)
note "a ring"
joined "--peer 10.77.0.1 --peer 10.77.0.5" "--peer 10.77.0.1 --peer 10.77.0.3"
ring=$(packets_counted 1 2 3 4 5 6)
note "packets: tree $tree, ring $ring"
succeeds "a ring takes at most 1.2 times the packets of a tree" \
	test $((10 * ring)) -le $((12 * tree))

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# As many lines as a pipe gives, at full speed, reach three receivers: each line
# once, in order, whatever the network loses, doubles or reorders.
#
#   lines | alice (host 1)   r2 (host 2)   r3 (host 3)   r4 (host 4)
#                |               |             |             |
#            ----+---------------+---- br0 ----+-------------+----
#
# Each host loses some of all that it receives, so the receivers' reports get
# lost as well.

. "${0%/*}/../lib.sh"
requires nft
on_lan 4

# delivers NAME COUNT OPTION...: so many lines from alice to the three.
delivers() {
	what=$1 count=$2
	shift 2
	numbered "$count" >"$scratch/lines"
	for host in 2 3 4; do
		start "r$host" on "$host" "$MCHAT" -R -f bare -q -c "$count" \
			-T 60 --seed "$host" "$@"
	done
	on 1 "$MCHAT" -S -q -w 3 -T 60 --seed 1 "$@" <"$scratch/lines"
	is $? 0 "$what: all three confirm alice's lines"
	for host in 2 3 4; do
		finish "r$host"
		is $? 0 "$what: r$host has $count messages"
		succeeds "$what: r$host has each line once, in order" \
			cmp "$scratch/lines" "$scratch/r$host.out"
	done
}

delivers "no loss" 200000
lossy 1 1 2 3 4 || skip_all "nft does not work here"
delivers "1 % lost" 200000
lossy 10 1 2 3 4
delivers "10 % lost" 200000
lossy 30 1 2 3 4
delivers "30 % lost" 20000

lossy 0 1 2 3 4
# The bridge repeats to each port a fifth of what comes from alice.
nft -f - <<-END || skip_all "nft does not work here"
	table netdev doubling {
		chain in {
			type filter hook ingress device h1.0 priority 0
			numgen random mod 100 < 20 dup to h2.0
			numgen random mod 100 < 20 dup to h3.0
			numgen random mod 100 < 20 dup to h4.0
		}
	}
END
delivers "20 % doubled by the network" 100000
nft delete table netdev doubling
delivers "20 % doubled" 100000 --duplicate 20
delivers "20 % reordered" 100000 --reorder 20
delivers "20 % lost, doubled and reordered" 50000 --drop 20 --duplicate 20 --reorder 20

done_testing

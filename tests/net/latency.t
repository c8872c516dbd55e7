#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A line that is typed comes out elsewhere without another one behind it; at 10 %
# loss, too, where it may have to wait for a repair.  How long that takes is
# measured by make bench-lan.
#
#   alice (host 1)      bob (host 2)
#        |                   |
#   -----+------- br0 -------+-----

. "${0%/*}/../lib.sh"
requires nft
on_lan 2

lines=100

# typed NAME: alice types each line when bob has shown the one before it.
typed() {
	start_open alice on 1 "$MCHAT" -S -q -w 1
	start bob on 2 "$MCHAT" -R -f bare -q
	came=0
	while [ $came -lt $lines ]; do
		say alice "line $((came + 1))"
		wait_for 10 has_lines bob $((came + 1)) || break
		came=$((came + 1))
	done
	is $came $lines "$1: every line comes before the next is typed"
	is "$(cksum <"$scratch/bob.out")" "$(seq -f 'line %g' $lines | cksum)" \
		"$1: they come in order, and nothing else does"
	hang_up alice
	finish alice
	is $? 0 "$1: alice's exit status"
	stop bob
	is $? 0 "$1: bob's exit status"
	rm "$scratch/alice.in"
}

typed "no loss"
lossy 10 1 2 || skip_all "nft does not work here"
typed "10 % lost"

done_testing

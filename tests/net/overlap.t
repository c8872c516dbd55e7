#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Two members of one host on two networks each, one of which they share: each
# hears all of its networks.  (SO_REUSEPORT makes their sockets one set, and
# Linux 6.10 and later may give a datagram that one of them wants to the other.)
#
#      alice (host 1)     dave (host 1)
#     eth0 |  eth1 |       | eth1   | eth2
#   br0 ---+--   --+-------+--   ---+--- br2
#          |           br1          |
#         bob (host 2)            bob

. "${0%/*}/../lib.sh"
on_lan --networks 3 2

has_lines() {
	[ "$(wc -l <"$scratch/$1.out")" -ge "$2" ]
}
# say_on NETWORK: bob says 20 lines there, each from another port, as if 20
# people did.
say_on() {
	for line in $(seq 20); do
		on 2 "$MCHAT" --raw -i "$1" -m "$1 $line"
	done
}

start_open alice on 1 "$MCHAT" --raw -i eth0 -i eth1 -f bare
start_open dave on 1 "$MCHAT" --raw -i eth1 -i eth2 -f bare
prepared has_members 1 eth0 1
prepared has_members 1 eth1 2
prepared has_members 1 eth2 1

say_on eth0
say_on eth1
say_on eth2
# What both hear comes last.
on 2 "$MCHAT" --raw -i eth1 -m "eth1 end"
prepared shows alice "eth1 end"
prepared shows dave "eth1 end"
is "$(grep -c eth0 "$scratch/alice.out")" 20 "alice hears eth0"
is "$(grep -c "eth1 [0-9]" "$scratch/alice.out")" 20 "alice hears eth1"
is "$(grep -c "eth1 [0-9]" "$scratch/dave.out")" 20 "dave hears eth1"
is "$(grep -c eth2 "$scratch/dave.out")" 20 "dave hears eth2"
fails "alice hears nothing of eth2" shows alice eth2
fails "dave hears nothing of eth0" shows dave eth0

done_testing

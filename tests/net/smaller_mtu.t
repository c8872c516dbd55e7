#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A network with a smaller MTU comes in the middle of a chat: from then on what
# is said is cut to fit.  Packets from before that are fragmented by the kernel.
#
#      alice (host 1)
#     eth0 |        | eth1  <- comes, MTU 700; later 600
#   br0 ---+---- ---+---- br1
#     eth0 |        | eth1
#         bob     carol       both on host 2

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# fragments: how many host 1 has made so far.
fragments() {
	on 1 cat /proc/net/snmp | awk '
		$1 != "Ip:" { next }
		{
			print column ? $column : 0
			for (i = 1; i <= NF; i++)
				if ($i == "FragCreates")
					column = i
		}' | tail -n 1
}
# has NAME COUNT LETTER
has() {
	wait_for 10 shows "$1" "$(repeated "$2" "$3")"
}
# is_cut: a line that is said now is cut by mchat, so that the kernel need not
# fragment it.
is_cut() {
	before=$(fragments)
	said=$((said + 1))
	say alice "$said$(repeated 5000 c)"
	wait_for 10 shows bob "$said$(repeated 5000 c)" &&
		[ "$(fragments)" -eq "$before" ]
}
said=0

unplug 1 1
start_open alice on 1 "$MCHAT" -n alice
start_open bob on 2 "$MCHAT" -n bob -i eth0
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "$(repeated 5000 a)"
succeeds "before: bob gets a long line" has bob 5000 a

plug 1 1 700
succeeds "alice is told of the new network" \
	wait_for 5 told alice "joined eth1 (10.78.0.1)"
say alice "$(repeated 5000 b)"
succeeds "after: bob gets a long line" has bob 5000 b
is "$(fragments)" 0 "no packet was too large for the new network"

start_open carol on 2 "$MCHAT" -n carol -i eth1 -H 5
succeeds "carol, who came late on the new network, gets what was said since" \
	has carol 5000 b
succeeds "carol gets what was packed before the new network came" has carol 5000 a

on 1 ip link set eth1 mtu 600
succeeds "a line fits a still smaller MTU, too" wait_for 5 is_cut

leave alice bob carol

done_testing

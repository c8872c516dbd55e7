#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A network whose packets are smaller comes in the middle of a chat: from then on
# what is said is cut to fit.  What was packed before the kernel cuts.
#
#      alice (host 1)
#     eth0 |        | eth1  <- comes, MTU 700; later 600
#   br0 ---+---- ---+---- br1
#     eth0 |        | eth1
#         bob     carol       both on host 2

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# fragments: that host 1 has made so far.
fragments() {
	on 1 awk '$1 == "Ip:" { value = $NF; for (i = 1; i <= NF; i++)
		if ($i == "FragCreates") column = i; value = $column }
		END { print value }' /proc/net/snmp
}
# line COUNT: one line of so many bytes.
line() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}
# has NAME COUNT LETTER
has() {
	wait_for 10 shows "$1" "$(line "$2" "$3")"
}
# is_cut: a line that is said now leaves in one piece.
is_cut() {
	before=$(fragments)
	said=$((said + 1))
	say alice "$said$(line 5000 c)"
	wait_for 10 shows bob "$said$(line 5000 c)" &&
		[ "$(fragments)" -eq "$before" ]
}
said=0

unplug 1 1
start_open alice on 1 "$MCHAT" -n alice
start_open bob on 2 "$MCHAT" -n bob -i eth0
prepared has_members 1 eth0 1
prepared has_members 2 eth0 1
say alice "$(line 5000 a)"
succeeds "before: bob has a long line" has bob 5000 a

plug 1 1 700
succeeds "alice is told of the new network" \
	wait_for 5 told alice "joined eth1 (10.78.0.1)"
say alice "$(line 5000 b)"
succeeds "bob has another" has bob 5000 b
is "$(fragments)" 0 "no packet was too large for the new network"

start_open carol on 2 "$MCHAT" -n carol -i eth1 -H 5
succeeds "carol, who came late on that network, has what was said since" \
	has carol 5000 b
succeeds "and what was packed before" has carol 5000 a

on 1 ip link set eth1 mtu 600
succeeds "a smaller MTU is followed, too" wait_for 5 is_cut

for name in alice bob carol; do
	hang_up $name
	finish $name
	is $? 0 "$name: exit status"
done

done_testing

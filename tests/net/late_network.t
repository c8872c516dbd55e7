#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat is started before the network is there, as at login: it begins on lo and
# goes where the network is, when the link is up and the address has come.  Then
# the address goes, and another comes, as from DHCP.
#
#   alice (host 1)                    bob (host 2)
#         |  <- none, 10.77.0.1,            |
#         |     none, 10.77.0.9             |
#   ------+-------------- br0 --------------+------

. "${0%/*}/../lib.sh"
on_lan 2

# comes_up HOW [OPTION]: alice and bob have the option.
comes_up() {
	how=$1
	shift
	on 1 ip addr flush dev eth0
	on 1 ip link set eth0 down
	start_open bob on 2 "$MCHAT" "$@"
	start_open alice on 1 "$MCHAT" "$@"
	prepared has_members 2 eth0 1
	succeeds "$how: alice begins on lo" wait_for 5 has_members 1 lo 1

	on 1 ip link set eth0 up
	on 1 ip addr add 10.77.0.1/24 dev eth0
	succeeds "$how: alice is told that she joined eth0" \
		wait_for 5 told alice "joined eth0 (10.77.0.1)"
	succeeds "$how: alice is in the group on eth0" wait_for 5 has_members 1 eth0 1
	succeeds "$how: alice is no longer in the group on lo" wait_for 5 has_members 1 lo 0
	hear_one_another "$how, late"

	on 1 ip addr flush dev eth0
	succeeds "$how: alice is told that the address is gone" \
		wait_for 5 told alice "eth0 has no IPv4 address"
	succeeds "$how: alice is in the group on lo again" wait_for 5 has_members 1 lo 1
	on 1 ip addr add 10.77.0.9/24 dev eth0
	succeeds "$how: alice is told that eth0 is back" \
		wait_for 5 told alice "eth0 is back (10.77.0.9)"
	succeeds "$how: alice is in the group on eth0 again" wait_for 5 has_members 1 eth0 1
	hear_one_another "$how, again"

	what=$how
	leave alice bob
}

comes_up reliable
comes_up raw --raw

done_testing

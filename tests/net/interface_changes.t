#!/bin/sh
# SPDX-License-Identifier: ISC
#
# For three seconds a host has no network.  What both say meanwhile both have
# when it is back, and all that alice is told of it are three lines.
#
#   alice, carol (host 1)      bob (host 2)
#         |   <- down, up           |
#   ------+--------- br0 -----------+------

. "${0%/*}/../lib.sh"
on_lan 2

# changes NAME: what it was told of interfaces and of sending.
changes() {
	grep -E 'eth0|left:|send' "$scratch/$1.err"
}

start_open alice on 1 "$MCHAT" -n alice
start_open carol on 1 "$MCHAT" -n carol -f json -q
start_open bob on 2 "$MCHAT" -n bob
prepared knows alice bob
prepared knows alice carol
prepared knows bob alice
prepared knows bob carol

on 1 ip link set eth0 down
succeeds "down: alice is told that eth0 is down" wait_for 5 told alice "eth0 is down"
succeeds "down: alice and carol are in the group on lo" wait_for 5 has_members 1 lo 2
succeeds "down: alice and carol are not in the group on eth0" wait_for 5 has_members 1 eth0 0
say alice "alice in the dark"
succeeds "down: carol hears alice over lo" \
	wait_for 5 shows carol '"text":"alice in the dark"'
say carol "carol in the dark"
say bob "bob to the dark"
# In this time each of them sends several times.
sleep 3
fails "down: bob hears nothing from host 1" grep dark "$scratch/bob.out"

on 1 ip link set eth0 up
succeeds "up: alice is told that eth0 is back" wait_for 5 told alice "eth0 is back (10.77.0.1)"
succeeds "up: alice and carol are in the group on eth0 again" wait_for 5 has_members 1 eth0 2
succeeds "up: alice and carol are no longer in the group on lo" wait_for 5 has_members 1 lo 0
succeeds "up: bob gets what alice said while it was down" \
	wait_for 5 shows bob "alice: alice in the dark"
succeeds "up: bob gets what carol said while it was down" wait_for 5 shows bob "carol: carol in the dark"
succeeds "up: alice gets what bob said while it was down" \
	wait_for 5 shows alice "bob: bob to the dark"
succeeds "up: carol gets what bob said while it was down" wait_for 5 shows carol '"text":"bob to the dark"'
say alice "light"
succeeds "up: bob hears alice's next line" wait_for 5 shows bob "alice: light"

leave alice carol bob
is "$(changes alice)" "mchat: eth0 is down
mchat: no network is left: only this host hears, by lo
mchat: eth0 is back (10.77.0.1)" "alice was told of each change once"
is "$(cat "$scratch/carol.err")" "mchat: eth0 is down
mchat: no network is left: only this host hears, by lo" \
	"carol, with -q, was told of the bad changes only"
is "$(grep -vc '^{"event":.*}$' "$scratch/carol.out")" 0 \
	"carol's stdout has nothing but events"
is "$(changes bob)" "" "bob was told nothing: none of his interfaces changed"
is "$(grep -c dark "$scratch/bob.out")" 2 "bob has each line once"

done_testing

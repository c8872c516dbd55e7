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

knows() {
	grep -q "$2 joined" "$scratch/$1.err"
}
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
succeeds "down: alice is told" wait_for 5 told alice "eth0 is down"
succeeds "alice and carol go to lo" wait_for 5 has_members 1 lo 2
succeeds "and off eth0" wait_for 5 has_members 1 eth0 0
say alice "alice in the dark"
succeeds "there carol hears alice" \
	wait_for 5 shows carol '"text":"alice in the dark"'
say carol "carol in the dark"
say bob "bob to the dark"
# In this time each of them sends several times.
sleep 3
fails "bob has nothing of it" grep dark "$scratch/bob.out"

on 1 ip link set eth0 up
succeeds "up: alice is told" wait_for 5 told alice "eth0 is back (10.77.0.1)"
succeeds "both are on eth0 again" wait_for 5 has_members 1 eth0 2
succeeds "and off lo" wait_for 5 has_members 1 lo 0
succeeds "bob has what alice said" \
	wait_for 5 shows bob "alice: alice in the dark"
succeeds "and what carol said" wait_for 5 shows bob "carol: carol in the dark"
succeeds "alice has what bob said" \
	wait_for 5 shows alice "bob: bob to the dark"
succeeds "so has carol" wait_for 5 shows carol '"text":"bob to the dark"'
say alice "light"
succeeds "and all goes on" wait_for 5 shows bob "alice: light"

for name in alice carol bob; do
	hang_up $name
	finish $name
	is $? 0 "$name: exit status"
done
is "$(changes alice)" "mchat: eth0 is down
mchat: no network is left: only this host hears, by lo
mchat: eth0 is back (10.77.0.1)" "alice was told of each change once"
is "$(cat "$scratch/carol.err")" "mchat: eth0 is down
mchat: no network is left: only this host hears, by lo" \
	"carol, who is quiet, of what is bad"
is "$(grep -vc '^{"event":.*}$' "$scratch/carol.out")" 0 \
	"and her stdout has nothing but events"
is "$(changes bob)" "" "bob was told nothing: none of his interfaces changed"
is "$(grep -c dark "$scratch/bob.out")" 2 "bob has each line once"

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# No multicast at all, as in a cloud: the hosts chat by --peer alone.  Host 1 has
# no interface that could be in a group, not even lo.
#
#   host 1  <-- --peer -->  host 2
#     |                       |
#   --+-- br0 (multicast off) +--

. "${0%/*}/../lib.sh"
on_lan --no-route 2
for host in 1 2; do
	on $host ip link set eth0 multicast off
done
on 1 ip link set lo down

start_open bob on 2 "$MCHAT" -v -n bob -f bare --peer 10.77.0.1
succeeds "who has lo alone is told who hears" wait_for 10 grep -q \
	'^mchat: no network with multicast is up: only peers can hear you$' \
	"$scratch/bob.err"
numbered 2000 >"$scratch/said"
on 1 "$MCHAT" -n ann -w 1 -T 30 --peer 10.77.0.2 \
	<"$scratch/said" 2>"$scratch/ann.err"
is $? 0 "without any interface lines are confirmed by the peer"
is "$(cmp "$scratch/said" "$scratch/bob.out" 2>&1)" "" \
	"which has each of them once, in order"
on 1 "$MCHAT" -m hello -w 1 -T 1 2>"$scratch/none.err"
is $? 1 "without peers it is an error, as before"

start ann on 1 "$MCHAT" -v -R -n ann -f bare --peer 10.77.0.2
# met: also the one that came second knows, and is known.
met() {
	[ "$(grep -c '^mchat: ann joined' "$scratch/bob.err")" -eq 2 ] &&
		grep -q '^mchat: bob joined' "$scratch/ann.err"
}
prepared met
say bob "and back"
succeeds "the way back works" wait_for 10 shows ann "and back"
stop ann
hang_up bob
stop bob

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A host on two networks: one is used by default, and with -i any or both.
#
#        alice (host 1)           routes 224.0.0.0/4 through eth0
#     eth0 |        | eth1
#   br0 ---+---- ---+---- br1
#     eth0 |        | eth1
#         bob     carol           both on host 2, each listens on one network

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# joined_on N0 N1: alice's host has so many members on eth0 and eth1.
joined_on() {
	has_members 1 eth0 "$1" && has_members 1 eth1 "$2"
}

index() {
	on 1 ip -o link show dev "$1" | cut -d : -f 1
}

start_open bob on 2 "$MCHAT" --raw -i eth0 -f bare
start_open carol on 2 "$MCHAT" --raw -i eth1 -f bare
prepared has_members 2 eth0 1
prepared has_members 2 eth1 1

# By default: the network that the kernel routes the group to.
start_open alice on 1 "$MCHAT" --raw
succeeds "no -i joins the routed network only" wait_for 5 joined_on 1 0
say alice "to the routed"
succeeds "no -i: bob, on the routed network, hears it" wait_for 5 shows bob "to the routed"
hang_up alice
finish alice || note "alice: exit status $?"

# both NAME OPTION...: alice selects both networks by these options; each time
# under another name, by which her files are told apart.
both() {
	me=$1
	shift
	start_open "$me" on 1 "$MCHAT" --raw "$@"
	succeeds "$*: joins both" wait_for 5 joined_on 1 1
	say "$me" "$*"
	succeeds "$*: bob's network hears it" wait_for 5 shows bob "$*"
	succeeds "$*: carol's network hears it" wait_for 5 shows carol "$*"
	say bob "bob to $me"
	say carol "carol to $me"
	succeeds "$*: hears bob's network" \
		wait_for 5 shows "$me" "bob to $me"
	succeeds "$*: hears carol's network" \
		wait_for 5 shows "$me" "carol to $me"
	fails "$*: does not hear itself" shows "$me" "$*"
	hang_up "$me"
	finish "$me"
	is $? 0 "$*: exit status"
	succeeds "$*: leaves both" wait_for 5 joined_on 0 0
}
both names -i eth0 -i eth1
both addresses -i 10.77.0.1 -i 10.78.0.1
both indexes -i "$(index eth0)" -i "$(index eth1)"
both all -i all
both twice -i all -i eth1 -i 10.77.0.1

# Carol heard what came after it on her network, so it never went there.
fails "no -i: carol's network never had the line" shows carol "to the routed"
is "$(sort "$scratch/bob.out" | uniq -d)" "" "bob heard nothing twice"
is "$(sort "$scratch/carol.out" | uniq -d)" "" "carol heard nothing twice"

# One network that is not the routed one.
start_open dora on 1 "$MCHAT" --raw -i eth1
succeeds "-i eth1 joins eth1 only" wait_for 5 joined_on 0 1
say dora "only here"
succeeds "-i eth1: carol hears it" wait_for 5 shows carol "only here"
start_open emil on 1 "$MCHAT" --raw
say emil "a last line"
succeeds "a line after it reaches bob" wait_for 5 shows bob "a last line"
fails "-i eth1: bob's network never had it" shows bob "only here"

# The route decides, not the order of interfaces.
hang_up dora
hang_up emil
finish dora
finish emil
on 1 ip route replace 224.0.0.0/4 dev eth1
start_open frank on 1 "$MCHAT" --raw
succeeds "with another route no -i joins that network only" \
	wait_for 5 joined_on 0 1
say frank "rerouted"
succeeds "with another route: carol hears it" wait_for 5 shows carol "rerouted"

done_testing

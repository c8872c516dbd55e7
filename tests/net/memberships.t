#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A host with more networks than a socket may join: mchat names the limit, and
# chats on those that it could join; also when they come one by one.
#
#          alice -i all                       bob -i one that she joined
#    |     |     |         |     |              |
#   eth0  p1 --- q1  ...  p12 - q12             one of these
#         (both ends of each cable in host 1)

. "${0%/*}/../lib.sh"
on_lan 1

cables=12
limit=20
# network FIRST LAST: prints the commands for cables of these numbers.
network() {
	for cable in $(seq "$1" "$2"); do
		cat <<-END
			link add p$cable type veth peer name q$cable
			link set p$cable up
			link set q$cable up
			addr add 10.1.$cable.1/24 dev p$cable
			addr add 10.2.$cable.1/24 dev q$cable
		END
	done
}
# Prints the interfaces of the host that are in the group.
joined() {
	on 1 ip -4 maddr show | awk '
		/^[0-9]+:/ { interface = $2 }
		$2 == "239.255.77.67" { print interface }'
}
has_joined() {
	[ "$(joined | wc -l)" -eq "$1" ]
}
running() {
	on 1 ip link show up | grep -c LOWER_UP
}
all_run() {
	[ "$(running)" -eq $((2 * cables + 2)) ] # lo and eth0, too
}

network 1 $cables | on 1 ip -batch -
on 1 sysctl -qw net.ipv4.igmp_max_memberships=$limit
prepared all_run

start_open alice on 1 "$MCHAT" --raw -i all
succeeds "alice joins as many as the kernel allows" wait_for 5 has_joined $limit
say alice "to whom it concerns"

# Sending works on them all, so bob may be anywhere; he is where she hears him.
interface=$(joined | tail -n 1)
start_open bob on 1 "$MCHAT" --raw -i "$interface" -f bare
prepared has_members 1 "$interface" 2
say alice "hello $interface"
succeeds "bob hears alice on $interface" wait_for 5 shows bob "hello $interface"
say bob "hello alice"
succeeds "alice hears bob" wait_for 5 shows alice "hello alice"

missed=$((2 * cables + 1 - limit))
is "$(wc -l <"$scratch/alice.err")" 2 "alice is told in two lines which joins failed"
like "$(sed -n 1p "$scratch/alice.err")" \
	"(IP_ADD_MEMBERSHIP.*No buffer space.*net\.ipv4\.igmp_max_memberships|MCAST_JOIN_GROUP.*No buffer space.*-i)" \
	"the first line says why, and which limit to raise"
like "$(sed -n 2p "$scratch/alice.err")" \
	"^mchat: also failed on $((missed - 1)) more: ([pq][0-9]+, ){$((missed - 2))}[pq]" \
	"the second line names the other interfaces"

# With the limit raised she joins them all.
hang_up alice
finish alice
is $? 0 "alice's exit status"
on 1 sysctl -qw net.ipv4.igmp_max_memberships=100
hang_up bob
finish bob || note "bob: exit status $?"
start_open again on 1 "$MCHAT" --raw -i all
succeeds "with the limit raised alice joins every interface" \
	wait_for 5 has_joined $((2 * cables + 1))
is "$(cat "$scratch/again.err")" "" "with the limit raised alice complains of nothing"

# More come than the limit allows, and one of them goes.
# refused INTERFACE...: she was told of each of them, once.
refused() {
	for interface; do
		[ "$(grep -Ec "( on|more:.*) $interface(\)|,|\$)" \
			"$scratch/again.err")" -eq 1 ] || return
	done
}
limit=$((2 * cables + 1))
on 1 sysctl -qw net.ipv4.igmp_max_memberships=$limit
network 13 13 | on 1 ip -batch -
succeeds "alice is told of new interfaces that she cannot join" wait_for 5 refused p13 q13
network 14 14 | on 1 ip -batch -
succeeds "alice is told of further ones that she cannot join" wait_for 5 refused p14 q14
on 1 ip link del p1
succeeds "alice is told that an interface is gone" wait_for 5 told again "p1 is gone"
succeeds "alice joins p13 in the place of one that is gone" \
	wait_for 5 told again "joined p13 (10.1.13.1)"
succeeds "alice joins q13 in the place of the other" wait_for 5 told again "joined q13 (10.2.13.1)"
succeeds "alice has joined as many as the limit allows" has_joined $limit
succeeds "alice was told only once of those she still cannot join" refused p14 q14

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# IPv6 and a network that comes late, goes and returns: an address that the
# kernel still checks cannot be sent from, lo carries no multicast, and a foreign
# program is heard on one interface and not on the other.
#
#   alice (host 1)    bob (host 2)
#         |                 |
#   ------+------ br0 ------+------

. "${0%/*}/../lib.sh"
on_lan 2

# ---- the sockets ----

succeeds "a group by itself" on 2 "$BUILD/tests/peers/group_ipv6"

# ---- addresses that are still checked ----

# The kernel makes its own link-local address, and asks first whether another
# has it.
on 1 sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_dad'
on 1 ip link set eth0 down
on 1 ip link set eth0 addrgenmode eui64
start_open bob on 2 "$MCHAT" -6 -n bob -v
is_in bob
on 1 ip link set eth0 up
is_tentative() {
	on 1 ip -6 addr show dev eth0 | grep -q "tentative"
}
prepared is_tentative
on 1 "$MCHAT" -6 -n early -m "from the first moment" 2>"$scratch/early"
is $? 0 "tentative: exit status of who speaks at once"
is "$(grep -v joined "$scratch/early")" "" \
	"tentative: nothing to complain of"
succeeds "tentative: bob has it" wait_for 5 shows bob "from the first moment"

# ---- the link goes and comes back ----

start_open alice on 1 "$MCHAT" -4 -6 -n alice -v
is_in alice
on 1 ip link set eth0 down
succeeds "down: it is told once, not for each family" \
	wait_for 5 told alice "eth0 is down"
on 1 ip link set eth0 up
succeeds "up: IPv6 is back when its address can be sent from" \
	wait_for 10 grep -q '^mchat: eth0 is back (fe80:' "$scratch/alice.err"
say alice "back again"
succeeds "up: bob hears alice" wait_for 5 shows bob "back again"
say bob "heard"
succeeds "up: alice hears bob" wait_for 5 shows alice "heard"
fails "up: nothing was refused in between" grep -q 'send:' "$scratch/alice.err"

unplug 1 0
succeeds "gone: it is told" wait_for 5 told alice "eth0 is gone"
plug 1 0
on 1 ip addr add fe80::1/64 dev eth0 nodad
succeeds "another device: IPv6 is back" \
	wait_for 10 grep -q '^mchat: eth0 is back (fe80::' "$scratch/alice.err"
say alice "by another"
succeeds "another device: bob hears alice" wait_for 10 shows bob "by another"
leave alice bob

# ---- what foreign programs say ----

if command -v socat >/dev/null; then
	group='ff15::99'
	start_open dave on 1 "$MCHAT" --raw -n dave "[$group]:5000" -i eth0
	dave_is_in() {
		on 1 grep -q 'eth0 *ff150000000000000000000000000099' \
			/proc/net/igmp6
	}
	prepared dave_is_in
	echo "foreign" | on 2 socat -u STDIN "UDP6-SENDTO:[$group]:5000"
	succeeds "socat is heard" wait_for 5 shows dave "] foreign"
	# To the port, but to no group.
	echo "unicast" | on 2 socat -u STDIN "UDP6-SENDTO:[fe80::1%eth0]:5000"
	echo "other group" | on 2 socat -u STDIN "UDP6-SENDTO:[ff15::98]:5000"
	echo "last" | on 2 socat -u STDIN "UDP6-SENDTO:[$group]:5000"
	succeeds "what is sent later is heard" wait_for 5 shows dave "] last"
	is "$(grep -c 'unicast\|other group' "$scratch/dave.out")" 0 \
		"what is for another address is not"
	start ella on 2 socat -u \
		"UDP6-RECV:5000,ipv6-join-group=[$group]:eth0" -
	prepared on 2 grep -q 'eth0 *ff150000000000000000000000000099' \
		/proc/net/igmp6
	say dave "to whoever listens"
	succeeds "socat hears" wait_for 5 shows ella "to whoever listens"
	stop ella
	hang_up dave
	finish dave
else
	skip "a foreign program" "socat is missing"
fi

# ---- lo ----

on 1 ip link set eth0 down
on 1 "$MCHAT" -6 -m hello 2>"$scratch/err"
is $? 1 "only lo: exit status"
is "$(cat "$scratch/err")" "mchat: eth0 is down, so nobody will hear; \
\`ip link set eth0 up\` brings it up
mchat: no network interface has IPv6; lo cannot carry its multicast: -4 chats \
on this host by it, and \`ip -6 route add local ff00::/8 dev lo table local\` \
makes it carry IPv6" "only lo: it is said, and what to do"
on 1 "$MCHAT" -6 -i lo -m hello 2>"$scratch/err"
is $? 1 "-i lo: exit status"
like "$(cat "$scratch/err")" \
	"^mchat: --interface lo: it cannot carry IPv6 multicast; -4 " \
	"-i lo: it is said"
on 1 "$MCHAT" -4 -6 -m hello 2>"$scratch/err"
is $? 0 "-4 -6: IPv4 has lo"
on 1 ip -6 route add local ff00::/8 dev lo table local
start_open frank on 1 "$MCHAT" -6 -n frank -v
is_in frank
on 1 "$MCHAT" -6 -n gina -m "by lo"
succeeds "the route makes lo carry it" wait_for 5 shows frank "by lo"
hang_up frank
finish frank

done_testing

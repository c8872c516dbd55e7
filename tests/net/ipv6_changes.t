#!/bin/sh
# SPDX-License-Identifier: ISC
#
# IPv6 addresses that are not ready yet, are another host's, come, go or change
# while there is talk; and what is set at run time.
#
#   alice (host 1)    bob (host 2)
#         |  |              |  |
#   ------+--|----- br0 ----+--|------
#   ---------+----- br1 -------+------

. "${0%/*}/../lib.sh"
on_lan --networks 2 2

# set_on HOST INTERFACE KNOB VALUE: a setting of its IPv6.
set_on() {
	on "$1" sh -c "echo $4 >/proc/sys/net/ipv6/conf/$2/$3"
}
# said_like NAME REGEX: a line on its stderr.
said_like() {
	grep -Eq "^mchat: $2" "$scratch/$1.err"
}
# hears LISTENER SPEAKER TEXT
hears() {
	say "$2" "$3"
	succeeds "$what: $1 hears $2" wait_for 10 shows "$1" "$3"
}
# complains NAME: of what was sent, or of what is lost.
complains() {
	grep -E "send:|EADDRNOTAVAIL|nothing can be sent|lost|not confirmed" \
		"$scratch/$1.err"
}

# ---- at run time ----

# came NAME: how many packets NAME was sent so far.
came() {
	grep -c ' <- ' "$scratch/$1.err"
}
came_more() {
	[ "$(came "$1")" -gt "$2" ]
}

# With --raw they see each packet, and ask for none.
what="/loop, /ttl"
start near on 1 "$MCHAT" -6 --raw -R -i eth0 --trace
start far on 2 "$MCHAT" -6 --raw -R -i eth0 --trace
prepared has_members_ipv6 1 eth0 1
prepared has_members_ipv6 2 eth0 1
start_terminal alice 1 -6 -i eth0
prepared came_more far 0
succeeds "$what: the own host hears" wait_for 5 came_more near 0
# only ONE OTHER TEXT: what alice says comes to ONE and not to OTHER.
only() {
	other=$(came "$2")
	one=$(came "$1")
	say alice "$3"
	succeeds "$what: $1 hears it" wait_for 10 came_more "$1" "$one"
	is "$(came "$2")" "$other" "$what: $2 does not"
}
say alice "/loop off"
succeeds "$what: off is said" \
	wait_for 5 grep -aq "others on this host do not hear you" \
	"$scratch/alice.out"
only far near "not looped"
say alice "/loop on"
succeeds "$what: on is said" wait_for 5 grep -aq "others on this host hear" \
	"$scratch/alice.out"
before=$(came near)
say alice "looped"
succeeds "$what: on" wait_for 5 came_more near "$before"
say alice "/ttl 0"
succeeds "$what: 0 is said" wait_for 5 grep -aq "TTL 0" "$scratch/alice.out"
only near far "kept on this host"
before=$(came far)
say alice "/ttl 1"
say alice "let go again"
succeeds "$what: 1" wait_for 5 came_more far "$before"
say alice /quit
finish alice >/dev/null
stop alice.input
rm "$scratch/alice.in"
stop near
stop far

# ---- the zone in the group ----

start_open bob on 2 "$MCHAT" -6 -n bob -v -i all
is_in bob

what="a zone"
start_open alice on 1 "$MCHAT" -n alice -v '[ff12::4d43%eth1]:62428'
is_in alice
succeeds "$what: it is said where she is" \
	said_like alice "in \[ff12::4d43\]:62428 on eth1 \(fe80::1\)"
hears bob alice "by the zone"
leave alice

# ---- addresses that are checked still ----

what="tentative"
set_on 1 eth0 accept_dad 1
on 1 ip link set eth0 down
on 1 ip link set eth0 addrgenmode eui64
on 1 ip link set eth1 down
# She waits for a network; what she is given meanwhile is not lost.
start_open alice on 1 "$MCHAT" -4 -6 -n alice -v -i eth0
succeeds "$what: she waits" wait_for 5 said_like alice "waiting for an interface"
say alice "before there was a network"
on 1 ip link set eth0 up
succeeds "$what: bob has it all the same" \
	wait_for 20 shows bob "before there was a network"
fails "$what: nothing to complain of" complains alice
leave alice

# ---- an address that another host has ----

what="duplicate"
on 1 ip link set eth0 down
on 1 ip link set eth0 addrgenmode none
on 1 ip link set eth0 up
on 1 ip addr add fe80::2/64 dev eth0 # bob's
is_refused() {
	on 1 ip -6 addr show dev eth0 | grep -q dadfailed
}
prepared is_refused
on 1 "$MCHAT" -6 -i eth0 -n alice -m hello 2>"$scratch/err"
like "$(cat "$scratch/err")" "^mchat: eth0: .*another host .*same" \
	"$what: it is said that another host has the address"
fails "$what: not that the interface is gone or down" \
	grep -E "is gone; |is down" "$scratch/err"
start_open alice on 1 "$MCHAT" -6 -n alice -v -i eth0
succeeds "$what: a chat says so, too" \
	wait_for 10 said_like alice "eth0: .*another host .*same"
on 1 ip addr del fe80::2/64 dev eth0
on 1 ip addr add fe80::1/64 dev eth0 nodad
hears bob alice "with an address of my own"
hears alice bob "so I hear"
leave alice
on 1 ip link set eth1 up
on 1 ip addr replace fe80::1/64 dev eth1 nodad

# ---- IPv6 switched off on an interface ----

what="disable_ipv6"
set_on 1 eth0 disable_ipv6 1
start_open alice on 1 "$MCHAT" -6 -n alice -v -i all
is_in alice
hears bob alice "by the other interface"
set_on 1 eth0 disable_ipv6 0
on 1 ip addr replace fe80::1/64 dev eth0 nodad
succeeds "$what: it is joined when it is switched on" \
	wait_for 10 said_like alice "(joined eth0|eth0 is back)"
set_on 1 eth1 disable_ipv6 1
succeeds "$what: the other is told of when it is switched off" \
	wait_for 10 said_like alice "eth1 has no IPv6 address"
hears bob alice "by this one"
hears alice bob "and back"
set_on 1 eth1 disable_ipv6 0
on 1 ip addr replace fe80::1/64 dev eth1 nodad
succeeds "$what: and when it is back" \
	wait_for 10 said_like alice "eth1 is back \(fe80::1\)"
fails "$what: nothing to complain of" complains alice
leave alice
set_on 1 eth0 disable_ipv6 1
start_open alice on 1 "$MCHAT" -6 -n alice -v -i eth0
succeeds "$what: -i says what it lacks" wait_for 5 \
	said_like alice "--interface eth0: it has no IPv6 address"
set_on 1 eth0 disable_ipv6 0
on 1 ip addr replace fe80::1/64 dev eth0 nodad
hears bob alice "once it was there"
leave alice

# ---- addresses that change ----

# A group of a wider scope is sent from an address of that scope: privacy
# addresses come and go while the chat lasts.
what="another address"
group='[ff15::4d43]:62428'
on 1 ip addr add fd77::1/64 dev eth0 nodad
on 2 ip addr add fd77::2/64 dev eth0 nodad
start_open dave on 2 "$MCHAT" -n dave -v -i eth0 "$group"
is_in dave
start_open alice on 1 "$MCHAT" -n alice -v -i eth0 "$group"
is_in alice
hears dave alice "from the first address"
on 1 ip addr add fd77::a1/64 dev eth0 nodad
on 1 ip addr change fd77::1/64 dev eth0 nodad preferred_lft 0
hears dave alice "from the second"
on 1 ip addr del fd77::1/64 dev eth0
hears dave alice "the first is gone"
hears alice dave "I hear you"
succeeds "$what: it is said" \
	wait_for 10 said_like alice "eth0 has another address: fd77::a1"
for i in 2 3 4 5 6 7 8 9; do
	on 1 ip addr add "fd77::a$i/64" dev eth0 nodad
	on 1 ip addr del "fd77::a$((i - 1))/64" dev eth0
	say alice "from a$i"
done
hears dave alice "from the last"
for i in 2 3 4 5 6 7 8 9; do
	is "$(grep -c "from a$i\$" "$scratch/dave.out")" 1 "$what: line $i once"
done
fails "$what: she does not hear herself" grep -q "from" "$scratch/alice.out"
is "$(grep -c "alice joined" "$scratch/dave.err")" 1 "$what: she is one member"
fails "$what: nothing to complain of" complains alice
leave alice dave

leave bob
done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A computer off the network: members on it hear each other over lo, and where
# not even lo is up mchat says so.
#
#   alice  bob          alice  bob              alice
#      |    |              |    |
#   ---+-lo-+---        ---+-lo-+---           lo: down
#   eth0: pulled out    eth0: never was        eth0: never was
#   host 1              a namespace            a namespace

. "${0%/*}/../lib.sh"
on_lan 1

# chat_on_lo WHERE [COMPLAINT]: alice and bob run already, with no argument.
chat_on_lo() {
	say "alice_$1" "anyone?"
	succeeds "$1: bob hears alice" wait_for 5 shows "bob_$1" "anyone?"
	say "bob_$1" "only me"
	succeeds "$1: alice hears bob" wait_for 5 shows "alice_$1" "only me"
	fails "$1: no echo for alice" shows "alice_$1" "anyone?"
	like "$(cat "$scratch/bob_$1.out")" '^\[127\.0\.0\.1:' \
		"$1: her address is lo's"
	hang_up "alice_$1"
	finish "alice_$1"
	is $? 0 "$1: exit status"
	is "$(cat "$scratch/alice_$1.err")" "${2-}" \
		"$1: ${2:-no complaint}"
}

on 1 ip link set eth0 down
start_open alice_down on 1 "$MCHAT" --raw
start_open bob_down on 1 "$MCHAT" --raw
succeeds "eth0 down: both join on lo" wait_for 5 has_members 1 lo 2
chat_on_lo down "mchat: eth0 is down, so only this host will hear; \
\`ip link set eth0 up\` brings it up"

# The holder's namespace is reached as "on" reaches a host's.
start holder unshare --net sleep infinity
own_network() {
	[ "$(readlink "/proc/$(cat "$scratch/holder.pid")/ns/net")" != \
		"$(readlink /proc/self/ns/net)" ]
}
prepared own_network
LAN_PIDS=$(cat "$scratch/holder.pid")

# At first it has a lo that is down.
start alone on 1 "$MCHAT" --raw
finish alone
is $? 1 "lo down: exit status"
is "$(cat "$scratch/alone.err")" "mchat: no network interface is up, not even \
lo; \`ip link set lo up\` brings that one up" "lo down: says so, and what to do"

on 1 ip link set lo up
start_open alice_gone on 1 "$MCHAT" --raw
start_open bob_gone on 1 "$MCHAT" --raw
succeeds "only lo: both join on it" wait_for 5 has_members 1 lo 2
chat_on_lo gone

# ---- IPv6 alone ----

on 1 ip addr del 127.0.0.1/8 dev lo
start six on 1 "$MCHAT" --raw
finish six
is $? 1 "lo without an IPv4 address: exit status"
is "$(cat "$scratch/six.err")" "mchat: no network interface is up but lo, and \
that has no IPv4 address; \`ip addr add 127.0.0.1/8 dev lo\` gives it one" \
	"lo without an IPv4 address: it is not said to be down"

done_testing

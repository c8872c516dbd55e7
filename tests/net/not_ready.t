#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat is started before the interface that it was given can be used, as a
# service may be: it says what is missing, waits, and joins it when it comes.
# Without -i it says why only this host hears.
#
#   alice (host 1)           bob (host 2)
#         |  <- down, no address,  |
#         |     no carrier         |
#   ------+--------- br0 ----------+------

. "${0%/*}/../lib.sh"
on_lan 2

# comes HOW: alice began without the interface, and now it is there.
comes() {
	succeeds "$1: she is told where she is" \
		wait_for 5 told alice "joined eth0 (10.77.0.1)"
	say alice "alice after $1"
	succeeds "$1: bob hears her" wait_for 10 shows bob "alice after $1"
	say bob "bob after $1"
	succeeds "$1: she hears bob" wait_for 10 shows alice "bob after $1"
	hang_up alice
	finish alice
	is $? 0 "$1: her exit status"
	rm "$scratch/alice.in"
}

# named COMPLAINT: the first line that alice is told.
named() {
	start_open alice on 1 "$MCHAT" -n alice -i eth0
	wait_for 10 test -s "$scratch/alice.err"
	is "$(head -n 1 "$scratch/alice.err")" "mchat: $1" "she is told: $1"
}

start_open bob on 2 "$MCHAT" -n bob
prepared has_members 2 eth0 1

on 1 ip link set eth0 down
named "--interface eth0: it is down; \`ip link set eth0 up\` brings it up, \
and mchat joins it then"
on 1 ip link set eth0 up
comes "being down"

on 1 ip addr flush dev eth0
named "--interface eth0: it has no IPv4 address; \`ip address add\` gives it \
one, and mchat joins it then"
on 1 ip addr add 10.77.0.1/24 dev eth0
comes "having no address"

# One without a carrier is joined, and that is told as it is when it is lost.
ip link set h1.0 down
named "eth0 has no carrier"
succeeds "without a carrier it is joined" wait_for 10 has_members 1 eth0 1
ip link set h1.0 up
succeeds "the carrier is told" wait_for 10 told alice "eth0 has a carrier"
hang_up alice
finish alice || note "alice: exit status $?"
rm "$scratch/alice.in"

# ---- what never comes ----

on 1 ip link set eth0 down
for words in "-m hello" "--raw -m hello" "-R -c 1 -T 0" "-i lo -m hello"; do
	# shellcheck disable=SC2086 # they are words
	on 1 "$MCHAT" -i eth0 $words >/dev/null 2>"$scratch/never" </dev/null
	is $? 1 "$words: exit status when it never came"
	like "$(cat "$scratch/never")" "eth0: it is down" "$words: and why"
done
start waiting on 1 "$MCHAT" --raw -R -i eth0 -i lo
wait_for 10 has_members 1 lo 1
signal waiting TERM
finish waiting
is $? 1 "a listener that had one of two, too"

# ---- what is said without -i ----

no_carrier() {
	on 1 ip link show eth0 | grep -q NO-CARRIER
}
# alone: the one line that is told.
alone() {
	on 1 "$MCHAT" -m hello 2>&1
}
is "$(alone)" "mchat: eth0 is down, so only this host will hear; \
\`ip link set eth0 up\` brings it up" "down: it is named, and the way out"
on 1 ip link add eth9 type veth peer name ech9
is "$(alone)" "mchat: eth0, ech9, eth9 are down, so only this host will hear; \
\`ip link set NAME up\` brings one up" "several that are down are named"
on 1 ip link del eth9
on 1 ip link set eth0 up
on 1 ip addr flush dev eth0
is "$(alone)" "mchat: eth0 is up, but no way to a network: it has no IPv4 \
address; only this host will hear" "no address: it is the address that lacks"
on 1 ip addr add 10.77.0.1/24 dev eth0
ip link set h1.0 down
prepared no_carrier
is "$(alone)" "mchat: eth0 is up, but no way to a network: it has no carrier; \
only this host will hear" "no carrier: it is the carrier"
ip link set h1.0 up

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# Hosts with many addresses, labels and interfaces.
#
#   alice (host 1)      bob (host 2)
#         |                  |
#   ------+------ br0 -------+------

. "${0%/*}/../lib.sh"
on_lan 2

start bob on 2 "$MCHAT" --raw -R -v
prepared has_members 2 eth0 1

# hears TEXT FROM OPTION...: alice says TEXT with these options, and bob hears
# it from that address.
hears() {
	text=$1 from=$2
	shift 2
	succeeds "$text: alice sends" on 1 "$MCHAT" --raw "$@" -m "$text"
	succeeds "$text: bob hears $from" wait_for 5 shows bob "[$from:"
	succeeds "$text: this line came from $from" wait_for 5 grep -q \
		"^\[$from:[0-9]*\] $text$" "$scratch/bob.out"
}

on 1 ip addr add 10.77.0.50/24 dev eth0
hears "by the second address" 10.77.0.1 -i 10.77.0.50

on 1 ip addr flush dev eth0 scope global
on 1 ip addr add 10.77.0.3/24 dev eth0 label eth0:1
hears "an address with a label" 10.77.0.3
hears "its interface by name" 10.77.0.3 -i eth0
hears "its interface by address" 10.77.0.3 -i 10.77.0.3

on 1 ip addr flush dev eth0 scope global
on 1 ip addr add 10.77.0.4/24 dev eth0 label eth0wired
hears "a label without a colon" 10.77.0.4

# The kernel sends from the global address, whatever else comes first.
on 1 ip addr add 169.254.7.7/16 scope link dev eth0
start_open carol on 1 "$MCHAT" --raw -v
prepared has_members 1 eth0 1
say carol "mine"
succeeds "beside a link-local address: bob hears carol" wait_for 5 shows bob mine
say carol "still mine"
wait_for 5 shows bob "still mine"
on 2 "$MCHAT" --raw -m "yours"
wait_for 5 shows carol yours
fails "beside a link-local address: carol does not hear herself" shows carol mine
stop carol
on 1 ip addr del 169.254.7.7/16 dev eth0

on 1 ip addr add 10.9.9.9/32 dev lo
on 1 ip route replace 224.0.0.0/4 dev eth0 src 10.9.9.9
hears "a source that lives on lo" 10.77.0.4
on 1 ip route replace 224.0.0.0/4 dev eth0

for number in $(seq 40); do
	echo "link add m$number type veth peer name n$number"
done | on 1 ip -batch -
on 1 ip link set eth0 down
on 1 ip link set eth0 name wire0
on 1 ip link set wire0 up
on 1 ip route replace 224.0.0.0/4 dev wire0
forwards() {
	ip -d link show dev h1.0 | grep -q "state forwarding"
}
prepared forwards
hears "eighty other interfaces" 10.77.0.4 -i wire0
hears "eighty others, by the route" 10.77.0.4

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat lab where there is an interface, where there is a gateway, and where
# its observations cannot be made: then it must not claim them.

. "${0%/*}/../lib.sh"
on_lan 1

# lab EXPERIMENT: its story is in $scratch/out, its errors in $scratch/err.
lab() {
	on 1 "$MCHAT" lab "$@" >"$scratch/out" 2>"$scratch/err"
}

value() {
	sed -n "s/^    observed: $1=//p" "$scratch/out"
}

# ---- with an interface of a network ----

sent() {
	on 1 cat /sys/class/net/eth0/statistics/tx_packets
}

before=$(sent)
lab loop
is "$? $(value interface) $(value on) $(value off)" "0 eth0 1 0" \
	"loop: off silences it on an interface of a network"
is "$(sent)" "$before" "loop: no packet has left by eth0"
lab mac
is "$(value card)" eth0 "mac: the card has the address of 224.0.0.1"

# ---- with a network of its own ----

lab ttl
is "$? $(value past_a_router)" "0 TTL 2" "ttl: TTL 1 dies at a router"
lab interface
is "$? $(value heard_on_net1), $(value heard_on_net0), $(value heard_besides)" \
	"0 by net1, by net0, 0" "interface: each network hears what was sent by it"
lab join
is "$? $(value igmp_report); $(value igmp_leave)" \
	"0 to 224.0.0.22, TTL 1, record type 4; to 224.0.0.22, TTL 1, record type 3" \
	"join: reports are on the wire"
lab mac
is "$? $(value card_before) $(value card_joined)" "0 none net0" \
	"mac: joining tells the card"
lab maxseg
is "$? $(value on_ethernet)" "0 1448" "maxseg: too much is not refused"
lab keepalive
is "$? $(value restarted) $(value unreachable)" "0 ECONNRESET ETIMEDOUT" \
	"keepalive: a reset, and a host that cannot be reached"
lab dontroute
is "$? $(value far_without) $(value far_with)" "0 ok ENETUNREACH" \
	"dontroute: on a host without a gateway it has one of its own"

# A sender that never chose is heard by this route.
on 1 ip route add 239.255.0.0/16 dev lo
lab interface
is "$? $(value from)" "0 127.0.0.2" \
	"interface: with a route for multicast, too, the choice is seen"
on 1 ip route del 239.255.0.0/16 dev lo

on 1 ip route add default via 10.77.0.254
lab dontroute
is "$? $(value far_without) $(value far_with)" "0 ok ENETUNREACH" \
	"dontroute: a gateway is used only without the option"

# ---- a packet filter on the loopback ----

if command -v nft >/dev/null; then
	on 1 nft -f - <<-END
		table inet lossy {
			chain in {
				type filter hook input priority 0;
				iif lo udp length 0-1500 drop
			}
		}
	END
	for experiment in rcvbuf broadcast join reuse-udp ttl-multicast interface; do
		lab $experiment
		is $? 1 "$experiment without datagrams is not shown"
		like "$(cat "$scratch/err")" \
			"^mchat: lab $experiment: this was not seen: " \
			"$experiment says what it missed"
	done
	on 1 nft flush ruleset
	lab join
	is $? 0 "join is shown again without the filter"

	# It takes until the experiment's time is over, so just one.
	on 1 nft -f - <<-END
		table inet deaf {
			chain in {
				type filter hook input priority 0;
				iif lo tcp flags syn drop
			}
		}
	END
	lab peek
	is $? 1 "peek without connections gives up"
	like "$(cat "$scratch/err")" 'nothing comes through' "peek says that no connection comes through"
	on 1 nft flush ruleset
else
	skip "with a packet filter" "nft is missing"
fi

# ---- without a loopback ----

on 1 ip route del default
on 1 ip addr del 127.0.0.1/8 dev lo
on 1 ip link set lo down
for experiment in rcvbuf lowat broadcast dontroute keepalive linger shutdown \
	reuseaddr inherit nodelay maxseg oob peek waitall dontwait join \
	reuse-udp ttl-multicast interface scope; do
	lab $experiment
	is "$? $(grep -c '^not shown: ' "$scratch/out")" "1 1" \
		"$experiment without a loopback is not shown"
done
for experiment in ttl mac; do
	lab $experiment
	is $? 0 "$experiment needs no loopback"
done

done_testing

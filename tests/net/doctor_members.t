#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat doctor with members there: what lies between them and this host, by
# every way; and no alarm where nothing does.
#
#   doctor (host 1)      bob (host 2)     carol (host 3)
#         |                  |                 |
#   ------+--------------- br0 ---------------+------

. "${0%/*}/../lib.sh"
requires jq nft bridge
on_lan 3

# doctor WORD...: its exit status and its verdict in $found, JSON in $out.
doctor() {
	out=$scratch/report
	on 1 "$MCHAT" doctor -f json "$@" >"$out" 2>"$scratch/err"
	found="$? $(jq -r 'select(.event == "verdict") | .cause' "$out")"
	alarms=$(jq -r 'select(.severity == "fault" or .severity == "warning") |
		"\(.cause) \(.member)"' "$out" | sort | tr '\n' ' ')
}

# quiet NAME: nothing is wrong, and nothing is said to be.
quiet() {
	doctor
	is "$found $alarms" "0 ok " "$1: no alarm"
}

# finds VERDICT ALARMS NAME: at the latest in the third run: what changed a moment
# ago is first to be noticed by the members whose reports the verdict rests on.
finds() {
	for _ in 1 2 3; do
		doctor
		[ "$found $alarms" != "$1 $2" ] || break
	done
	is "$found $alarms" "$1 $2" "$3"
}

# drops PORT...: no multicast passes the switch from these ports.
drops() {
	for port; do
		nft -f - <<-END
			table netdev $port { chain i {
				type filter hook ingress device "$port.0" priority 0
				ip daddr 224.0.0.0/4 udp dport >= 1 drop; }; }
		END
	done
}

passes() {
	for port; do
		nft delete table netdev "$port"
	done
}

drops h1 || skip_all "nft does not work"
passes h1

# With a broadcast address, as DHCP gives one.
for host in 1 2 3; do
	on $host ip address del 10.77.0.$host/24 dev eth0
	on $host ip address add 10.77.0.$host/24 brd + dev eth0
	on $host ip route add 224.0.0.0/4 dev eth0 2>/dev/null
done
start bob on 2 "$MCHAT" -R -v -n bob
start carol on 3 "$MCHAT" -R -v -n carol
is_in bob
is_in carol

# ---- nothing is wrong ----

quiet "a healthy network"
for way in "by the group" "to all hosts" "by broadcast" "by unicast"; do
	is "$(jq -r '.text' "$out" | grep -c "$way [1-9][0-9]* of [0-9]* (0 %")" \
		2 "$way: probes reach both"
done
for version in 1 2; do
	on 1 sysctl -qw net.ipv4.conf.eth0.force_igmp_version=$version
	quiet "IGMPv$version"
done
on 1 sysctl -qw net.ipv4.conf.eth0.force_igmp_version=0

on 1 ip route del 224.0.0.0/4 dev eth0
# Containers, and a VPN that has the default route.
on 1 ip link add docker0 type bridge
on 1 ip address add 172.17.0.1/16 dev docker0
on 1 ip link set docker0 up
on 1 ip link add tun0 type veth peer name tun1
on 1 ip address add 10.8.0.2/24 dev tun0
on 1 ip link set tun1 up
on 1 ip link set tun0 up multicast off
on 1 ip route add default dev tun0
quiet "no route to the group, bridges of containers, a VPN"
on 1 ip link del docker0
on 1 ip link del tun0
on 1 ip route add 224.0.0.0/4 dev eth0

# Another subnet on the wire: multicast passes all the same.
on 3 ip address flush dev eth0
on 3 ip address add 192.168.9.3/24 brd + dev eth0
on 3 ip route add 224.0.0.0/4 dev eth0
prepared grep -q "eth0" "$scratch/carol.err"
quiet "another subnet on the wire"
on 3 ip address flush dev eth0
on 3 ip address add 10.77.0.3/24 brd + dev eth0
on 3 ip route add 224.0.0.0/4 dev eth0

# A bad network, which mchat repairs.
for host in 1 2 3; do
	on $host nft -f - <<-END
		table inet f { chain in { type filter hook input priority 0
			iifname eth0 meta l4proto udp numgen random mod 100 < 30 drop; }; }
	END
done
quiet "30 % are lost"
for host in 1 2 3; do
	on $host nft flush ruleset
done

# ---- what lies between ----

drops h1
finds "1 one-way" "one-way 10.77.0.2 one-way 10.77.0.3 " \
	"the switch passes nothing of ours to either"

drops h2 h3
finds "1 switch-drops-multicast" "switch-drops-multicast 10.77.0.2 \
switch-drops-multicast 10.77.0.3 " "the switch passes no multicast of anybody"
passes h1 h2 h3

for port in h1 h2; do
	bridge link set dev $port.0 isolated on
done
finds "1 client-isolation" "client-isolation 10.77.0.2 " \
	"two ports are kept apart, which carol tells"
for port in h1 h2; do
	bridge link set dev $port.0 isolated off
done

on 2 ip link set eth0 mtu 600
finds "1 mtu" "mtu 10.77.0.2 " "a smaller MTU there"
on 2 ip link set eth0 mtu 1500

on 3 ip address del 10.77.0.3/24 dev eth0
on 3 ip address add 10.77.0.2/24 brd + dev eth0
if has_linux "a source address that changes at once"; then
	finds "1 duplicate-address" "duplicate-address 10.77.0.2 " \
		"two others have one address"
fi
on 3 ip address del 10.77.0.2/24 dev eth0
on 3 ip address add 10.77.0.1/24 brd + dev eth0
finds "1 duplicate-address" "duplicate-address 10.77.0.1 " \
	"another has ours"
on 3 ip address del 10.77.0.1/24 dev eth0
on 3 ip address add 10.77.0.3/24 brd + dev eth0

# Members on one host have one address by right.
start dora on 2 "$MCHAT" -R -v -n dora
start eve on 1 "$MCHAT" -R -v -n eve
is_in dora
is_in eve
quiet "two members on a host, and one on ours"
stop dora
stop eve

# ---- what it is told to look at ----

doctor -r office
is "$found" "0 alone" "-r: members of other groups leave its probes alone"
start olga on 2 "$MCHAT" -R -v -n olga -r office
is_in olga
doctor -r office
is "$found" "0 ok" "-r: those of the room reply"
stop olga
start olga on 2 "$MCHAT" -R -v -n olga -p 5005
is_in olga
doctor -p 5005
is "$found" "0 ok" "-p"
stop olga
start olga on 2 "$MCHAT" -R -v -n olga 239.1.2.3:5006
is_in olga
doctor 239.1.2.3:5006
is "$found" "0 ok" "GROUP:PORT"
stop olga
# Of several members on a host one gets what comes by unicast, of whatever group.
stop bob
start olga on 2 "$MCHAT" -R -v -n olga -6
is_in olga
for words in -6 "[ff12::4d43%eth0]:62428"; do
	doctor "$words"
	is "$found" "0 ok" "$words"
done
like "$(jq -r .text "$out")" "hosts 8 of 8 .*by unicast 8 of 8" \
	"-6: it is reached by all hosts and by unicast"
on 1 sysctl -qw net.ipv6.conf.eth0.force_mld_version=1
doctor -6
is "$found" "0 ok" "MLDv1"
on 1 sysctl -qw net.ipv6.conf.eth0.force_mld_version=0
stop olga
start bob on 2 "$MCHAT" -R -v -n bob
is_in bob
doctor -s 10.77.0.2
is "$found $(jq -r 'select(.event == "verdict") | .others' "$out")" "0 ok 2" \
	"-s: who is listed is heard, and the others are no trouble"
doctor -s 10.77.0.99
is "$found" "1 not-visible" "-s: nobody is there"
is "$alarms" "not-visible 10.77.0.99 " "which is said of that one"

# ---- two doctors ----

stop bob
stop carol
start other on 2 "$MCHAT" doctor -f json -T 30
doctor -T 30
is "$found" "0 ok" "two doctors hear one another"
finish other
is $? 0 "and so does the other one"

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# mchat doctor names what keeps multicast from working on a host, and is silent
# where nothing does.
#
#   doctor (host 1)      member (host 2)
#         |                   |
#   ------+------- br0 -------+------

. "${0%/*}/../lib.sh"
requires jq nft
on_lan 2

# doctor WORD...: its exit status and its verdict in $found, JSON in $out.
doctor() {
	out=$scratch/report
	on 1 "$MCHAT" doctor -f json "$@" >"$out" 2>"$scratch/err"
	found="$? $(jq -r 'select(.event == "verdict") | .cause' "$out")"
}

# finding CAUSE MEMBER: of the first finding of this cause.
finding() {
	jq -r --arg cause "$1" "select(.event == \"finding\" and
		.cause == \$cause) | .$2" "$out" | head -n 1
}

# says CAUSE REGEX NAME: its text matches.
says() {
	like "$(finding "$1" text)" "$2" "$3"
}

# has_rules: the rules on stdin are those of host 1.
has_rules() {
	on 1 nft flush ruleset
	on 1 nft -f -
}

# With a broadcast address, as DHCP gives one.
on 1 ip address del 10.77.0.1/24 dev eth0
on 1 ip address add 10.77.0.1/24 brd + dev eth0

# ---- nothing is wrong ----

doctor
is "$found" "0 alone" "nobody else: nothing is wrong"
is "$(jq -r 'select(.severity == "fault" or .severity == "warning")' "$out")" \
	"" "and there is no alarm"

start member on 2 "$MCHAT" -R -v
is_in member
doctor
is "$found" "0 ok" "a member is there: multicast works"

# ---- with a member ----

# One that is deaf, and is heard all the same.
on 2 nft 'add table inet f;
	add chain inet f in { type filter hook input priority 0; };
	add rule inet f in udp dport 62428 drop' || skip_all "nft does not work"
doctor
is "$found" "1 one-way" "a member that hears nothing"
is "$(finding one-way member)" 10.77.0.2 "and which one"

on 2 nft 'flush ruleset; add table inet f;
	add chain inet f in { type filter hook input priority 0; };
	add rule inet f in ip length 600-2000 drop'
doctor
is "$found" "1 mtu" "a member that hears small packets only"

on 2 nft 'flush ruleset; add table inet f;
	add chain inet f out { type filter hook output priority 0; };
	add rule inet f out ip daddr 239.255.77.67 drop'
doctor
is "$found" "1 switch-drops-multicast" "a member whose group does not arrive"
on 2 nft flush ruleset

# ---- a firewall ----

has_rules <<-END
	table inet f { chain in { type filter hook input priority 0
		iifname != lo meta l4proto udp drop; }; }
END
doctor -T 1
is "$found" "1 firewall-in" "input drops UDP"
if has_linux "the counters of UDP"; then
	says firewall-in "every datagram.*delivered none" "all of it"
fi
like "$(finding firewall-in mend)" "input udp dport 62428" "what mends it"
is "$(finding firewall-in interface)" eth0 "where it is"

has_rules <<-END
	table inet f { chain in { type filter hook input priority 0
		ip daddr 224.0.0.0/4 meta l4proto udp drop; }; }
END
doctor -T 1
is "$found" "1 firewall-in" "input drops multicast"
says firewall-in "drops multicast" "and nothing else"

has_rules <<-END
	table inet f { chain pre { type filter hook prerouting priority -300
		ip daddr 224.0.0.0/4 meta l4proto udp drop; }; }
END
doctor -T 1
is "$found" "1 firewall-in" "prerouting drops multicast"
if has_linux "the counters of IP"; then
	says firewall-in "hook prerouting" "and that hook is named"
fi

has_rules <<-END
	table inet f { chain in { type filter hook input priority 0
		policy drop
		iif lo accept; ct state established,related accept
		meta l4proto icmp accept; ip protocol igmp accept; }; }
END
doctor -T 1
is "$found" "1 firewall-in" "a stateful firewall"

has_rules <<-END
	table inet f { chain out { type filter hook output priority 0
		oifname != lo meta l4proto udp drop; }; }
END
doctor -T 1
is "$found" "1 firewall-out" "output drops UDP"
says firewall-out EPERM "as the error of sending shows"

# unless_unknown VERDICT NAME: where the counters tell.
unless_unknown() {
	if has_linux "the counters of IGMP and of interfaces"; then
		is "$found" "$1" "$2"
	fi
}

has_rules <<-END
	table inet f { chain out { type filter hook output priority 0
		ip protocol igmp drop; }; }
END
doctor
unless_unknown "1 firewall-igmp" "output drops IGMP"

has_rules <<-END
	table netdev f { chain e { type filter hook egress device eth0 priority 0
		ip protocol udp drop; }; }
END
doctor -T 1
unless_unknown "1 below-ip" "what leaves is dropped below IP"

has_rules <<-END
	table netdev f { chain i { type filter hook ingress device eth0 priority 0
		ip protocol udp drop; }; }
END
doctor -T 1
unless_unknown "1 below-ip" "what comes in is dropped below IP"
on 1 nft flush ruleset

# ---- limits, flags, addresses, the link ----

on 1 sysctl -qw net.ipv4.igmp_max_memberships=0
doctor -T 1
is "$found" "1 membership-limit" "no memberships"
on 1 sysctl -qw net.ipv4.igmp_max_memberships=20

on 1 ip link set eth0 multicast off
doctor -T 1
is "$found" "1 multicast-off" "multicast is off"
on 1 ip link set eth0 multicast on

on 1 ip address flush dev eth0
doctor -4 -T 1
like "$found" "^1 (no-address|family)$" "no address"
on 1 ip address add 10.77.0.1/24 brd + dev eth0

# The host's end of the cable, not the host's own interface.
ip link set h1.0 down
lacks_carrier() {
	on 1 ip link show eth0 | grep -q NO-CARRIER
}
prepared lacks_carrier
doctor -4 -T 1
is "$found" "1 no-carrier" "no carrier"
ip link set h1.0 up

on 1 ip link set eth0 down
doctor -4 -T 1
is "$found" "1 interface-down" "down"
like "$(finding interface-down mend)" "ip link set eth0 up" "what mends it"

done_testing

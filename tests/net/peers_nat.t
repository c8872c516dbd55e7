#!/bin/sh
# SPDX-License-Identifier: ISC
#
# A peer behind a NAT that forgets what was silent for 17 seconds: the way stays
# open from the inside.  And one that forgets at once: the way comes back.
#
#   outer  host 1                       inner  host 2
#            |                                   |
#   --- br0 -+- 10.77.0.254  NAT  10.78.0.254 - -+- br1 ---

. "${0%/*}/../lib.sh"
requires smcrouted nft
on_lan --router 2

# nat PORTS: as a NAT that just started, with ports from there.
nat() {
	on router nft -f - <<-END
		table ip nat
		delete table ip nat
		table ip nat {
			chain out {
				type nat hook postrouting priority srcnat
				ip saddr 10.78.0.0/24 oif eth0 ip protocol udp masquerade to :$1
			}
			chain in {
				type filter hook forward priority 0
				iif eth0 ct state new drop
			}
		}
	END
}

forget_after() {
	on router sh -c "echo $1 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout &&
		echo $1 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream"
}

if ! reason=$({ nat 20000-29999 && forget_after 17; } 2>&1); then
	skip_all "no NAT of our own: $reason"
fi

start_open outer on 1 "$MCHAT" -v -n outer -f bare --peer any
is_in outer
start_open inner on 2 "$MCHAT" -v -n inner -f bare --peer 10.77.0.1
succeeds "the outer host is reached" \
	wait_for 5 knows inner outer
say outer "at first"
succeeds "and reaches the inner one" wait_for 5 shows inner "at first"

# Time has to pass here: longer than the NAT remembers.
sleep 19
say outer "after a silence"
succeeds "after a silence of 19 s, too" wait_for 3 shows inner "after a silence"
fails "it was never away" grep -q 'inner left' "$scratch/outer.err"

# The router starts anew: other ports, and nothing remembered.
nat 40000-49999
on router ip link set eth0 down
on router ip link set eth0 up
on router sh -c 'ip route replace 10.77.0.0/24 dev eth0'
say inner "by another port"
succeeds "from another port of the NAT it is heard again" \
	wait_for 20 shows outer "by another port"
say outer "to another port"
succeeds "and there it is sent to" wait_for 5 shows inner "to another port"
stop_open inner outer
done_testing

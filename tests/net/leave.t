#!/bin/sh
# SPDX-License-Identifier: ISC
#
# However a chat is ended, the group is left: the program asks the kernel to,
# and the network is told, by IGMP.  Each host's chat ends in its own way, in a
# group of its own by which the router can tell them apart.
#
#   SIGINT     SIGTERM    end of input     router: all IGMP reports
#   host 1     host 2     host 3           host 4
#      |          |          |                |
#   ---+----------+----------+--- br0 --------+---
#
# SIGHUP ends a chat that is at a terminal (tests/terminal).

. "${0%/*}/../lib.sh"
requires socat
on_lan 4

# reported WHAT HOST: the router got an IGMPv3 report (RFC 3376, section 4.2)
# with one record on the host's group, which "joins" (now excludes no source)
# or "leaves" it (now includes none).
reported() {
	case $1 in
	joins) record=04000000efff4d0$2 ;;
	leaves) record=03000000efff4d0$2 ;;
	esac
	od -An -v -tx1 "$scratch/router.out" | tr -d ' \n' |
		grep -Eq "2200....00000001$record"
}

start router on 4 socat -u \
	IP4-RECV:2,ip-add-membership=224.0.0.22:eth0 STDOUT
prepared has_members 4 eth0 1 224.0.0.22

for host in 1 2 3; do
	start_open "host$host" on "$host" "$MCHAT" --raw --explain "239.255.77.$host"
done
for host in 1 2 3; do
	succeeds "host $host is in its group" \
		wait_for 5 has_members "$host" eth0 1 "239.255.77.$host"
	succeeds "host $host: the router hears of the join" \
		wait_for 5 reported joins "$host"
	fails "host $host: the router hears of no leave yet" reported leaves "$host"
	# It runs its loop by the time that it shows a line.
	on 4 "$MCHAT" --raw -m "ready?" "239.255.77.$host"
	prepared shows "host$host" "ready?"
done

signal host1 INT
signal host2 TERM
hang_up host3

host=0
for end in SIGINT SIGTERM "end of input"; do
	host=$((host + 1))
	finish "host$host"
	is $? 0 "$end: exit status"
	succeeds "$end: the host is out of the group" \
		has_members "$host" eth0 0 "239.255.77.$host"
	like "$(cat "$scratch/host$host.err")" \
		"(IP_DROP_MEMBERSHIP|MCAST_LEAVE_GROUP), 239.255.77.$host on eth0.* = 0" \
		"$end: mchat itself drops the membership"
	succeeds "$end: the router hears of the leave" wait_for 5 reported leaves "$host"
done

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
#
# On a system that denies something which mchat can do without, as services and
# sandboxes are made to, two members hear one another all the same.

. "${0%/*}/../lib.sh"

denied=$BUILD/tests/peers/denied
"$denied" netlink -- true
[ $? -ne 77 ] || skip_all "there are no filters of system calls here"

netlink="socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE): Address family not \
supported by protocol; a change of interfaces is noticed within 3 s only"

# without NAME WHAT COMPLAINT [OPTION]...: both lack WHAT, and ann is told so.
without() {
	name=$1 lack=$2 complaint=$3
	shift 3
	# shellcheck disable=SC2086 # they are words
	start_open bob "$denied" $lack -- "$MCHAT" -v -n bob "$@" "$own_address"
	is_in bob
	# shellcheck disable=SC2086
	start_open ann "$denied" $lack -- "$MCHAT" -v -n ann "$@" "$own_address"
	is_in ann
	say ann "ann $name"
	succeeds "$name: bob hears ann" wait_for 10 shows bob "ann $name"
	say bob "bob $name"
	succeeds "$name: ann hears bob" wait_for 10 shows ann "bob $name"
	if [ -n "$complaint" ]; then
		succeeds "$name: ann is told what is missing" \
			told ann "$complaint"
	fi
	for member in ann bob; do
		hang_up $member
		finish $member
		is $? 0 "$name: exit status of $member"
		rm "$scratch/$member.in"
	done
}

without "no netlink, by address" netlink "$netlink" -i 127.0.0.1
without "no netlink, by name" netlink "$netlink" -i lo
without "no netlink, raw" netlink "$netlink" --raw -i lo
without "no netlink, any interface" netlink "$netlink"
without "no netlink, any interface, raw" netlink "$netlink" --raw
without "no getrandom" getrandom "" -i lo
without "no sendmmsg" sendmmsg "" -i lo
without "no recvmmsg" recvmmsg "" -i lo
without "neither, raw" "sendmmsg recvmmsg" "" --raw -i lo

"$denied" netlink -- "$MCHAT" -i nosuch0 -m x 2>"$scratch/unknown"
is $? 2 "a wrong name is wrong usage all the same"
like "$(cat "$scratch/unknown")" "no such interface; those up are: .*netlink" \
	"and what cannot be known is said"

# ---- options ----

# Of SOL_SOCKET (1): SO_REUSEADDR 2, SO_REUSEPORT 15, SO_RCVBUF 8,
# SO_RXQ_OVFL 40; of IPPROTO_IP (0): IP_PKTINFO 8, IP_MTU_DISCOVER 10,
# IP_RECVERR 11, IP_RECVTTL 12, IP_MULTICAST_TTL 33, IP_MULTICAST_LOOP 34,
# IP_MULTICAST_ALL 49.
refuses() {
	echo "this system refuses $1 (Protocol not available); mchat does `
		`without"
}
without "SO_REUSEPORT" 1:15 "$(refuses SO_REUSEPORT)" -i lo
without "SO_RXQ_OVFL" 1:40 "$(refuses SO_RXQ_OVFL)" -i lo
without "SO_REUSEPORT, raw" 1:15 "$(refuses SO_REUSEPORT)" --raw -i lo
without "many" "1:15 1:8 1:40 0:49 0:8 0:10 0:11 0:12 0:33 0:34" "$(refuses \
"SO_REUSEPORT, IP_MULTICAST_ALL, SO_RCVBUF, SO_RXQ_OVFL, IP_PKTINFO, \
IP_RECVTTL, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_MTU_DISCOVER, \
IP_RECVERR")" -i lo

# What was asked for is not silently left undone.
# refused COMPLAINT LACK OPTION...
refused() {
	complaint=$1 lack=$2
	shift 2
	"$denied" "$lack" -- "$MCHAT" -i lo -m x "$@" "$own_address" \
		2>"$scratch/needed"
	is $? 1 "$*: exit status where it is refused"
	like "$(cat "$scratch/needed")" "$complaint.*: Protocol not available" \
		"$*: and why"
}
refused "IP_MULTICAST_TTL, 2" 0:33 -t 2
refused "IP_MULTICAST_LOOP, 0" 0:34 -l off
refused "IP_ADD_MEMBERSHIP" 0:35 -t 1

# Nothing of a family that programs may not use is well.
"$denied" ipv6 -- "$MCHAT" doctor -6 -T 2 -f json >"$scratch/doctor"
is $? 1 "mchat doctor -6 without IPv6: exit status"
like "$(cat "$scratch/doctor")" '"event":"verdict","cause":"family"' \
	"mchat doctor -6 without IPv6: the verdict"
like "$(cat "$scratch/doctor")" "no socket of IPv6 is to be had: EAFNOSUPPORT" \
	"mchat doctor -6 without IPv6: and why"

done_testing
